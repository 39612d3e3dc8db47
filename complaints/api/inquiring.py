"""Asking the uploader whether it consents, and pausing a clock: parse, one call, answer."""

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


class Inquiry(Act):
    """The question to the uploaders."""

    require = staticmethod(access.require_handler)
    shape, status = Shape, 201

    @extend_schema(operation_id="complaints_inquiries", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the questions, where each stands, and what was answered; an uploader sees its own."""
        return self.read(request, reference, "inquiries")

    @extend_schema(operation_id="complaints_send_inquiry", request=None, responses={201: answers.WholeAnswer})
    def post(self, request: Request, reference: str) -> Response:
        """Ask the uploaders whether they consent to the removal; their time runs from the receipt (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, _body: dict[str, Any]) -> None:
        """Ask."""
        actions.send_inquiry(reference=reference, by=actor_of(request), now=times.now())


class InquiryReceipt(Act):
    """That the question was received."""

    require = staticmethod(access.require_handler)
    shape = Shape

    @extend_schema(operation_id="complaints_record_inquiry_received", request=None, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Record that uploaders without account have received the question; their time runs from now (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, _body: dict[str, Any]) -> None:
        """Record."""
        actions.record_inquiry_received(reference=reference, by=actor_of(request), now=times.now())


class InquiryAnswer(Act):
    """The uploader's answer."""

    require = staticmethod(access.require_inquiry_answerer)
    shape = given.InquiryAnswerInput

    @extend_schema(operation_id="complaints_answer_inquiry", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Consent to the removal or refuse it (the uploader; a handler for one without account)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Answer."""
        reasons = body.get("reasons") or ""
        actions.answer_inquiry(
            reference=reference, by=actor_of(request), answer=body["answer"], reasons=reasons, now=times.now()
        )


class Pause(Act):
    """Letting the clock stand still."""

    require = staticmethod(access.require_handler)
    shape = given.DecisionReasonsInput

    @extend_schema(operation_id="complaints_pause_clock", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Pause the clock of the counter-notice where the law allows it, with reasons (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Pause."""
        actions.pause_clock(reference=reference, by=actor_of(request), reasons=body["reasons"], now=times.now())


class Resumption(Act):
    """Letting the clock go on."""

    require = staticmethod(access.require_handler)
    shape = Shape

    @extend_schema(operation_id="complaints_resume_clock", request=None, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Let the paused clock go on with exactly what was left (handler)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, _body: dict[str, Any]) -> None:
        """Go on."""
        actions.resume_clock(reference=reference, by=actor_of(request), now=times.now())
