"""What the provider ordered on a complaint, for which items, and whether it was carried out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from complaints.models.complaint import Complaint, ComplaintItem
from complaints.rules import (
    ALL_FORWARD_GROUNDS,
    COUNTRIES,
    LONGEST_DETAIL,
    ExecutionKind,
    ForwardGround,
    MeasureKind,
    RemovalGround,
)
from core.ids import uuid7
from verification.models import Account


class Measure(models.Model):
    """A measure that was ordered: for which items, why, by whom; reported as carried out by the provider's service."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=16, choices=MeasureKind.choices)
    reasons = models.TextField()
    # Why nothing but forwarding is possible; where the law knows an inquiry, on what the removal rests.
    grounds = ArrayField(
        models.CharField(max_length=40, choices=[*ForwardGround.choices, *RemovalGround.choices]), default=list
    )
    # Where it holds, as countries of ISO 3166-1; empty: everywhere.
    territory = ArrayField(models.CharField(max_length=2), default=list)
    ordered_at = models.DateTimeField()
    # When it ends by itself; empty: it lasts until it is lifted.
    ends_at = models.DateTimeField(null=True)
    # When forwarding alone is looked at again.
    review_at = models.DateTimeField(null=True)
    # By when the service carries it out, or brings back what was lifted; empty when nothing of it waits.
    execution_due_at = models.DateTimeField(null=True)
    chases = models.PositiveSmallIntegerField(default=0)
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
            models.CheckConstraint(
                name="measure_territory_is_of_countries", condition=Q(territory__contained_by=list(COUNTRIES))
            ),
            models.CheckConstraint(
                name="measure_ends_after_it_was_ordered",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("ordered_at")),
            ),
            models.CheckConstraint(
                name="measure_forwarding_restricts_nothing",
                condition=~Q(kind=MeasureKind.FORWARD_ONLY) | Q(ends_at__isnull=True, territory=[]),
            ),
            models.CheckConstraint(
                name="measure_review_is_of_forwarding",
                condition=Q(review_at__isnull=True) | Q(kind=MeasureKind.FORWARD_ONLY),
            ),
            models.CheckConstraint(
                name="measure_chased_while_due", condition=Q(chases=0) | Q(execution_due_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["complaint", "id"], name="measure_by_complaint")]


class ExecutionReport(models.Model):
    """What the provider's service reported of a measure: carried out or undone, and what it says to prove it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="reports")
    what = models.CharField(max_length=16, choices=ExecutionKind.choices)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    # As the service says: when it did so, what it saw at the address afterwards, and a sentence.
    done_at = models.DateTimeField(null=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    detail = models.CharField(max_length=LONGEST_DETAIL, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="execution_kind_known", condition=Q(what__in=ExecutionKind.values)),
            models.CheckConstraint(
                name="execution_status_is_one_of_http",
                condition=Q(http_status__isnull=True) | Q(http_status__gte=100, http_status__lte=599),
            ),
        ]
        indexes = [models.Index(fields=["measure", "id"], name="execution_by_measure")]


class MeasureItem(models.Model):
    """That an item is, or until ``ended_at`` was, under a measure; under one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="covered")
    item = models.ForeignKey(ComplaintItem, on_delete=models.PROTECT, related_name="covered_by")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, blank=True)
    # When the service reported that this item is back.
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_at__isnull=True), name="measure_item_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["measure", "item"], name="measure_item_once"),
            models.CheckConstraint(
                name="measure_item_ended_says_why", condition=Q(ended_at__isnull=False) | Q(ended_because="")
            ),
            models.CheckConstraint(
                name="measure_item_back_after_its_end", condition=Q(undone_at__isnull=True) | Q(ended_at__isnull=False)
            ),
        ]
