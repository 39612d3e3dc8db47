"""Who may see which powers of attorney, open what is sealed in them, and decide about them."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.access.impartial import OWN_MATTER
from complaints.models import ComplaintItem, PowersOfAttorney
from complaints.rules import PowersState, may_be_named, powers_state
from core import files, sealing
from core.actors import Actor
from core.errors import Denied, NotFound
from core.models import StoredFile
from core.sealing import Plain
from verification.access import accounts_of_person, organisations_where, require_staff
from verification.models import Account, Organisation
from verification.rules import STAFF_ROLES, Role

POWERS_TABLE = "complaints_powersofattorney"
CHECKERS = (Role.HANDLER, Role.REVIEWER)


def powers_reference(powers: PowersOfAttorney) -> str:
    """Return under which subject the ledger and the files know the powers."""
    return f"powers:{powers.pk}"


def powers_of_act(subject: str) -> PowersOfAttorney:
    """Return the powers of a recorded act, for the code that tells their agent and for nobody's eyes."""
    found = PowersOfAttorney.objects.select_related("agent", "provider")
    return found.get(pk=UUID(subject.removeprefix("powers:")))


def own_powers(account: Actor) -> QuerySet[PowersOfAttorney]:
    """Return the powers that the account recorded, newest first."""
    if not isinstance(account, Account):
        return PowersOfAttorney.objects.none()
    return PowersOfAttorney.objects.filter(agent=account).select_related("provider", "data_key").order_by("-pk")


def powers_visible_to(account: Actor) -> QuerySet[PowersOfAttorney]:
    """Return the powers that the account may see, newest first: its own, and those at providers whose staff it is."""
    if not isinstance(account, Account) or not account.is_active:
        return PowersOfAttorney.objects.none()
    staff = Q(provider__in=organisations_where(account, *STAFF_ROLES))
    found = PowersOfAttorney.objects.filter(Q(agent=account) | staff)
    return found.select_related("provider", "data_key").order_by("-pk")


def powers_at_my_providers(account: Actor, *, waiting: bool) -> QuerySet[PowersOfAttorney]:
    """Return the powers at providers whose staff the account is: all, or what waits to be checked. NotFound for others."""
    mine = organisations_where(account, *STAFF_ROLES)
    if not mine.exists():
        raise NotFound
    found = PowersOfAttorney.objects.filter(provider__in=mine).select_related("provider").order_by("-pk")
    return found.filter(decision="", withdrawn_at__isnull=True) if waiting else found


def powers_for(account: Actor, powers_id: UUID, *, lock: bool = False) -> PowersOfAttorney:
    """Return the powers; NotFound for whoever is neither their agent nor staff of their provider."""
    found = powers_visible_to(account).filter(pk=powers_id)
    powers = (found.select_for_update(of=("self",)) if lock else found).first()
    if powers is None:
        raise NotFound
    return powers


def nameable_powers(account: Actor, provider: Organisation, powers_id: UUID) -> PowersOfAttorney | None:
    """Return the account's own powers at the provider that a new notice can name; None where there are none such."""
    found = own_powers(account).filter(pk=powers_id, provider=provider).first()
    if found is None or not may_be_named(decision=found.decision, is_withdrawn=found.withdrawn_at is not None):
        return None
    return found


def require_powers_agent(account: Actor, powers: PowersOfAttorney) -> None:
    """Raise Denied unless the account recorded the powers."""
    if not isinstance(account, Account) or powers.agent_id != account.pk:
        raise Denied(_("Only the agent who recorded them may do this."))


def require_powers_checker(account: Actor, powers: PowersOfAttorney) -> Account:
    """Return the account as a handler or reviewer who may decide about the powers; Denied for everybody else who sees them.

    Nobody decides about powers of its own, nor about those against its own content, by whatever account.
    """
    try:
        require_staff(account, powers.provider, *CHECKERS)
    except NotFound:
        raise Denied(_("Only a handler or a reviewer of the provider may do this.")) from None
    assert isinstance(account, Account)
    person = accounts_of_person(account)
    hit = ComplaintItem.objects.filter(complaint__powers=powers, content__subscriber__account__in=person)
    if powers.agent_id in person or hit.exists():
        raise Denied(_("You are a party here; somebody else must check these powers."), code=OWN_MATTER)
    return account


def may_read_powers(account: Actor, powers: PowersOfAttorney) -> bool:
    """Say whether the account may read the principal and the documents: the agent, a handler or a reviewer."""
    if isinstance(account, Account) and powers.agent_id == account.pk:
        return True
    return organisations_where(account, *CHECKERS).filter(pk=powers.provider_id).exists()


def principal_of(powers: PowersOfAttorney) -> Plain:
    """Return for whom the agent acts; for the agent itself."""
    row, sealed = (POWERS_TABLE, powers.pk), bytes(powers.principal_sealed)
    return sealing.open_sealed(powers.data_key, row=row, field="principal", sealed=sealed)


def opened_principal(powers: PowersOfAttorney, *, by: Account, now: dt.datetime) -> Plain:
    """Return for whom the agent acts; where somebody else than the agent looks, that is recorded."""
    if powers.agent_id != by.pk:
        purpose = "checking powers of attorney"
        sealing.record_opening(key=powers.data_key, fields=["principal"], by=by, purpose=purpose, now=now)
    return principal_of(powers)


def powers_documents(powers: PowersOfAttorney) -> list[StoredFile]:
    """Return the documents of the powers. Whoever calls this has checked who asks."""
    return files.attached_to(powers_reference(powers), "powers")


def powers_keys_of(account: Account) -> list[UUID]:
    """Return the data keys under which the principals of the account's own powers are sealed."""
    return list(PowersOfAttorney.objects.filter(agent=account).order_by("pk").values_list("data_key", flat=True))


def state_of_powers(powers: PowersOfAttorney, provider: Organisation, now: dt.datetime) -> PowersState:
    """Return where the powers stand on their provider's present day."""
    return powers_state(
        decision=powers.decision,
        is_withdrawn=powers.withdrawn_at is not None,
        until_on=powers.until_on,
        today=now.astimezone(ZoneInfo(provider.time_zone)).date(),
    )
