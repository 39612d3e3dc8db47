"""Trusted flaggers for programs: parse, one call, answer."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import acted
from complaints.serializers import flaggers as shapes
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.paging import page


class Flaggers(ApiView):
    """The trusted flaggers of my provider."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="flaggers_list", responses=answers.AnyAnswer(many=True))
    def get(self, request: Request) -> Response:
        """Return the trusted flaggers of the caller's provider, newest first (staff)."""
        found, now = access.flaggers_of(actor_of(request)), times.now()
        return Response(page(found, request, lambda one: shapes.flagger_shown(one, now)))

    @extend_schema(operation_id="flaggers_record", request=shapes.FlaggerInput, responses={201: answers.AnyAnswer})
    def post(self, request: Request) -> Response:
        """Record that somebody was awarded the status; its notices come first from then on (authorizer)."""
        now, actor = times.now(), actor_of(request)
        access.provider_of_authorizer(actor)
        body: dict[str, Any] = shaped(shapes.FlaggerInput, request)
        provider = access.provider_of_authorizer(actor, body.get("provider") or "")
        made = actions.record_flagger(by=actor, provider=provider, award=shapes.award_of(body), now=now)
        return Response(shapes.flagger_shown(made, now), status=201)


class FlaggerSuspension(ApiView):
    """Suspending a flagger."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="flaggers_suspend", request=shapes.SuspensionInput, responses=answers.AnyAnswer)
    def post(self, request: Request, flagger_id: UUID) -> Response:
        """Suspend it with reasons: its new notices come no longer first (authorizer)."""
        access.flagger_for(actor_of(request), flagger_id)
        reasons = shaped(shapes.SuspensionInput, request)["reasons"]
        return acted(request, actions.suspend_flagger, shapes.flagger_shown, flagger_id=flagger_id, reasons=reasons)


class FlaggerResumption(ApiView):
    """The end of a suspension."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="flaggers_resume", request=None, responses=answers.AnyAnswer)
    def post(self, request: Request, flagger_id: UUID) -> Response:
        """Let its notices come first again (authorizer)."""
        return acted(request, actions.resume_flagger, shapes.flagger_shown, flagger_id=flagger_id)


class FlaggerEnd(ApiView):
    """The end of the status."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="flaggers_end", request=None, responses=answers.AnyAnswer)
    def post(self, request: Request, flagger_id: UUID) -> Response:
        """Note that the status was taken away or given back (authorizer)."""
        return acted(request, actions.end_flagger, shapes.flagger_shown, flagger_id=flagger_id)
