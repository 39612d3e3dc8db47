"""The shapes of input: explicit fields, bounded by the rules, unknown keys refused."""

import json
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.shapes import LONG_TEXT, Shape, Text, has_unfit_characters
from investigations import rules
from investigations.rules import Capacity, Category, Recommendation


class OptionalText(Text):
    """A text that may be left out, empty or null; what is missing is said, and the request is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, allow_null=True, **kwargs)


class Categories(serializers.ListField):
    """Kinds of data, by their codes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(child=serializers.ChoiceField(choices=Category.choices), max_length=20, **kwargs)


@extend_schema_field(str)
class Balance(serializers.Field[Any, Any, Any, Any]):
    """How interests were weighed: a text, or an object of texts by interest, which is kept as text."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text."""
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False) if data else ""
        if has_unfit_characters(text) or len(text) > LONG_TEXT:
            raise serializers.ValidationError(_("Give this as a text of at most 20,000 characters."), code="type")
        return text

    def to_representation(self, value: Any) -> str:
        """Return the text."""
        return str(value)


class WhatIsAsked(Shape):
    """What a request asks, as far as it can be corrected later."""

    complaint = OptionalText(max_length=40)
    content = serializers.ListField(child=Text(max_length=120), max_length=rules.MOST_CONTENT, required=False)
    categories = Categories()
    purpose = OptionalText(lines=True)
    necessity = OptionalText(lines=True)
    documents = serializers.ListField(child=serializers.UUIDField(), max_length=rules.MOST_DOCUMENTS, required=False)
    notify_subject_after = serializers.DateTimeField(required=False, allow_null=True)
    confidentiality_ground = OptionalText(max_length=rules.LONGEST_GROUND)


class RequestInput(WhatIsAsked):
    """A request for an uploader's identity."""

    provider = Text(max_length=40)
    capacity = serializers.ChoiceField(choices=Capacity.choices)
    regime = Text(max_length=10)
    legal_basis = Text(max_length=40)


class CorrectionInput(WhatIsAsked):
    """What of a request is to be another; what is left out stays."""

    regime = Text(max_length=10, required=False)
    legal_basis = Text(max_length=40, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a correction of nothing."""
        if not attrs:
            raise serializers.ValidationError(_("Say what is to be another."), code="required")
        return attrs


class ConsultationInput(Shape):
    """What the uploader is told beside the masked copy of the request."""

    message = OptionalText(lines=True)


class StatementInput(Shape):
    """What the uploader says of the request, and whether it consents."""

    statement = Text(lines=True, allow_blank=True, required=False, default="")
    consents = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse an answer that says nothing."""
        if not attrs["statement"].strip() and not attrs["consents"]:
            raise serializers.ValidationError({"statement": [_("Say what you think of the request.")]}, code="required")
        return attrs


class AssessmentInput(Shape):
    """The reviewer's advice."""

    recommendation = serializers.ChoiceField(choices=Recommendation.choices)
    categories = Categories(default=list)
    reasons = Text(lines=True)
    balance = Balance(required=False, default="")


class DecisionInput(Shape):
    """The authorizer's decision."""

    decision = serializers.ChoiceField(choices=rules.Decision.choices)
    categories = Categories(default=list)
    reasons = Text(lines=True)


class ReasonsInput(Shape):
    """Reasons, where an act takes nothing else."""

    reasons = Text(lines=True)


class OptionalReasonsInput(Shape):
    """Reasons that may be left out."""

    reasons = OptionalText(lines=True)


class NothingInput(Shape):
    """No field at all."""
