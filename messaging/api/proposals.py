"""Proposals, their answers, and what was undertaken, for programs."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import times
from core.access import Who, account_of
from core.api import ApiView, shaped
from messaging import access, actions, serializers
from messaging.rules import Answer


def answered(given: dict[str, Any], proposal_id: UUID, by: Any) -> UUID:
    """Carry out an answer, and return which proposal to show: the answered one, or the one that answers it."""
    now = times.now()
    if given["answer"] == Answer.ACCEPT:
        return actions.accept(proposal_id=proposal_id, by=by, now=now).pk
    if given["answer"] == Answer.DECLINE:
        return actions.decline(proposal_id=proposal_id, by=by, reasons=given.get("reasons", ""), now=now).pk
    return actions.counter(proposal_id=proposal_id, terms=given["offered"], by=by, now=now).pk


class Proposals(ApiView):
    """The proposals of a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.ProposalsOutput, operation_id="proposals_list")
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """List them in the order in which they were made."""
        conversation = access.get_for(account_of(request), conversation_id)
        found = [serializers.proposal_shown(one) for one in access.proposals_of(conversation)]
        return Response({"results": found, "next": None, "previous": None})

    @extend_schema(request=serializers.TermsInput, responses={201: serializers.ProposalOutput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Propose something to the other side: it waits for an answer until ``expires_at``."""
        access.require_can_propose(account_of(request), conversation_id)
        terms = shaped(serializers.TermsInput, request)["offered"]
        made = actions.propose(conversation_id=conversation_id, terms=terms, by=account_of(request), now=times.now())
        return Response(serializers.proposal_shown(access.proposal_for(account_of(request), made.pk)), status=201)


class Proposal(ApiView):
    """One proposal."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.ProposalOutput)
    def get(self, request: Request, conversation_id: UUID, proposal_id: UUID) -> Response:
        """Show it with what became of it."""
        found = access.proposal_for(account_of(request), proposal_id, conversation_id)
        return Response(serializers.proposal_shown(found))


class ProposalAnswer(ApiView):
    """The answer of the other side, which is final."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.AnswerInput, responses={200: serializers.ProposalOutput})
    def post(self, request: Request, proposal_id: UUID, conversation_id: UUID | None = None) -> Response:
        """Accept, decline, or counter with other terms (then the new proposal is shown, which names this one)."""
        access.proposal_for(account_of(request), proposal_id, conversation_id)
        shown = answered(shaped(serializers.AnswerInput, request), proposal_id, account_of(request))
        return Response(serializers.proposal_shown(access.proposal_for(account_of(request), shown)))


class ProposalWithdrawal(ApiView):
    """The withdrawal by the side that made it."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.NothingInput, responses={200: serializers.ProposalOutput})
    def post(self, request: Request, proposal_id: UUID, conversation_id: UUID | None = None) -> Response:
        """Take it back, as long as nobody has answered."""
        shaped(serializers.NothingInput, request)
        access.proposal_for(account_of(request), proposal_id, conversation_id)
        actions.withdraw_proposal(proposal_id=proposal_id, by=account_of(request), now=times.now())
        return Response(serializers.proposal_shown(access.proposal_for(account_of(request), proposal_id)))


class Removal(ApiView):
    """The uploader's own removal."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.NothingInput, responses={201: serializers.UndertakingOutput})
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Have the provider's service take the content down at the uploader's own wish."""
        shaped(serializers.NothingInput, request)
        made = actions.remove_now(conversation_id=conversation_id, by=account_of(request), now=times.now())
        return Response(serializers.undertaking_shown(made), status=201)


class Undertakings(ApiView):
    """What the uploader has undertaken to do in a conversation."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(responses=serializers.UndertakingsOutput, operation_id="undertakings_list")
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """List it, the first first."""
        conversation = access.get_for(account_of(request), conversation_id)
        found = [serializers.undertaking_shown(one) for one in access.undertakings_of(conversation)]
        return Response({"results": found, "next": None, "previous": None})


class UndertakingExecution(ApiView):
    """The report that something undertaken is done."""

    who: ClassVar[Who | None] = Who.SIGNED_IN

    @extend_schema(request=serializers.NothingInput, responses={200: serializers.UndertakingOutput})
    def post(self, request: Request, undertaking_id: UUID) -> Response:
        """Report it, as the provider's service or as the rights holder who has seen it."""
        shaped(serializers.NothingInput, request)
        done = actions.report_done(undertaking_id=undertaking_id, by=account_of(request), now=times.now())
        return Response(serializers.undertaking_shown(done))
