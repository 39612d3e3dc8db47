"""The form in which a provider says where it can be reached about complaints."""

from django import forms
from django.utils.translation import gettext_lazy

from complaints.forms.filing import Sound


class ContactPointForm(Sound):
    """What is published on the provider's channel; why each is asked stands beside it."""

    name = forms.CharField(
        label=gettext_lazy("Name of the provider or of its department"),
        max_length=200,
        help_text=gettext_lazy("Regulation art. 22(1); DSA art. 12; 17 USC 512(c)(2)."),
    )
    contact_person = forms.CharField(
        label=gettext_lazy("Contact person"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Chinese law asks for one (Regulation art. 22(1)). Agree it with the person: everybody can read it."
        ),
    )
    postal_address = forms.CharField(
        label=gettext_lazy("Postal address"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("Read by people, not only by a program (DSA art. 12(1))."),
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=60, required=False)
    agent = forms.CharField(
        label=gettext_lazy("Designated agent"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "For United States law: the agent and its number in the directory of the Copyright Office."
        ),
    )
