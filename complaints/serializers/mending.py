"""The shapes of what mends a notice: a correction by the mailed link, a handler's question."""

from complaints import rules
from complaints.serializers.given import Codes, NoticeCorrectionInput
from core.shapes import Shape, Text


class MendingInput(NoticeCorrectionInput):
    """What changes in a notice, by the token of the link that was mailed to its sender."""

    token = Text(max_length=100)


class CureInput(Shape):
    """About which elements of the regime the provider needs more, and why."""

    elements = Codes()
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)
