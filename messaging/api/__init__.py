"""Conversations for programs. The socket does the same, faster."""

from messaging.api.conversations import Conversation, Conversations, File, Messages, Preview, Read
from messaging.api.described import AFTER, LIMITS, SEARCH, described, described_message
from messaging.api.documents import Record, Transcript
from messaging.api.messages import Message, MessageRevision, MessageWithdrawal, Search
from messaging.api.peace import (
    Block,
    End,
    Hints,
    Hold,
    Mute,
    Release,
    Report,
    ReportDecision,
    Reports,
    ReportsDesk,
    Staff,
    StaffLeave,
    Unblock,
)
from messaging.api.preferences import MyPreferences
from messaging.api.proposals import (
    Proposal,
    ProposalAnswer,
    Proposals,
    ProposalWithdrawal,
    Removal,
    UndertakingExecution,
    Undertakings,
)
from messaging.api.pushing import Push, PushRemoval
from messaging.api.reaching import CallAgain, Unreached

__all__ = [
    "AFTER",
    "LIMITS",
    "SEARCH",
    "Block",
    "CallAgain",
    "Conversation",
    "Conversations",
    "End",
    "File",
    "Hints",
    "Hold",
    "Message",
    "MessageRevision",
    "MessageWithdrawal",
    "Messages",
    "Mute",
    "MyPreferences",
    "Preview",
    "Proposal",
    "ProposalAnswer",
    "ProposalWithdrawal",
    "Proposals",
    "Push",
    "PushRemoval",
    "Read",
    "Record",
    "Release",
    "Removal",
    "Report",
    "ReportDecision",
    "Reports",
    "ReportsDesk",
    "Search",
    "Staff",
    "StaffLeave",
    "Transcript",
    "Unblock",
    "UndertakingExecution",
    "Undertakings",
    "Unreached",
    "described",
    "described_message",
]
