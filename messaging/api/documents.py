"""Settlement records and transcripts, for programs."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who, account_of
from core.api import ApiView
from core.errors import invalid
from messaging import actions, documents
from messaging.downloads import as_download

FORMATS = [OpenApiParameter("format", str, enum=["json", "pdf", "zip"])]
ANSWERS: dict[Any, Any] = {
    (200, "application/json"): OpenApiTypes.OBJECT,
    (200, "application/pdf"): OpenApiTypes.BINARY,
    (200, "application/zip"): OpenApiTypes.BINARY,
}


def _format(request: Request) -> str:
    found = request.query_params.get("format") or "json"
    if found not in ("json", "pdf", "zip"):
        raise invalid("/format", "format", _("Give one of: json, pdf, zip."))
    return found


class Transcript(ApiView):
    """Everything that was said and done in a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=ANSWERS, parameters=FORMATS)
    def get(self, request: Request, conversation_id: UUID) -> HttpResponse:
        """Give it as JSON, as PDF, or as a package that ``verify_package`` checks offline; the same for both sides."""
        form, by, now = _format(request), account_of(request), times.now()
        if form == "json":
            return Response(actions.transcript_of(conversation_id=conversation_id, by=by, now=now)[1].said)
        return as_download(documents.transcript_file(form, conversation_id=conversation_id, by=by, now=now))


class Record(ApiView):
    """The record of an accepted proposal."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=ANSWERS, parameters=FORMATS)
    def get(self, request: Request, conversation_id: UUID, proposal_id: UUID) -> HttpResponse:
        """Give it as JSON, as PDF, or as a package that ``verify_package`` checks offline; the same for both sides."""
        form = _format(request)
        by, now = account_of(request), times.now()
        if form == "json":
            found = actions.settlement_of(proposal_id=proposal_id, conversation_id=conversation_id, by=by, now=now)
            return Response(actions.settlement_record(found))
        file = documents.record_file(form, conversation_id=conversation_id, proposal_id=proposal_id, by=by, now=now)
        return as_download(file)
