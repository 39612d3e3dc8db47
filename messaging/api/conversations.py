"""Conversations, their messages and files, for programs."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who, account_of
from core.api import ApiView, shaped
from core.paging import answer, limit_of
from messaging import access, actions, serializers, subjects
from messaging.api.described import AFTER, LIMITS, _after, described, described_message
from messaging.downloads import as_download, as_picture


class Conversations(ApiView):
    """The caller's conversations."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.ConversationsOutput, parameters=LIMITS, operation_id="conversations_list")
    def get(self, request: Request) -> Response:
        """List them, newest first."""
        limit = limit_of(request.query_params.get("limit"))
        found, after, before = access.page_for(account_of(request), request.query_params.get("cursor"), limit)
        return Response(answer([described(one) for one in found], after, before, request))

    @extend_schema(request=serializers.OpenInput, responses={201: serializers.ConversationOutput})
    def post(self, request: Request) -> Response:
        """Open one on content, a complaint or what else can be talked about; the open one, if there is one."""
        given, now = shaped(serializers.OpenInput, request), times.now()
        actions.require_room_to_open(by=account_of(request), now=now)
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
            attachments=given["attachments"] or [], quotes=given["quotes"], by=account_of(request), now=times.now(),
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
        """Hand it out; to all but its sender without what it says about who made it. 403 `withheld` where that can't be
        taken out and its sender has not passed it on as it is.
        """
        conversation = access.get_for(account_of(request), conversation_id)
        return as_download(access.file_of(account_of(request), conversation, file_id, times.now()))


class Preview(ApiView):
    """A small picture of a picture that was sent in a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(operation_id="conversations_files_preview", responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, conversation_id: UUID, file_id: UUID) -> HttpResponse:
        """Show it, 480 pixels at most; 404 for what is no picture or can't be read as one."""
        conversation = access.get_for(account_of(request), conversation_id)
        return as_picture(access.preview_of(conversation, file_id, times.now()))


class Read(ApiView):
    """How far the caller has read."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.ReadInput, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Move the mark to a number; never back, never past the last message. Without ``event``, what happened besides
        messages is read with the last message.
        """
        given = shaped(serializers.ReadInput, request)
        read = actions.mark_read(
            conversation_id=conversation_id, seq=given["seq"], event=given["event"], by=account_of(request)
        )
        return Response({"seq": read})
