"""Forms of the cure: what a handler needs more of, and the correction by somebody without account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.forms.acts import CorrectionForm, ReasonsForm
from complaints.forms.filing import Sound
from complaints.regimes.shape import Regime
from core.shapes import CHOOSE_ONE


class CureForm(ReasonsForm):
    """About which elements more is needed, and why."""

    elements = forms.MultipleChoiceField(
        label=gettext_lazy("What is there and is not enough"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    field_order = ("elements", "reasons")

    def __init__(self, *args: Any, law: Regime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["elements"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.code, f"{one.label} ({_(one.source)})") for one in law.elements]


class ByHandForm(Sound):
    """How a handler made sure whose notice it is."""

    how = forms.ChoiceField(
        label=gettext_lazy("How did you make sure whose notice it is?"),
        choices=rules.ConfirmedHow.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )


class MendingForm(CorrectionForm):
    """The whole notice for whoever has the mailed link; the address to which it went stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
