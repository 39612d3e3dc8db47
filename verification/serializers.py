"""The shape of what programs give and get about accounts, identities, rules and files."""

from typing import Any

import phonenumbers
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core import files
from core.renditions import OthersGet
from core.shapes import LONG_TEXT, Shape, Text
from verification import rules
from verification.rules import Decision, DocumentType, IdentityKind, Level


class Country(Text):
    """A country by its two letters (ISO 3166-1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 2, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        """Return the two letters, if there is such a country."""
        code = super().to_internal_value(data)
        if code not in phonenumbers.SUPPORTED_REGIONS:
            raise serializers.ValidationError(
                _("Give the country by its two capital letters, as in CN."), code="country"
            )
        return code


class DocumentInput(Shape):
    """The document that proves an identity."""

    type = serializers.ChoiceField(choices=DocumentType.choices)
    number = Text(max_length=rules.LONGEST_DOCUMENT_NUMBER)
    country = Country()
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)


class AddressInput(Shape):
    """A postal address as it is written in its country."""

    country = Country()
    lines = serializers.ListField(child=Text(), min_length=1, max_length=rules.MOST_ADDRESS_LINES)
    postal_code = Text(max_length=20, required=False, allow_blank=True, default="")
    locality = Text(max_length=120, required=False, allow_blank=True, default="")


class IdentityInput(Shape):
    """What somebody hands in to be identified by."""

    kind = serializers.ChoiceField(choices=IdentityKind.choices)
    legal_name = Text(max_length=200)
    document = DocumentInput()
    postal_address = AddressInput()
    phone = Text(max_length=40)
    documents = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=rules.MOST_DOCUMENTS
    )
    provider = Text(max_length=40)


class ReviewInput(Shape):
    """A reviewer's decision."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    level = serializers.ChoiceField(
        choices=Level.choices, required=False, allow_blank=True, allow_null=True, default=""
    )
    method = Text(max_length=200, required=False, allow_blank=True, allow_null=True, default="")
    evidence = Text(max_length=500, required=False, allow_blank=True, allow_null=True, default="")
    reasons = Text(lines=True, max_length=LONG_TEXT, required=False, allow_blank=True, allow_null=True, default="")


class NothingInput(Shape):
    """An act that needs no input."""


class FileInput(serializers.Serializer[Any]):
    """A file, as multipart/form-data."""

    file = serializers.FileField()


class FileShown(serializers.Serializer[Any]):
    """A stored file."""

    id = serializers.UUIDField()
    name = serializers.SerializerMethodField()
    size = serializers.IntegerField(source="size_bytes")
    sha256 = serializers.SerializerMethodField()
    media_type = serializers.CharField()
    state = serializers.CharField()

    def get_name(self, file: Any) -> str:
        """Return the cleaned name."""
        return files.name_of(file)

    def get_sha256(self, file: Any) -> str:
        """Return the digest of the bytes that were handed in."""
        return files.sha256_of(file)


class ForOthersShown(serializers.Serializer[Any]):
    """What others than its owner get of a file."""

    others_get = serializers.ChoiceField(
        choices=[str(one) for one in OthersGet],
        help_text="Without what it says about its maker; the same, as there is nothing to take out; as it is, though that"
        " may say who its sender is; or nothing, until its sender passes it on as it is.",
    )


class UploadShown(serializers.Serializer[Any]):
    """A file that is being handed in, in pieces."""

    id = serializers.UUIDField()
    size = serializers.IntegerField(source="size_bytes")
    received = serializers.IntegerField(source="received_bytes")
    expires_at = serializers.DateTimeField()
    file = FileShown(allow_null=True)


class DocumentShown(serializers.Serializer[Any]):
    """What is told of a document: not its number."""

    type = serializers.CharField(source="document_type")
    country = serializers.CharField(source="document_country")
    expires_on = serializers.DateField(source="document_expires_on", allow_null=True)


class IdentityShown(serializers.Serializer[Any]):
    """An identity without anything that was sealed."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    kind = serializers.CharField()
    provider = serializers.CharField(source="provider.code")
    document = DocumentShown(source="*")
    submitted_at = serializers.DateTimeField()
    reviewed_at = serializers.DateTimeField(allow_null=True)
    level = serializers.CharField()
    method = serializers.CharField()
    evidence = serializers.CharField()
    reasons = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class ForReview(IdentityShown):
    """An identity as its reviewer sees it: the files, and whether somebody else has the same document or name."""

    documents = FileShown(many=True)
    others_with = serializers.DictField(child=serializers.IntegerField())


class Opened(serializers.Serializer[Any]):
    """What was submitted, masked: enough to compare with a document, too little to copy."""

    legal_name = serializers.CharField()
    document_number = serializers.CharField()
    postal_address = serializers.CharField()
    phone = serializers.CharField()


class OpeningShown(serializers.Serializer[Any]):
    """That somebody opened data: what of it, in which role, why and when."""

    at = serializers.DateTimeField()
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]  # the contract's word
    by = serializers.CharField()
    purpose = serializers.CharField()


class MembershipShown(serializers.Serializer[Any]):
    """A role, in an organisation or for oneself."""

    organisation = serializers.CharField(source="organisation.code", allow_null=True, default=None)
    role = serializers.CharField()


class AcceptanceShown(serializers.Serializer[Any]):
    """That one version of a provider's rules was accepted."""

    provider = serializers.CharField(source="rules.provider.code")
    version = serializers.CharField(source="rules.version")
    accepted_at = serializers.DateTimeField()


class StandingShown(serializers.Serializer[Any]):
    """Where the account's identity stands; ``state`` is null while none was submitted."""

    state = serializers.CharField(allow_null=True)
    level = serializers.CharField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class Me(serializers.Serializer[Any]):
    """The signed-in account."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    roles = MembershipShown(many=True)
    identity = StandingShown()
    rules = AcceptanceShown(many=True)


class RulesShown(serializers.Serializer[Any]):
    """One version of a provider's service rules."""

    id = serializers.UUIDField()
    provider = serializers.CharField(source="provider.code")
    version = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    published_at = serializers.DateTimeField()
    effective_at = serializers.DateTimeField()


def masked(text: str) -> str:
    """Return the text with all but its first and its last characters hidden: at most a fifth at either end."""
    shown = min(len(text) // 5, 3)
    return text[:shown] + "•" * (len(text) - 2 * shown) + (text[len(text) - shown :] if shown else "")
