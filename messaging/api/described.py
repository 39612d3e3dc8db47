"""What programs read about conversations and messages."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from core import times
from core.errors import invalid
from messaging import access, rules

LIMITS = [OpenApiParameter("cursor", str), OpenApiParameter("limit", int)]
SEARCH = [OpenApiParameter("q", str, required=True), OpenApiParameter("before", int), OpenApiParameter("limit", int)]
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
            {
                "id": str(party.pk),
                "side": party.side,
                "display": party.display,
                "read_seq": party.read_seq,
                "delivered_seq": party.delivered_seq,
                "left_at": times.rfc3339(party.left_at) if party.left_at else None,
            }
            for party in conversation.parties.all()
        ],
        "me": str(conversation.me),
        "uploader": _reached(conversation),
        "last_seq": conversation.last_seq,
        "unread": conversation.unread,
        "muted": conversation.is_muted,
        "may_write": conversation.is_open and not conversation.is_silenced,
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
        "attachments": message.attachments,
        "sent_at": times.rfc3339(message.sent_at),
        **_seldom(message),
    }


def _seldom(message: Any) -> dict[str, Any]:
    """Return the members that a message has only when there is something to say."""
    times_of = {"edited_at": message.edited_at, "withdrawn_at": message.withdrawn_at}
    seldom = {key: times.rfc3339(at) for key, at in times_of.items() if at is not None}
    return seldom | ({"quotes": str(message.quotes)} if message.quotes else {})


def _after(request: Request) -> int:
    return number_in(request, "after") or number_in(request, "cursor") or 0


def number_in(request: Request, key: str) -> int | None:
    """Return the number of a message that the address gives under the key, if it does."""
    text = request.query_params.get(key)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > rules.HIGHEST_SEQ:  # noqa: PLR2004
        raise invalid(f"/{key}", key, _("Give the number of a message, from 0 up."))
    return int(text)
