"""What follows at once for those who watch: a hint to open pages, and the counter-notice's arrival by mail."""

from complaints import access, actions
from core import times
from core.actors import SYSTEM
from ledger.followers import follower
from ledger.models import Entry
from messaging.broadcast import matter_changed

EVERY_ACT = (
    "complaint.corrected",
    "complaint.cure_asked",
    "complaint.lapsed",
    "complaint.accepted",
    "complaint.rejected",
    "complaint.items_rejected",
    "complaint.measure_ordered",
    "complaint.measure_executed",
    "complaint.execution_overdue",
    "complaint.review_due",
    "complaint.measure_ended",
    "complaint.counter_notice_filed",
    "complaint.counter_notice_forwarded",
    "complaint.suit_shown",
    "complaint.restored",
    "complaint.upheld",
    "complaint.withdrawn",
    "complaint.settled",
    "complaint.reopened",
    "complaint.appealed",
    "complaint.appeal_decided",
    "complaint.closed",
    "complaint.inquiry_sent",
    "complaint.inquiry_received",
    "complaint.inquiry_answered",
    "complaint.inquiry_lapsed",
    "complaint.appeal_window_closed",
    "complaint.deadline_missed",
    "complaint.clock_paused",
    "complaint.clock_resumed",
)


@follower("complaints.hints", acts=EVERY_ACT)
def hint(entry: Entry) -> None:
    """Tell open sockets of the complaint's conversations that it changed: act, state and time, nothing else."""
    state = str(entry.facts.get("state", ""))
    matter_changed(entry.subject, {"act": entry.act, "state": state, "at": times.rfc3339(entry.at)})


@follower("complaints.forwarding", acts=("complaint.counter_notice_filed",))
def forward(entry: Entry) -> None:
    """Record that the counter-notice reached a complainant without account, to whom it is mailed in this moment.

    The clock counts from now and not from the act: a worker that was down must not shorten anybody's days.
    """
    complaint = access.for_follower(entry.subject)
    if complaint.complainant_id is not None or not access.address_of(complaint):
        return
    if access.waits_for_forwarding(complaint):
        actions.forward_counter_notice(reference=entry.subject, by=SYSTEM, now=times.now())
