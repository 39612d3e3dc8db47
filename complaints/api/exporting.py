"""A searched list taken out as a sheet: parse, one call, answer."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from complaints import actions
from complaints.serializers import asked, given, sheets
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.sheets import MARK, streamed


class Export(ApiView):
    """The list that staff may see, as CSV."""

    who = Who.SIGNED_IN
    is_replayable = False

    @extend_schema(
        operation_id="complaints_export",
        request=given.ExportInput,
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, "At most 100,000 complaints, a line each.")},
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Record what is taken out, as a handler or an auditor, and return it as CSV (RFC 4180, UTF-8)."""
        now, body = times.now(), shaped(given.ExportInput, request)
        mark = MARK if body.pop("mark") else b""
        wanted = asked.wanted_of(body, also=())
        exported = actions.export_list(by=actor_of(request), wanted=wanted, asked=asked.query_of(wanted), now=now)
        lines = sheets.sheet_of(actor_of(request), exported.ids, is_cut=exported.is_cut, mark=mark)
        return streamed(request._request, lines, f"complaints-{now:%Y%m%d-%H%M%S}.csv")
