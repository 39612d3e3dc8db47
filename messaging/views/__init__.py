"""The pages of conversations."""

from messaging.views.conversations import A_PAGE, attachment, conversation, conversations
from messaging.views.reaching import call_again, unreached

__all__ = [
    "A_PAGE",
    "attachment",
    "call_again",
    "conversation",
    "conversations",
    "unreached",
]
