"""Reports of messages with their evidence, blocks between two sides, and legal holds."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from core.models import DataKey
from hosting.models import Subscriber
from messaging.models.conversation import Conversation, Party
from messaging.rules import ReportCategory, ReportMeasure, ReportState, Side
from verification.models import Account


class Report(models.Model):
    """That a party reported a message. What was said then is kept with it, sealed, whatever becomes of the message."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="reports")
    message_id = models.UUIDField()
    reporter = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(max_length=16, choices=ReportCategory.choices)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    # JSON: the reporter's words and, oldest first, the messages as they stood: {reasons, messages: [...]}.
    evidence_sealed = models.BinaryField()
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ReportState.choices, default=ReportState.OPEN)
    measure = models.CharField(max_length=12, choices=ReportMeasure.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField(blank=True)  # of the decision, which both sides read

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message_id", "reporter"], name="report_once_by_party"),
            models.CheckConstraint(name="report_state_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(name="report_category_known", condition=Q(category__in=ReportCategory.values)),
            models.CheckConstraint(
                name="report_decided_says_all",
                condition=Q(
                    state=ReportState.OPEN, decided_at__isnull=True, decided_by__isnull=True, measure="", reasons=""
                )
                | Q(
                    state=ReportState.DISMISSED,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    measure=ReportMeasure.NONE,
                )
                & ~Q(reasons="")
                | Q(
                    state=ReportState.UPHELD,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    measure__in=ReportMeasure.values,
                )
                & ~Q(reasons=""),
            ),
        ]
        indexes = [models.Index(fields=["reported_at"], condition=Q(state="open"), name="report_open")]


class Block(models.Model):
    """That one of two sides wants no more messages of the other, wherever the law leaves it the choice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rights_holder = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="+")
    by_side = models.CharField(max_length=20, choices=Side.choices)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="block_by_one_of_two", condition=Q(by_side__in=(Side.RIGHTS_HOLDER, Side.UPLOADER))
            ),
            models.UniqueConstraint(
                fields=["rights_holder", "subscriber", "by_side"], condition=Q(ended_at__isnull=True), name="block_once"
            ),
        ]


class Hold(models.Model):
    """That a conversation must not be forgotten, why, and until when that held."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="holds")
    reasons = models.TextField()
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hold_has_reasons", condition=~Q(reasons="")),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(lifted_at__isnull=True), name="hold_one_at_a_time"
            ),
        ]
