"""What became of a message after it was said."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from messaging.models.message import Message
from messaging.rules import LONGEST_BODY, RevisionKind


class Revision(models.Model):
    """A change of a message, whose own row stays as it was; the last one says what the message is now.

    Rows are only added. ``digest`` is that of what the message says from then on, with its files and its quotation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RevisionKind.choices)
    body = models.TextField(blank=True)
    is_forgotten = models.BooleanField(default=False)  # its text was erased with the conversation's, at its time
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="revision_number_once"),
            models.CheckConstraint(name="revision_number_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="revision_kind_known", condition=Q(kind__in=RevisionKind.values)),
            models.CheckConstraint(
                name="revision_says_something_or_nothing",
                condition=Q(kind=RevisionKind.EDITED, is_forgotten=False) & ~Q(body="")
                | Q(kind=RevisionKind.EDITED, is_forgotten=True, body="")
                | Q(kind=RevisionKind.WITHDRAWN, body=""),
            ),
            models.CheckConstraint(name="revision_body_bounded", condition=Q(body__length__lte=LONGEST_BODY)),
            models.UniqueConstraint(
                fields=["message"], condition=Q(kind=RevisionKind.WITHDRAWN), name="revision_withdrawn_once"
            ),
        ]
