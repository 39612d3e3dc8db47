"""The tables of what a provider's service registers: subscribers and content."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from core.models import DataKey
from hosting.rules import Media
from verification.models import Account, Organisation

CONTACT_FIELDS = ("name", "postal_address", "email", "phone")


class Subscriber(models.Model):
    """A customer of the provider. Its contact details are sealed and leave only by an authorized disclosure."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="subscribers")
    external_id = models.CharField(max_length=120)
    # A name that means nothing, the same for everybody who meets this subscriber, as in "uploader-7QK2M4".
    pseudonym = models.CharField(max_length=40)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="subscribers")
    claimed_at = models.DateTimeField(null=True)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    contact_sealed = models.BinaryField(null=True)  # JSON object of CONTACT_FIELDS
    contact_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="subscriber_once"),
            models.UniqueConstraint(fields=["provider", "pseudonym"], name="subscriber_pseudonym_once"),
            models.CheckConstraint(
                name="subscriber_claimed_has_time",
                condition=Q(account__isnull=True, claimed_at__isnull=True)
                | Q(account__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="subscriber_contact_has_time",
                condition=Q(contact_sealed__isnull=True, contact_at__isnull=True)
                | Q(contact_sealed__isnull=False, contact_at__isnull=False),
            ),
        ]


class ClaimLink(models.Model):
    """A one-time link by which an uploader claims the account of a subscriber; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="claim_links")
    hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Content(models.Model):
    """A thing that a subscriber put up at the provider."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="content")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="content")
    external_id = models.CharField(max_length=120)
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=300, blank=True)
    media = models.CharField(max_length=20, choices=Media.choices)
    is_private = models.BooleanField(default=False)
    is_shared_tenancy = models.BooleanField(default=False)
    is_earning = models.BooleanField(default=False)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="content_once"),
            models.CheckConstraint(name="content_media_known", condition=Q(media__in=Media.values)),
        ]
        indexes = [
            models.Index(fields=["subscriber", "-id"], name="content_by_subscriber"),
            models.Index(fields=["provider", "url"], name="content_by_url"),
        ]
