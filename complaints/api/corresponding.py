"""Letters from handlers to a party and their templates, for programs: parse, one call, answer."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.serializers import desk_given, letters_sent
from core import times
from core.access import Who
from core.api import ApiView, actor_of, shaped


class LetterTemplates(ApiView):
    """The templates of my provider and of the house."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="letter_templates", responses=answers.AnyAnswer)
    def get(self, request: Request) -> Response:
        """Return the templates that can be used, and everything that a template may name (handler)."""
        provider = access.provider_of_handler(actor_of(request), request.query_params.get("provider", ""))
        found = letters_sent.templates_shown(provider)
        return Response({"results": found, "placeholders": letters_sent.placeholders()})

    @extend_schema(
        operation_id="letter_templates_save",
        request=desk_given.TemplateInput,
        responses={201: answers.AnyAnswer},
    )
    def post(self, request: Request) -> Response:
        """Save a template; under a name and language that there is already it becomes the next version (handler)."""
        provider = access.provider_of_handler(actor_of(request))
        body = shaped(desk_given.TemplateInput, request)
        if body.get("provider"):
            provider = access.provider_of_handler(actor_of(request), body["provider"])
        body["provider"] = provider
        made = actions.save_template(by=actor_of(request), now=times.now(), **body)
        return Response(letters_sent.template_shown(made), status=201)


class LetterTemplateRetirement(ApiView):
    """Taking a template out of use."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="letter_templates_retire", request=None, responses=answers.AnyAnswer)
    def post(self, request: Request, template_id: UUID) -> Response:
        """Take the template out of use (handler)."""
        found = actions.retire_template(template_id=template_id, by=actor_of(request), now=times.now())
        return Response(letters_sent.template_shown(found))


class SentLetters(ApiView):
    """The letters of a complaint."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="complaints_letters", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the letters that I may read: staff all, a party those to itself."""
        complaint = access.get_for(actor_of(request), reference)
        viewer = access.viewer_of(actor_of(request), complaint)
        return Response({"results": letters_sent.letters_for(viewer, complaint, times.now())})

    @extend_schema(
        operation_id="complaints_send_letter", request=desk_given.PartyLetterInput, responses={201: answers.AnyAnswer}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Write to a party: the complainant, or an uploader by its pseudonym (handler)."""
        complaint = access.get_for(actor_of(request), reference)
        access.require_handler(actor_of(request), complaint)
        body = shaped(desk_given.PartyLetterInput, request)
        made = actions.send_letter(reference=reference, by=actor_of(request), now=times.now(), **body)
        return Response({"id": str(made.pk), "to": body["to"], "language": made.language}, status=201)


class LetterDraft(ApiView):
    """A letter before it is sent."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="complaints_draft_letter",
        parameters=[OpenApiParameter("to", str, required=True), OpenApiParameter("template", str, required=True)],
        responses=answers.AnyAnswer,
    )
    def get(self, request: Request, reference: str) -> Response:
        """Return the letter of a template to a party with the facts filled in, to be changed and sent (handler)."""
        complaint = access.get_for(actor_of(request), reference)
        access.require_handler(actor_of(request), complaint)
        to, template = (request.query_params.get(name, "")[:120] for name in ("to", "template"))
        return Response(actions.draft_letter(complaint=complaint, to=to, template=template, now=times.now()))
