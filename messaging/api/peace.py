"""Reports, blocks, staff, holds and hints, for programs."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who, account_of
from core.api import ApiView, shaped
from core.paging import page
from messaging import access, actions, rules, serializers
from messaging.api.described import LIMITS


def described_report(report: Any) -> dict[str, Any]:
    """Return a report without its evidence."""
    return {
        "id": str(report.pk),
        "conversation": str(report.conversation_id),
        "message": str(report.message_id),
        "category": report.category,
        "state": report.state,
        "measure": report.measure,
        "reasons": report.reasons,
        "reported_at": times.rfc3339(report.reported_at),
        "decided_at": times.rfc3339(report.decided_at) if report.decided_at else None,
    }


class Reports(ApiView):
    """The caller's reports in a conversation, and what was decided on its own messages."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.ReportsOutput, operation_id="conversation_reports_list")
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """List them, the oldest first."""
        found = access.reports_of(access.party_of(account_of(request), conversation_id))
        return Response({"results": [described_report(one) for one in found], "next": None, "previous": None})

    @extend_schema(request=serializers.ReportInput, responses={201: serializers.ReportOutput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Report a message of the other side to the provider; it is kept as it stands now."""
        given = shaped(serializers.ReportInput, request)
        report = actions.report_message(
            conversation_id=conversation_id, message_id=given["message"], category=given["category"],
            reasons=given["reasons"], by=account_of(request), now=times.now(),
        )  # fmt: skip
        return Response(described_report(report), status=201)


class ReportsDesk(ApiView):
    """The reports at the handler's provider."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.ReportsOutput, parameters=LIMITS, operation_id="message_reports_list")
    def get(self, request: Request) -> Response:
        """List them, the newest first."""
        return Response(page(access.reports_for(account_of(request)), request, described_report))


class Report(ApiView):
    """One report with its evidence."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.ReportEvidenceOutput)
    def get(self, request: Request, report_id: UUID) -> Response:
        """Show what was reported, with the few messages before it, as they stood; the look is recorded."""
        report = access.report_for(account_of(request), report_id)
        evidence = access.evidence_for(account_of(request), report, times.now())
        return Response(described_report(report) | {"evidence": evidence})


class ReportDecision(ApiView):
    """The decision on a report."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.ReportDecisionInput, responses={201: serializers.ReportOutput})
    def post(self, request: Request, report_id: UUID) -> Response:
        """Decide it, with reasons that both sides read."""
        given = shaped(serializers.ReportDecisionInput, request)
        report = actions.decide_report(report_id=report_id, **given, by=account_of(request), now=times.now())
        return Response(described_report(report), status=201)


class _Act(ApiView):
    """An act on a conversation that needs no words."""

    who: ClassVar[Who | None] = Who.SIGNED_IN
    act: ClassVar[Any]
    state: ClassVar[str]

    @extend_schema(request=serializers.WordlessInput, responses={201: serializers.StateOutput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Do it."""
        shaped(serializers.WordlessInput, request)
        type(self).act(conversation_id=conversation_id, by=account_of(request), now=times.now())
        return Response({"state": self.state}, status=201)


class End(_Act):
    """Ending a conversation: it stays readable."""

    act, state = actions.end_conversation, "closed"


class Block(_Act):
    """Taking no more messages of the other side."""

    act, state = actions.block, "blocked"


class Unblock(_Act):
    """Taking messages of the other side again."""

    act, state = actions.unblock, "open"


class StaffLeave(_Act):
    """Leaving a conversation as the provider's staff."""

    act, state = actions.leave_as_staff, "left"


class Release(_Act):
    """Ending the legal hold of a conversation."""

    act, state = actions.lift_hold, "released"


class _Reasoned(ApiView):
    """An act on a conversation that is done with reasons."""

    who: ClassVar[Who | None] = Who.SIGNED_IN
    act: ClassVar[Any]
    state: ClassVar[str]

    @extend_schema(request=serializers.ConversationReasonsInput, responses={201: serializers.StateOutput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Do it, with reasons."""
        reasons = shaped(serializers.ConversationReasonsInput, request)["reasons"]
        type(self).act(conversation_id=conversation_id, reasons=reasons, by=account_of(request), now=times.now())
        return Response({"state": self.state}, status=201)


class Staff(_Reasoned):
    """Joining a conversation as the provider's staff, visibly to both sides."""

    act, state = actions.join_as_staff, "joined"


class Hold(_Reasoned):
    """Placing a legal hold, so that the conversation is not forgotten."""

    act, state = actions.place_hold, "held"


class Mute(ApiView):
    """Whether the caller wants notice of a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.MuteInput, responses={200: serializers.MuteInput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Mute it, or not; nobody else hears of it."""
        is_muted = shaped(serializers.MuteInput, request)["muted"]
        actions.mute(conversation_id=conversation_id, is_muted=is_muted, by=account_of(request), now=times.now())
        return Response({"muted": is_muted})


class Hints(ApiView):
    """What a text tells the other side of its writer."""

    who: ClassVar[Who | None] = Who.SIGNED_IN
    is_replayable = False

    @extend_schema(request=serializers.HintsInput, responses={200: serializers.HintsOutput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Point it out, before it is sent. Nothing is kept."""
        access.party_of(account_of(request), conversation_id)
        found = rules.hints_in(shaped(serializers.HintsInput, request)["body"])
        told = [{"start": h.start, "end": h.end, "kind": h.kind.value, "detail": str(h.kind.label)} for h in found]
        return Response({"hints": told})
