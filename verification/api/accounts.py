"""The API of accounts, identities and service rules."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import paging, times
from core.access import Who, account_of
from core.api import ApiView, actor_of, shaped
from verification import access, actions, serializers, submissions
from verification.rules import IdentityState

PROVIDER = OpenApiParameter("provider", str, required=True, description="The provider's code.")


class MeView(ApiView):
    """The signed-in account."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="me", responses=serializers.Me)
    def get(self, request: Request) -> Response:
        """Return the account, its roles, its identity's standing and the rules it accepted."""
        account = account_of(request)
        current = access.current_identity(account, times.now())
        held = current if current and current.state in (IdentityState.VERIFIED, IdentityState.EXPIRED) else None
        told = {
            "id": account.pk,
            "email": account.email,
            "roles": access.memberships_of(account),
            "identity": {
                "state": current.state if current else None,
                "level": held.level if held else None,
                "expires_at": held.expires_at if held else None,
            },
            "rules": access.acceptances_of(account),
        }
        return Response(serializers.Me(told).data)


class Identities(ApiView):
    """Submitting an identity, and the reviewers' queue."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="identities_queue", responses=serializers.IdentityShown(many=True))
    def get(self, request: Request) -> Response:
        """Return what waits for a review at the reviewer's providers."""
        waiting = access.queue_of(account_of(request))
        return Response(paging.page(waiting, request, lambda one: serializers.IdentityShown(one).data))

    @extend_schema(request=serializers.IdentityInput, responses={201: serializers.IdentityShown})
    def post(self, request: Request) -> Response:
        """Submit an identity; sealed at once, reviewed by a person."""
        given = shaped(serializers.IdentityInput, request)
        submitted, provider = submissions.of_input(given), given["provider"]
        identity = actions.submit_identity(
            provider=provider, submitted=submitted, by=account_of(request), now=times.now()
        )
        return Response(serializers.IdentityShown(identity).data, status=201)


class MyIdentities(ApiView):
    """One's own identities."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="identities_mine", responses=serializers.IdentityShown)
    def get(self, request: Request) -> Response:
        """Return the identity that counts (its fields are null while there is none), and all of them as ``results``."""
        account = account_of(request)
        current = access.current_identity(account, times.now())
        shown = serializers.IdentityShown
        counted = shown(current).data if current else dict.fromkeys(shown().fields)
        listed = paging.page(access.identities_of(account), request, lambda one: shown(one).data)
        return Response({**counted, **listed})


class MyAccesses(ApiView):
    """Who opened one's identity data."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="identities_mine_accesses", responses=serializers.OpeningShown(many=True))
    def get(self, request: Request) -> Response:
        """Return each opening: which fields, in which role, why and when. Names are never told."""
        openings = access.openings_of(account_of(request))
        listed = paging.page(openings, request, lambda one: serializers.OpeningShown(one).data)
        roles = access.roles_behind({one["by"] for one in listed["results"]})
        listed["results"] = [{**one, "by": roles[one["by"]]} for one in listed["results"]]
        return Response(listed)


class MyErasure(ApiView):
    """Erasing what one submitted."""

    who = Who.SIGNED_IN

    @extend_schema(request=serializers.NothingInput, responses={200: serializers.StandingShown})
    def post(self, request: Request) -> Response:
        """Destroy the keys of everything that was ever submitted; it cannot be undone."""
        shaped(serializers.NothingInput, request)
        erased = actions.erase_identities(by=account_of(request), now=times.now())
        return Response({"state": "erased", "identities": erased})


class IdentityView(ApiView):
    """One identity, for its reviewer."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="identity", responses=serializers.ForReview)
    def get(self, request: Request, identity_id: UUID) -> Response:
        """Return everything about it that is not sealed."""
        return Response(serializers.ForReview(submissions.for_review(account_of(request), identity_id)).data)


class IdentityOpening(ApiView):
    """Opening what was submitted, for the review."""

    who = Who.SIGNED_IN
    is_replayable = False

    @extend_schema(request=serializers.NothingInput, responses=serializers.Opened)
    def post(self, request: Request, identity_id: UUID) -> Response:
        """Return what was submitted, masked; the person is told that it was opened. The page shows it in full."""
        shaped(serializers.NothingInput, request)
        opened = actions.open_identity(identity_id=identity_id, by=account_of(request), now=times.now())
        return Response({name: serializers.masked(plain.reveal()) for name, plain in opened.items()})


class IdentityReview(ApiView):
    """A reviewer's decision."""

    who = Who.SIGNED_IN

    @extend_schema(request=serializers.ReviewInput, responses=serializers.IdentityShown)
    def post(self, request: Request, identity_id: UUID) -> Response:
        """Verify or refuse it."""
        access.reviewable(account_of(request), identity_id)
        given = {name: value or "" for name, value in shaped(serializers.ReviewInput, request).items()}
        identity = actions.review_identity(identity_id=identity_id, by=account_of(request), now=times.now(), **given)
        return Response(serializers.IdentityShown(identity).data)


class Rules(ApiView):
    """A provider's service rules."""

    who = Who.PUBLIC

    @extend_schema(operation_id="rules", parameters=[PROVIDER], responses=serializers.RulesShown(many=True))
    def get(self, request: Request) -> Response:
        """Return every version, newest first, with ``accepted_at`` for who is signed in."""
        provider = access.provider(request.query_params.get("provider", ""))
        accepted = access.accepted_at(actor_of(request))

        def shown(rules: Any) -> dict[str, Any]:
            return {**serializers.RulesShown(rules).data, "accepted_at": accepted.get(rules.pk)}

        return Response(paging.page(access.rules_of(provider), request, shown))


class RulesAcceptance(ApiView):
    """Accepting a version of the rules."""

    who = Who.SIGNED_IN

    @extend_schema(request=serializers.NothingInput, responses={201: serializers.AcceptanceShown})
    def post(self, request: Request, rules_id: UUID) -> Response:
        """Accept it."""
        shaped(serializers.NothingInput, request)
        acceptance = actions.accept_rules(rules_id=rules_id, by=account_of(request), now=times.now())
        return Response(serializers.AcceptanceShown(acceptance).data, status=201)


class RightsHolderRole(ApiView):
    """Becoming a rights holder."""

    who = Who.SIGNED_IN

    @extend_schema(request=serializers.NothingInput, responses={201: serializers.MembershipShown})
    def post(self, request: Request) -> Response:
        """Take the role for oneself; complaints and conversations still need a verified identity."""
        shaped(serializers.NothingInput, request)
        taken = actions.become_rights_holder(by=account_of(request), now=times.now())
        return Response(serializers.MembershipShown(taken).data, status=201)
