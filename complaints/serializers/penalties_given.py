"""The shapes of input about policies, findings and restrictions: explicit fields, bounded by the rules."""

from typing import Any

from rest_framework import serializers

from complaints import rules
from complaints.actions import Order, PolicyText
from complaints.rules import policies
from complaints.rules.policies import Numbers, Rung, Scale, Step
from complaints.rules.restrictions import LONGEST_FACTOR, Factor
from complaints.serializers.given import Optional
from core.shapes import Shape, Text


class WholeNumber(serializers.IntegerField):
    """A bounded whole number; what is right within that, the rules say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100_000, **kwargs)


class PolicyTextInput(Shape):
    """What a policy says in one language."""

    text = Text(lines=True, max_length=policies.LONGEST_POLICY_TEXT)
    examples = serializers.ListField(
        child=Text(lines=True, max_length=2_000), min_length=1, max_length=policies.MOST_EXAMPLES
    )


class PolicyTextsInput(Shape):
    """The policy's text in both languages."""

    en = PolicyTextInput()

    def get_fields(self) -> dict[str, Any]:
        """Add the other language, whose code Python does not let be an attribute."""
        return {**super().get_fields(), "zh-hans": PolicyTextInput()}


class RungInput(Shape):
    """One step: from how many points on, and for how many days at most."""

    step = serializers.ChoiceField(choices=Step.choices)
    from_points = WholeNumber()
    longest_days = WholeNumber()


class ScaleInput(Shape):
    """How strikes of one side weigh and fade, and to what they lead."""

    weights = serializers.DictField(child=WholeNumber())
    halves_after_days = WholeNumber()
    expires_after_days = WholeNumber()
    steps = serializers.ListField(child=RungInput(), max_length=10)


class PolicyInput(Shape):
    """A version of a provider's policy."""

    provider = Text(max_length=40)
    version = Text(max_length=20)
    effective_at = serializers.DateTimeField(required=False, allow_null=True)
    texts = PolicyTextsInput()
    final_after_days = WholeNumber()
    uploaders = ScaleInput()
    complainants = ScaleInput()


def numbers_given(given: dict[str, Any]) -> Numbers:
    """Return the numbers of the validated input."""
    return Numbers(given["final_after_days"], _scale(given["uploaders"]), _scale(given["complainants"]))


def _scale(given: dict[str, Any]) -> Scale:
    rungs = tuple(Rung(Step(one["step"]), one["from_points"], one["longest_days"]) for one in given["steps"])
    return Scale(dict(given["weights"]), given["halves_after_days"], given["expires_after_days"], rungs)


def text_given(given: dict[str, Any]) -> PolicyText:
    """Return one language of the validated input."""
    return PolicyText(given["text"], list(given["examples"]))


class MisuseInput(Shape):
    """What kind of misuse a notice was found to be, and why."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in policies.MISUSES])
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)


class WeighingInput(Shape):
    """What was found of each factor; all are asked for, and the act says which is missing."""

    number = Optional(lines=True, max_length=LONGEST_FACTOR)
    lawful_use = Optional(lines=True, max_length=LONGEST_FACTOR)
    gravity = Optional(lines=True, max_length=LONGEST_FACTOR)
    intent = Optional(lines=True, max_length=LONGEST_FACTOR)


class OrderInput(Shape):
    """An order: for how many days, why, what was weighed; a milder step, and why one was left out."""

    step = serializers.ChoiceField(choices=Step.choices, required=False)
    days = WholeNumber()
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)
    weighing = WeighingInput()
    skip_reasons = Optional(lines=True, max_length=rules.LONGEST_REASONS)


def order_given(given: dict[str, Any]) -> Order:
    """Return the order of the validated input."""
    return Order(
        days=given["days"],
        reasons=given["reasons"],
        weighing={factor.value: given["weighing"].get(factor.value) or "" for factor in Factor},
        step=given.get("step") or "",
        skip_reasons=given.get("skip_reasons") or "",
    )
