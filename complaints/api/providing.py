"""What the provider's people and service do with a complaint: parse, one call, answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import Act
from complaints.serializers import given
from core import times
from core.api import actor_of
from core.shapes import Shape


class Acceptance(Act):
    """Accepting a notice."""

    require = staticmethod(access.require_handler)
    shape = given.PartialAcceptanceInput

    @extend_schema(operation_id="complaints_accept", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Accept the notice as valid, for all of its items or for some (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Accept."""
        items, reasons = body.get("items"), body.get("reasons") or ""
        actions.accept(reference=reference, by=actor_of(request), items=items, reasons=reasons, now=times.now())


class Rejection(Act):
    """Rejecting a notice."""

    require = staticmethod(access.require_handler)
    shape = given.RejectionInput

    @extend_schema(operation_id="complaints_reject", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Reject the notice, with reasons: all of it, or for some items while the rest goes on (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Reject."""
        values: dict[str, Any] = {"reference": reference, "by": actor_of(request), "reasons": body["reasons"]}
        if body.get("items") is None:
            actions.reject(**values, now=times.now())
        else:
            actions.reject_items(**values, items=body["items"], now=times.now())


class Measure(Act):
    """Ordering a measure."""

    require = staticmethod(access.require_handler)
    shape, status = given.MeasureInput, 201

    @extend_schema(operation_id="complaints_measures", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the measures that were ordered."""
        return self.read(request, reference, "measures")

    @extend_schema(operation_id="complaints_order_measure", request=shape, responses={201: answers.WholeAnswer})
    def post(self, request: Request, reference: str) -> Response:
        """Order a measure for items; their uploaders are told with the notice (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Order."""
        actions.order_measure(
            reference=reference,
            by=actor_of(request),
            kind=body["kind"],
            items=body.get("items"),
            reasons=body["reasons"],
            grounds=body.get("grounds") or [],
            terms=given.terms_of(body),
            now=times.now(),
        )


class Execution(Act):
    """Reporting that a measure was carried out."""

    require = staticmethod(access.require_service)
    shape = given.ExecutionInput

    @extend_schema(operation_id="complaints_report_execution", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Report a measure as carried out, or what was lifted as back (the provider's service)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Report."""
        actions.report_execution(
            reference=reference,
            by=actor_of(request),
            measure=body.get("measure"),
            kind=body.get("kind", ""),
            items=body.get("items"),
            proof=given.proof_of(body),
            now=times.now(),
        )


class Forwarding(Act):
    """A counter-notice that was sent by post."""

    require = staticmethod(access.require_handler)
    shape = Shape

    @extend_schema(operation_id="complaints_forward_counter_notice", request=None, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Record that the counter-notice reached a complainant who has no account (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, _body: dict[str, Any]) -> None:
        """Record."""
        actions.forward_counter_notice(reference=reference, by=actor_of(request), now=times.now())


class Restoration(Act):
    """Restoring before or without a clock."""

    require = staticmethod(access.require_handler)
    shape = given.DecisionReasonsInput

    @extend_schema(operation_id="complaints_restore", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Restore, with reasons (handler); after a counter-notice not before the earliest day of the law."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Restore."""
        actions.restore(reference=reference, by=actor_of(request), reasons=body["reasons"], now=times.now())


class Upholding(Act):
    """Deciding that a measure stays."""

    require = staticmethod(access.require_handler)
    shape = given.DecisionReasonsInput

    @extend_schema(operation_id="complaints_uphold", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Decide that the measure stays, with reasons (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Uphold."""
        actions.uphold(reference=reference, by=actor_of(request), reasons=body["reasons"], now=times.now())


class Closing(Act):
    """Closing a complaint."""

    require = staticmethod(access.require_handler)
    shape = Shape

    @extend_schema(operation_id="complaints_close", request=None, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Close a complaint in which nothing more is to be done (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, _body: dict[str, Any]) -> None:
        """Close."""
        actions.close(reference=reference, by=actor_of(request), now=times.now())


class AppealDecision(Act):
    """Deciding an appeal."""

    require = staticmethod(access.require_decider)
    shape = given.AppealDecisionInput

    @extend_schema(operation_id="complaints_decide_appeal", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Grant or dismiss the open appeal (a handler or reviewer who did not decide before)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Decide."""
        actions.decide_appeal(
            reference=reference,
            by=actor_of(request),
            outcome=body["decision"],
            reasons=body["reasons"],
            now=times.now(),
        )
