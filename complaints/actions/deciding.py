"""What the provider decides on a notice: accepted or rejected, as a whole or item by item."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import get_for, require_handler
from complaints.actions import deadlines
from complaints.actions.items import named
from complaints.actions.mending import end_cure
from complaints.models import Complaint, ComplaintItem
from complaints.rules import Decision, Event, ItemState, Side, State
from core.errors import Conflict, invalid
from ledger.acts import action, record
from verification.models import Account

PARTS_DECIDED_IN = (State.FILED, State.ACCEPTED, State.ACTED, State.FORWARDED, State.CONTESTED)


def require_reasons(reasons: str) -> None:
    """Raise Invalid for a decision without reasons."""
    if not reasons.strip():
        raise invalid("/reasons", "required", _("Give the reasons; they are told to whom the decision concerns."))


@action("complaint.accepted")
def accept(
    *, reference: str, by: Account, items: Sequence[str] | None = None, reasons: str = "", now: dt.datetime
) -> Complaint:
    """Accept a complete notice as valid, as a handler; return it.

    With ``items`` for these alone: for the others on which nothing was decided it is rejected, with the reasons.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    rules.check_move(complaint.state, State.ACCEPTED)
    if complaint.state != State.FILED:
        raise Conflict(_("A rejected notice is taken up again by an appeal only."), state=complaint.state)
    others = [] if items is None else _others(complaint, items)
    if others:
        require_reasons(reasons)
        _refuse(others, reasons, handler, now)
    decide(complaint, Decision.ACCEPTED, reasons, handler, now)
    complaint.state = State.ACCEPTED
    complaint.save()
    if others:
        deadlines.happened(complaint, Event.DECISION_INFORMED, now, whom=Side.COMPLAINANT)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, **_refused_facts(others)}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def decide(complaint: Complaint, decision: Decision, reasons: str, by: Account, now: dt.datetime) -> None:
    """Write into the row what was decided, by whom and why."""
    complaint.decision, complaint.reasons = decision, reasons
    complaint.decided_at = complaint.changed_at = now
    complaint.decided_by = by


@action("complaint.rejected")
def reject(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> Complaint:
    """Reject a notice with reasons, as a handler; return it."""
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    rules.check_move(complaint.state, State.REJECTED)
    require_reasons(reasons)
    _reject_whole(complaint, reasons, handler, now)
    complaint.save()
    deadlines.happened(complaint, Event.DECISION_INFORMED, now, whom=Side.COMPLAINANT)
    facts = {"as": Side.HANDLER.value, "state": complaint.state}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _reject_whole(complaint: Complaint, reasons: str, by: Account, now: dt.datetime) -> None:
    decide(complaint, Decision.REJECTED, reasons, by, now)
    end_cure(complaint, because="rejected", now=now)
    deadlines.end(complaint, because="rejected", now=now)
    complaint.state, complaint.ended_at, complaint.answer_due_at = State.REJECTED, now, None


@action("complaint.items_rejected")
def reject_items(*, reference: str, by: Account, items: Sequence[str], reasons: str, now: dt.datetime) -> Complaint:
    """Reject a notice for some of its items, with reasons, as a handler: for the others it goes on; return it.

    When nothing else is left of it, the whole is rejected. Raises Invalid for items on which something was decided.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    rules.check_state(complaint.state, PARTS_DECIDED_IN)
    require_reasons(reasons)
    known = _locked(complaint)
    chosen = named(known, items, _undecided(known))
    _refuse(chosen, reasons, handler, now)
    if all(item.state == ItemState.REJECTED for item in known):
        rules.check_move(complaint.state, State.REJECTED)
        _reject_whole(complaint, reasons, handler, now)
    complaint.changed_at = now
    complaint.save()
    deadlines.happened(complaint, Event.DECISION_INFORMED, now, whom=Side.COMPLAINANT)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, **_refused_facts(chosen)}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _locked(complaint: Complaint) -> list[ComplaintItem]:
    found = complaint.items.select_for_update(of=("self",)).select_related("content")
    return list(found.order_by("position", "pk"))


def _undecided(items: list[ComplaintItem]) -> frozenset[UUID]:
    return frozenset(item.pk for item in items if item.state == ItemState.NOTICED)


def _others(complaint: Complaint, names: Sequence[str]) -> list[ComplaintItem]:
    """Return the undecided items that are not among those named; Invalid for names of none."""
    known = _locked(complaint)
    chosen = {item.pk for item in named(known, names, _undecided(known))}
    return [item for item in known if item.state == ItemState.NOTICED and item.pk not in chosen]


def _refuse(items: list[ComplaintItem], reasons: str, by: Account, now: dt.datetime) -> None:
    for item in items:
        item.state, item.reasons = ItemState.REJECTED, reasons
        item.rejected_at, item.rejected_by = now, by
    ComplaintItem.objects.bulk_update(items, ["state", "reasons", "rejected_at", "rejected_by"])


def _refused_facts(items: list[ComplaintItem]) -> dict[str, object]:
    """Return what the record keeps of items that were rejected; nothing when there are none."""
    if not items:
        return {}
    return {"rejected_items": [str(item.pk) for item in items[:100]], "rejected_count": len(items)}


def take_up_again(complaint: Complaint) -> None:
    """Have nothing be decided any more on the items for which the notice was rejected."""
    rejected = complaint.items.filter(state=ItemState.REJECTED)
    rejected.update(state=ItemState.NOTICED, reasons="", rejected_at=None, rejected_by=None)
