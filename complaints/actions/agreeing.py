"""What becomes of a complaint whose two sides agreed in their conversation: settled, and open again if it is not kept."""

import datetime as dt
from collections.abc import Sequence

from complaints import rules
from complaints.actions import watching
from complaints.actions.ending import end_contests, lift
from complaints.actions.mending import end_cure
from complaints.models import Complaint, ComplaintItem, MeasureItem
from complaints.rules import Decision, ItemState, Side, State
from core.actors import Actor
from ledger.acts import action, record

SETTLED = "settled"


def _locked(reference: str) -> tuple[Complaint, list[ComplaintItem]]:
    found = Complaint.objects.select_related("provider").select_for_update(of=("self",))
    complaint = found.get(reference=reference)
    return complaint, list(complaint.items.select_for_update().order_by("position", "pk"))


@action("complaint.settled")
def settle(*, reference: str, kind: str, proposal: str, by: Actor, now: dt.datetime) -> Complaint:
    """Settle a complaint whose two sides agreed by an accepted proposal of this kind; return it.

    Its clocks stop, and it counts against nobody. What the complainant has allowed to stay, as with a licence, comes
    back from under its measure; where the content is to be removed, the measure stays. Raises Conflict in a state in
    which nothing can be settled.
    """
    complaint, items = _locked(reference)
    rules.check_move(complaint.state, State.SETTLED)
    end_cure(complaint, because=SETTLED, now=now)
    if kind in rules.LETS_IT_STAY:
        lift(complaint, items, because=SETTLED, now=now)
    end_contests(complaint, because=SETTLED, now=now)
    watching.stop_reviews(complaint, because=SETTLED, now=now)
    complaint.state, complaint.answer_due_at = State.SETTLED, None
    complaint.settled_at = complaint.changed_at = complaint.ended_at = now
    complaint.save()
    facts = {"as": Side.SYSTEM.value, "state": complaint.state, "kind": kind, "proposal": proposal}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.reopened")
def reopen(*, reference: str, undertaking: str, by: Actor, now: dt.datetime) -> Complaint:
    """Open a settled complaint again, because what the uploader undertook was not done in time; return it.

    It stands where it would without the settlement and waits for a handler from now on; what came back by the
    settlement can be put under a measure again. Raises Conflict unless it is settled.
    """
    complaint, items = _locked(reference)
    rules.check_state(complaint.state, (State.SETTLED,))
    to = _state_without(complaint, items)
    rules.check_move(complaint.state, to)
    back = MeasureItem.objects.filter(
        measure__complaint=complaint, ended_because=SETTLED, ended_at=complaint.settled_at
    )
    returned = set(back.values_list("item_id", flat=True))
    for item in items:
        if item.pk in returned and item.state == ItemState.RESTORED:
            item.state = ItemState.NOTICED
    ComplaintItem.objects.bulk_update(items, ["state"])
    complaint.state, complaint.settled_at, complaint.ended_at = to, None, None
    complaint.changed_at = complaint.answer_due_at = now
    complaint.save()
    facts = {"as": Side.SYSTEM.value, "state": complaint.state, "undertaking": undertaking}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _state_without(complaint: Complaint, items: Sequence[ComplaintItem]) -> State:
    """Return where the complaint stands without its settlement: as far as its items and its decision have come."""
    states = {item.state for item in items}
    if ItemState.RESTRICTED in states:
        return State.ACTED
    if ItemState.FORWARDED in states:
        return State.FORWARDED
    if complaint.missing or complaint.complete_at is None:
        return State.DEFECTIVE
    return State.ACCEPTED if complaint.decision == Decision.ACCEPTED else State.FILED
