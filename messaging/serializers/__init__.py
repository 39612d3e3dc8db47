"""Shapes of what programs send about conversations, and of what they get."""

from messaging.serializers.given import ClientId, MessageInput, OpenInput, PreferencesInput, ReadInput, RevisionInput
from messaging.serializers.proposals import (
    AnswerInput,
    NothingInput,
    ProposalOutput,
    ProposalsOutput,
    TermsInput,
    UndertakingOutput,
    UndertakingsOutput,
    position_of,
    proposal_shown,
    terms_of,
    undertaking_shown,
)
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
    "AnswerInput",
    "AttachmentOutput",
    "CallAgainInput",
    "CalledOutput",
    "ClientId",
    "ConversationOutput",
    "ConversationsOutput",
    "MessageInput",
    "MessageOutput",
    "MessagesOutput",
    "NothingInput",
    "OpenInput",
    "ParticipantOutput",
    "PreferencesInput",
    "PreferencesOutput",
    "ProposalOutput",
    "ProposalsOutput",
    "ReachOutput",
    "ReadInput",
    "RevisionInput",
    "TermsInput",
    "UndertakingOutput",
    "UndertakingsOutput",
    "UnreachedOutput",
    "position_of",
    "proposal_shown",
    "terms_of",
    "undertaking_shown",
]
