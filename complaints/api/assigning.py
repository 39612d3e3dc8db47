"""Who handles a complaint, for programs: parse, one call, answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import Act
from complaints.serializers import desk_given, desks, given
from core import times
from core.api import actor_of
from core.shapes import Shape


class Assignment(Act):
    """Who has the complaint."""

    require = staticmethod(access.require_handler)
    shape = desk_given.AssignmentInput

    @extend_schema(operation_id="complaints_assignment", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return who had the complaint and when, and the handlers who could be asked to take it (handler)."""
        complaint = access.get_for(actor_of(request), reference)
        access.require_handler(actor_of(request), complaint)
        viewer = access.viewer_of(actor_of(request), complaint)
        return Response(
            {
                "results": [desks.assignment_shown(one, viewer) for one in access.assignments_of(complaint)],
                "colleagues": [desks.colleague(one) for one in access.handlers_of(complaint.provider)],
            }
        )

    @extend_schema(operation_id="complaints_assign", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Take the complaint, or give it to another handler of the provider (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Assign."""
        actions.assign(reference=reference, by=actor_of(request), to=body.get("to"), now=times.now())


class Release(Act):
    """Giving a complaint back."""

    require = staticmethod(access.require_handler)
    shape = Shape

    @extend_schema(operation_id="complaints_release", request=None, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Give the complaint back (the handler who has it)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, _body: dict[str, Any]) -> None:
        """Release."""
        actions.release(reference=reference, by=actor_of(request), now=times.now())


class Unreached(Act):
    """Putting aside that a party cannot be reached by mail."""

    require = staticmethod(access.require_handler)
    shape = given.DecisionReasonsInput

    @extend_schema(operation_id="complaints_put_unreached_aside", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Put aside, with reasons, that mail to a party was lost, until one is lost again (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Put it aside."""
        actions.put_unreached_aside(reference=reference, by=actor_of(request), reasons=body["reasons"], now=times.now())


class Interest(Act):
    """A conflict of interest."""

    require = staticmethod(access.require_decider)
    shape, status = desk_given.InterestInput, 201

    @extend_schema(operation_id="complaints_interests", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the interests that concern the complaint, with their reasons (authorizer; the look is recorded)."""
        complaint = access.get_for(actor_of(request), reference)
        access.require_authorizer(actor_of(request), complaint)
        viewer, now = access.viewer_of(actor_of(request), complaint), times.now()
        found = [desks.interest_shown(one, complaint, viewer, now) for one in access.interests_in(complaint)]
        return Response({"results": found})

    @extend_schema(operation_id="complaints_declare_interest", request=shape, responses={201: answers.WholeAnswer})
    def post(self, request: Request, reference: str) -> Response:
        """Declare a conflict of interest: from then on somebody else handles it (handler, reviewer)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Declare."""
        actions.declare_interest(reference=reference, by=actor_of(request), now=times.now(), **body)


class InterestException(Act):
    """An exception from a conflict of interest."""

    require = staticmethod(access.require_authorizer)
    shape, status = desk_given.ExceptionInput, 201

    @extend_schema(operation_id="complaints_except_interest", request=shape, responses={201: answers.WholeAnswer})
    def post(self, request: Request, reference: str) -> Response:
        """Let a handler act here in spite of the interest it declared, with reasons (authorizer)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Record."""
        actions.except_interest(reference=reference, by=actor_of(request), now=times.now(), **body)
