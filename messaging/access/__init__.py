"""Who may see and write in which conversation, and what in it waits for whom."""

from messaging.access.conversations import (
    MOST_COUNTED,
    conversation_on,
    conversations_on,
    get_for,
    open_ones_on,
    side_of,
    uncovered,
    visible_to,
    waiting_for,
)
from messaging.access.messages import FileOut, file_of, messages_of, newest_messages
from messaging.access.places import PRESENT, parties_of, party_of, require_can_open, require_can_read

__all__ = [
    "MOST_COUNTED",
    "PRESENT",
    "FileOut",
    "conversation_on",
    "conversations_on",
    "file_of",
    "get_for",
    "messages_of",
    "newest_messages",
    "open_ones_on",
    "parties_of",
    "party_of",
    "require_can_open",
    "require_can_read",
    "side_of",
    "uncovered",
    "visible_to",
    "waiting_for",
]
