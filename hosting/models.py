"""The tables of what a provider's service registers: subscribers, content, and where it wants to be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.ids import uuid7
from core.models import DataKey
from hosting.rules import DeliveryState, Media
from ledger.models import Entry
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

    @property
    def shown_title(self) -> str:
        """Return what others may be told that it is called: nothing where its uploader shows it to nobody."""
        return "" if self.is_private else self.title


class Host(models.Model):
    """A host under which a provider's content was registered: addresses of others are not at this provider."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="hosts")
    name = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="host_once")]


class Webhook(models.Model):
    """Where a provider's service wants to be told of what happens, and of what; its secrets are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=2000)
    events = ArrayField(models.CharField(max_length=122))
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    secret_sealed = models.BinaryField()
    # The secret before, which signs as well until this time.
    previous_sealed = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="webhook_has_events", condition=Q(events__len__gt=0)),
            models.CheckConstraint(
                name="webhook_previous_has_time",
                condition=Q(previous_sealed__isnull=True, previous_until__isnull=True)
                | Q(previous_sealed__isnull=False, previous_until__isnull=False),
            ),
            models.CheckConstraint(
                name="webhook_ended_says_why",
                condition=Q(ended_at__isnull=True, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
            ),
        ]
        indexes = [models.Index(fields=["provider", "-id"], name="webhook_by_provider")]


class Delivery(models.Model):
    """One piece of news for one webhook. Its id is the ``webhook-id``, the same at every try, so that it counts once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    # The matter, in which order counts, and the place in that order: the entry's own in the ledger.
    subject = models.CharField(max_length=120)
    position = models.BigIntegerField()
    event = models.CharField(max_length=122)
    body = models.TextField()
    # What only the receiver may read, such as a link that works once: a JSON object for the body's data, sealed until delivered.
    secret_sealed = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    made_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    error = models.CharField(max_length=40, blank=True)  # why there was none, in one word

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "entry"], name="delivery_once"),
            models.CheckConstraint(name="delivery_state_known", condition=Q(state__in=DeliveryState.values)),
            models.CheckConstraint(
                name="delivery_delivered_keeps_no_secret",
                condition=~Q(state=DeliveryState.DELIVERED) | Q(secret_sealed=""),
            ),
            models.CheckConstraint(
                name="delivery_delivered_has_time",
                condition=Q(state=DeliveryState.DELIVERED, delivered_at__isnull=False)
                | (~Q(state=DeliveryState.DELIVERED) & Q(delivered_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(
                fields=["webhook", "subject", "position"], condition=Q(state="waiting"), name="delivery_in_order"
            ),
            models.Index(fields=["webhook", "-id"], name="delivery_by_webhook"),
            models.Index(fields=["made_at"], condition=~Q(state="waiting"), name="delivery_over"),
        ]
