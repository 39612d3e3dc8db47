"""The API of a provider's service: its content, its subscribers, and its webhooks."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core import paging, times
from core.access import Who, account_of
from core.api import ApiView, shaped
from hosting import access, actions, events, serializers
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
        accounts.provider_of_service(account_of(request))
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
        accounts.provider_of_service(account_of(request))
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


class Webhooks(ApiView):
    """Where the service is told of what happens."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="webhooks", responses=serializers.WebhookShown(many=True))
    def get(self, request: Request) -> Response:
        """Return the service's webhooks, newest first."""
        found = access.webhooks_of(account_of(request))
        return Response(paging.page(found, request, lambda one: serializers.WebhookShown(one).data))

    @extend_schema(request=serializers.WebhookInput, responses={201: serializers.WebhookMade})
    def post(self, request: Request) -> Response:
        """Be told of these events at this address; the answer shows the secret, once."""
        accounts.provider_of_service(account_of(request))
        given = shaped(serializers.WebhookInput, request)
        made = actions.make_webhook(**given, by=account_of(request), now=times.now())
        return Response(serializers.WebhookMade(made).data, status=201)


class WebhookEvents(ApiView):
    """Of what a service can be told."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="webhook_events", responses=serializers.EventShown(many=True))
    def get(self, request: Request) -> Response:
        """Return the events by name, with what each means."""
        accounts.provider_of_service(account_of(request))
        told = [{"name": name, "meaning": meaning} for name, meaning in events.known().items()]
        shown = serializers.EventShown(told, many=True).data
        return Response({"results": shown, "next": None, "previous": None})


class WebhookView(ApiView):
    """One webhook."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="webhook", responses=serializers.WebhookShown)
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Return it, without its secret."""
        return Response(serializers.WebhookShown(access.webhook_for(account_of(request), webhook_id)).data)


class WebhookRotation(ApiView):
    """A new secret."""

    who = Who.SIGNED_IN

    @extend_schema(request=serializers.NothingInput, responses=serializers.WebhookMade)
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Make a new secret; for a day deliveries are signed with the old one as well."""
        access.webhook_for(account_of(request), webhook_id)
        shaped(serializers.NothingInput, request)
        made = actions.rotate_secret(webhook_id=webhook_id, by=account_of(request), now=times.now())
        return Response(serializers.WebhookMade(made).data)


class WebhookEnding(ApiView):
    """The end of a webhook."""

    who = Who.SIGNED_IN

    @extend_schema(request=serializers.NothingInput, responses=serializers.WebhookShown)
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Tell nothing there any more."""
        access.webhook_for(account_of(request), webhook_id)
        shaped(serializers.NothingInput, request)
        ended = actions.end_webhook(webhook_id=webhook_id, by=account_of(request), now=times.now())
        return Response(serializers.WebhookShown(ended).data)


class WebhookDeliveries(ApiView):
    """What was, or is to be, delivered."""

    who = Who.SIGNED_IN

    @extend_schema(operation_id="webhook_deliveries", responses=serializers.DeliveryShown(many=True))
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Return the deliveries of the webhook, newest first."""
        found = access.deliveries_of(access.webhook_for(account_of(request), webhook_id))
        return Response(paging.page(found, request, lambda one: serializers.DeliveryShown(one).data))


class WebhookReplay(ApiView):
    """Sending again."""

    who = Who.SIGNED_IN

    @extend_schema(request=serializers.ReplayInput, responses=serializers.Replayed)
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send deliveries again: those named, or all since a time, or else all that were given up."""
        access.webhook_for(account_of(request), webhook_id)
        given = shaped(serializers.ReplayInput, request)
        again = actions.replay_deliveries(webhook_id=webhook_id, by=account_of(request), now=times.now(), **given)
        return Response(serializers.Replayed({"deliveries": again}).data)
