"""Subscriptions of browsers to push, as the Push API writes them."""

from typing import Any

from rest_framework import serializers

from core.shapes import Shape, Text
from messaging import rules


class PushKeysInput(Shape):
    """The browser's keys."""

    p256dh = Text(max_length=100)
    auth = Text(max_length=40)


class PushInput(Shape):
    """A subscription, as ``PushSubscription.toJSON()`` gives it."""

    endpoint = Text(max_length=rules.LONGEST_ENDPOINT)
    expirationTime = serializers.IntegerField(required=False, allow_null=True)  # noqa: N815 - the browser's word
    keys = PushKeysInput()


class PushRemovalInput(Shape):
    """Which browser."""

    endpoint = Text(max_length=rules.LONGEST_ENDPOINT)


class PushOutput(serializers.Serializer[Any]):
    """With which key a browser subscribes, and how many of the account have."""

    public_key = serializers.CharField(help_text="Base64url; empty where this portal does not push.")
    browsers = serializers.IntegerField()
