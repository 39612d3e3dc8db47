"""The tables of conversations: who takes part, what was said and proposed. What one is about is an opaque reference."""

from messaging.models.away import Notice
from messaging.models.call import Call
from messaging.models.conversation import SALT_BYTES, Conversation, Party, new_salt
from messaging.models.event import Event
from messaging.models.message import Message
from messaging.models.peace import Block, Hold, Report
from messaging.models.preferences import Preferences
from messaging.models.proposal import Proposal, Undertaking
from messaging.models.push import PushNotice, PushSubscription
from messaging.models.reply import MailedReply, ReplyAddress, ReplyBox
from messaging.models.revision import Revision

__all__ = [
    "SALT_BYTES",
    "Block",
    "Call",
    "Conversation",
    "Event",
    "Hold",
    "MailedReply",
    "Message",
    "Notice",
    "Party",
    "Preferences",
    "Proposal",
    "PushNotice",
    "PushSubscription",
    "ReplyAddress",
    "ReplyBox",
    "Report",
    "Revision",
    "Undertaking",
    "new_salt",
]
