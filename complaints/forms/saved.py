"""The form by which a search is kept under a name."""

from django import forms
from django.utils.translation import gettext_lazy

from complaints.forms.filing import Sound
from complaints.rules import search


class SaveSearchForm(Sound):
    """The name; what was asked, and in which of the lists, comes along."""

    name = forms.CharField(
        label=gettext_lazy("Name of this search"),
        max_length=search.LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    asks = forms.CharField(max_length=3_000, required=False, widget=forms.HiddenInput)
    where = forms.ChoiceField(choices=[("list", "list"), ("desk", "desk")], widget=forms.HiddenInput)
