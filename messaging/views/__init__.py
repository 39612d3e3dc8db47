"""The pages of conversations."""

from messaging.views.conversations import A_PAGE, attachment, conversation, conversations

__all__ = [
    "A_PAGE",
    "attachment",
    "conversation",
    "conversations",
]
