"""Answers by mail: the addresses to which they go, what became of each, and how far the mailbox was read."""

from django.db import models
from django.db.models import F, Q

from core.ids import uuid7
from core.models import DataKey
from messaging.models.conversation import Party
from messaging.rules import ReplyState, Why


class ReplyAddress(models.Model):
    """An address of ours that stands for one party in one conversation, for a while or until it is revoked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "reply addresses"
        constraints = [
            models.CheckConstraint(name="reply_address_expires_later", condition=Q(expires_at__gt=F("made_at")))
        ]
        indexes = [models.Index(fields=["expires_at"], name="reply_address_by_end")]


class MailedReply(models.Model):
    """A mail that answered a conversation, once by the mail's own number; what it said is sealed and goes with the row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    client_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=ReplyState.choices)
    why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    # JSON {said, left_out, files: [ids], missed: number}; of a mail that somebody else may have written nothing is kept.
    data_key = models.ForeignKey(DataKey, null=True, on_delete=models.PROTECT, related_name="+")
    content_sealed = models.BinaryField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "mailed replies"
        constraints = [
            models.UniqueConstraint(fields=["party", "client_id"], name="mailed_reply_once"),
            models.CheckConstraint(
                name="mailed_reply_says_why",
                condition=Q(state=ReplyState.REFUSED, why__in=Why.values)
                | Q(state=ReplyState.HELD, why__in=Why.values, content_sealed__isnull=False)
                | Q(state__in=(ReplyState.POSTED, ReplyState.DROPPED)),
            ),
            models.CheckConstraint(
                name="mailed_reply_sealed_with_key",
                condition=Q(data_key__isnull=True, content_sealed__isnull=True)
                | Q(data_key__isnull=False, content_sealed__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["received_at"], name="mailed_reply_by_age")]


class ReplyBox(models.Model):
    """How far the portal's mailbox for answers was read; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    next_try_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "reply boxes"
        constraints = [models.CheckConstraint(name="reply_box_is_one", condition=Q(id=1))]
