"""What follows in a complaint from what its two sides agree on in their conversation, and from what is not kept."""

from complaints import access, actions
from core.actors import SYSTEM
from ledger.followers import follower
from ledger.models import Entry


@follower("complaints.settling", acts=("proposal.accepted",))
def settle(entry: Entry) -> None:
    """Settle the complaint that the conversation is about, where the chart lets it and no other uploader is concerned."""
    kind = str(entry.facts["kind"])
    complaint = access.to_be_settled(str(entry.facts["about"]), kind, entry.subject)
    if complaint is not None:
        proposal = str(entry.facts["proposal"])
        actions.settle(reference=complaint.reference, kind=kind, proposal=proposal, by=SYSTEM, now=entry.at)


@follower("complaints.unkept", acts=("undertaking.overdue",))
def reopen(entry: Entry) -> None:
    """Open the complaint again that was settled, because what was undertaken was not done in time."""
    complaint = access.settled_one(str(entry.facts["about"]))
    if complaint is not None and entry.facts["proposal"] is not None:
        undertaking = str(entry.facts["undertaking"])
        actions.reopen(reference=complaint.reference, undertaking=undertaking, by=SYSTEM, now=entry.at)
