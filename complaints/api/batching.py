"""One act over many complaints, for programs: parse, one call, answer."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions, rules
from complaints.api import answers
from complaints.serializers import asked, batches, desk_given
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.errors import invalid
from core.paging import limit_of, page


class Batches(ApiView):
    """Previews, and the list of what was done so."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="batches_list", responses=answers.AnyAnswer)
    def get(self, request: Request) -> Response:
        """Return the batches of my providers, newest first (handler)."""
        access.provider_of_handler(actor_of(request))
        found = access.batches_of(actor_of(request))
        return Response(page(found, request, lambda one: batches.batch_shown(one, actor_of(request))))

    @extend_schema(operation_id="batches_prepare", request=desk_given.BatchInput, responses={201: answers.AnyAnswer})
    def post(self, request: Request) -> Response:
        """Preview an act over many complaints: where it would be done, where not, and why; nothing is done yet (handler)."""
        provider = access.provider_of_handler(actor_of(request))
        body = shaped(desk_given.BatchInput, request)
        if body.get("provider"):
            provider = access.provider_of_handler(actor_of(request), body["provider"])
        references = body.get("references")
        if references is None and "search" in body:
            wanted = asked.wanted_of(body["search"], also=())
            references = access.references_found(actor_of(request), provider, wanted)
        if references is None and "group" in body:
            references = access.group_references(actor_of(request), body["group"])
        batch = actions.prepare_batch(
            by=actor_of(request),
            provider=provider,
            act=body["act"],
            references=references or [],
            given=body,
            now=times.now(),
        )
        return Response(batches.batch_shown(batch, actor_of(request)), status=201)


class Batch(ApiView):
    """One batch."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="batches_read", responses=answers.AnyAnswer)
    def get(self, request: Request, batch_id: UUID) -> Response:
        """Return the batch and how far it is (handler)."""
        return Response(batches.batch_shown(access.batch_for(actor_of(request), batch_id), actor_of(request)))


class BatchRows(ApiView):
    """The matters of a batch."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="batches_rows",
        parameters=[
            OpenApiParameter("state", str, description="Only those that stand so, as in barred or refused."),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=answers.AnyAnswer,
    )
    def get(self, request: Request, batch_id: UUID) -> Response:
        """Return the matters of the batch as they were given, each with what became of it and why (handler)."""
        batch = access.batch_for(actor_of(request), batch_id)
        found = access.rows_of(batch, *_states(request)).filter(position__gt=_after(request))
        limit = limit_of(request.query_params.get("limit"))
        rows = list(found[: limit + 1])
        following = None
        if len(rows) > limit:
            query = request.query_params.copy()
            query["cursor"] = str(rows[limit - 1].position)
            following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        shown = [batches.row_shown(row) for row in rows[:limit]]
        return Response({"results": shown, "next": following, "previous": None})


def _states(request: Request) -> list[rules.RowState]:
    state = request.query_params.get("state")
    if state is not None and state not in rules.RowState.values:
        raise invalid("/state", "unknown", ", ".join(rules.RowState.values))
    return [] if state is None else [rules.RowState(state)]


def _after(request: Request) -> int:
    cursor = request.query_params.get("cursor", "")
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 8):  # noqa: PLR2004 - far beyond the longest batch
        raise invalid("/cursor", "cursor", _("Use the cursor as a page gave it."))
    return int(cursor or -1)


class BatchStart(ApiView):
    """Confirming a preview."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="batches_start", request=desk_given.StartInput, responses=answers.AnyAnswer)
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Do what the preview of this digest showed; what changed since is left as it is (who made the preview)."""
        access.batch_for(actor_of(request), batch_id)
        body: dict[str, Any] = shaped(desk_given.StartInput, request)
        batch = actions.start_batch(batch_id=batch_id, by=actor_of(request), digest=body["digest"], now=times.now())
        return Response(batches.batch_shown(batch, actor_of(request)))


class BatchStop(ApiView):
    """Stopping a batch midway."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="batches_stop", request=None, responses=answers.AnyAnswer)
    def post(self, request: Request, batch_id: UUID) -> Response:
        """Stop: what is done stays done, the rest is left out (handler)."""
        batch = actions.stop_batch(batch_id=batch_id, by=actor_of(request), now=times.now())
        return Response(batches.batch_shown(batch, actor_of(request)))
