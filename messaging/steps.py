"""What acts of other apps do to conversations, inside their own transaction; it records nothing by itself."""

import datetime as dt

from messaging import access, happenings
from messaging.models import Conversation
from messaging.rules import EventKind, State


def close(subject: str, now: dt.datetime) -> int:
    """Close the open conversations on the subject, and return how many those were; call it inside an action.

    They stay readable. What was said and is in no entry of the ledger yet is covered within a minute.
    """
    closing = list(access.open_ones_on(subject).select_for_update(no_key=True))
    Conversation.objects.filter(pk__in=[one.pk for one in closing]).update(state=State.CLOSED, closed_at=now)
    for conversation in closing:
        happenings.note(conversation, EventKind.CLOSED, by=None, now=now)
    return len(closing)
