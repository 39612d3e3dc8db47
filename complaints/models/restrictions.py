"""What is ordered against somebody who keeps infringing or misusing notices, the appeal against it, and what it holds back."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from complaints.models.complaint import Complaint
from complaints.models.strikes import Held, Strike, holder_is_one
from complaints.rules import AppealOutcome, Side
from complaints.rules.policies import LADDERS, Step
from complaints.rules.restrictions import WAS_ORDERED, RestrictionEnd, RestrictionState
from core.ids import uuid7
from verification.models import Account

IS_OVER = (RestrictionState.EXPIRED, RestrictionState.LIFTED)
# A year and a day, and the rest of the day of the order in whatever time zone.
LONGEST = dt.timedelta(days=368)


class Restriction(Held):
    """A step against somebody: proposed by the portal, ordered (a warning by the portal too) until a day, or declined."""

    reference = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=16, choices=RestrictionState.choices)
    step = models.CharField(max_length=24, choices=Step.choices)
    proposed_step = models.CharField(max_length=24, choices=Step.choices)
    # How many points there were when it was proposed, and by which entry of the ledger.
    points = models.PositiveIntegerField()
    prompted_by = models.UUIDField()
    strikes = models.ManyToManyField(Strike, related_name="restrictions")
    proposed_at = models.DateTimeField()
    reasons = models.TextField(blank=True)
    weighing = models.JSONField(default=dict)  # of Factor, in whoever ordered it's words
    skip_reasons = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    until_at = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=24, choices=RestrictionEnd.choices, blank=True)
    end_reasons = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="restriction_state_known", condition=Q(state__in=RestrictionState.values)),
            holder_is_one("restriction_holder_is_one"),
            models.CheckConstraint(
                name="restriction_step_of_its_ladder",
                condition=Q(side=Side.UPLOADER, step__in=LADDERS[Side.UPLOADER])
                | Q(side=Side.COMPLAINANT, step__in=LADDERS[Side.COMPLAINANT]),
            ),
            models.CheckConstraint(
                name="restriction_ordered_for_a_time",
                condition=Q(state__in=WAS_ORDERED, decided_at__isnull=False, until_at__isnull=False)
                & Q(until_at__gt=F("decided_at"), until_at__lte=F("decided_at") + LONGEST)
                | ~Q(state__in=WAS_ORDERED) & Q(until_at__isnull=True),
            ),
            models.CheckConstraint(
                name="restriction_that_hurts_was_decided_by_somebody",
                condition=~Q(state__in=WAS_ORDERED)
                | Q(decided_by__isnull=False) & ~Q(reasons="")
                | Q(step=Step.WARNING, decided_by__isnull=True),
            ),
            models.CheckConstraint(
                name="restriction_declined_says_why",
                condition=~Q(state=RestrictionState.DECLINED)
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(reasons=""),
            ),
            models.CheckConstraint(
                name="restriction_over_says_why",
                condition=Q(state__in=IS_OVER, ended_at__isnull=False) & ~Q(ended_because="")
                | ~Q(state__in=IS_OVER) & Q(ended_at__isnull=True, ended_because=""),
            ),
            models.UniqueConstraint(
                fields=["provider", "holder"], condition=Q(state="proposed"), name="restriction_one_proposal"
            ),
            models.UniqueConstraint(
                fields=["provider", "holder", "step"], condition=Q(state="in_force"), name="restriction_step_once"
            ),
            models.UniqueConstraint(fields=["holder", "prompted_by"], name="restriction_prompted_once"),
        ]
        indexes = [
            models.Index(fields=["provider", "-id"], name="restriction_by_provider"),
            models.Index(fields=["holder", "-id"], name="restriction_by_holder"),
            models.Index(fields=["provider", "id"], condition=Q(state="proposed"), name="restriction_waiting"),
        ]

    def __str__(self) -> str:
        return self.reference


class RestrictionAppeal(models.Model):
    """That whom it concerns contests a restriction, once; somebody else than who ordered it decides."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    restriction = models.OneToOneField(Restriction, on_delete=models.PROTECT, related_name="appeal")
    reasons = models.TextField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    # Who ordered what is contested; empty for a warning of the portal itself.
    ordered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=AppealOutcome.choices, blank=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="restriction_appeal_has_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(
                name="restriction_appeal_decided_all_or_nothing",
                condition=Q(outcome="", answer="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(outcome__in=AppealOutcome.values, decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="restriction_appeal_decided_by_another",
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("filed_by")) & (Q(ordered_by__isnull=True) | ~Q(decided_by=F("ordered_by"))),
            ),
        ]


class HeldBack(models.Model):
    """That a notice waits because its sender misused notices: handled last, or not before ``resumed_at``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="held_back")
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="holds")
    is_paused = models.BooleanField()
    held_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="held_back_resumes_what_was_paused", condition=Q(is_paused=True) | Q(resumed_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["restriction"], condition=Q(is_paused=True, resumed_at=None), name="held_back_paused")
        ]
