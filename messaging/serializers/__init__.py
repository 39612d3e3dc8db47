"""Shapes of what programs send about conversations, and of what they get."""

from messaging.serializers.given import ClientId, MessageInput, OpenInput, PreferencesInput, ReadInput, RevisionInput
from messaging.serializers.reaching import CallAgainInput, CalledOutput, ReachOutput, UnreachedOutput
from messaging.serializers.shown import (
    AckOutput,
    AttachmentOutput,
    ConversationOutput,
    ConversationsOutput,
    MessageOutput,
    MessagesOutput,
    ParticipantOutput,
    PreferencesOutput,
)

__all__ = [
    "AckOutput",
    "AttachmentOutput",
    "CallAgainInput",
    "CalledOutput",
    "ClientId",
    "ConversationOutput",
    "ConversationsOutput",
    "MessageInput",
    "MessageOutput",
    "MessagesOutput",
    "OpenInput",
    "ParticipantOutput",
    "PreferencesInput",
    "PreferencesOutput",
    "ReachOutput",
    "ReadInput",
    "RevisionInput",
    "UnreachedOutput",
]
