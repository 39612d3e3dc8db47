"""Shapes of reports, decisions, blocks, holds and hints."""

from typing import Any

from rest_framework import serializers

from core.shapes import Shape, Text
from messaging import rules
from messaging.rules import ReportCategory, ReportMeasure, ReportState


class ReportInput(Shape):
    """A report of a message to the provider."""

    message = serializers.UUIDField()
    category = serializers.ChoiceField(choices=ReportCategory.choices)
    reasons = Text(lines=True, required=False, allow_blank=True, default="", max_length=rules.LONGEST_WHY)


class ReportDecisionInput(Shape):
    """What a handler decides on a report."""

    decision = serializers.ChoiceField(choices=(ReportState.UPHELD, ReportState.DISMISSED))
    measure = serializers.ChoiceField(choices=ReportMeasure.choices, required=False, default=ReportMeasure.NONE)
    reasons = Text(lines=True, max_length=rules.LONGEST_WHY)


class ConversationReasonsInput(Shape):
    """An act that is done with reasons."""

    reasons = Text(lines=True, max_length=rules.LONGEST_WHY)


class MuteInput(Shape):
    """Whether a conversation is muted."""

    muted = serializers.BooleanField()


class HintsInput(Shape):
    """A text that is about to be sent."""

    body = Text(lines=True, allow_blank=True, max_length=rules.LONGEST_BODY, trim_whitespace=False)


class WordlessInput(Shape):
    """An act on a conversation that needs no words."""


class HintOutput(serializers.Serializer[Any]):
    """A part of a text that tells who its writer is, in characters."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    kind = serializers.CharField()
    detail = serializers.CharField()


class HintsOutput(serializers.Serializer[Any]):
    """What a text gives away, in its order."""

    hints = HintOutput(many=True)


class StateOutput(serializers.Serializer[Any]):
    """How a conversation stands after an act."""

    state = serializers.CharField()


class ReportOutput(serializers.Serializer[Any]):
    """A report, as both sides may read it."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    message = serializers.UUIDField()
    category = serializers.CharField()
    state = serializers.CharField()
    measure = serializers.CharField()
    reasons = serializers.CharField()
    reported_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ReportsOutput(serializers.Serializer[Any]):
    """Reports."""

    results = ReportOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class EvidenceMessageOutput(serializers.Serializer[Any]):
    """A message as it stood when it, or one after it, was reported."""

    id = serializers.UUIDField()
    seq = serializers.IntegerField()
    side = serializers.CharField()
    body = serializers.CharField()
    attachments = serializers.ListField(child=serializers.DictField())
    sent_at = serializers.DateTimeField()
    sha256 = serializers.CharField()


class EvidenceOutput(serializers.Serializer[Any]):
    """What was kept with a report."""

    reasons = serializers.CharField()
    messages = EvidenceMessageOutput(many=True)


class ReportEvidenceOutput(ReportOutput):
    """A report as the provider's handler reads it."""

    evidence = EvidenceOutput()
