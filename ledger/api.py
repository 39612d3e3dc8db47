"""The ledger for programs: checkpoint and key for everybody, entries and proofs for those who may read them."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Who
from core.api import ApiView
from core.paging import page
from ledger import access, proofs, serializers


class PlainText(BaseRenderer):
    """Text as it is: a signed note must arrive byte for byte."""

    media_type = "text/plain"
    format = "txt"
    charset = "utf-8"

    def render(self, data: Any, *_: Any, **__: Any) -> bytes:
        """Return the text; a refusal, which is an object, stays the JSON that it is everywhere."""
        return (data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)).encode()


def _as_it_is(text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return the text byte for byte, whatever the caller would rather have: in quotes no signature would hold."""
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


class CheckpointView(ApiView):
    """The newest checkpoint."""

    who = Who.PUBLIC
    authentication_classes = []
    renderer_classes = [PlainText, JSONRenderer]

    @extend_schema(operation_id="ledger_checkpoint", responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, _request: Request) -> HttpResponse:
        """Return the newest checkpoint as a C2SP signed note."""
        return _as_it_is(proofs.checkpoint().note, headers={"Cache-Control": "no-cache"})


class KeyView(ApiView):
    """The public key that checks checkpoints."""

    who = Who.PUBLIC
    authentication_classes = []
    renderer_classes = [PlainText, JSONRenderer]

    @extend_schema(operation_id="ledger_key", responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, _request: Request) -> HttpResponse:
        """Return the verifier key as C2SP signed-note writes it."""
        return _as_it_is(proofs.verifier_key())


class Entries(ApiView):
    """The recorded acts of one matter, newest first."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="ledger_entries",
        parameters=[serializers.EntriesQuery],
        responses=serializers.EntryAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return a page of the entries of a subject, or (to auditors) of a provider."""
        asked = _asked(serializers.EntriesQuery, request)
        if "subject" in asked:
            entries = access.entries_of(request.user, asked["subject"])
        else:
            entries = access.entries_of_provider(request.user, asked["provider"])
        return Response(page(entries, request, serializers.entry_answer))


class EntryView(ApiView):
    """One recorded act."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="ledger_entry", responses=serializers.EntryAnswer)
    def get(self, request: Request, entry_id: UUID) -> Response:
        """Return the entry."""
        return Response(serializers.entry_answer(access.get_for(request.user, entry_id)))


class EntryProof(ApiView):
    """The proof that one recorded act is in the ledger."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="ledger_entry_proof", responses=serializers.InclusionAnswer)
    def get(self, request: Request, entry_id: UUID) -> Response:
        """Return the inclusion proof against the newest checkpoint; 503 until the entry is sealed."""
        return Response(proofs.inclusion(access.get_for(request.user, entry_id).id))


class Consistency(ApiView):
    """The proof that the ledger was only added to between two sizes; it tells nothing of any entry."""

    who = Who.PUBLIC
    authentication_classes = []

    @extend_schema(
        operation_id="ledger_consistency",
        parameters=[
            OpenApiParameter("first", int, required=True, description="The smaller size, 1 or more."),
            OpenApiParameter("second", int, required=True, description="The larger size."),
        ],
        responses=serializers.ConsistencyAnswer,
    )
    def get(self, request: Request) -> Response:
        """Return the consistency proof from the first size to the second."""
        asked = _asked(serializers.ConsistencyQuery, request)
        return Response(proofs.consistency(asked["first"], asked["second"]))


def _asked(shape: type[Any], request: Request) -> dict[str, Any]:
    filled = shape(data=request.query_params.dict())
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)
