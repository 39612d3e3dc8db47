"""The request itself, for programs: legal bases, filing, reading, correcting, withdrawing, its documents."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.paging import page
from investigations import access, actions, downloads
from investigations.serializers import given, shown


def matter_for(request: Request, reference: str) -> dict[str, Any]:
    """Return the request as its reader sees it; NotFound when it is not theirs to see."""
    investigation = access.get_for(actor_of(request), reference)
    return shown.matter(investigation, access.seat_of(actor_of(request), investigation))


def looked_at(request: Request, reference: str) -> dict[str, Any]:
    """Return the request as its reader sees it, and note the look; NotFound when it is not theirs to see."""
    actions.look(reference=reference, by=actor_of(request), now=times.now())
    return matter_for(request, reference)


class LegalBases(ApiView):
    """On which grounds somebody may ask who an uploader is."""

    who = Who.PUBLIC

    @extend_schema(operation_id="legal_bases", responses=OpenApiTypes.OBJECT)
    def get(self, _request: Request) -> Response:
        """Return every legal basis: regime, capacity, documents and categories, and what is unsure about it."""
        return Response({"results": shown.all_bases(), "next": None, "previous": None})


class Requests(ApiView):
    """The requests that are one's own to see."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="investigations_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return a page of them, newest first."""
        return Response(page(access.visible_to(actor_of(request)), request, shown.brief))

    @extend_schema(operation_id="investigations_file", request=given.RequestInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """File a request; one that lacks something is kept as ``incomplete`` and says what."""
        asked = shaped(given.RequestInput, request)
        fixed = {name: asked.pop(name) for name in ("provider", "capacity", "regime", "legal_basis")}
        filed = actions.file_request(**fixed, given=asked, by=actor_of(request), now=times.now())
        return Response(matter_for(request, filed.reference), status=201)


class OneRequest(ApiView):
    """One request."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="investigations_get", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, reference: str) -> Response:
        """Return the request with what was decided; the look is noted."""
        return Response(looked_at(request, reference))


class Correction(ApiView):
    """Changing a request; whatever followed on it is void."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="investigations_correct", request=given.CorrectionInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Correct the request and return it."""
        access.get_for(actor_of(request), reference)
        changes = shaped(given.CorrectionInput, request)
        actions.correct_request(reference=reference, changes=changes, by=actor_of(request), now=times.now())
        return Response(matter_for(request, reference), status=201)


class Withdrawal(ApiView):
    """Ending one's own request."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="investigations_withdraw", request=given.NothingInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Do so."""
        access.get_for(actor_of(request), reference)
        shaped(given.NothingInput, request)
        actions.withdraw(reference=reference, by=actor_of(request), now=times.now())
        return Response(matter_for(request, reference), status=201)


class Accesses(ApiView):
    """Who looked into a request."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="investigations_accesses", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, reference: str) -> Response:
        """Return a page of looks, newest first, by role."""
        return Response(page(access.accesses_of(actor_of(request), reference), request, shown.looked))


class DocumentView(ApiView):
    """A document of a request."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="investigations_document", responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, reference: str, document_id: UUID) -> HttpResponse:
        """Return its bytes as an attachment; the look is noted."""
        file, data = actions.open_document(
            reference=reference, document_id=document_id, by=actor_of(request), now=times.now()
        )
        return downloads.document(file, data)
