"""Whom a provider knows as a trusted flagger: an organisation, or the account that filed a notice there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from complaints.models.complaint import Complaint
from core.ids import uuid7
from verification.models import Account, Organisation


class TrustedFlagger(models.Model):
    """That an authority awarded somebody the status of a trusted flagger: who awarded it, for what, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="trusted_flaggers")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    # An account is named by a notice that it filed, so that nobody can ask here who has one.
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Complaint, null=True, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=300)
    areas = ArrayField(models.CharField(max_length=200), default=list)
    since_on = models.DateField()
    until_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField(null=True)
    suspended_because = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="flagger_is_one_holder",
                condition=Q(organisation__isnull=False, account__isnull=True, named_by__isnull=True)
                | Q(organisation__isnull=True, account__isnull=False, named_by__isnull=False),
            ),
            models.CheckConstraint(name="flagger_was_awarded_by_somebody", condition=~Q(authority="")),
            models.CheckConstraint(
                name="flagger_ends_after_it_began", condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on"))
            ),
            models.CheckConstraint(
                name="flagger_suspended_says_why",
                condition=Q(suspended_at__isnull=True, suspended_because="")
                | Q(suspended_at__isnull=False) & ~Q(suspended_because=""),
            ),
            models.UniqueConstraint(
                fields=["provider", "organisation", "account"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="flagger_recorded_once",
            ),
        ]
