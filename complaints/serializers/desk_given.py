"""The shapes of what programs give about who handles a matter."""

from rest_framework import serializers

from complaints import rules
from core.shapes import Shape, Text


class AssignmentInput(Shape):
    """To which handler the matter is given, by its account's id; left out: to myself."""

    to = serializers.UUIDField(required=False, allow_null=True)


class InterestInput(Shape):
    """In what somebody has an interest, and why."""

    about = serializers.ChoiceField(choices=rules.Interest.choices)
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)


class ExceptionInput(Shape):
    """Which handler may act in spite of its interest, and why."""

    handler = serializers.UUIDField()
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)
