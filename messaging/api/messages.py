"""One message, what its sender can still do to it, and finding it again; for programs."""

from typing import ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who, account_of
from core.api import ApiView, shaped
from core.errors import invalid
from core.paging import limit_of
from core.shapes import has_unfit_characters
from messaging import access, actions, rules, serializers
from messaging.api.described import SEARCH, described_message, number_in


class Message(ApiView):
    """One message of a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.MessageOutput, operation_id="conversations_message")
    def get(self, request: Request, conversation_id: UUID, message_id: UUID) -> Response:
        """Show it as it is now."""
        return Response(_shown(request, conversation_id, message_id))


class MessageRevision(ApiView):
    """Editing a message."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.RevisionInput, responses={201: serializers.MessageOutput})
    def post(self, request: Request, conversation_id: UUID, message_id: UUID) -> Response:
        """Say it in other words; its sender can, for a minute. Everybody sees that it was edited."""
        body = shaped(serializers.RevisionInput, request)["body"]
        actions.edit_message(
            conversation_id=conversation_id, message_id=message_id, body=body, by=account_of(request), now=times.now()
        )
        return Response(_shown(request, conversation_id, message_id), status=201)


class MessageWithdrawal(ApiView):
    """Withdrawing a message."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=None, responses={201: serializers.MessageOutput})
    def post(self, request: Request, conversation_id: UUID, message_id: UUID) -> Response:
        """Take it back; its sender can. Everybody sees that a message was withdrawn, nobody what it said."""
        actions.withdraw_message(
            conversation_id=conversation_id, message_id=message_id, by=account_of(request), now=times.now()
        )
        return Response(_shown(request, conversation_id, message_id), status=201)


class Search(ApiView):
    """Finding what was said in a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.MessagesOutput, parameters=SEARCH, operation_id="conversations_search")
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """Return the messages that hold the text ``q``, newest first; a withdrawn one is never found."""
        words = request.query_params.get("q", "").strip()
        if not words or len(words) > rules.LONGEST_SEARCH or has_unfit_characters(words):
            raise invalid("/q", "q", _("Give a text of 1 to 200 characters to look for."))
        before, limit = number_in(request, "before"), limit_of(request.query_params.get("limit"))
        conversation = access.get_for(account_of(request), conversation_id)
        found = access.found_messages(conversation, words=words, before=before, limit=limit + 1)
        following = None
        if len(found) > limit:
            found = found[:limit]
            place = reverse("messaging-api:search", args=[conversation_id])
            asked = urlencode([("q", words), ("before", str(found[-1].seq)), ("limit", str(limit))])
            following = request.build_absolute_uri(f"{place}?{asked}")
        return Response({"results": [described_message(one) for one in found], "next": following, "previous": None})


def _shown(request: Request, conversation_id: UUID, message_id: UUID) -> dict[str, object]:
    return described_message(access.message_of(access.get_for(account_of(request), conversation_id), message_id))
