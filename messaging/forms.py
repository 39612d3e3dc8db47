"""What people type into the conversation page when it works without scripts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.shapes import has_unfit_characters
from messaging import rules


class BodyField(forms.CharField):
    """What is said, with the line ends that everybody else uses."""

    def __init__(self, **options: Any) -> None:
        rows = forms.Textarea(attrs={"rows": 3, "enterkeyhint": "send"})
        super().__init__(label=_("Message"), strip=False, max_length=rules.LONGEST_BODY, widget=rows, **options)

    def clean(self, value: Any) -> Any:
        """Return the text; refused are characters that nothing can keep."""
        body = str(super().clean(value)).replace("\r\n", "\n")
        if has_unfit_characters(body):
            raise forms.ValidationError(_("Remove the characters that are not text."), code="characters")
        return body


class EditForm(forms.Form):
    """What a message is to say instead."""

    body = BodyField()


class SearchForm(forms.Form):
    """What to look for in a conversation."""

    q = forms.CharField(label=_("Part of a text"), max_length=rules.LONGEST_SEARCH)


class PreferencesForm(forms.Form):
    """What one shows of oneself while one talks."""

    shows_presence = forms.BooleanField(
        label=_("Show that I have a conversation open"),
        required=False,
        help_text=_("Who does not show it is not shown it of others either."),
    )
    shows_typing = forms.BooleanField(label=_("Show that I am typing"), required=False)


class MessageForm(forms.Form):
    """A message and, if there is one, a file. ``client_id`` makes a form that is sent twice one message."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    body = BodyField(help_text=_("The other side sees your role, not your name. Up to 8,000 characters."))
    file = forms.FileField(label=_("File"), required=False)


class ReportForm(forms.Form):
    """What is wrong with a message."""

    category = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=rules.ReportCategory.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("Anything else the provider should know"),
        required=False,
        max_length=rules.LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The other side does not read this."),
    )


class DecisionForm(forms.Form):
    """What a handler decides on a report."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (rules.ReportState.UPHELD, rules.ReportState.UPHELD.label),
            (rules.ReportState.DISMISSED, rules.ReportState.DISMISSED.label),
        ],
        widget=forms.RadioSelect,
    )
    measure = forms.ChoiceField(
        label=_("What follows"), choices=rules.ReportMeasure.choices, initial=rules.ReportMeasure.NONE
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=rules.LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Both sides read them."),
    )


class ReasonsForm(forms.Form):
    """An act of the staff that is done with reasons."""

    reasons = forms.CharField(
        label=_("Reasons"), max_length=rules.LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 3})
    )
