"""Policies, strikes and restrictions for programs: parse, one call, answer."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import Act, ActOn
from complaints.rules.restrictions import RestrictionState
from complaints.serializers import given, penalties, penalties_given
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped
from core.errors import invalid
from core.paging import page
from verification.access import provider as provider_of


class Policies(ApiView):
    """The policy of a provider on repeated infringement and on misuse."""

    who = Who.PUBLIC

    @extend_schema(
        operation_id="policies_list",
        parameters=[OpenApiParameter("provider", str, required=True)],
        responses=answers.AnyAnswer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return the policy in force (the house's own where the provider has none) and the versions it published."""
        provider = provider_of(request.query_params.get("provider", ""))
        held = access.policy_in_force(provider, times.now())
        versions = [access.version_of(one) for one in access.policies_of(provider)]
        shown = [penalties.policy_shown(provider, one) for one in versions]
        in_force = penalties.policy_shown(provider, held)
        return Response({"in_force": in_force, "results": shown, "next": None, "previous": None})

    @extend_schema(
        operation_id="policies_publish",
        request=penalties_given.PolicyInput,
        responses={201: answers.AnyAnswer},
    )
    def post(self, request: Request) -> Response:
        """Publish a version (authorizer). It holds seven days later at the earliest."""
        body = shaped(penalties_given.PolicyInput, request)
        made = actions.publish_policy(
            provider=body["provider"],
            version=body["version"],
            numbers=penalties_given.numbers_given(body),
            en=penalties_given.text_given(body["texts"]["en"]),
            zh=penalties_given.text_given(body["texts"]["zh-hans"]),
            effective_at=body.get("effective_at"),
            by=actor_of(request),
            now=times.now(),
        )
        return Response(penalties.policy_shown(made.provider, access.version_of(made)), status=201)


class Misuse(Act):
    """Finding that a notice was a misuse."""

    require = staticmethod(access.require_handler)
    shape, status = penalties_given.MisuseInput, 201

    @extend_schema(operation_id="complaints_find_misuse", request=shape, responses={201: answers.WholeAnswer})
    def post(self, request: Request, reference: str) -> Response:
        """Find, with reasons, that a rejected, restored or withdrawn notice was a misuse (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Find."""
        actions.find_misuse(
            reference=reference, by=actor_of(request), kind=body["kind"], reasons=body["reasons"], now=times.now()
        )


class Restrictions(ApiView):
    """What was proposed and ordered."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="restrictions_list",
        parameters=[
            OpenApiParameter("state", str, description="Only those in this state."),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=answers.AnyAnswer,
    )
    def get(self, request: Request) -> Response:
        """Return the restrictions that the caller may see, newest first."""
        found, state = access.restrictions_visible_to(actor_of(request)), request.query_params.get("state")
        if state is not None:
            if state not in RestrictionState.values:
                raise invalid("/state", "unknown", ", ".join(RestrictionState.values))
            found = found.filter(state=state)
        return Response(page(found, request, penalties.row))


class OwnRestrictions(ApiView):
    """What stands against me."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="restrictions_mine", responses=answers.AnyAnswer)
    def get(self, request: Request) -> Response:
        """Return my strikes and points, by provider and part, and what was ordered against me, newest first."""
        account, now = actor_of(request), times.now()
        records = [penalties.record_shown(one, now) for one in access.records_of(account, now)]
        ordered = access.concerning(account).select_related("provider", "policy", "subscriber").order_by("-pk")
        return Response({"records": records, **page(ordered, request, penalties.row)})


class RestrictionView(ApiView):
    """One restriction."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="restrictions_read", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the restriction with all that the caller may see of it."""
        return Response(_whole(request, reference))


def _whole(request: Request, reference: str) -> dict[str, Any]:
    restriction = access.restriction_for(actor_of(request), reference)
    return penalties.whole(restriction, access.restriction_viewer(actor_of(request), restriction), times.now())


class RestrictionAct(ActOn):
    """The base of the acts on a restriction; the answer is the restriction after it."""

    def look(self, request: Request, reference: str) -> object:
        """Look whether it exists for the caller."""
        return access.restriction_for(actor_of(request), reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> object:
        """Carry out the act as the caller, now."""
        return self.order({"reference": reference, "by": actor_of(request), "now": times.now()}, body)

    def order(self, given: dict[str, Any], body: dict[str, Any]) -> object:
        """Carry out the act with ``reference``, ``by`` and ``now``."""
        raise NotImplementedError

    def whole(self, request: Request, reference: str) -> dict[str, Any]:
        """Return the restriction as the caller may see it."""
        return _whole(request, reference)


class RestrictionConfirmation(RestrictionAct):
    """Ordering what was proposed."""

    shape = penalties_given.OrderInput

    @extend_schema(operation_id="restrictions_confirm", request=shape, responses=answers.AnyAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Order what was proposed, or something milder, for a time (handler)."""
        return self.perform(request, reference)

    def order(self, given: dict[str, Any], body: dict[str, Any]) -> object:
        """Order."""
        return actions.order_restriction(order=penalties_given.order_given(body), **given)


class RestrictionDismissal(RestrictionAct):
    """Ordering nothing."""

    shape = given.DecisionReasonsInput

    @extend_schema(operation_id="restrictions_dismiss", request=shape, responses=answers.AnyAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Order nothing of what was proposed, with reasons (handler)."""
        return self.perform(request, reference)

    def order(self, given: dict[str, Any], body: dict[str, Any]) -> object:
        """Decline."""
        return actions.decline_restriction(reasons=body["reasons"], **given)


class RestrictionLifting(RestrictionAct):
    """Lifting what is in force."""

    shape = given.DecisionReasonsInput

    @extend_schema(operation_id="restrictions_lift", request=shape, responses=answers.AnyAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Lift it before its time, with reasons (handler)."""
        return self.perform(request, reference)

    def order(self, given: dict[str, Any], body: dict[str, Any]) -> object:
        """Lift."""
        return actions.lift_restriction(reasons=body["reasons"], **given)


class RestrictionAppealView(RestrictionAct):
    """Contesting a restriction."""

    shape = given.DecisionReasonsInput

    @extend_schema(operation_id="restrictions_appeal", request=shape, responses=answers.AnyAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Contest it, once, as whom it concerns."""
        return self.perform(request, reference)

    def order(self, given: dict[str, Any], body: dict[str, Any]) -> object:
        """Appeal."""
        return actions.appeal_restriction(reasons=body["reasons"], **given)


class RestrictionAppealDecision(RestrictionAct):
    """Deciding the appeal."""

    shape = given.AppealDecisionInput

    @extend_schema(operation_id="restrictions_decide_appeal", request=shape, responses=answers.AnyAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Grant or dismiss the appeal (a handler or reviewer who did not order what is contested)."""
        return self.perform(request, reference)

    def order(self, given: dict[str, Any], body: dict[str, Any]) -> object:
        """Decide."""
        return actions.decide_restriction_appeal(outcome=body["decision"], reasons=body["reasons"], **given)


class RestrictionExecution(RestrictionAct):
    """Reporting what the service did."""

    @extend_schema(operation_id="restrictions_report_execution", request=None, responses=answers.AnyAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Report it as carried out, or what is over as undone (the provider's service)."""
        return self.perform(request, reference)

    def order(self, given: dict[str, Any], _body: dict[str, Any]) -> object:
        """Report."""
        return actions.report_restriction(**given)
