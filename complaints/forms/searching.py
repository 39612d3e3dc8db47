"""The form above a list: words and filters. What they mean, the query of the address is read for, as a program's is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import regimes
from complaints.forms.filing import Sound
from complaints.rules import State, search


def _day(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"}))


class SearchForm(Sound):
    """What to look for, and among which."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=search.LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=gettext_lazy("All words must be there; “…” a phrase, -word not, word* a beginning."),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    regime = forms.ChoiceField(label=gettext_lazy("Law"), required=False)
    since = _day(gettext_lazy("Received since"))
    until = _day(gettext_lazy("Received until"))
    earning = forms.ChoiceField(label=gettext_lazy("The provider earns from it"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anything = ("", _("any"))
        known: dict[str, list[tuple[Any, Any]]] = {
            "state": [anything, *State.choices],
            "regime": [anything, *((law.code, str(law.title)) for law in regimes.all_current())],
            "earning": [anything, ("true", _("yes")), ("false", _("no"))],
            "sort": [("", _("newest first")), ("oldest", _("oldest first"))],
        }
        for name, choices in known.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        for field in self.fields.values():
            field.is_asked = True  # type: ignore[attr-defined]  # nothing in a search is called optional
