"""Every act on a conversation. A message is no act of its own in the ledger: entries cover whole stretches of them."""

from messaging.actions.covering import cover
from messaging.actions.opening import open_conversation
from messaging.actions.preferring import set_preferences
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

__all__ = [
    "call_again",
    "call_uploader",
    "cover",
    "edit_message",
    "mark_read",
    "note_ways",
    "open_conversation",
    "plan_call",
    "post_message",
    "post_with_upload",
    "run_calls",
    "secret_of",
    "set_preferences",
    "watch_calls",
    "welcome",
    "withdraw_message",
]
