"""The shapes of what programs give about who handles a matter."""

from rest_framework import serializers

from complaints import rules
from complaints.rules.search import LONGEST_QUERY
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


class BatchInput(Shape):
    """One act over many matters: named, filed together, or found by a search; and what the act is given."""

    act = serializers.ChoiceField(choices=rules.BatchAct.choices)
    references = serializers.ListField(child=Text(max_length=40), max_length=rules.MOST_IN_BATCH, required=False)
    group = Text(max_length=40, required=False)
    search = serializers.DictField(child=Text(max_length=LONGEST_QUERY), required=False)
    provider = Text(max_length=40, required=False)
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS, required=False, allow_blank=True)
    kind = Text(max_length=40, required=False)
    grounds = serializers.ListField(child=Text(max_length=40), max_length=20, required=False)
    to = serializers.UUIDField(required=False, allow_null=True)
    template = Text(max_length=80, required=False)


class StartInput(Shape):
    """The digest of the preview that was shown: nothing else is started."""

    digest = Text(max_length=64)


class TemplateInput(Shape):
    """A template for letters; saved again under its name and language it becomes the next version."""

    provider = Text(max_length=40, required=False)
    name = Text(max_length=80)
    purpose = Text(max_length=16, required=False, default=rules.Purpose.OTHER)
    language = Text(max_length=10)
    subject = Text(max_length=rules.LONGEST_LETTER_SUBJECT)
    body = Text(lines=True, max_length=rules.LONGEST_LETTER_BODY)


class PartyLetterInput(Shape):
    """A letter to a party: the text as it is given, or else that of the template."""

    to = Text(max_length=120)
    template = Text(max_length=80, required=False, allow_blank=True)
    subject = Text(max_length=rules.LONGEST_LETTER_SUBJECT, required=False, allow_blank=True)
    body = Text(lines=True, max_length=rules.LONGEST_LETTER_BODY, required=False, allow_blank=True)
    language = Text(max_length=10, required=False, allow_blank=True)
