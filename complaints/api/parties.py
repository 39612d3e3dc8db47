"""What the two sides do in a complaint: parse, one call, answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import Act
from complaints.serializers import given
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped


class Correction(Act):
    """Adding what is missing."""

    require = staticmethod(access.require_complainant)
    shape = given.NoticeCorrectionInput

    @extend_schema(operation_id="complaints_correct", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Correct the notice: what is given takes the place of what was there, evidence is added."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Correct."""
        changes = given.changes_of(body)
        actions.correct_complaint(reference=reference, by=actor_of(request), changes=changes, now=times.now())


class CounterNotice(Act):
    """The uploader's answer."""

    require = staticmethod(access.require_contester)
    shape, status = given.CounterNoticeInput, 201

    @extend_schema(operation_id="complaints_counter_notices", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the counter-notices, without anybody's contact."""
        return self.read(request, reference, "counter_notices")

    @extend_schema(operation_id="complaints_file_counter_notice", request=shape, responses={201: answers.WholeAnswer})
    def post(self, request: Request, reference: str) -> Response:
        """File a counter-notice (the uploader; a handler from a letter); what it lacks is listed in a 400."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """File."""
        actions.file_counter_notice(
            reference=reference,
            by=actor_of(request),
            counter=given.counter_of(body),
            letter=body.get("letter"),
            now=times.now(),
        )


class CounterContact(ApiView):
    """The contact details that the law makes part of a forwarded counter-notice."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="complaints_counter_contact", request=given.CounterContactInput, responses=answers.AnyAnswer
    )
    def post(self, request: Request, reference: str) -> Response:
        """Return the uploader's details as they were disclosed by forwarding (the complainant); each look is recorded."""
        complaint = access.get_for(actor_of(request), reference)
        access.require_reader_of_contact(actor_of(request), complaint)
        body = shaped(given.CounterContactInput, request)
        found = actions.read_counter_contact(
            reference=reference, by=actor_of(request), counter_notice=body.get("counter_notice"), now=times.now()
        )
        return Response({name: plain.reveal() for name, plain in found.items()})


class Suit(Act):
    """Showing that the complainant went further."""

    require = staticmethod(access.require_suitor)
    shape, status = given.SuitInput, 201

    @extend_schema(operation_id="complaints_suits", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return what was shown to stop the clock."""
        return self.read(request, reference, "suits")

    @extend_schema(operation_id="complaints_show_suit", request=shape, responses={201: answers.WholeAnswer})
    def post(self, request: Request, reference: str) -> Response:
        """Show a lawsuit or a complaint to an authority; the clock stops (the complainant)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Show."""
        values = {name: body.get(name) or "" for name in ("body", "case_number", "statement")}
        actions.show_suit(
            reference=reference,
            by=actor_of(request),
            kind=body["kind"],
            filed_on=body.get("filed_on"),
            documents=body.get("documents") or [],
            now=times.now(),
            **values,
        )


class Withdrawal(Act):
    """Taking a complaint back."""

    require = staticmethod(access.require_complainant)
    shape = given.AcceptanceInput

    @extend_schema(operation_id="complaints_withdraw", request=shape, responses=answers.WholeAnswer)
    def post(self, request: Request, reference: str) -> Response:
        """Take the complaint back; its measures are lifted (the complainant)."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Withdraw."""
        actions.withdraw(reference=reference, by=actor_of(request), reasons=body.get("reasons") or "", now=times.now())


class Appeal(Act):
    """Contesting a decision."""

    require = staticmethod(access.require_party)
    shape, status = given.DecisionReasonsInput, 201

    @extend_schema(operation_id="complaints_appeals", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the appeals and what became of them."""
        return self.read(request, reference, "appeals")

    @extend_schema(operation_id="complaints_appeal", request=shape, responses={201: answers.WholeAnswer})
    def post(self, request: Request, reference: str) -> Response:
        """Contest a rejection (the complainant) or a measure (the uploader); somebody else decides."""
        return self.perform(request, reference)

    def act(self, request: Request, reference: str, body: dict[str, Any]) -> None:
        """Appeal."""
        actions.appeal(reference=reference, by=actor_of(request), reasons=body["reasons"], now=times.now())
