"""Conversations for programs. The socket does the same, faster."""

from messaging.api.conversations import Conversation, Conversations, File, Messages, Read
from messaging.api.described import AFTER, LIMITS, described, described_message

__all__ = [
    "AFTER",
    "LIMITS",
    "Conversation",
    "Conversations",
    "File",
    "Messages",
    "Read",
    "described",
    "described_message",
]
