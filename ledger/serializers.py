"""The shapes of what the ledger's addresses are asked and answer."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.shapes import Shape, Text
from ledger import rules
from ledger.canonical import instant

if TYPE_CHECKING:
    from ledger.models import Entry


class EntriesQuery(Shape):
    """Whose entries: those of one subject, or (for auditors) of a whole provider."""

    subject = Text(max_length=120, required=False)
    provider = Text(max_length=64, required=False)
    cursor = Text(required=False)
    limit = Text(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse both and neither."""
        if ("subject" in attrs) == ("provider" in attrs):
            raise serializers.ValidationError({"subject": [_("Give a subject, or else a provider.")]}, code="required")
        return attrs


class ConsistencyQuery(Shape):
    """Between which sizes of the ledger."""

    first = serializers.IntegerField(min_value=1, max_value=rules.LARGEST_EXACT_INTEGER)
    second = serializers.IntegerField(min_value=1, max_value=rules.LARGEST_EXACT_INTEGER)


class EntryAnswer(serializers.Serializer[Any]):
    """An entry; `actor` says what kind of actor it was and never who, and so do the facts."""

    id = serializers.UUIDField()
    act = serializers.CharField()
    subject = serializers.CharField()
    provider = serializers.CharField(allow_blank=True)
    actor = serializers.CharField()
    at = serializers.DateTimeField()
    facts = serializers.DictField()


class InclusionAnswer(serializers.Serializer[Any]):
    """An RFC 9162 inclusion proof; hashes in base64, lowest sibling first; the checkpoint is a C2SP signed note."""

    index = serializers.IntegerField()
    tree_size = serializers.IntegerField()
    leaf_hash = serializers.CharField()
    hashes = serializers.ListField(child=serializers.CharField())
    checkpoint = serializers.CharField()


class ConsistencyAnswer(serializers.Serializer[Any]):
    """An RFC 9162 consistency proof; hashes in base64; the checkpoint is a C2SP signed note."""

    first = serializers.IntegerField()
    second = serializers.IntegerField()
    hashes = serializers.ListField(child=serializers.CharField())
    checkpoint = serializers.CharField()


def entry_answer(entry: "Entry") -> dict[str, Any]:
    """Return the entry as the API shows it: the same person can't be followed from matter to matter."""
    return {
        "id": str(entry.id),
        "act": entry.act,
        "subject": entry.subject,
        "provider": entry.provider,
        "actor": entry.actor.partition(":")[0],
        "at": instant(entry.at),
        "facts": entry.shown_facts,
    }
