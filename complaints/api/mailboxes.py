"""The mailbox of a provider for programs: what is set and how it goes, set it, end it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.serializers import boxes
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped


class Mailbox(ApiView):
    """The mailbox from which my provider's letters are fetched."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="mailbox_read", responses=answers.MailboxAnswer)
    def get(self, request: Request) -> Response:
        """Return which mailbox is set and how it goes; never who signs in there (handler, authorizer)."""
        provider = access.provider_with_mailbox(actor_of(request), request.query_params.get("provider", ""))
        return Response(boxes.shown(access.mailbox_of(provider)))

    @extend_schema(operation_id="mailbox_set", request=boxes.MailboxInput, responses=answers.MailboxAnswer)
    def put(self, request: Request) -> Response:
        """Fetch letters from this mailbox from now on (handler, authorizer)."""
        body: dict[str, Any] = shaped(boxes.MailboxInput, request)
        provider = access.provider_with_mailbox(actor_of(request), body.get("provider") or "")
        mailbox = actions.set_mailbox(
            by=actor_of(request),
            provider=provider,
            address=body["address"],
            user=body["user"],
            password=body.get("password") or "",
            now=times.now(),
        )
        return Response(boxes.shown(mailbox))

    @extend_schema(operation_id="mailbox_end", responses=answers.MailboxAnswer)
    def delete(self, request: Request) -> Response:
        """Fetch nothing any more, and forget who signs in (handler, authorizer)."""
        provider = access.provider_with_mailbox(actor_of(request), request.query_params.get("provider", ""))
        actions.end_mailbox(by=actor_of(request), provider=provider, now=times.now())
        return Response(boxes.shown(None))
