"""Shapes of what programs send about conversations."""

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


class ReadInput(Shape):
    """Up to which number the reader has read."""

    seq = serializers.IntegerField(min_value=0, max_value=rules.HIGHEST_SEQ)


class ParticipantOutput(serializers.Serializer[Any]):
    """A party, as the others may know it."""

    id = serializers.UUIDField()
    side = serializers.CharField()
    display = serializers.CharField()
    read_seq = serializers.IntegerField()


class ConversationOutput(serializers.Serializer[Any]):
    """A conversation, as one of its parties sees it."""

    id = serializers.UUIDField()
    provider = serializers.CharField()
    subject = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    participants = ParticipantOutput(many=True)
    me = serializers.UUIDField()
    last_seq = serializers.IntegerField()
    unread = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class AttachmentOutput(serializers.Serializer[Any]):
    """A file sent with a message, under a name that says nothing of its sender."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()


class MessageOutput(serializers.Serializer[Any]):
    """A stored message."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    seq = serializers.IntegerField()
    sender = serializers.UUIDField()
    body = serializers.CharField()
    attachments = AttachmentOutput(many=True)
    sent_at = serializers.DateTimeField()


class MessagesOutput(serializers.Serializer[Any]):
    """Messages in their order; ``next`` is the address of those after them."""

    results = MessageOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ConversationsOutput(serializers.Serializer[Any]):
    """Conversations, newest first."""

    results = ConversationOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class AckOutput(serializers.Serializer[Any]):
    """What the socket's ``ack`` says."""

    id = serializers.UUIDField()
    client_id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    seq = serializers.IntegerField()
    sent_at = serializers.DateTimeField()
