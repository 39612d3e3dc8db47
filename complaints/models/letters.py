"""A letter as it came, and what was read in it."""

from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from complaints.models.mailboxes import Mailbox
from core.ids import uuid7
from core.models import DataKey
from verification.models import Account, Organisation


class Letter(models.Model):
    """A letter that came to the provider outside the portal: kept sealed as it came, with what was read in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letters")
    complaint = models.OneToOneField(Complaint, null=True, on_delete=models.PROTECT, related_name="letter")
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    raw_sealed = models.BinaryField()
    sender_sealed = models.BinaryField()
    reading_sealed = models.BinaryField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=10, blank=True)
    regime = models.CharField(max_length=10, blank=True)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="letters")
    uid_validity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    message_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_received_before_kept", condition=Q(received_at__lte=models.F("kept_at"))
            ),
            models.CheckConstraint(
                name="letter_kept_by_somebody_or_fetched",
                condition=Q(
                    kept_by__isnull=False,
                    mailbox__isnull=True,
                    uid__isnull=True,
                    uid_validity__isnull=True,
                    message_digest="",
                )
                | (
                    Q(kept_by__isnull=True, mailbox__isnull=False, uid__isnull=False, uid_validity__isnull=False)
                    & ~Q(message_digest="")
                ),
            ),
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="letter_once_by_its_place"),
            models.UniqueConstraint(
                fields=["mailbox", "message_digest"],
                condition=Q(mailbox__isnull=False),
                name="letter_once_by_its_message",
            ),
        ]
        indexes = [models.Index(fields=["provider", "-id"], name="letter_by_provider")]
