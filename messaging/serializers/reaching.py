"""Shapes of what is told about uploaders who are not here yet."""

from typing import Any

from rest_framework import serializers

from core.shapes import Shape
from messaging.rules import Reach


class CallAgainInput(Shape):
    """An act that needs no words."""


class ReachOutput(serializers.Serializer[Any]):
    """How far the uploader is reached, as everybody in the conversation may know it."""

    state = serializers.ChoiceField(choices=Reach.choices)
    told_at = serializers.DateTimeField(allow_null=True)


class CallOutput(serializers.Serializer[Any]):
    """The newest call of an uploader, as the provider sees it."""

    conversation = serializers.UUIDField()
    subscriber = serializers.CharField()
    title = serializers.CharField()
    calls = serializers.IntegerField()
    called_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField(allow_null=True)
    mail = serializers.CharField()
    service = serializers.CharField()


class UnreachedOutput(serializers.Serializer[Any]):
    """A page of calls."""

    results = CallOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class CalledOutput(serializers.Serializer[Any]):
    """A call that was just made."""

    calls = serializers.IntegerField()
    called_at = serializers.DateTimeField()
