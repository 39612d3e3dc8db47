"""Shapes of input: explicit fields, bounded, unknown keys refused, no text that a store could not hold."""

import copy
import re
from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

SHORT_TEXT = 300
LONG_TEXT = 20_000
_ASKED_BEFORE = (ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator)
_UNFIT = re.compile("[\x00\ud800-\udfff]")
# What a question with a few answers says to whoever gave none.
CHOOSE_ONE = {"required": _("Choose one.")}


def has_unfit_characters(text: str) -> bool:
    """Say whether the text holds NUL or a lone surrogate, which no store or peer can take."""
    return _UNFIT.search(text) is not None


class Text(serializers.CharField):
    """A bounded text without NUL and lone surrogates. One line unless ``lines=True``."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONG_TEXT if lines else SHORT_TEXT)
        self.lines = lines
        super().__init__(**kwargs)
        # What these refuse, a character at a time, is refused before they are asked.
        self.validators = [one for one in self.validators if not isinstance(one, _ASKED_BEFORE)]

    def __deepcopy__(self, memo: dict[int, Any]) -> "Text":
        """Return another of the same kind; DRF asks for one for each field of each request, and would make each anew."""
        if self.parent is not None:  # it has its place already, which the other one does not take over
            return super().__deepcopy__(memo)
        other = copy.copy(self)
        other.validators = list(self.validators)
        return other

    def to_internal_value(self, data: Any) -> str:
        """Return the text; only a JSON string is one (numbers and booleans are not)."""
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Give this as text."), code="type")
        if has_unfit_characters(data):
            raise serializers.ValidationError(_("Remove the characters that are not text."), code="characters")
        if not self.lines and data.splitlines() not in ([], [data]):
            raise serializers.ValidationError(_("Give this on one line."), code="lines")
        return str(super().to_internal_value(data))


class Shape(serializers.Serializer[Any]):
    """A serializer that refuses what it does not know, so that a misspelt field is never silently dropped."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated data, or refuse: not an object, an unknown key, or a wrong value."""
        if isinstance(data, dict):
            unknown = sorted(str(key) for key in data if key not in self.fields)
            if unknown:
                known = ", ".join(self.fields)
                text = _("There is no such field; the fields are: %(known)s.") % {"known": known}
                raise serializers.ValidationError(
                    {key[:80]: [serializers.ErrorDetail(text, "unknown")] for key in unknown[:20]}
                )
        return super().to_internal_value(data)
