"""Powers of attorney: recorded by an agent, checked or refused by a person of the provider, withdrawn; named on a notice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from complaints.access import (
    POWERS_TABLE,
    nameable_powers,
    powers_for,
    powers_reference,
    require_powers_agent,
    require_powers_checker,
)
from complaints.actions.deciding import require_reasons
from complaints.actions.notice import Notice
from complaints.models import Complaint, PowersOfAttorney
from complaints.rules import Capacity, PowersDecision, Side, may_be_decided
from core import files, sealing
from core.actors import Actor
from core.errors import Conflict, Invalid, Problem, invalid
from ledger.acts import action, record
from verification import access as verification
from verification.models import Account, Organisation


@dataclass(frozen=True)
class PowersGiven:
    """For whom somebody acts, by which documents, for which works (all where none is named), from when until when."""

    principal: str
    documents: Sequence[UUID]
    since_on: dt.date
    until_on: dt.date | None = None
    works: Sequence[str] = ()


@action("powers.submitted")
def submit_powers(*, by: Account, provider: str, given: PowersGiven, now: dt.datetime) -> PowersOfAttorney:
    """Record powers of attorney of the account at a provider, to be checked there; return them.

    Raises Invalid for an unknown provider, for days that cannot be, and without a document of the account's own.
    """
    host = verification.provider(provider)
    _check_given(given, host, now)
    key = sealing.new_data_key(now=now)
    powers = PowersOfAttorney(provider=host, agent=by, data_key=key, submitted_at=now)
    powers.since_on, powers.until_on, powers.works = given.since_on, given.until_on, list(given.works)
    row = (POWERS_TABLE, powers.pk)
    powers.principal_sealed = sealing.seal(key, row=row, field="principal", text=given.principal)
    powers.save(force_insert=True)
    subject, documents = powers_reference(powers), list(given.documents)
    files.attach(file_ids=documents, subject=subject, purpose="powers", by=by, pointer="/documents", now=now)
    _record(powers, by, Side.COMPLAINANT, now, documents=len(documents))
    return powers


def _check_given(given: PowersGiven, host: Organisation, now: dt.datetime) -> None:
    problems = []
    if not given.documents:
        problems.append(Problem("/documents", "required", _("Add the document that shows the powers.")))
    if given.since_on > now.astimezone(ZoneInfo(host.time_zone)).date():
        problems.append(Problem("/since", "later", _("Record them once they are in force.")))
    if given.until_on is not None and given.until_on < given.since_on:
        problems.append(Problem("/until", "before", _("It cannot end before it begins.")))
    if problems:
        raise Invalid(problems)


@action("powers.checked")
def check_powers(*, powers_id: UUID, by: Account, reasons: str, now: dt.datetime) -> PowersOfAttorney:
    """Note with reasons that the powers were checked and hold, as a handler or reviewer without a part; return them."""
    return _decide(powers_id, PowersDecision.CHECK, by, reasons, now)


@action("powers.refused")
def refuse_powers(*, powers_id: UUID, by: Account, reasons: str, now: dt.datetime) -> PowersOfAttorney:
    """Refuse the powers with reasons, as a handler or reviewer without a part; return them. Notices stay as they are."""
    return _decide(powers_id, PowersDecision.REFUSE, by, reasons, now)


def _decide(powers_id: UUID, decision: PowersDecision, by: Account, reasons: str, now: dt.datetime) -> PowersOfAttorney:
    powers = powers_for(by, powers_id, lock=True)
    require_powers_checker(by, powers)
    require_reasons(reasons)
    if not may_be_decided(decision=powers.decision, is_withdrawn=powers.withdrawn_at is not None):
        raise Conflict(_("These powers were decided or withdrawn already."), state=powers.decision or "withdrawn")
    powers.decision, powers.decided_at, powers.decided_by, powers.reasons = decision, now, by, reasons
    powers.save(update_fields=["decision", "decided_at", "decided_by", "reasons"])
    roles = verification.memberships_of(by).filter(organisation=powers.provider).values_list("role", flat=True)
    _record(powers, by, Side.HANDLER if Side.HANDLER.value in roles else Side.REVIEWER, now)
    return powers


@action("powers.withdrawn")
def withdraw_powers(*, powers_id: UUID, by: Account, now: dt.datetime) -> PowersOfAttorney:
    """Withdraw powers as the agent who recorded them: no new notice can name them; return them."""
    powers = powers_for(by, powers_id, lock=True)
    require_powers_agent(by, powers)
    if powers.withdrawn_at is not None or powers.decision == PowersDecision.REFUSE:
        raise Conflict(_("These powers were refused or withdrawn already."), state=powers.decision or "withdrawn")
    powers.withdrawn_at = now
    powers.save(update_fields=["withdrawn_at"])
    _record(powers, by, Side.COMPLAINANT, now)
    return powers


def name_powers(complaint: Complaint, notice: Notice, by: Actor, provider: Organisation) -> None:
    """Note by which powers the agent complains, where the notice names some; Invalid for any that it cannot name."""
    if notice.powers is None:
        return
    if notice.capacity != Capacity.AGENT:
        raise invalid("/complainant/powers", "capacity", _("Only an agent shows powers of attorney."))
    complaint.powers = nameable_powers(by, provider, notice.powers)
    if complaint.powers is None:
        raise invalid(
            "/complainant/powers",
            "unknown",
            _("You have no such powers of attorney at this provider, or they were refused or withdrawn."),
        )


def _record(powers: PowersOfAttorney, by: Account, side: Side, now: dt.datetime, **more: int) -> None:
    facts = {
        "as": side.value,
        "since": powers.since_on.isoformat(),
        "until": powers.until_on.isoformat() if powers.until_on else "",
        "works": len(powers.works),
        **more,
    }
    record(subject=powers_reference(powers), provider=powers.provider.code, by=by, facts=facts, now=now)
