"""Conversations for programs. The socket does the same, faster."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who, account_of
from core.api import ApiView, shaped
from core.errors import invalid
from core.paging import limit_of, page
from messaging import access, actions, rules, serializers, subjects
from messaging.downloads import as_download

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
        "last_seq": conversation.last_seq,
        "unread": conversation.unread,
        "created_at": times.rfc3339(conversation.created_at),
        "closed_at": times.rfc3339(conversation.closed_at) if conversation.closed_at else None,
    }


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


class Conversations(ApiView):
    """The caller's conversations."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.ConversationsOutput, parameters=LIMITS, operation_id="conversations_list")
    def get(self, request: Request) -> Response:
        """List them, newest first."""
        return Response(page(access.visible_to(account_of(request)), request, described))

    @extend_schema(request=serializers.OpenInput, responses={201: serializers.ConversationOutput})
    def post(self, request: Request) -> Response:
        """Open one on content, a complaint or what else can be talked about; the open one, if there is one."""
        given, now = shaped(serializers.OpenInput, request), times.now()
        subject = subjects.resolve(account_of(request), given, now)
        conversation = actions.open_conversation(
            provider=subject.provider, subject=subject.reference, by=account_of(request), subscriber=subject.subscriber,
            title=subject.title, rights_holder=subject.rights_holder, now=now,
        )  # fmt: skip
        return Response(described(access.get_for(account_of(request), conversation.pk)), status=201)


class Conversation(ApiView):
    """One conversation of the caller."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.ConversationOutput)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """Show it with its participants, by side or pseudonym, and how far each has read."""
        return Response(described(access.get_for(account_of(request), conversation_id)))


class Messages(ApiView):
    """The messages of a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.MessagesOutput, parameters=AFTER)
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """List those after a number (from the first on, without one), in their order."""
        after, limit = _after(request), limit_of(request.query_params.get("limit"))
        conversation = access.get_for(account_of(request), conversation_id)
        found = access.messages_of(conversation, after=after, limit=limit + 1)
        following = None
        if len(found) > limit:
            found = found[:limit]
            place = reverse("messaging-api:messages", args=[conversation_id])
            following = request.build_absolute_uri(f"{place}?after={found[-1].seq}&limit={limit}")
        return Response({"results": [described_message(one) for one in found], "next": following, "previous": None})

    @extend_schema(request=serializers.MessageInput, responses={201: serializers.AckOutput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Send one. The answer means: committed. The same client_id again gives the same answer and no second message."""
        given = shaped(serializers.MessageInput, request)
        draft = actions.post_message(
            conversation_id=conversation_id, client_id=str(given["client_id"]), body=given["body"],
            attachments=given["attachments"] or [], by=account_of(request), now=times.now(),
        )  # fmt: skip
        assert draft.sent_at is not None
        # As it came, like the socket's: the client looks for what it wrote.
        sent: Any = request.data
        ack = {"id": str(draft.id), "client_id": sent["client_id"], "conversation": str(conversation_id)}
        return Response({**ack, "seq": draft.seq, "sent_at": times.rfc3339(draft.sent_at)}, status=201)


class File(ApiView):
    """A file that was sent in a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, conversation_id: UUID, file_id: UUID) -> HttpResponse:
        """Hand it out; to all but its sender without what a picture says about who made it."""
        return as_download(
            access.file_of(account_of(request), access.get_for(account_of(request), conversation_id), file_id)
        )


class Read(ApiView):
    """How far the caller has read."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.ReadInput, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Move the mark to a number; never back, never past the last message."""
        seq = shaped(serializers.ReadInput, request)["seq"]
        return Response({"seq": actions.mark_read(conversation_id=conversation_id, seq=seq, by=account_of(request))})
