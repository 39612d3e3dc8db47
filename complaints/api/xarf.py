"""A complaint as X-ARF for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access
from complaints.api import answers
from complaints.serializers import xarf
from core import times
from core.access import Who
from core.api import ApiView, actor_of


class XarfReports(ApiView):
    """The complaint in the words of other abuse desks."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="complaints_xarf", responses=answers.AnyAnswer(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """Return an X-ARF v4 report for each item with an address (complainant, handler)."""
        complaint = access.get_for(actor_of(request), reference)
        viewer = access.viewer_of(actor_of(request), complaint)
        return Response(xarf.reports_of(complaint, viewer, times.now()))
