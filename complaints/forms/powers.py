"""The forms by which powers of attorney are recorded, named on a notice, and checked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.forms.acts import ReasonsForm
from complaints.forms.filing import Sound, lines_of
from core.shapes import CHOOSE_ONE
from verification.access import providers


class PowersForm(Sound):
    """At which provider, for whom, by which document, for which works, from when until when."""

    provider = forms.ChoiceField(label=gettext_lazy("At which provider"), error_messages=CHOOSE_ONE)
    principal = forms.CharField(
        label=gettext_lazy("For whom you act"),
        max_length=300,
        help_text=gettext_lazy("Kept encrypted; read by the provider's handlers and reviewers, never by an uploader."),
    )
    file = forms.FileField(label=gettext_lazy("The document that shows the powers"))
    works = forms.CharField(
        label=gettext_lazy("For these works only, one title or reference a line"),
        required=False,
        max_length=rules.MOST_NAMED_WORKS * 300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Empty for all works."),
    )
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        provider.choices = [(one.code, one.name) for one in providers()]

    def clean_works(self) -> list[str]:
        """Return the works that are named, and refuse more than are taken and titles that are none."""
        lines = lines_of(str(self.cleaned_data["works"]), rules.MOST_NAMED_WORKS)
        if len(lines) > rules.MOST_NAMED_WORKS or any(len(line) > 300 for line in lines):  # noqa: PLR2004 - its column
            raise forms.ValidationError(gettext_lazy("These are too many works, or one is too long."))
        return lines


class PowersCheckForm(ReasonsForm):
    """What was found of powers of attorney, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=rules.PowersDecision.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    field_order = ("decision", "reasons")


def offer_powers(form: forms.Form, choices: Sequence[tuple[str, str]]) -> None:
    """Let the agent's own powers be named in the question who complains; nothing is asked of whoever has none."""
    if choices:
        form.fields["powers"] = forms.ChoiceField(
            label=gettext_lazy("As an agent, by these powers"),
            required=False,
            choices=[("", gettext_lazy("none")), *choices],
        )
