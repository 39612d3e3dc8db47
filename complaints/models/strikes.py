"""What counts against somebody: strikes for matters that are final, and findings that a notice was a misuse."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from complaints.models.policies import Policy
from complaints.rules import PARTIES, Side
from complaints.rules.policies import MISUSES, STRIKE_KINDS, StrikeKind
from core.ids import uuid7
from hosting.models import Subscriber
from verification.models import Account, Organisation

# The beginnings of ``holder``: a subscriber, an account, or a guest by the blind index of a confirmed address.
OF_SUBSCRIBER, OF_ACCOUNT, OF_ADDRESS = "subscriber:", "account:", "address:"


def holder_is_one(name: str) -> models.CheckConstraint:
    """Return the constraint that a holder is exactly one subscriber, account or address, on the side that it can be."""
    return models.CheckConstraint(
        name=name,
        condition=Q(side=Side.UPLOADER, holder__startswith=OF_SUBSCRIBER, subscriber__isnull=False)
        | Q(side=Side.COMPLAINANT, subscriber__isnull=True)
        & (Q(holder__startswith=OF_ACCOUNT) | Q(holder__startswith=OF_ADDRESS)),
    )


class Held(models.Model):
    """What strikes and restrictions have in common: at which provider, on which side, against whom."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=16, choices=[(side.value, side.label) for side in PARTIES])
    holder = models.CharField(max_length=80)
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.PROTECT, related_name="+")
    # The version of the policy: empty for the house's own, whose name stands beside it.
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="+")
    policy_version = models.CharField(max_length=20)

    class Meta:
        abstract = True


class Strike(Held):
    """That a final matter counts against somebody; one for each matter. It rests while the matter is not final."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="strikes")
    kind = models.CharField(max_length=24, choices=StrikeKind.choices)
    # The provider's local day of the notice, and the content that it was about: so that nothing counts twice.
    noticed_on = models.DateField()
    content = ArrayField(models.UUIDField(), default=list)
    counted_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_because = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "complaint"], name="strike_once"),
            holder_is_one("strike_holder_is_one"),
            models.CheckConstraint(
                name="strike_kind_of_its_side",
                condition=Q(side=Side.UPLOADER, kind__in=STRIKE_KINDS[Side.UPLOADER])
                | Q(side=Side.COMPLAINANT, kind__in=STRIKE_KINDS[Side.COMPLAINANT]),
            ),
            models.CheckConstraint(
                name="strike_taken_back_says_why",
                condition=Q(taken_back_at__isnull=True, taken_back_because="")
                | Q(taken_back_at__isnull=False) & ~Q(taken_back_because=""),
            ),
        ]
        indexes = [models.Index(fields=["provider", "holder", "counted_at"], name="strike_by_holder")]


class Finding(models.Model):
    """A handler's finding that a notice was a misuse, with reasons; until it ended with the decision it rests on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.label) for kind in MISUSES])
    reasons = models.TextField()
    found_at = models.DateTimeField()
    found_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="finding_kind_known", condition=Q(kind__in=MISUSES)),
            models.CheckConstraint(name="finding_has_reasons", condition=~Q(reasons="")),
            models.UniqueConstraint(fields=["complaint"], condition=Q(ended_at__isnull=True), name="finding_one"),
        ]
