"""Kept searches for programs: parse, one call, answer."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.serializers import saved as shapes
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped


class SavedSearches(ApiView):
    """The searches that I keep."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="searches_list", responses=shapes.SavedSearchesAnswer)
    def get(self, request: Request) -> Response:
        """Return all searches that the caller keeps, in the order in which they were first saved."""
        found = [shapes.saved_shown(one) for one in access.saved_searches_of(actor_of(request))]
        return Response({"results": found, "next": None, "previous": None})

    @extend_schema(
        operation_id="searches_save", request=shapes.SavedSearchInput, responses={201: shapes.SavedSearchAnswer}
    )
    def post(self, request: Request) -> Response:
        """Keep a search under a name, in place of the one that the caller keeps under it."""
        body: dict[str, Any] = shaped(shapes.SavedSearchInput, request)
        query = shapes.query_given(body["query"])
        saved = actions.save_search(by=actor_of(request), name=body["name"], query=query, now=times.now())
        return Response(shapes.saved_shown(saved), status=201)


class SavedSearch(ApiView):
    """One of them."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="searches_remove", responses={204: None})
    def delete(self, request: Request, search_id: UUID) -> Response:
        """Forget a search that the caller keeps."""
        actions.remove_search(by=actor_of(request), search_id=search_id, now=times.now())
        return Response(status=204)
