"""Who has which role where, and with which second factor."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Denied, NotFound, StepUpRequired, invalid
from core.planned import planned
from verification.models import Account, Membership, Organisation
from verification.rules import SECOND_FACTOR_ROLES, STAFF_ROLES, OrganisationKind, Role


def memberships_of(account: Account) -> QuerySet[Membership]:
    """Return the account's present roles, without those of suspended organisations."""
    present = Q(ended_at__isnull=True) & (Q(organisation__isnull=True) | Q(organisation__suspended_at__isnull=True))
    return Membership.objects.filter(present, account=account).select_related("organisation").order_by("pk")


def _holds(account: Actor, roles: Iterable[Role], organisation: Organisation | None = None) -> bool:
    if not isinstance(account, Account) or not account.is_active:
        return False
    held = memberships_of(account).filter(role__in=list(roles))
    if organisation is not None:
        held = held.filter(organisation=organisation)
    return held.exists()


def has_second_factor(account: Account) -> bool:
    """Say whether the account has an authenticator set up."""
    return bool(Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists())


def needs_second_factor(account: Account) -> bool:
    """Say whether the account has a role that acts with a second factor only, and has none set up."""
    return _holds(account, SECOND_FACTOR_ROLES) and not has_second_factor(account)


def require_second_factor_set_up(account: Actor) -> None:
    """Raise Denied unless the account has an authenticator (promise A4)."""
    if not isinstance(account, Account) or not has_second_factor(account):
        text = _("This role acts with a second factor only: set one up in your account first.")
        raise Denied(text, code="second_factor_missing")


def organisations_where(account: Actor, *roles: Role) -> QuerySet[Organisation]:
    """Return the organisations in which the account has one of these roles; none for an actor without account."""
    if not isinstance(account, Account) or not account.is_active:
        return Organisation.objects.none()
    held = memberships_of(account).filter(role__in=roles, organisation__isnull=False)
    return Organisation.objects.filter(pk__in=held.values("organisation")).order_by("pk")


def organisations_by_role(account: Actor) -> dict[str, list[UUID]]:
    """Return, by role, the ids of the organisations in which the account has it now; one question for all of them."""
    if not isinstance(account, Account) or not account.is_active:
        return {}
    held: dict[str, list[UUID]] = {}
    present = memberships_of(account).filter(organisation__isnull=False)
    for role, organisation in present.select_related(None).values_list("role", "organisation_id"):
        held.setdefault(role, []).append(organisation)
    return held


def require_role(account: Actor, role: Role, organisation: Organisation | None = None) -> None:
    """Raise Denied unless the account has the role (in that organisation, where one is given).

    Staff and authorities need a second factor set up as well (code ``second_factor_missing``).
    """
    if not _holds(account, [role], organisation):
        raise Denied(_("This needs the role: %(role)s.") % {"role": role.label})
    if role in SECOND_FACTOR_ROLES:
        require_second_factor_set_up(account)


def require_staff(account: Actor, provider: Organisation, *roles: Role) -> None:
    """Raise NotFound for whoever is no staff of the provider, Denied for staff of another role or without second factor."""
    if not _holds(account, STAFF_ROLES, provider):
        raise NotFound
    if not _holds(account, roles, provider):
        raise Denied(_("This needs the role: %(role)s.") % {"role": ", ".join(str(r.label) for r in roles)})
    require_second_factor_set_up(account)


def provider(code: str, pointer: str = "/provider") -> Organisation:
    """Return the provider of this code; Invalid, pointing at where it was given, when there is none."""
    found = _serving(code)
    return the_one(found, pointer)


def the_one(found: Sequence[Organisation], pointer: str = "/provider") -> Organisation:
    """Return the provider that was found by its code; Invalid, pointing at where it was given, when none was."""
    if not found:
        raise invalid(pointer, "unknown_provider", _("There is no such provider here."))
    return found[0]


def serving(code: Any) -> QuerySet[Organisation]:
    """Return the provider of this code, if it is served; asked by itself or with more about it."""
    return Organisation.objects.filter(code=code, kind=OrganisationKind.PROVIDER, suspended_at__isnull=True)


_serving = planned(serving)


def providers() -> QuerySet[Organisation]:
    """Return the providers that this portal serves."""
    found = Organisation.objects.filter(kind=OrganisationKind.PROVIDER, suspended_at__isnull=True)
    return found.order_by("name", "pk")


def provider_of_service(account: Actor) -> Organisation:
    """Return the provider whose program this account is; Denied for everybody else."""
    found = organisations_where(account, Role.SERVICE).first()
    if found is None:
        raise Denied(_("Only a provider's own service may do this."))
    return found


def require_second_factor(account: Actor, now: dt.datetime) -> None:
    """Raise StepUpRequired unless the second factor was given within the last five minutes."""
    given: Any = getattr(account, "second_factor_at", None)
    if given is None or given + settings.STEP_UP_WITHIN < now:
        raise StepUpRequired


def staff_of(organisation: Organisation, *roles: Role) -> QuerySet[Account]:
    """Return the active accounts that have one of these roles in the organisation now."""
    held = Membership.objects.filter(organisation=organisation, role__in=roles, ended_at__isnull=True)
    return Account.objects.filter(pk__in=held.values("account"), is_active=True).order_by("pk")


def auditors() -> QuerySet[Account]:
    """Return the active accounts that are auditors of some organisation that is not suspended."""
    held = Membership.objects.filter(
        role=Role.AUDITOR, ended_at__isnull=True, organisation__isnull=False, organisation__suspended_at__isnull=True
    )
    return Account.objects.filter(pk__in=held.values("account"), is_active=True).order_by("pk")
