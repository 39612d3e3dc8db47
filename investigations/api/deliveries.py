"""What leaves the house, for programs: making a delivery ready, collecting it once, reissuing, revoking."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.errors import NotFound
from investigations import access, actions, downloads
from investigations.api.requests import looked_at, matter_for
from investigations.serializers import given, shown


class DisclosureView(ApiView):
    """The delivery of what was authorized."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="investigations_disclosure", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, reference: str) -> Response:
        """Return where it stands; nothing is used up by looking."""
        found = looked_at(request, reference)["disclosure"]
        if found is None:
            raise NotFound
        return Response(found)

    @extend_schema(
        operation_id="investigations_disclose", request=given.NothingInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Make it ready, once its authorization is sealed in the ledger."""
        access.get_for(actor_of(request), reference)
        shaped(given.NothingInput, request)
        made = actions.disclose(reference=reference, by=actor_of(request), now=times.now())
        return Response(shown.disclosure(made), status=201)


class Collection(ApiView):
    """The one collection. Its answer is never kept, so it cannot be given twice."""

    who = Who.SIGNED_IN
    is_replayable = False

    @extend_schema(
        operation_id="investigations_collect",
        request=given.NothingInput,
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def post(self, request: Request, reference: str) -> HttpResponse:
        """Return the package; again: 410."""
        access.get_for(actor_of(request), reference)
        shaped(given.NothingInput, request)
        data = actions.collect(reference=reference, by=actor_of(request), now=times.now())
        return downloads.package(reference, data)


class Reissue(ApiView):
    """Making a lost or expired delivery ready again."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="investigations_reissue", request=given.ReasonsInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Do so, with reasons and a fresh second factor."""
        access.get_for(actor_of(request), reference)
        reasons = shaped(given.ReasonsInput, request)["reasons"]
        made = actions.reissue(reference=reference, reasons=reasons, by=actor_of(request), now=times.now())
        return Response(shown.disclosure(made), status=201)


class Revocation(ApiView):
    """Taking back what was authorized."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="investigations_revoke", request=given.OptionalReasonsInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Do so, before it is collected."""
        access.get_for(actor_of(request), reference)
        reasons = shaped(given.OptionalReasonsInput, request).get("reasons") or ""
        actions.revoke(reference=reference, reasons=reasons, by=actor_of(request), now=times.now())
        return Response(matter_for(request, reference), status=201)
