"""Who has which matter, and who said that it is not for them to handle."""

from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from complaints.rules import AssignmentEnd, Interest
from core.ids import uuid7
from core.models import DataKey
from verification.models import Account


class Assignment(models.Model):
    """That a handler has a matter, from when until when; one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="assignments")
    handler = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=16, choices=AssignmentEnd.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="assignment_one_at_a_time"
            ),
            models.CheckConstraint(
                name="assignment_ended_says_why",
                condition=Q(ended_at__isnull=True, ended_because="")
                | Q(ended_at__isnull=False, ended_because__in=AssignmentEnd.values),
            ),
        ]
        indexes = [
            models.Index(fields=["handler", "complaint"], condition=Q(ended_at__isnull=True), name="assignment_held")
        ]


class DeclaredInterest(models.Model):
    """That a handler has an interest in a matter or a party, and why (sealed): somebody else must handle it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="interests")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=16, choices=Interest.choices)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    reasons_sealed = models.BinaryField()
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="interest_known", condition=Q(about__in=Interest.values)),
            models.UniqueConstraint(fields=["complaint", "account", "about"], name="interest_declared_once"),
        ]


class InterestException(models.Model):
    """That an authorizer, with reasons, lets a handler act in one matter in spite of the interest that was declared."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="interest_exceptions")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="interest_exception_has_reasons", condition=~Q(reasons="")),
            models.CheckConstraint(name="interest_excepted_by_another", condition=~Q(made_by=models.F("account"))),
        ]
        indexes = [models.Index(fields=["complaint", "account"], name="interest_exception_by_matter")]


class UnreachedAside(models.Model):
    """That a handler, with reasons, put aside that mail to a party of a matter did not arrive, until one is lost again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="unreached_asides")
    reasons = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="unreached_aside_has_reasons", condition=~Q(reasons=""))]
        indexes = [models.Index(fields=["complaint", "made_at"], name="unreached_aside_by_matter")]
