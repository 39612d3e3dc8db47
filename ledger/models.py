"""The tables of the record. The first four are only ever added to; triggers in the migrations refuse the rest."""

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Func, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, LessThanOrEqual

from core.ids import uuid7
from ledger import rules
from ledger.canonical import EntryRow, SealRow


def _bytes_in(field: str) -> Func:
    return Func(F(field), function="octet_length", output_field=models.IntegerField())


def _has_bytes(field: str, length: int) -> Exact:
    return Exact(_bytes_in(field), length)


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shown(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shown(inner) for inner in value]
    return "account" if isinstance(value, str) and value.startswith("account:") else value


class Entry(models.Model):
    """One recorded act. Made by `acts.record` and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    act = models.CharField(max_length=122)
    subject = models.CharField(max_length=120)
    provider = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()
    # Text, not jsonb: what was signed is kept byte for byte.
    facts_text = models.TextField(db_column="facts")
    key_id = models.CharField(max_length=8)
    signature = models.BinaryField()

    class Meta:
        verbose_name_plural = "entries"
        constraints = (
            models.CheckConstraint(name="entry_act", condition=Q(act__regex=rules.ACT_PATTERN)),
            models.CheckConstraint(name="entry_subject", condition=Q(subject__regex=rules.REFERENCE_PATTERN)),
            models.CheckConstraint(name="entry_provider", condition=Q(provider__regex=rules.PROVIDER_PATTERN)),
            models.CheckConstraint(name="entry_actor", condition=Q(actor__regex=rules.REFERENCE_PATTERN)),
            models.CheckConstraint(name="entry_key_id", condition=Q(key_id__regex=rules.KEY_ID_PATTERN)),
            models.CheckConstraint(name="entry_signature", condition=_has_bytes("signature", rules.SIGNATURE_BYTES)),
            models.CheckConstraint(
                name="entry_facts_size", condition=LessThanOrEqual(_bytes_in("facts_text"), rules.FACTS_MAX_BYTES)
            ),
            models.CheckConstraint(
                name="entry_facts_object",
                condition=Exact(
                    Func(Cast("facts_text", models.JSONField()), function="jsonb_typeof", output_field=TextField()),
                    "object",
                ),
            ),
        )
        indexes = (
            models.Index(fields=["subject", "id"], name="entry_by_subject"),
            models.Index(fields=["provider", "id"], name="entry_by_provider"),
        )

    def __str__(self) -> str:
        """Return act and subject."""
        return f"{self.act} {self.subject}"

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The facts as they were recorded; changing the dict changes nothing in the ledger."""
        found: dict[str, Any] = json.loads(self.facts_text)
        return found

    @property
    def shown_facts(self) -> dict[str, Any]:
        """The facts as readers get them: an account is said to be one and never which, as the actor is."""
        return {name: _shown(value) for name, value in self.facts.items()}

    @property
    def row(self) -> EntryRow:
        """The columns, for signing and hashing."""
        return EntryRow(
            self.id, self.act, self.subject, self.provider, self.actor, self.at, self.facts_text, self.key_id,
            bytes(self.signature),
        )  # fmt: skip


class Leaf(models.Model):
    """The place that the sealer gave to an entry in the Merkle tree."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="leaf")
    leaf_hash = models.BinaryField()

    class Meta:
        verbose_name_plural = "leaves"
        constraints = (
            models.CheckConstraint(name="leaf_index", condition=Q(index__gte=0)),
            models.CheckConstraint(name="leaf_hash", condition=_has_bytes("leaf_hash", rules.HASH_BYTES)),
        )

    def __str__(self) -> str:
        """Return the index."""
        return str(self.index)


class Node(models.Model):
    """The root of a complete subtree of 256, 65,536, … leaves, so that proofs read little."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="node_level", condition=Q(level__in=rules.STORED_LEVELS)),
            models.CheckConstraint(name="node_index", condition=Q(index__gte=0)),
            models.CheckConstraint(name="node_hash", condition=_has_bytes("hash", rules.HASH_BYTES)),
        )

    def __str__(self) -> str:
        """Return level and index."""
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """A signed note about the tree, linked to the one before so that none can be taken out."""

    tree_size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()
    # The SHA-256 of the row before, as canonical.seal_link_bytes writes it; of nothing for the first.
    previous = models.BinaryField()
    key_id = models.CharField(max_length=8)
    signature = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="checkpoint_tree_size", condition=Q(tree_size__gte=0)),
            models.CheckConstraint(name="checkpoint_root", condition=_has_bytes("root", rules.HASH_BYTES)),
            models.CheckConstraint(name="checkpoint_previous", condition=_has_bytes("previous", rules.HASH_BYTES)),
            models.CheckConstraint(name="checkpoint_note", condition=Q(note__endswith="\n")),
            models.CheckConstraint(name="checkpoint_key_id", condition=Q(key_id__regex=rules.KEY_ID_PATTERN)),
            models.CheckConstraint(
                name="checkpoint_signature", condition=_has_bytes("signature", rules.SIGNATURE_BYTES)
            ),
        )

    def __str__(self) -> str:
        """Return the size."""
        return str(self.tree_size)

    @property
    def row(self) -> SealRow:
        """The columns, for signing and linking."""
        return SealRow(
            self.tree_size, bytes(self.root), self.note, self.at, bytes(self.previous), self.key_id,
            bytes(self.signature),
        )  # fmt: skip


class Pending(models.Model):
    """An entry that waits for the sealer; a trigger puts it here. Its id is a sequence: causes come before effects."""

    id = models.BigAutoField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="pending")
    # Set by the sealer when the portal's key did not sign the entry; it is never sealed and verify_ledger names it.
    refused_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "pending"

    def __str__(self) -> str:
        """Return the place in the queue."""
        return str(self.id)


class Follower(models.Model):
    """How far a follower has come: the index of the next leaf that it will look at."""

    name = models.CharField(primary_key=True, max_length=120)
    position = models.BigIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(name="follower_position", condition=Q(position__gte=0)),)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class FollowerFailure(models.Model):
    """An entry that a follower failed at, or that waits behind such a one of the same subject (no attempts yet)."""

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="failures", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    index = models.BigIntegerField()
    subject = models.CharField(max_length=120)
    attempts = models.IntegerField()
    next_try_at = models.DateTimeField()
    # The class of the error and nothing of its text, which could hold anything.
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="failure_once", fields=["follower", "index"]),
            models.CheckConstraint(name="failure_attempts", condition=Q(attempts__gte=0)),
            models.CheckConstraint(
                name="failure_error_named", condition=Q(attempts=0, error="") | (Q(attempts__gt=0) & ~Q(error=""))
            ),
        )
        indexes = (models.Index(fields=["follower", "subject", "index"], name="failure_by_subject"),)

    def __str__(self) -> str:
        """Return follower and leaf index."""
        return f"{self.follower_id} {self.index}"
