"""Payloads for the open sockets of a conversation's parties: references and states, nothing private."""

from typing import Any

from messaging import frames, hints
from messaging.access import conversations_on


def matter_changed(subject: str, event: dict[str, Any]) -> None:
    """Tell the open sockets of every conversation on this subject what happened, when the transaction commits.

    They get ``{"type": "event", "conversation", "subject", "event"}``. It is a hint: it may get lost.
    """
    for conversation_id in conversations_on(subject):
        frame = frames.event(conversation_id, subject, event)
        hints.send_from_transaction(passed=[hints.Passed(str(conversation_id), frame, None)])
