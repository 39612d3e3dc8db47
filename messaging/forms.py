"""What people type into the conversation page when it works without scripts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.shapes import has_unfit_characters
from messaging import rules


class MessageForm(forms.Form):
    """A message and, if there is one, a file. ``client_id`` makes a form that is sent twice one message."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("Message"),
        strip=False,
        max_length=rules.LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 3, "enterkeyhint": "send"}),
        help_text=_("The other side sees your role, not your name. Up to 8,000 characters."),
    )
    file = forms.FileField(label=_("File"), required=False)

    def clean_body(self) -> str:
        """Return the text with the line ends that everybody else uses."""
        body: str = self.cleaned_data["body"].replace("\r\n", "\n")
        if has_unfit_characters(body):
            raise forms.ValidationError(_("Remove the characters that are not text."), code="characters")
        return body


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
