"""The form by which a provider says from which mailbox its letters are fetched."""

from django import forms
from django.utils.translation import gettext_lazy

from complaints.forms.filing import Sound


class MailboxForm(Sound):
    """Where the mailbox is and who signs in there; the password is never shown again."""

    address = forms.CharField(
        label=gettext_lazy("Address of the mailbox"),
        max_length=300,
        help_text=gettext_lazy(
            "As in imaps://mail.example/INBOX. The portal marks what it has read; it deletes nothing."
        ),
    )
    user = forms.CharField(
        label=gettext_lazy("Who signs in there"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=300,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Kept sealed. Leave it empty to keep the one of the same host and name."),
    )
