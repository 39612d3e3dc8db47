"""What a complaint is found by follows what it says: after each act its words are kept anew."""

from complaints import access, actions
from complaints.followers.news import EVERY_ACT
from ledger.followers import follower
from ledger.models import Entry

FILED = ("complaint.filed", "complaint.filed_from_letter")


@follower("complaints.search", acts=(*FILED, *EVERY_ACT))
def keep_words(entry: Entry) -> None:
    """Keep the words of the complaint; those of a filed one are there already, unless it is older than searches are."""
    complaint = access.for_follower(entry.subject)
    if entry.act not in FILED or access.is_without_words(complaint):
        actions.keep_words(complaint)
