"""What the uploader is asked and told, for programs."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Who
from core.api import ApiView, actor_of
from core.paging import answer, keyset_of, limit_of, page
from investigations import access
from investigations.serializers import shown


class Consultations(ApiView):
    """What the signed-in uploader is asked about requests for its identity."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="consultations_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return a page of them, newest first."""
        return Response(page(access.consultations_of(actor_of(request)), request, shown.masked))


class Notices(ApiView):
    """What was disclosed about the signed-in uploader."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="notices_of_disclosure", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return a page of it, on whatever ground, newest first; what is told later appears when its delay has ended."""
        query, found = request.query_params, access.disclosures_of(actor_of(request))
        rows, after, before = keyset_of(found, query.get("cursor"), limit_of(query.get("limit")))
        return Response(answer([shown.told(row) for row in rows], after, before, request))
