"""Uploaders who are not here yet, for the provider's own programs and people."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who, account_of
from core.api import ApiView, shaped
from core.paging import page
from messaging import access, actions, serializers, shown
from messaging.api.described import LIMITS


def described_call(call: Any) -> dict[str, Any]:
    """Return a call as the provider reads it: by which ways, what became of them, and nothing of what was said."""
    told = shown.ways(call)
    return {
        "conversation": str(call.conversation_id),
        "subscriber": call.subscriber.external_id,
        "title": call.conversation.title,
        "calls": call.number,
        "called_at": times.rfc3339(call.called_at),
        "told_at": times.rfc3339(call.told_at) if call.told_at else None,
        "mail": told["mail"],
        "service": told["service"],
    }


class Unreached(ApiView):
    """The uploaders who were called and are not here yet."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.UnreachedOutput, parameters=LIMITS, operation_id="unreached_list")
    def get(self, request: Request) -> Response:
        """List the newest call of each such conversation, and what became of each way."""
        return Response(page(access.unreached_for(account_of(request)), request, described_call))


class CallAgain(ApiView):
    """Calling an uploader once more."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.CallAgainInput, responses={201: serializers.CalledOutput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Call it by every way that there is; at most once a day."""
        shaped(serializers.CallAgainInput, request)
        call = actions.call_again(conversation_id=conversation_id, by=account_of(request), now=times.now())
        assert call.called_at is not None
        return Response({"calls": call.number, "called_at": times.rfc3339(call.called_at)}, status=201)
