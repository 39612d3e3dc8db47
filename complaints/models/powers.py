"""Powers of attorney that an agent recorded at a provider."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from complaints.rules import PowersDecision
from core.ids import uuid7
from core.models import DataKey
from verification.models import Account, Organisation


class PowersOfAttorney(models.Model):
    """That an agent says it may act for somebody (sealed): for which works, from when until when, and what was found."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="powers")
    agent = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="powers")
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    principal_sealed = models.BinaryField()
    # Titles, or references in the register of works; empty for all works of the principal.
    works = ArrayField(models.CharField(max_length=300), default=list)
    since_on = models.DateField()
    until_on = models.DateField(null=True)
    submitted_at = models.DateTimeField()
    decision = models.CharField(max_length=16, choices=PowersDecision.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="powers_end_after_they_began", condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on"))
            ),
            models.CheckConstraint(
                name="powers_decided_says_why",
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True, reasons="")
                | Q(decision__in=PowersDecision.values, decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(reasons=""),
            ),
            models.CheckConstraint(
                name="powers_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("agent")),
            ),
            models.CheckConstraint(
                name="powers_refused_are_not_withdrawn",
                condition=~Q(decision=PowersDecision.REFUSE) | Q(withdrawn_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["provider", "id"],
                condition=Q(decision="", withdrawn_at__isnull=True),
                name="powers_desk",
            )
        ]
