"""The cure of a notice for programs: asking for more, mending by a mailed link, a new link; parse, one call, answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import Act
from complaints.api.complaints import network_address
from complaints.serializers import given, mending, shown
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped


class Cure(Act):
    """Asking for more."""

    require = staticmethod(access.require_handler)
    shape = mending.CureInput

    @extend_schema(operation_id="complaints_ask_for_more", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Ask for more about elements that are there and are not enough; the clock is paused till then (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Ask."""
        actions.ask_for_more(
            reference=reference,
            by=actor_of(request),
            elements=body.get("elements") or [],
            reasons=body["reasons"],
            now=times.now(),
        )


class Mending(ApiView):
    """A correction without account, by the link that was mailed."""

    who = Who.PUBLIC
    is_replayable = False

    @extend_schema(operation_id="complaints_mend", request=mending.MendingInput, responses=answers.PublicAnswer)
    def post(self, request: Request) -> Response:
        """Correct the notice of this link; 410 when the link was used or has expired."""
        now, body = times.now(), shaped(mending.MendingInput, request)
        access.require_room_to_look(network_address(request), now)
        token = body.pop("token")
        reference = access.correction_link(token, now).complaint.reference
        complaint = actions.correct_complaint(
            reference=reference, by=actor_of(request), changes=given.changes_of(body), link=token, now=now
        )
        return Response({"reference": reference, **shown.public(complaint, now)})


class MendingLink(ApiView):
    """A new link to mend a notice."""

    who = Who.PUBLIC

    @extend_schema(operation_id="complaints_mail_mending_link", request=given.TrackingInput, responses={202: None})
    def post(self, request: Request) -> Response:
        """Mail a new link to the address that was given in the notice, and to no other."""
        now, body = times.now(), shaped(given.TrackingInput, request)
        access.require_room_to_look(network_address(request), now)
        found = access.by_tracking_code(body["tracking_code"])
        actions.mail_correction_link(reference=found.reference, by=actor_of(request), now=now)
        return Response(status=202)
