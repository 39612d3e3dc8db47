"""Conversations for programs. The socket does the same, faster."""

from messaging.api.conversations import Conversation, Conversations, File, Messages, Read
from messaging.api.described import AFTER, LIMITS, described, described_message
from messaging.api.reaching import CallAgain, Unreached

__all__ = [
    "AFTER",
    "LIMITS",
    "CallAgain",
    "Conversation",
    "Conversations",
    "File",
    "Messages",
    "Read",
    "Unreached",
    "described",
    "described_message",
]
