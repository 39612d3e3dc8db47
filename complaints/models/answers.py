"""What follows a measure: the uploader's counter-notice, the complainant's suit, either side's appeal."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from complaints.models.complaint import Complaint
from complaints.rules import AppealOutcome, Side, SuitKind
from core.ids import uuid7
from core.models import DataKey
from hosting.models import Subscriber
from verification.models import Account


class CounterNotice(models.Model):
    """The uploader's answer that there is no infringement. Contact and signature are sealed under their own key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="counter_notices")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    contact_sealed = models.BinaryField()
    signature_sealed = models.BinaryField(null=True)
    grounds = models.TextField(blank=True)
    statements = ArrayField(models.CharField(max_length=40), default=list)
    received_at = models.DateTimeField()
    forwarded_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    # When the uploader's contact became part of what was forwarded, where the law makes it so.
    disclosed_at = models.DateTimeField(null=True)
    # What the regime's clock gave: from when and at when the content returns.
    restore_due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "subscriber"], condition=Q(ended_at__isnull=True), name="counter_notice_one_open"
            ),
            models.CheckConstraint(
                name="counter_notice_reached_after_forwarding",
                condition=Q(reached_at__isnull=True) | Q(forwarded_at__isnull=False, reached_at__gte=F("forwarded_at")),
            ),
            models.CheckConstraint(
                name="counter_notice_disclosed_with_forwarding",
                condition=Q(disclosed_at__isnull=True) | Q(forwarded_at__isnull=False),
            ),
        ]


class ContactCode(models.Model):
    """The one-time code by which a complainant without account reads the contact that a counter-notice disclosed to it.

    A new one ends the one before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="contact_codes")
    # Sealed under the complaint's key: a digest of so short a text would be found by trying, and the mail needs it.
    code_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="contact_code_expires_later", condition=Q(expires_at__gt=F("made_at"))),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="contact_code_one_open"
            ),
        ]


class Suit(models.Model):
    """What the complainant showed in order to stop the restoration: a lawsuit, or a complaint to an authority."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="suits")
    kind = models.CharField(max_length=24, choices=SuitKind.choices)
    body = models.CharField(max_length=300, blank=True)  # the court or the authority
    case_number = models.CharField(max_length=120, blank=True)
    filed_on = models.DateField(null=True)
    statement = models.TextField(blank=True)
    shown_at = models.DateTimeField()
    shown_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="suit_kind_known", condition=Q(kind__in=SuitKind.values))]
        indexes = [models.Index(fields=["complaint", "id"], name="suit_by_complaint")]


class Appeal(models.Model):
    """That a side contests a decision; somebody else than who decided decides it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="appeals")
    side = models.CharField(max_length=16, choices=Side.choices)
    against = models.CharField(max_length=16)  # the state that is contested, or that items were rejected
    reasons = models.TextField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=AppealOutcome.choices, blank=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appeal_side_is_a_party", condition=Q(side__in=(Side.COMPLAINANT, Side.UPLOADER))
            ),
            models.CheckConstraint(name="appeal_has_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(
                name="appeal_decided_all_or_nothing",
                condition=Q(outcome="", answer="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(outcome__in=AppealOutcome.values, decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(answer=""),
            ),
            models.UniqueConstraint(
                fields=["complaint", "side", "filed_by"],
                condition=Q(decided_at__isnull=True),
                name="appeal_one_open",
            ),
        ]
