"""How what happens in a conversation besides messages is kept and told: numbered, read again after a gap, hinted live."""

import datetime as dt
from typing import Any

from django.db.models import F

from messaging import frames, hints
from messaging.frames import instant
from messaging.models import Conversation, Event, Party
from messaging.rules import NEWS, EventKind

__all__ = ["instant", "note", "told"]


def note(conversation: Conversation, kind: EventKind, *, by: Party | None, now: dt.datetime, **data: Any) -> Event:
    """Keep what happened under the conversation's next number, and tell the open sockets with the commit.

    To be called inside the action whose doing it is. ``data`` holds references and states, never what was said nor who
    somebody is: it goes to every party and through the hints between processes.
    """
    # The update takes the row's lock, so two happenings at once get different numbers.
    number = F("last_event") + 1
    news = {"last_news": number} if kind in NEWS else {}
    Conversation.objects.filter(pk=conversation.pk).update(last_event=number, **news)
    conversation.refresh_from_db(fields=["last_event", "last_news"])
    event = Event.objects.create(
        conversation=conversation, number=conversation.last_event, kind=kind, party=by, data=data, happened_at=now
    )
    frame = frames.event(conversation.pk, conversation.subject, told(event))
    hints.send_from_transaction(passed=[hints.Passed(str(conversation.pk), frame, None, number=event.number)])
    return event


def told(event: Event) -> dict[str, Any]:
    """Return the event as frames and programs read it."""
    return frames.happening(event.number, event.kind, event.party_id, event.happened_at, event.data)
