"""What programs get."""

from typing import Any

from rest_framework import serializers

from messaging.serializers.reaching import ReachOutput


class ParticipantOutput(serializers.Serializer[Any]):
    """A party, as the others may know it."""

    id = serializers.UUIDField()
    side = serializers.CharField()
    display = serializers.CharField()
    read_seq = serializers.IntegerField()
    delivered_seq = serializers.IntegerField()
    left_at = serializers.DateTimeField(allow_null=True, help_text="Only the provider's staff leaves.")


class ConversationOutput(serializers.Serializer[Any]):
    """A conversation, as one of its parties sees it."""

    id = serializers.UUIDField()
    provider = serializers.CharField()
    subject = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    participants = ParticipantOutput(many=True)
    me = serializers.UUIDField()
    uploader = ReachOutput()
    last_seq = serializers.IntegerField()
    unread = serializers.IntegerField()
    muted = serializers.BooleanField()
    may_write = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class AttachmentOutput(serializers.Serializer[Any]):
    """A file sent with a message, under a name that says nothing of its sender."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()


class MessageOutput(serializers.Serializer[Any]):
    """A stored message, as it is now; a withdrawn one has neither text nor files nor quotation."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    seq = serializers.IntegerField()
    sender = serializers.UUIDField()
    body = serializers.CharField()
    attachments = AttachmentOutput(many=True)
    sent_at = serializers.DateTimeField()
    quotes = serializers.UUIDField(required=False, help_text="The message that it quotes; only if it does.")
    edited_at = serializers.DateTimeField(required=False, help_text="Only if it was edited.")
    withdrawn_at = serializers.DateTimeField(required=False, help_text="Only if it was withdrawn.")


class PreferencesOutput(serializers.Serializer[Any]):
    """What the caller's sockets show of it, and how it is told by mail: ``soon``, ``daily`` or ``never``."""

    shows_presence = serializers.BooleanField()
    shows_typing = serializers.BooleanField()
    notify = serializers.CharField()


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
