"""What programs read about conversations and messages."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from core import times
from core.errors import invalid
from messaging import access, rules

LIMITS = [OpenApiParameter("cursor", str), OpenApiParameter("limit", int)]
AFTER = [OpenApiParameter("after", int), OpenApiParameter("limit", int)]


def described(conversation: Any) -> dict[str, Any]:
    """Return a conversation that ``access.visible_to`` gave, as its reader sees it."""
    return {
        "id": str(conversation.pk),
        "provider": conversation.provider.code,
        "subject": conversation.subject,
        "title": conversation.title,
        "state": conversation.state,
        "participants": [
            {"id": str(party.pk), "side": party.side, "display": party.display, "read_seq": party.read_seq}
            for party in conversation.parties.all()
        ],
        "me": str(conversation.me),
        "uploader": _reached(conversation),
        "last_seq": conversation.last_seq,
        "unread": conversation.unread,
        "created_at": times.rfc3339(conversation.created_at),
        "closed_at": times.rfc3339(conversation.closed_at) if conversation.closed_at else None,
    }


def _reached(conversation: Any) -> dict[str, Any]:
    reached = access.reached(conversation)
    return {"state": reached.state, "told_at": times.rfc3339(reached.told_at) if reached.told_at else None}


def described_message(message: Any) -> dict[str, Any]:
    """Return a stored message with the same members as the socket's ``message``."""
    return {
        "id": str(message.pk),
        "conversation": str(message.conversation_id),
        "seq": message.seq,
        "sender": str(message.sender_id),
        "body": message.body,
        "attachments": message.attachments or [],
        "sent_at": times.rfc3339(message.sent_at),
    }


def _after(request: Request) -> int:
    text = request.query_params.get("after") or request.query_params.get("cursor") or "0"
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > rules.HIGHEST_SEQ:  # noqa: PLR2004
        raise invalid("/after", "after", _("Give the number of a message, from 0 up."))
    return int(text)
