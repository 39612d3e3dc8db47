"""Either side contests a decision, and somebody else than who decided decides that."""

import datetime as dt

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import (
    get_for,
    open_appeal,
    own_items,
    require_decider,
    require_other_decider,
    require_party,
    viewer_of,
)
from complaints.actions.ending import end_answered_contests, end_contests, lift, state_after_return
from complaints.actions.measuring import decide, require_reasons
from complaints.models import Appeal, Complaint
from complaints.rules import AppealOutcome, Decision, Side, State
from core.errors import Conflict, invalid
from ledger.acts import action, record
from verification.models import Account

OPEN_TO: dict[Side, tuple[State, ...]] = {
    Side.COMPLAINANT: (State.REJECTED,),
    Side.UPLOADER: (State.ACTED, State.FORWARDED, State.UPHELD),
}


@action("complaint.appealed")
def appeal(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> Appeal:
    """Contest a rejection as the complainant, or a measure as the uploader; return the appeal.

    Raises Denied for others, Conflict where there is nothing to contest or an appeal is open already.
    """
    complaint = get_for(by, reference, lock=True)
    sides = require_party(by, complaint)
    side = next((one for one in rules.PARTIES if one in sides and complaint.state in OPEN_TO[one]), None)
    if side is None:
        raise Conflict(_("There is no decision against you to contest."), state=complaint.state)
    require_reasons(reasons)
    if complaint.appeals.filter(side=side, decided_at__isnull=True).exists():
        raise Conflict(_("Your appeal is open already."), state=complaint.state)
    made = Appeal.objects.create(
        complaint=complaint, side=side, against=complaint.state, reasons=reasons, filed_at=now, filed_by=by
    )
    facts = {"as": side.value, "state": complaint.state, "appeal": str(made.pk)}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made


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
        rules.check_move(complaint.state, State.ACCEPTED)
        decide(complaint, Decision.ACCEPTED, found.answer, by, now)
        complaint.state, complaint.ended_at, complaint.answer_due_at = State.ACCEPTED, None, now
        complaint.save()
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


def _state_after(complaint: Complaint) -> State:
    """Return where the complaint stands: as before while something stays under a measure, but contested only by it."""
    after = state_after_return(complaint)
    return after if after is State.RESTORED or complaint.state == State.CONTESTED else State(complaint.state)
