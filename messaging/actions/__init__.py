"""Every act on a conversation. A message is no act of its own in the ledger: entries cover whole stretches of them."""

from messaging.actions.covering import cover
from messaging.actions.opening import open_conversation
from messaging.actions.sending import mark_read, post_message, post_with_upload

__all__ = [
    "cover",
    "mark_read",
    "open_conversation",
    "post_message",
    "post_with_upload",
]
