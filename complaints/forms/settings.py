"""The form by which a provider says how an unsure point of a law is read for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.forms.filing import Sound
from complaints.regimes.shape import Setting, Value
from core.shapes import CHOOSE_ONE


class LawSettingForm(Sound):
    """The value, and why."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        max_length=rules.LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("They are kept with the setting."),
    )

    def __init__(self, *args: Any, setting: Setting, value: Value, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = self._value_of(setting, value)
        self.order_fields(("value", "reasons"))

    def _value_of(self, setting: Setting, value: Value) -> forms.Field:
        if setting.choices:
            return forms.ChoiceField(
                label=str(setting.asks),
                choices=setting.choices,
                initial=value,
                widget=forms.RadioSelect,
                error_messages=CHOOSE_ONE,
            )
        return forms.IntegerField(
            label=str(setting.asks), initial=value, min_value=setting.least, max_value=setting.most
        )
