"""One act over many matters: what was previewed, confirmed and done, a row for each matter."""

from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from complaints.rules import BatchAct, BatchState, RowState
from core.ids import uuid7
from verification.models import Account, Organisation


class Batch(models.Model):
    """One act that a handler does over many matters, with the digest of the preview that was confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=16, choices=BatchAct.choices)
    given = models.JSONField(default=dict)  # what the act is given: reasons, kind, grounds, to
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=BatchState.choices, default=BatchState.PREPARED)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="batch_act_known", condition=Q(act__in=BatchAct.values)),
            models.CheckConstraint(
                name="batch_state_has_its_times",
                condition=Q(state=BatchState.PREPARED, started_at__isnull=True, ended_at__isnull=True)
                | Q(state=BatchState.RUNNING, started_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=(BatchState.STOPPED, BatchState.DONE), started_at__isnull=False, ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-id"], name="batch_by_provider"),
            models.Index(fields=["state"], condition=Q(state__in=("prepared", "running")), name="batch_open"),
        ]


class BatchRow(models.Model):
    """One matter of a batch: as it was when the preview showed it, and what became of it."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=40)
    complaint = models.ForeignKey(Complaint, null=True, on_delete=models.PROTECT, related_name="+")
    seen = models.CharField(max_length=60, blank=True)  # state and time of its last change, as the preview showed it
    state = models.CharField(max_length=16, choices=RowState.choices)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_row_position_once"),
            models.CheckConstraint(
                name="batch_row_says_why_not",
                condition=Q(state__in=(RowState.BARRED, RowState.REFUSED)) & ~Q(code="")
                | Q(state__in=(RowState.READY, RowState.WAITING, RowState.DONE, RowState.SKIPPED), code=""),
            ),
            models.CheckConstraint(
                name="batch_row_is_a_matter", condition=Q(state=RowState.BARRED) | Q(complaint__isnull=False)
            ),
        ]
        indexes = [
            # By place, then batch: those who share the worker take turns, and a small batch never waits for a large one.
            models.Index(fields=["position", "batch"], condition=Q(state="waiting"), name="batch_row_waiting"),
            models.Index(fields=["batch", "state", "position"], name="batch_row_by_state"),
        ]
