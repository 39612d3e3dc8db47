"""What a provider publishes of its complaint channel: each version is a row, and the newest is the one in force."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from verification.models import Account, Organisation


class ContactPoint(models.Model):
    """Where a provider can be reached about complaints, as it published it; open to everybody on purpose."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contact_points")
    name = models.CharField(max_length=200)
    contact_person = models.CharField(max_length=200, blank=True)
    postal_address = models.CharField(max_length=500)
    email = models.EmailField()
    phone = models.CharField(max_length=60, blank=True)
    # The agent designated to receive notices, with its entry in the register, where a law knows such a one.
    agent = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_point_can_be_reached", condition=~Q(name="") & ~Q(postal_address="") & ~Q(email="")
            )
        ]
        indexes = [models.Index(fields=["provider", "-id"], name="contact_point_by_provider")]
