"""Where a provider's letters are fetched from."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from core.models import DataKey
from verification.models import Account, Organisation


class Mailbox(models.Model):
    """A provider's mailbox, one for each: where it is, who signs in there (sealed), how far it was read, how it went."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="mailbox")
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=300)
    user_sealed = models.BinaryField()
    password_sealed = models.BinaryField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    next_try_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=40, blank=True)
    failing_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mailbox_failing_since_its_failure",
                condition=Q(failure="", failing_since__isnull=True, failures=0)
                | (~Q(failure="") & Q(failing_since__isnull=False, failures__gt=0)),
            )
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(ended_at__isnull=True), name="mailbox_due")]
