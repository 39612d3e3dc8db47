"""Powers of attorney for programs: parse, one call, answer."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import acted
from complaints.rules import PowersDecision
from complaints.serializers import powers as shapes
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.paging import page


class PowersList(ApiView):
    """Powers of attorney: my own, and those at my provider."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="powers_list", responses=answers.AnyAnswer(many=True))
    def get(self, request: Request) -> Response:
        """Return the caller's own powers and, for staff, those at its provider, newest first; nothing sealed."""
        found, now = access.powers_visible_to(actor_of(request)), times.now()
        return Response(page(found, request, lambda one: shapes.powers_row(one, now)))

    @extend_schema(operation_id="powers_submit", request=shapes.PowersInput, responses={201: answers.AnyAnswer})
    def post(self, request: Request) -> Response:
        """Record powers of attorney at a provider; name them by their id in ``complainant.powers`` of a notice."""
        now, actor = times.now(), actor_of(request)
        body: dict[str, Any] = shaped(shapes.PowersInput, request)
        given = shapes.powers_of(body)
        made = actions.submit_powers(by=actor, provider=body["provider"], given=given, now=now)
        return Response(shapes.powers_shown(made, actor, now), status=201)


class Powers(ApiView):
    """One of them."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="powers_show", responses=answers.AnyAnswer)
    def get(self, request: Request, powers_id: UUID) -> Response:
        """Return the powers; for whom and by which documents only to the agent, handlers and reviewers."""
        actor = actor_of(request)
        return Response(shapes.powers_shown(access.powers_for(actor, powers_id), actor, times.now()))


class PowersCheck(ApiView):
    """What a person found of them."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="powers_check", request=shapes.PowersCheckInput, responses=answers.AnyAnswer)
    def post(self, request: Request, powers_id: UUID) -> Response:
        """Note with reasons that they hold (``check``), or refuse them (``refuse``); handler or reviewer."""
        actor = actor_of(request)
        access.require_powers_checker(actor, access.powers_for(actor, powers_id))
        body = shaped(shapes.PowersCheckInput, request)
        decide = actions.check_powers if body["decision"] == PowersDecision.CHECK else actions.refuse_powers
        return acted(request, decide, shapes.powers_row, powers_id=powers_id, reasons=body["reasons"])


class PowersWithdrawal(ApiView):
    """The end of them by their agent."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="powers_withdraw", request=None, responses=answers.AnyAnswer)
    def post(self, request: Request, powers_id: UUID) -> Response:
        """Withdraw them: no new notice can name them (the agent)."""
        return acted(request, actions.withdraw_powers, shapes.powers_row, powers_id=powers_id)
