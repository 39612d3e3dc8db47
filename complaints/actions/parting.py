"""A notice that went with an earlier one stands by itself again, because the earlier one carries it no more."""

import datetime as dt

from complaints import rules
from complaints.actions.grouping import priority_of
from complaints.models import Complaint
from complaints.rules import Side, State
from core.actors import Actor
from core.errors import Conflict
from ledger.acts import action, record


@action("complaint.parted")
def part(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """Give a notice its own place on the desk again, as the portal, now that the one with which it went is over; return it."""
    held = Complaint.objects.select_related("provider").select_for_update(of=("self",))
    complaint = held.get(reference=reference)
    rules.check_state(complaint.state, (State.FILED,))
    if complaint.goes_with_id is None:
        raise Conflict(state=complaint.state)
    complaint.goes_with, complaint.changed_at = None, now
    complaint.priority = priority_of(complaint)
    complaint.save(update_fields=["goes_with", "priority", "changed_at"])
    facts = {"as": Side.SYSTEM.value, "state": complaint.state}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint
