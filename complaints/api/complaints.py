"""Filing complaints, listing and reading them: parse, one call, answer."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import access, actions
from complaints.api import answers
from complaints.api.act import whole_answer
from complaints.serializers import asked, given, mailed, reasons, shown, transparency, words
from core import times
from core.access import Who
from core.actors import PUBLIC
from core.api import ApiView, actor_of, shaped
from core.errors import NotSignedIn
from core.paging import answer, limit_of, page
from core.times import rfc3339


def network_address(request: Request) -> str:
    """Return the address that the request came from, as the server (behind its trusted proxies) saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))


class Complaints(ApiView):
    """Filing, and the list of what is mine to see."""

    who = Who.PUBLIC

    @extend_schema(operation_id="complaints_file", request=given.ComplaintInput, responses={201: answers.ReceiptAnswer})
    def post(self, request: Request) -> Response:
        """File a notice. Without an account it is unconfirmed until the mailed link is followed."""
        now, actor, body = times.now(), actor_of(request), shaped(given.ComplaintInput, request)
        notice = given.notice_of(body)
        email = str(notice.contact.get("email") or "")
        access.require_room_to_file(
            actor, address=network_address(request), email=email, provider=body["provider"], now=now
        )
        complaint = actions.file_complaint(
            by=actor,
            provider=body["provider"],
            regime=body["regime"],
            notice=notice,
            language=getattr(request, "LANGUAGE_CODE", ""),
            now=now,
        )
        return Response(shown.receipt(complaint, now), status=201)

    @extend_schema(
        operation_id="complaints_list",
        parameters=[
            OpenApiParameter(
                "q", str, description="Words that must be there; “…” a phrase, -word not, word* a beginning."
            ),
            OpenApiParameter("state", str, description="Only those in this state."),
            OpenApiParameter("assigned", str, description="Only those that I have (me), or that nobody has (none)."),
            OpenApiParameter("regime", str, description="Only those under this law."),
            OpenApiParameter("provider", str, description="Only those to this provider."),
            OpenApiParameter("since", str, description="Received on this day (UTC) or later."),
            OpenApiParameter("until", str, description="Received on this day (UTC) or earlier."),
            OpenApiParameter("earning", bool, description="Only those about what the provider earns from, or not."),
            OpenApiParameter("sort", str, enum=asked.SORTS, description="From which end; newest without it."),
            OpenApiParameter("group", str, description="Only those of this filing, by the reference of its first."),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=answers.ListAnswer,
    )
    def get(self, request: Request) -> Response:
        """Return the complaints that the caller may see and asks for, newest first."""
        if actor_of(request) is PUBLIC:
            raise NotSignedIn
        query = request.query_params
        if "group" in query:
            whole = page(access.in_group(actor_of(request), query["group"][:40]), request, shown.row)
            return Response({**whole, "is_broken_off": False})
        wanted, limit = asked.wanted_of(query), limit_of(query.get("limit"))
        found = access.page_for(actor_of(request), wanted, query.get("cursor"), limit)
        whole = answer([shown.row(one) for one in found.rows], found.next, found.previous, request)
        return Response({**whole, "is_broken_off": found.is_broken_off})


class Complaint(ApiView):
    """One complaint."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="complaints_read", responses=answers.WholeAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the complaint with all that the caller may see of it."""
        return Response(whole_answer(request, reference))


class Timeline(ApiView):
    """What happened."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="complaints_timeline", responses=answers.TimelineAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return the recorded acts of the complaint, the first first, each with its ledger entry; and the mails."""
        complaint = access.get_for(actor_of(request), reference)
        viewer = access.viewer_of(actor_of(request), complaint)
        entries = access.timeline_for(viewer, complaint)
        steps = [{**step, "at": rfc3339(step["at"])} for step in words.timeline_shown(entries)]
        mails = [mailed.mail_as_json(one, entries) for one in access.mails_for(viewer, complaint)]
        return Response({"results": steps, "mails": mails})


class StatementOfReasons(ApiView):
    """What was decided, why, and how to contest it."""

    who = Who.SIGNED_IN

    @extend_schema(
        operation_id="complaints_statement_of_reasons",
        parameters=[OpenApiParameter("language", str, description="In this language; else the reader's.")],
        responses=answers.AnyAnswer,
    )
    def get(self, request: Request, reference: str) -> Response:
        """Return the statement of reasons; 404 while nothing was decided."""
        complaint = access.get_for(actor_of(request), reference)
        viewer = access.viewer_of(actor_of(request), complaint)
        language = request.query_params.get("language", "")
        return Response(reasons.statement_in(language, complaint, viewer, times.now()))


class TransparencyStatements(ApiView):
    """The statements of reasons for the DSA Transparency Database."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="complaints_transparency_statements", responses=answers.AnyAnswer)
    def get(self, request: Request, reference: str) -> Response:
        """Return each as the database takes it, without personal data (staff)."""
        complaint = access.get_for(actor_of(request), reference)
        viewer = access.viewer_of(actor_of(request), complaint)
        found = access.all_statements_for(viewer, complaint)
        return Response({"statements": [transparency.for_database(complaint, one) for one in found]})
