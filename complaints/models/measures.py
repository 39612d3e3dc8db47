"""What the provider ordered on a complaint, for which items, and whether it was carried out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint, ComplaintItem
from complaints.rules import ALL_FORWARD_GROUNDS, ForwardGround, MeasureKind
from core.ids import uuid7
from verification.models import Account


class Measure(models.Model):
    """A measure that was ordered: for which items, why, by whom; reported as carried out by the provider's service."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=16, choices=MeasureKind.choices)
    reasons = models.TextField()
    grounds = ArrayField(models.CharField(max_length=40, choices=ForwardGround.choices), default=list)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    executed_at = models.DateTimeField(null=True)
    executed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.CharField(max_length=40, blank=True)
    # When the service reported that what was restricted is back.
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="measure_kind_known", condition=Q(kind__in=MeasureKind.values)),
            models.CheckConstraint(name="measure_has_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(
                name="measure_forward_only_on_all_grounds",
                condition=~Q(kind=MeasureKind.FORWARD_ONLY) | Q(grounds__contains=list(ALL_FORWARD_GROUNDS)),
            ),
            models.CheckConstraint(
                name="measure_executed_by_somebody",
                condition=Q(executed_at__isnull=True, executed_by__isnull=True)
                | Q(executed_at__isnull=False, executed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="measure_lifted_says_why",
                condition=Q(lifted_at__isnull=True, lifted_because="")
                | Q(lifted_at__isnull=False) & ~Q(lifted_because=""),
            ),
        ]
        indexes = [models.Index(fields=["complaint", "id"], name="measure_by_complaint")]


class MeasureItem(models.Model):
    """That an item is, or until ``ended_at`` was, under a measure; under one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="covered")
    item = models.ForeignKey(ComplaintItem, on_delete=models.PROTECT, related_name="covered_by")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_at__isnull=True), name="measure_item_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["measure", "item"], name="measure_item_once"),
        ]
