"""Every act on a conversation. A message is no act of its own in the ledger: entries cover whole stretches of them."""

from messaging.actions.away import account_of_stop, look_at, plan_notices, send_notices, stop_mails, stop_token
from messaging.actions.covering import cover
from messaging.actions.opening import open_conversation
from messaging.actions.peace import (
    block,
    decide_report,
    end_conversation,
    forget,
    join_as_staff,
    leave_as_staff,
    lift_hold,
    mute,
    place_hold,
    report_message,
    require_room_to_open,
    unblock,
)
from messaging.actions.preferring import set_preferences
from messaging.actions.proposing import (
    EXPIRES,
    accept,
    counter,
    decline,
    expire_proposal,
    propose,
    settlement_record,
    withdraw_proposal,
)
from messaging.actions.reaching import (
    call_again,
    call_uploader,
    note_ways,
    plan_call,
    run_calls,
    secret_of,
    watch_calls,
    welcome,
)
from messaging.actions.revising import edit_message, withdraw_message
from messaging.actions.sending import mark_read, post_message, post_with_upload
from messaging.actions.transcribing import require_fits_pdf, settlement_of, transcript_of, transcript_package
from messaging.actions.undertaking import FALLS_DUE, miss_undertaking, remove_now, report_done

__all__ = [
    "EXPIRES",
    "FALLS_DUE",
    "accept",
    "account_of_stop",
    "block",
    "call_again",
    "call_uploader",
    "counter",
    "cover",
    "decide_report",
    "decline",
    "edit_message",
    "end_conversation",
    "expire_proposal",
    "forget",
    "join_as_staff",
    "leave_as_staff",
    "lift_hold",
    "look_at",
    "mark_read",
    "miss_undertaking",
    "mute",
    "note_ways",
    "open_conversation",
    "place_hold",
    "plan_call",
    "plan_notices",
    "post_message",
    "post_with_upload",
    "propose",
    "remove_now",
    "report_done",
    "report_message",
    "require_fits_pdf",
    "require_room_to_open",
    "run_calls",
    "secret_of",
    "send_notices",
    "set_preferences",
    "settlement_of",
    "settlement_record",
    "stop_mails",
    "stop_token",
    "transcript_of",
    "transcript_package",
    "unblock",
    "watch_calls",
    "welcome",
    "withdraw_message",
    "withdraw_proposal",
]
