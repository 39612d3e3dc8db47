"""What only a handler can confirm, for programs: parse, one call, answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import whole_answer
from complaints.serializers import shown, unconfirmed
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.paging import page


class Unconfirmed(ApiView):
    """The notices without account and address that wait for me."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="complaints_unconfirmed", responses=answers.ListAnswer)
    def get(self, request: Request) -> Response:
        """Return what waits to be confirmed by a handler of the caller's provider, newest first (handler)."""
        access.provider_of_handler(actor_of(request))
        return Response(page(access.unreached_filings(actor_of(request)), request, shown.row))


class ByHand(ApiView):
    """Confirming one of them."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="complaints_read_unconfirmed", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return what it says and how its sender can be reached; the look is recorded (handler)."""
        found = access.unreached_filing(actor_of(request), reference)
        return Response(unconfirmed.whole(found, by=actor_of(request), now=times.now()))

    @extend_schema(
        operation_id="complaints_confirm_by_hand",
        request=unconfirmed.ByHandInput,
        responses={201: answers.WholeAnswer},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Record how it was made sure whose notice it is; it counts from now on (handler)."""
        access.unreached_filing(actor_of(request), reference)
        body: dict[str, Any] = shaped(unconfirmed.ByHandInput, request)
        actions.confirm_by_hand(reference=reference, by=actor_of(request), how=body["how"], now=times.now())
        return Response(whole_answer(request, reference), status=201)
