"""The shape of what a provider's service tells and reads: content, subscribers, webhooks."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.shapes import Shape, Text
from hosting import rules
from hosting.rules import Media


class ExternalId(Text):
    """The service's own id of something."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": rules.LONGEST_EXTERNAL_ID, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        """Return the id; nothing unprintable and no slash, for it stands in addresses."""
        found = super().to_internal_value(data)
        if not found.isprintable() or "/" in found:
            raise serializers.ValidationError(_("Give printable characters without a slash."), code="characters")
        return found


class Address(Text):
    """An address on the web."""

    def to_internal_value(self, data: Any) -> str:
        """Return the address, if it is one of http or https."""
        found = super().to_internal_value(data)
        try:
            parts = urlsplit(found)
            is_address = (
                parts.scheme in ("http", "https") and bool(parts.hostname) and not set(found) & set(' <>"\\^`{}|')
            )
        except ValueError:
            is_address = False
        if not is_address:
            raise serializers.ValidationError(_("Give a whole address, as in https://films.example/1."), code="url")
        return found


class Email(Text):
    """An e-mail address."""

    def to_internal_value(self, data: Any) -> str:
        """Return the address, if it can be one."""
        found = super().to_internal_value(data)
        if found:
            try:
                validate_email(found)
            except ValidationError:
                raise serializers.ValidationError(_("This is no e-mail address."), code="email") from None
        return found


class Named(Shape):
    """What the address names: the id of the thing at its service."""

    external_id = ExternalId()


class ContentInput(Shape):
    """What the service says about a piece of content."""

    url = Address(max_length=rules.LONGEST_URL)
    title = Text(max_length=rules.LONGEST_TITLE, required=False, allow_blank=True, default="")
    media = serializers.ChoiceField(choices=Media.choices, required=False, default=Media.OTHER)
    subscriber = Named()
    private = serializers.BooleanField(required=False, default=False)
    shared_tenancy = serializers.BooleanField(required=False, default=False)
    earning = serializers.BooleanField(required=False, default=False)


class ContactInput(Shape):
    """How a subscriber can be reached; sealed at once."""

    name = Text(max_length=rules.LONGEST_CONTACT["name"], required=False, allow_blank=True)
    postal_address = Text(
        lines=True, max_length=rules.LONGEST_CONTACT["postal_address"], required=False, allow_blank=True
    )
    email = Email(max_length=rules.LONGEST_CONTACT["email"], required=False, allow_blank=True)
    phone = Text(max_length=rules.LONGEST_CONTACT["phone"], required=False, allow_blank=True)


class SubscriberInput(Shape):
    """What the service says about a subscriber."""

    contact = ContactInput(required=False, allow_null=True, default=None)


class WebhookInput(Shape):
    """Where to tell the service, and of what."""

    url = Address(max_length=rules.LONGEST_URL)
    events = serializers.ListField(child=Text(max_length=122), max_length=100)


class ReplayInput(Shape):
    """What to send again: these deliveries, or all since a time; else all that were given up."""

    deliveries = serializers.ListField(child=serializers.UUIDField(), max_length=rules.MOST_REPLAYED, required=False)
    since = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both at once, for nobody could say which counts."""
        if "deliveries" in attrs and "since" in attrs:
            raise serializers.ValidationError({"since": _("Give either the deliveries or a time.")}, code="either")
        return attrs


class NothingInput(Shape):
    """An act that needs no input."""


class SubscriberShown(serializers.Serializer[Any]):
    """A subscriber, without contact details: these are never read back."""

    id = serializers.UUIDField()
    external_id = serializers.CharField()
    pseudonym = serializers.CharField()
    has_contact = serializers.SerializerMethodField()
    is_claimed = serializers.SerializerMethodField()
    registered_at = serializers.DateTimeField()

    def get_has_contact(self, subscriber: Any) -> bool:
        """Say whether contact details were given."""
        return subscriber.contact_at is not None

    def get_is_claimed(self, subscriber: Any) -> bool:
        """Say whether an account has claimed it."""
        return subscriber.claimed_at is not None


class SubscriberNamed(serializers.Serializer[Any]):
    """A subscriber by its id at the service."""

    external_id = serializers.CharField()


class ContentShown(serializers.Serializer[Any]):
    """A piece of content as it is registered."""

    id = serializers.UUIDField()
    external_id = serializers.CharField()
    url = serializers.CharField()
    title = serializers.CharField()
    media = serializers.CharField()
    subscriber = SubscriberNamed()
    private = serializers.BooleanField(source="is_private")
    shared_tenancy = serializers.BooleanField(source="is_shared_tenancy")
    earning = serializers.BooleanField(source="is_earning")
    registered_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class ClaimLinkShown(serializers.Serializer[Any]):
    """A one-time link by which an uploader claims a subscriber; shown once."""

    url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class EventShown(serializers.Serializer[Any]):
    """An event of which a service can be told."""

    name = serializers.CharField()
    meaning = serializers.CharField()


class WebhookShown(serializers.Serializer[Any]):
    """A webhook, without its secret. ``previous_until``: until when the secret before signs as well."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    made_at = serializers.DateTimeField()
    previous_until = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_because = serializers.CharField()


class WebhookMade(serializers.Serializer[Any]):
    """A webhook with its new secret; shown once."""

    id = serializers.UUIDField(source="webhook.id")
    secret = serializers.CharField()
    url = serializers.CharField(source="webhook.url")
    events = serializers.ListField(child=serializers.CharField(), source="webhook.events")
    made_at = serializers.DateTimeField(source="webhook.made_at")
    previous_until = serializers.DateTimeField(source="webhook.previous_until", allow_null=True)


class DeliveryShown(serializers.Serializer[Any]):
    """A delivery: its id is the ``webhook-id``. ``status`` is that of the last answer, ``error`` why there was none."""

    id = serializers.UUIDField()
    event = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=rules.DeliveryState.choices)
    attempts = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    next_try_at = serializers.SerializerMethodField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()

    def get_next_try_at(self, delivery: Any) -> dt.datetime | None:
        """Return when it is tried next, while it waits."""
        found: dt.datetime = delivery.next_try_at
        return found if delivery.state == rules.DeliveryState.WAITING else None


class Replayed(serializers.Serializer[Any]):
    """What is sent again."""

    deliveries = DeliveryShown(many=True)
