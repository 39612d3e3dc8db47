"""Hearing the uploader, the assessment and the decision, for programs."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.errors import NotFound
from investigations import access, actions
from investigations.api.requests import looked_at, matter_for
from investigations.rules import Decision
from investigations.serializers import given, shown

if TYPE_CHECKING:
    from investigations.models import Authorization


def _authorize(reference: str, by: Any, now: dt.datetime, made: dict[str, Any]) -> "Authorization":
    categories, reasons = made["categories"], made["reasons"]
    return actions.authorize(reference=reference, categories=categories, reasons=reasons, by=by, now=now)


def _refuse(reference: str, by: Any, now: dt.datetime, made: dict[str, Any]) -> "Authorization":
    return actions.refuse(reference=reference, reasons=made["reasons"], by=by, now=now)


DECISIONS = {Decision.AUTHORIZE: _authorize, Decision.REFUSE: _refuse}


class ConsultationView(ApiView):
    """Hearing the uploader."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="investigations_consultation", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, reference: str) -> Response:
        """Return, to the uploader, the masked copy of the request; to the provider's staff, what was asked and said."""
        try:
            return Response(shown.masked(access.own_consultation(actor_of(request), reference)))
        except NotFound:
            found = looked_at(request, reference)["consultation"]
        if found is None:
            raise NotFound
        return Response(found)

    @extend_schema(
        operation_id="investigations_consult", request=given.ConsultationInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Ask the uploader."""
        access.get_for(actor_of(request), reference)
        message = shaped(given.ConsultationInput, request).get("message") or ""
        actions.consult(reference=reference, message=message, by=actor_of(request), now=times.now())
        return Response(matter_for(request, reference), status=201)


class Statement(ApiView):
    """What the uploader says."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="investigations_statement", request=given.StatementInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Keep it, once."""
        access.own_consultation(actor_of(request), reference)
        said = shaped(given.StatementInput, request)
        heard = actions.give_statement(
            reference=reference,
            statement=said["statement"],
            has_consented=said["consents"],
            by=actor_of(request),
            now=times.now(),
        )
        return Response(shown.masked(heard), status=201)


class AssessmentView(ApiView):
    """The reviewer's advice."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="investigations_assessment", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, reference: str) -> Response:
        """Return it to the provider's staff."""
        found = looked_at(request, reference)["assessment"]
        if found is None:
            raise NotFound
        return Response(found)

    @extend_schema(
        operation_id="investigations_assess", request=given.AssessmentInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Assess the request as it is now."""
        access.get_for(actor_of(request), reference)
        advice = shaped(given.AssessmentInput, request)
        actions.assess(reference=reference, **advice, by=actor_of(request), now=times.now())
        return Response(matter_for(request, reference), status=201)


class AuthorizationView(ApiView):
    """The authorizer's decision."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="investigations_authorization", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, reference: str) -> Response:
        """Return it."""
        found = looked_at(request, reference)["authorization"]
        if found is None:
            raise NotFound
        return Response(found)

    @extend_schema(
        operation_id="investigations_decide", request=given.DecisionInput, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Authorize or refuse, with a fresh second factor."""
        access.get_for(actor_of(request), reference)
        made = shaped(given.DecisionInput, request)
        decide = DECISIONS[Decision(made["decision"])]
        decided = decide(reference, actor_of(request), times.now(), made)
        investigation = access.get_for(actor_of(request), reference)
        return Response(shown.decision(investigation, decided) | {"state": investigation.state}, status=201)
