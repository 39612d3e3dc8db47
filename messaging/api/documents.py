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
from messaging import actions, documents, evidence
from messaging.downloads import named_download

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
        return transcript(form, conversation_id, by, now)


class Record(ApiView):
    """The record of an accepted proposal."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=ANSWERS, parameters=FORMATS)
    def get(self, request: Request, conversation_id: UUID, proposal_id: UUID) -> HttpResponse:
        """Give it as JSON, as PDF, or as a package that ``verify_package`` checks offline; the same for both sides."""
        form = _format(request)
        return record(form, proposal_id, account_of(request), times.now(), conversation_id)


def transcript(form: str, conversation_id: UUID, by: Any, now: Any) -> HttpResponse:
    """Return the answer that carries the transcript in this form."""
    if form == "zip":
        data = actions.transcript_package(conversation_id=conversation_id, by=by, now=now)
        return named_download(f"{conversation_id}-transcript.zip", "application/zip", data)
    conversation, told = actions.transcript_of(conversation_id=conversation_id, by=by, now=now)
    if form == "json":
        return Response(told.said)
    actions.require_fits_pdf(told)
    data = documents.transcript_pdf(conversation, told)
    return named_download(f"{conversation_id}-transcript.pdf", "application/pdf", data)


def record(form: str, proposal_id: UUID, by: Any, now: Any, conversation_id: UUID) -> HttpResponse:
    """Return the answer that carries the record in this form."""
    proposal = actions.settlement_of(proposal_id=proposal_id, conversation_id=conversation_id, by=by, now=now)
    if form == "json":
        return Response(actions.settlement_record(proposal))
    if form == "zip":
        data = evidence.record_package(proposal)
        return named_download(f"{proposal_id}-settlement.zip", "application/zip", data)
    return named_download(f"{proposal_id}-settlement.pdf", "application/pdf", documents.record_pdf(proposal))
