"""What programs send."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from core.shapes import Shape, Text
from messaging import rules, subjects


class OpenInput(Shape):
    """What a conversation is to be opened on: one of the registered subjects."""

    provider = Text(required=False, max_length=40)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the fields: the provider, and each subject that an app has registered."""
        fields = super().get_fields()
        for key in subjects.known():
            fields[key] = Text(required=False, max_length=120)
        return fields


class ClientId(serializers.UUIDField):
    """The client's id of a message: a UUID written out, which a number is not."""

    def to_internal_value(self, data: Any) -> UUID:
        """Return the UUID that the text writes."""
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class MessageInput(Shape):
    """A message, as the socket's ``send`` takes it."""

    client_id = ClientId()
    body = Text(
        lines=True, required=False, allow_blank=True, default="", max_length=rules.LONGEST_BODY, trim_whitespace=False
    )
    attachments = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, allow_null=True, max_length=rules.MOST_ATTACHMENTS
    )
    quotes = ClientId(required=False, allow_null=True, default=None)


class RevisionInput(Shape):
    """What a message is to say instead."""

    body = Text(lines=True, max_length=rules.LONGEST_BODY, trim_whitespace=False)


class PreferencesInput(Shape):
    """What one's sockets show of oneself; what is not given stays as it is."""

    shows_presence = serializers.BooleanField(required=False)
    shows_typing = serializers.BooleanField(required=False)
    notify = serializers.ChoiceField(
        rules.Notify.choices, required=False, help_text="How it is told by mail of messages that it has not read."
    )


class ReadInput(Shape):
    """Up to which message, and which number of what happened besides, the reader has read."""

    seq = serializers.IntegerField(min_value=0, max_value=rules.HIGHEST_SEQ)
    event = serializers.IntegerField(
        min_value=0, max_value=rules.HIGHEST_SEQ, required=False, allow_null=True, default=None
    )
