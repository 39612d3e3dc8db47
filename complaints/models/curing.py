"""What mends a notice: the provider's question about what is there, and the mailed link that lets a guest answer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from complaints.models.complaint import Complaint
from core.ids import uuid7
from verification.models import Account


class CureRequest(models.Model):
    """That a handler asked for more about elements that are there and are not enough, and why; one waits at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="cure_requests")
    elements = ArrayField(models.CharField(max_length=40))
    reasons = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    # When it was answered, or nobody waits for the answer any more.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cure_request_says_what_and_why", condition=Q(elements__len__gt=0) & ~Q(reasons="")
            ),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="cure_request_one_open"
            ),
        ]
        indexes = [models.Index(fields=["complaint", "id"], name="cure_request_by_complaint")]


class CorrectionLink(models.Model):
    """The one-time link by which an address without account mends its notice; a new one ends the one before."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="correction_links")
    hash = models.BinaryField(max_length=32, unique=True)
    # Sealed under the complaint's key, so that the mail can be written after the act and by another process.
    token_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="correction_link_expires_later", condition=Q(expires_at__gt=F("made_at"))),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="correction_link_one_open"
            ),
        ]
