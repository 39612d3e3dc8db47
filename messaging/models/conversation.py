"""A conversation and the places in it."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from core.ids import uuid7
from hosting.models import Subscriber
from messaging.rules import HIGHEST_SEQ, LONGEST_TITLE, Side, State
from verification.models import Account, Organisation

# So that a constraint can speak of the length of a text.
models.TextField.register_lookup(Length)
SALT_BYTES = 32


def new_salt() -> bytes:
    """Return what makes the digests of a conversation's messages impossible to guess."""
    return secrets.token_bytes(SALT_BYTES)


class Conversation(models.Model):
    """A rights holder and an uploader talking about one subject; ``last_seq`` numbers its messages under its lock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="conversations")
    subject = models.CharField(max_length=80)
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    rights_holder = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    last_seq = models.BigIntegerField(default=0)
    last_event = models.BigIntegerField(default=0)
    last_news = models.BigIntegerField(default=0, db_default=0)  # the last event that the others are to hear of
    # How far the ledger's entries reach. Whether something is uncovered is a column of its own, because an index on
    # last_seq would make each message write to it: this one changes once a minute at most.
    covered_seq = models.BigIntegerField(default=0)
    is_covered = models.BooleanField(default=True)
    salt = models.BinaryField(default=new_salt, max_length=SALT_BYTES)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # when what was said was erased

    class Meta:
        constraints = [
            models.CheckConstraint(name="conversation_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="conversation_closed_has_time",
                condition=Q(state=State.OPEN, closed_at__isnull=True) | Q(state=State.CLOSED, closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="conversation_covered_in_range",
                condition=Q(covered_seq__gte=0, covered_seq__lte=F("last_seq"), last_seq__lte=HIGHEST_SEQ),
            ),
            models.CheckConstraint(
                name="conversation_covered_to_the_end", condition=Q(is_covered=False) | Q(covered_seq=F("last_seq"))
            ),
            models.CheckConstraint(
                name="conversation_forgotten_was_closed", condition=Q(forgotten_at__isnull=True) | Q(state=State.CLOSED)
            ),
            models.CheckConstraint(name="conversation_events_counted_up", condition=Q(last_event__gte=0)),
            models.CheckConstraint(
                name="conversation_news_in_range", condition=Q(last_news__gte=0, last_news__lte=F("last_event"))
            ),
            models.UniqueConstraint(
                fields=["subject", "rights_holder"], condition=Q(state=State.OPEN), name="conversation_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(is_covered=False), name="conversation_uncovered"),
            models.Index(fields=["subject"], name="conversation_by_subject"),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False, forgotten_at__isnull=True),
                name="conversation_to_forget",
            ),
        ]

    @property
    def ledger_reference(self) -> str:
        """Return the reference by which the ledger knows this conversation."""
        return f"conversation:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Say whether it can be written in."""
        return self.state == State.OPEN


class Party(models.Model):
    """Somebody's place in a conversation: an account, or a subscriber whose account is the one that claimed it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="parties")
    side = models.CharField(max_length=20, choices=Side.choices)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # A name that means nothing; empty where the side alone says enough.
    pseudonym = models.CharField(max_length=40, blank=True)
    read_seq = models.BigIntegerField(default=0)
    delivered_seq = models.BigIntegerField(default=0)
    told_seq = models.BigIntegerField(default=0)  # up to where it was told by mail that something waits
    read_news = models.BigIntegerField(default=0, db_default=0)  # the same two of what happened besides messages
    told_news = models.BigIntegerField(default=0, db_default=0)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    silenced_at = models.DateTimeField(null=True)  # since when it may read and not write
    muted_at = models.DateTimeField(null=True)  # since when it wants no notice of this conversation

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(name="party_side_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(
                name="party_is_somebody",
                condition=Q(account__isnull=False, subscriber__isnull=True)
                | Q(account__isnull=True, subscriber__isnull=False, side=Side.UPLOADER),
            ),
            models.CheckConstraint(name="party_read_in_range", condition=Q(read_seq__gte=0)),
            models.CheckConstraint(name="party_delivered_in_range", condition=Q(delivered_seq__gte=0)),
            models.CheckConstraint(name="party_told_in_range", condition=Q(told_seq__gte=0)),
            models.CheckConstraint(name="party_news_in_range", condition=Q(read_news__gte=0, told_news__gte=0)),
            models.CheckConstraint(
                name="party_only_staff_leaves", condition=Q(left_at__isnull=True) | Q(side=Side.STAFF)
            ),
            models.UniqueConstraint(fields=["conversation", "account"], name="party_account_once"),
            models.UniqueConstraint(fields=["conversation", "subscriber"], name="party_subscriber_once"),
        ]
        # Somebody's places in the order of their conversations: a page of a list is read from its first row on.
        indexes = [
            models.Index(fields=["account", "conversation"], name="party_of_account"),
            models.Index(fields=["subscriber", "conversation"], name="party_of_subscriber"),
        ]

    @property
    def ledger_reference(self) -> str:
        """Return the reference by which the ledger knows this party where it acts: in one conversation, and no other.

        So a transcript, which holds entries as they are, lets nobody follow an account from matter to matter.
        """
        return f"party:{self.pk}"

    @property
    def display(self) -> str:
        """Return what the others see of this party: a pseudonym or its side, never who it is."""
        return self.pseudonym or str(Side(self.side).label)
