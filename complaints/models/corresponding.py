"""A provider's own templates for letters, and the letters that were sent from a matter."""

from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from complaints.rules import LONGEST_LETTER_SUBJECT, Purpose, Side
from core.ids import uuid7
from hosting.models import Subscriber
from verification.models import Account, Organisation


class LetterTemplate(models.Model):
    """One version of a provider's own template; a new version takes its place and leaves it as it was."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=LONGEST_LETTER_SUBJECT)
    body = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="template_purpose_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="template_says_something", condition=~Q(subject="") & ~Q(body="")),
            models.UniqueConstraint(fields=["provider", "name", "language", "version"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["provider", "name", "language"],
                condition=Q(replaced_at__isnull=True),
                name="template_one_in_use",
            ),
        ]


class SentLetter(models.Model):
    """A letter from a handler to one party of a matter; its text is sealed under the matter's key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="sent_letters")
    side = models.CharField(max_length=16, choices=Side.choices)
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=80, blank=True)  # by which template it was begun
    language = models.CharField(max_length=10)
    text_sealed = models.BinaryField()  # JSON object: subject, body
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sent_letter_goes_to_one_party",
                condition=Q(side=Side.COMPLAINANT, subscriber__isnull=True)
                | Q(side=Side.UPLOADER, subscriber__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["complaint", "id"], name="sent_letter_by_complaint")]
