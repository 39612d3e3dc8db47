"""What is open to everybody: following by a code, the mailed link."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.complaints import network_address
from complaints.serializers import given, receipts, shown
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped


class Tracked(ApiView):
    """A complaint as whoever has its code sees it."""

    who = Who.PUBLIC

    @extend_schema(operation_id="complaints_track", responses=answers.PublicAnswer)
    def get(self, request: Request, tracking_code: str) -> Response:
        """Return state, dates and next step, no personal data."""
        now = times.now()
        access.require_room_to_look(network_address(request), now)
        return Response(shown.public(access.by_tracking_code(tracking_code), now))


class TrackedReceipt(ApiView):
    """The receipt of a complaint, for whoever has its code."""

    who = Who.PUBLIC

    @extend_schema(operation_id="complaints_receipt", responses=answers.TrackedReceiptAnswer)
    def get(self, request: Request, tracking_code: str) -> Response:
        """Return the exact time of receipt, the digest of the notice as it came, and its place in the ledger."""
        access.require_room_to_look(network_address(request), times.now())
        return Response(receipts.receipt_of(access.by_tracking_code(tracking_code)))


class Confirmation(ApiView):
    """The mailed link, followed."""

    who = Who.PUBLIC
    is_replayable = False

    @extend_schema(operation_id="complaints_confirm", request=given.TokenInput, responses=answers.PublicAnswer)
    def post(self, request: Request) -> Response:
        """Make the complaint of this link count; 410 when the link was used or has expired."""
        now, body = times.now(), shaped(given.TokenInput, request)
        access.require_room_to_look(network_address(request), now)
        complaint = actions.confirm_complaint(token=body["token"], by=actor_of(request), now=now)
        return Response({"reference": complaint.reference, **shown.public(complaint, now)})


class Adoption(ApiView):
    """Taking a complaint that was filed without an account into one's account."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="complaints_adopt", request=given.TrackingInput, responses=answers.RowAnswer)
    def post(self, request: Request) -> Response:
        """Become the complainant of what was filed with this account's own address."""
        now, body = times.now(), shaped(given.TrackingInput, request)
        access.require_room_to_look(network_address(request), now)
        complaint = actions.adopt_complaint(tracking_code=body["tracking_code"], by=actor_of(request), now=now)
        return Response(shown.row(complaint))
