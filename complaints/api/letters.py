"""Letters for programs: keep one, read what was found in it, file it as a complaint."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.serializers import given, readings, shown
from core import times
from core.access import Who
from core.api import ApiView, StrictJSONParser, actor_of, shaped
from core.paging import page
from verification.uploads import UploadParser


class Letters(ApiView):
    """The letters of my provider."""

    who = Who.SIGNED_IN
    parser_classes = [StrictJSONParser, UploadParser]

    @extend_schema(operation_id="letters_keep", request=given.LetterInput, responses={201: answers.LetterAnswer})
    def post(self, request: Request) -> Response:
        """Keep a letter (text, or a file in a multipart body) and return what was read in it (handler)."""
        provider = access.provider_of_handler(actor_of(request))
        body = readings.letter_given(request)
        if body.get("provider"):
            provider = access.provider_of_handler(actor_of(request), body["provider"])
        letter = actions.keep_letter(
            by=actor_of(request),
            provider=provider,
            content=body["content"],
            name=body.get("name") or "",
            sender=body.get("from") or "",
            received_at=body.get("received_at"),
            now=times.now(),
        )
        return Response(readings.letter_shown(letter), status=201)

    @extend_schema(operation_id="letters_list", responses=answers.AnyAnswer(many=True))
    def get(self, request: Request) -> Response:
        """Return the letters of the caller's provider, newest first (handler)."""
        access.provider_of_handler(actor_of(request))
        return Response(page(access.letters_of(actor_of(request)), request, readings.letter_row))


class Letter(ApiView):
    """One letter."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="letters_read", responses=answers.LetterAnswer)
    def get(self, request: Request, letter_id: UUID) -> Response:
        """Return the letter with its text and what was read in it (handler)."""
        letter = access.letter_for(actor_of(request), letter_id)
        return Response({**readings.letter_shown(letter), "text": access.reading_of(letter)["text"]})


class LetterComplaint(ApiView):
    """The notice that was made of a letter."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="letters_file", request=given.LetterComplaintInput, responses={201: answers.ReceiptAnswer}
    )
    def post(self, request: Request, letter_id: UUID) -> Response:
        """File the confirmed or corrected notice of the letter (handler)."""
        now = times.now()
        access.letter_for(actor_of(request), letter_id)
        body: dict[str, Any] = shaped(given.LetterComplaintInput, request)
        complaint = actions.complaint_from_letter(
            letter_id=letter_id, by=actor_of(request), regime=body["regime"], notice=given.notice_of(body), now=now
        )
        return Response({**shown.receipt(complaint, now), "letter": str(letter_id)}, status=201)
