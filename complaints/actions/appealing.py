"""Either side contests a decision, and somebody else than who decided decides that."""

import datetime as dt

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import (
    Contestable,
    contestable,
    get_for,
    has_open_appeal,
    is_spent,
    open_appeal,
    own_items,
    require_decider,
    require_other_decider,
    require_party,
    viewer_of,
)
from complaints.actions import deadlines
from complaints.actions.deciding import decide, require_reasons, take_up_again
from complaints.actions.ending import end_answered_contests, end_contests, lift, state_after_return
from complaints.models import Appeal, Complaint
from complaints.rules import AppealOutcome, Decision, Event, Side, State
from core.errors import Conflict, invalid
from ledger.acts import action, record
from verification.models import Account


@action("complaint.appealed")
def appeal(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> Appeal:
    """Contest a rejection (of the whole, or of items) as the complainant, a measure as the uploader; return the appeal.

    Raises Denied for others, Conflict where there is nothing to contest, where its time is over or an appeal is open
    already, and where the same decision was appealed before: then it says what remains.
    """
    complaint = get_for(by, reference, lock=True)
    decision = _contested(complaint, by, require_party(by, complaint))
    deadlines.require_open_window(complaint, decision.side, now)
    require_reasons(reasons)
    if has_open_appeal(by, complaint):
        raise Conflict(_("Your appeal is open already."), state=complaint.state)
    if is_spent(by, complaint, decision):
        raise Conflict(what_remains(complaint), state=complaint.state, code="appealed_already")
    made = Appeal.objects.create(
        complaint=complaint, side=decision.side, against=decision.against, reasons=reasons, filed_at=now, filed_by=by
    )
    facts = {"as": decision.side.value, "state": complaint.state, "appeal": str(made.pk), "against": made.against}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made


def _contested(complaint: Complaint, by: Account, sides: frozenset[Side]) -> Contestable:
    found = [contestable(by, complaint, side) for side in rules.PARTIES if side in sides]
    decision = next((one for one in found if one is not None), None)
    if decision is None:
        raise Conflict(_("There is no decision against you to contest."), state=complaint.state)
    return decision


def what_remains(complaint: Complaint) -> str:
    """Return what somebody can still do whose appeal was dismissed."""
    law = regimes.of(complaint)
    if law.out_of_court:
        return _(
            "This decision was appealed once, and that was dismissed. A certified body for out-of-court disputes "
            "(%(source)s) and the courts remain."
        ) % {"source": law.out_of_court}
    return _("This decision was appealed once, and that was dismissed. An authority and the courts remain.")


@action("complaint.appeal_decided")
def decide_appeal(*, reference: str, by: Account, outcome: str, reasons: str, now: dt.datetime) -> Appeal:
    """Grant or dismiss the open appeal, with reasons, as a handler or reviewer who did not decide before; return it.

    Granted, a rejected notice counts as accepted, and what was under a measure returns to the uploader who appealed.
    """
    complaint = get_for(by, reference, lock=True)
    require_decider(by, complaint)
    found = open_appeal(complaint)
    if found is None:
        raise Conflict(_("No appeal of this complaint is open."), state=complaint.state)
    if outcome not in AppealOutcome.values:
        raise invalid("/decision", "unknown", _("Choose: granted or dismissed."))
    require_reasons(reasons)
    require_other_decider(by, complaint, found)
    found.outcome, found.answer, found.decided_at, found.decided_by = outcome, reasons, now, by
    found.save()
    deadlines.happened(complaint, Event.APPEAL_DECIDED, now, whom=found.side)
    if outcome == AppealOutcome.GRANTED:
        _grant(complaint, found, by, now)
    facts = {"as": _role(by, complaint), "state": complaint.state, "appeal": str(found.pk), "outcome": outcome}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return found


def _role(by: Account, complaint: Complaint) -> str:
    sides = viewer_of(by, complaint).sides
    return (Side.HANDLER if Side.HANDLER in sides else Side.REVIEWER).value


def _grant(complaint: Complaint, found: Appeal, by: Account, now: dt.datetime) -> None:
    if found.side == Side.COMPLAINANT:
        _take_up(complaint, found, by, now)
        return
    back = own_items(found.filed_by, complaint)
    lift(complaint, back, because="appeal", now=now)
    end_answered_contests(complaint, back, because="appeal", now=now)
    to = _state_after(complaint)
    if to is State.RESTORED:
        rules.check_move(complaint.state, to)
        end_contests(complaint, because="appeal", now=now)
        complaint.ended_at = now
    complaint.state, complaint.changed_at = to, now
    complaint.save()


def _take_up(complaint: Complaint, found: Appeal, by: Account, now: dt.datetime) -> None:
    """Have the whole notice, or the items for which it was rejected, be acted on; a handler is waited for."""
    if found.against == rules.AGAINST_ITEMS:
        to = rules.state_after_items_return(complaint.state)
    else:
        to = State.ACCEPTED
        decide(complaint, Decision.ACCEPTED, found.answer, by, now)
    if to != complaint.state:
        rules.check_move(complaint.state, to)
    take_up_again(complaint)
    complaint.state, complaint.ended_at, complaint.answer_due_at, complaint.changed_at = to, None, now, now
    complaint.save()


def _state_after(complaint: Complaint) -> State:
    """Return where the complaint stands: as before while something stays under a measure, but contested only by it."""
    after = state_after_return(complaint)
    return after if after is State.RESTORED or complaint.state == State.CONTESTED else State(complaint.state)
