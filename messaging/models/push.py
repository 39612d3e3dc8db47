"""Browsers that want to be told by push, and what each was told."""

from django.db import models
from django.db.models import Q

from core.ids import uuid7
from core.models import DataKey
from messaging.models.conversation import Party
from verification.models import Account


class PushSubscription(models.Model):
    """A browser of an account; its address at its push service and its keys are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    endpoint_index = models.BinaryField(max_length=32)  # keyed, so that a browser that subscribes again is known
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    content_sealed = models.BinaryField()  # JSON {endpoint, browser_key, secret}
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint_index"], name="push_subscription_once")]


class PushNotice(models.Model):
    """That a browser is to be told of a conversation, or was; ``due_at`` is empty while nothing is to be told."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="notices")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    pushed_at = models.DateTimeField(null=True)
    pushed_seq = models.BigIntegerField(default=0)  # the last message that there was then
    pushed_news = models.BigIntegerField(default=0, db_default=0)  # the last of what happened besides

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "party"], name="push_notice_once"),
            models.CheckConstraint(
                name="push_notice_pushed_has_time",
                condition=Q(pushed_seq=0, pushed_news=0) | Q(pushed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="push_notice_due")]
