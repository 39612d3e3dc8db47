"""How an uploader without an account was called to a conversation."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from hosting.models import ClaimLink, Subscriber
from messaging.models.conversation import Conversation


class Call(models.Model):
    """One call of an uploader who is not here yet, planned and then made: by mail, by the provider's service, or both.

    What became of each way stands where mails and webhooks are kept; ``by_mail`` and ``by_service`` say how it was tried,
    ``told_at`` since when a way is known to have worked. It is watched until ``ended_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="calls", db_index=False)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="calls")
    number = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    link = models.ForeignKey(ClaimLink, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The secret of the link, until both ways have it.
    secret_sealed = models.TextField(blank=True)
    by_mail = models.BooleanField(null=True)
    by_service = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="call_number_once"),
            models.CheckConstraint(name="call_number_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="call_made_has_link",
                condition=Q(called_at__isnull=True, link__isnull=True) | Q(called_at__isnull=False, link__isnull=False),
            ),
            models.CheckConstraint(
                name="call_told_was_made", condition=Q(told_at__isnull=True) | Q(called_at__isnull=False)
            ),
            models.CheckConstraint(
                name="call_ways_known_together",
                condition=Q(by_mail__isnull=True, by_service__isnull=True)
                | Q(by_mail__isnull=False, by_service__isnull=False, called_at__isnull=False, secret_sealed=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(called_at__isnull=True, ended_at__isnull=True), name="call_due"
            ),
            models.Index(
                fields=["called_at"], condition=Q(called_at__isnull=False, ended_at__isnull=True), name="call_watched"
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        """Say whether it is planned and not made yet."""
        return self.called_at is None and self.ended_at is None
