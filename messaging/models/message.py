"""What was said."""

from django.db import models
from django.db.models import F, Q

from messaging.models.conversation import Conversation, Party
from messaging.rules import LONGEST_BODY


class Message(models.Model):
    """What was said. Rows are only added, by the one statement in storing.py, which proves sender and conversation.

    Two narrow indexes: the id, which follows from sender and client_id and so keeps a message from being stored twice,
    and conversation with seq, by which it is read. The statement joins both parents, and parents are never deleted, so
    the foreign keys have no triggers of their own: they would cost as much as the insert.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    sender = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="messages", db_index=False, db_constraint=False
    )
    client_id = models.UUIDField()
    body = models.TextField()
    attachments = models.JSONField(null=True)  # list of {id, name, media_type, size}; null for none
    quotes = models.UUIDField(null=True)  # another message of the same conversation
    digest = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_seq_once"),
            models.CheckConstraint(name="message_seq_counts_from_one", condition=Q(seq__gte=1)),
            models.CheckConstraint(
                name="message_says_something",
                condition=~Q(body="") | Q(attachments__isnull=False),
            ),
            models.CheckConstraint(name="message_quotes_another", condition=~Q(quotes=F("id"))),
            models.CheckConstraint(name="message_body_bounded", condition=Q(body__length__lte=LONGEST_BODY)),
        ]
