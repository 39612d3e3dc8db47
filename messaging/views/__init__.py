"""The pages of conversations."""

from messaging.views.away import stop_mails
from messaging.views.conversations import A_PAGE, attachment, conversation, conversations
from messaging.views.files import passing, preview
from messaging.views.messages import message, withdrawal
from messaging.views.offline import offline, worker
from messaging.views.peace import act_on_conversation, report, report_message, reports, staff
from messaging.views.preferences import preferences
from messaging.views.proposals import (
    proposal,
    proposal_act,
    proposal_new,
    proposal_record,
    removal,
    transcript,
    undertaking_done,
)
from messaging.views.reaching import call_again, unreached
from messaging.views.replying import replies, reply

__all__ = [
    "A_PAGE",
    "act_on_conversation",
    "attachment",
    "call_again",
    "conversation",
    "conversations",
    "message",
    "offline",
    "passing",
    "preferences",
    "preview",
    "proposal",
    "proposal_act",
    "proposal_new",
    "proposal_record",
    "removal",
    "replies",
    "reply",
    "report",
    "report_message",
    "reports",
    "staff",
    "stop_mails",
    "transcript",
    "undertaking_done",
    "unreached",
    "withdrawal",
    "worker",
]
