"""The form by which a trusted flagger is recorded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from complaints.forms.filing import Sound, lines_of

MOST_AREAS = 50


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class FlaggerForm(Sound):
    """Who was awarded the status, by whom, for what, from when until when."""

    organisation = forms.CharField(label=gettext_lazy("Organisation, by its code"), required=False, max_length=40)
    complaint = forms.CharField(
        label=gettext_lazy("Or a notice that the flagger filed, by its reference"), required=False, max_length=40
    )
    authority = forms.CharField(
        label=gettext_lazy("Authority (Digital Services Coordinator) that awarded the status"), max_length=300
    )
    areas = forms.CharField(
        label=gettext_lazy("Areas of expertise, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("Until"), required=False)

    def given(self) -> dict[str, Any]:
        """Return the fields as programs give them."""
        return {**self.cleaned_data, "areas": lines_of(self.cleaned_data["areas"], MOST_AREAS)[:MOST_AREAS]}
