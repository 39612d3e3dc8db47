"""What follows when a notice is over with which others went: they stand by themselves again."""

from complaints import access, actions, rules
from core import times
from core.actors import SYSTEM
from ledger.followers import follower
from ledger.models import Entry

ENDINGS = (
    "complaint.cure_asked",
    "complaint.corrected",
    "complaint.rejected",
    "complaint.withdrawn",
    "complaint.settled",
    "complaint.restored",
    "complaint.appeal_decided",
    "complaint.lapsed",
    "complaint.closed",
)


@follower("complaints.together", acts=ENDINGS)
def part(entry: Entry) -> None:
    """Let the notices that went with this one stand by themselves, where it carries them no more."""
    complaint = access.for_follower(entry.subject)
    if complaint.state in rules.CARRYING:
        return
    for one in access.waiting_with(complaint):
        actions.part(reference=one.reference, by=SYSTEM, now=times.now())
