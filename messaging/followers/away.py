"""What follows when something was said or proposed: who does not read it is told, by push at once, by mail minutes later."""

from uuid import UUID

from ledger.followers import follower
from ledger.models import Entry
from messaging import actions

# Messages are told of once the ledger covers them, within a minute; what else happens has an entry of its own. They are
# the acts behind the happenings of ``rules.NEWS``; that something is overdue is a mail of its own to both sides.
ACTS = (
    "conversation.covered",
    "proposal.made",
    "proposal.accepted",
    "proposal.declined",
    "proposal.countered",
    "proposal.expired",
    "removal.announced",
    "undertaking.done",
)


@follower("messaging.away", acts=ACTS, from_now=True)
def plan(entry: Entry) -> None:
    """Have those be looked at for whom something waits; only conversations that moved are ever looked at."""
    actions.plan_notices(conversation_id=UUID(entry.subject.partition(":")[2]), now=entry.at)


@follower("messaging.push", acts=ACTS, from_now=True)
def plan_push(entry: Entry) -> None:
    """Have the browsers of those for whom something waits be told."""
    actions.plan_pushes(conversation_id=UUID(entry.subject.partition(":")[2]), now=entry.at)
