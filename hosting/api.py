"""The API of a provider's service: its content and its subscribers."""

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import paging, times
from core.access import Who, account_of
from core.api import ApiView, shaped
from hosting import access, actions, serializers
from verification import access as accounts


def _named(external_id: str) -> str:
    found = serializers.Named(data={"external_id": external_id})
    found.is_valid(raise_exception=True)
    return str(found.validated_data["external_id"])


class ContentList(ApiView):
    """Everything the service registered."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="content_list", responses=serializers.ContentShown(many=True))
    def get(self, request: Request) -> Response:
        """Return the service's content, newest first."""
        registered = access.content_of_provider(accounts.provider_of_service(account_of(request)))
        return Response(paging.page(registered, request, lambda one: serializers.ContentShown(one).data))


class ContentView(ApiView):
    """One piece of content, by the service's own id."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="content", responses=serializers.ContentShown)
    def get(self, request: Request, external_id: str) -> Response:
        """Return it as it is registered."""
        found = access.content_for(accounts.provider_of_service(account_of(request)), external_id)
        return Response(serializers.ContentShown(found).data)

    @extend_schema(request=serializers.ContentInput, responses=serializers.ContentShown)
    def put(self, request: Request, external_id: str) -> Response:
        """Register it (201) or change what is registered (200)."""
        given = shaped(serializers.ContentInput, request)
        content, is_new = actions.register_content(
            external_id=_named(external_id),
            url=given["url"],
            title=given["title"],
            media=given["media"],
            subscriber_external_id=given["subscriber"]["external_id"],
            is_private=given["private"],
            is_shared_tenancy=given["shared_tenancy"],
            is_earning=given["earning"],
            by=account_of(request),
            now=times.now(),
        )
        return Response(serializers.ContentShown(content).data, status=201 if is_new else 200)


class SubscriberView(ApiView):
    """One subscriber, by the service's own id."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="subscriber", responses=serializers.SubscriberShown)
    def get(self, request: Request, external_id: str) -> Response:
        """Return it, without its contact details."""
        found = access.subscriber_for(accounts.provider_of_service(account_of(request)), external_id)
        return Response(serializers.SubscriberShown(found).data)

    @extend_schema(request=serializers.SubscriberInput, responses=serializers.SubscriberShown)
    def put(self, request: Request, external_id: str) -> Response:
        """Register it (201) or change its contact details (200), which are sealed at once and never read back."""
        contact = shaped(serializers.SubscriberInput, request)["contact"]
        subscriber, is_new = actions.register_subscriber(
            external_id=_named(external_id), contact=contact, by=account_of(request), now=times.now()
        )
        return Response(serializers.SubscriberShown(subscriber).data, status=201 if is_new else 200)


class ClaimLinks(ApiView):
    """Links by which an uploader claims a subscriber."""

    who = Who.SIGNED_IN
    is_replayable = False

    @extend_schema(request=serializers.NothingInput, responses={201: serializers.ClaimLinkShown})
    def post(self, request: Request, external_id: str) -> Response:
        """Make a one-time link; links made before stop working."""
        shaped(serializers.NothingInput, request)
        made = actions.make_claim_link(external_id=external_id, by=account_of(request), now=times.now())
        url = settings.PORTAL_URL + reverse("hosting:claim", args=[made.secret])
        told = {"url": url, "expires_at": made.link.expires_at}
        return Response(serializers.ClaimLinkShown(told).data, status=201)
