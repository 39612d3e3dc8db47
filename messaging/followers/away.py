"""What follows when something was said: whoever does not read it is told, its browsers at once, by mail some minutes later."""

from uuid import UUID

from ledger.followers import follower
from ledger.models import Entry
from messaging import actions


@follower("messaging.away", acts=("conversation.covered",), from_now=True)
def plan(entry: Entry) -> None:
    """Have those be looked at for whom something waits; only conversations that moved are ever looked at."""
    actions.plan_notices(conversation_id=UUID(entry.subject.partition(":")[2]), now=entry.at)


@follower("messaging.push", acts=("conversation.covered",), from_now=True)
def plan_push(entry: Entry) -> None:
    """Have the browsers of those for whom something waits be told."""
    actions.plan_pushes(conversation_id=UUID(entry.subject.partition(":")[2]), now=entry.at)
