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
