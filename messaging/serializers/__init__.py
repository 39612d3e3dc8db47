"""Shapes of what programs send about conversations, and of what they get."""

from messaging.serializers.given import ClientId, MessageInput, OpenInput, ReadInput
from messaging.serializers.shown import (
    AckOutput,
    AttachmentOutput,
    ConversationOutput,
    ConversationsOutput,
    MessageOutput,
    MessagesOutput,
    ParticipantOutput,
)

__all__ = [
    "AckOutput",
    "AttachmentOutput",
    "ClientId",
    "ConversationOutput",
    "ConversationsOutput",
    "MessageInput",
    "MessageOutput",
    "MessagesOutput",
    "OpenInput",
    "ParticipantOutput",
    "ReadInput",
]
