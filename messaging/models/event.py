"""What happened in a conversation besides messages."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from messaging.models.conversation import Conversation, Party
from messaging.rules import EventKind


class Event(models.Model):
    """Something that happened, numbered 1, 2, 3 … in its conversation; ``data`` holds references and states only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="events", db_index=False)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=30, choices=EventKind.choices)
    # Whose act it was; none where the portal acted or somebody who takes no part.
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    data = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="event_number_once"),
            models.CheckConstraint(name="event_number_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="event_kind_known", condition=Q(kind__in=EventKind.values)),
        ]
