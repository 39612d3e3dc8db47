"""That a sender was asked whether it consents to a removal, and what it said."""

from django.db import models
from django.db.models import F, Q

from complaints.models.complaint import Complaint
from complaints.rules import InquiryAnswer, InquiryState
from core.ids import uuid7
from hosting.models import Subscriber
from verification.models import Account


class Inquiry(models.Model):
    """The question to one uploader of a complaint. Its time runs from its receipt and ends by an answer or by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="inquiries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True)
    # Until when it can be answered; what the regime's clock gave.
    due_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=16, choices=InquiryAnswer.choices, blank=True)
    reasons = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    lapsed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # by a measure that needed no answer, or with the matter

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "subscriber"], name="inquiry_once"),
            models.CheckConstraint(
                name="inquiry_received_starts_its_time",
                condition=Q(received_at__isnull=True, due_at__isnull=True)
                | Q(received_at__isnull=False, due_at__isnull=False)
                & Q(received_at__gte=F("asked_at"), due_at__gte=F("received_at")),
            ),
            models.CheckConstraint(
                name="inquiry_answered_all_or_nothing",
                condition=Q(answer="", reasons="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(answer__in=InquiryAnswer.values, answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="inquiry_lapses_unanswered",
                condition=Q(lapsed_at__isnull=True) | Q(answer="", due_at__isnull=False, lapsed_at__gte=F("due_at")),
            ),
        ]

    @property
    def state(self) -> InquiryState:
        """Where it stands."""
        if self.answer:
            return InquiryState.CONSENTED if self.answer == InquiryAnswer.CONSENTS else InquiryState.REFUSED
        if self.lapsed_at is not None:
            return InquiryState.LAPSED
        if self.ended_at is not None:
            return InquiryState.ENDED
        return InquiryState.SENT if self.received_at is None else InquiryState.OPEN
