"""The forms of the account's pages: an identity, and a reviewer's decision."""

from collections.abc import Iterable
from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, Problem
from core.shapes import CHOOSE_ONE, LONG_TEXT, has_unfit_characters
from verification import rules
from verification.rules import Decision, DocumentType, IdentityKind, Level


class Files(forms.FileField):
    """Several files in one field."""

    widget = forms.ClearableFileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.allow_multiple_selected = True
        self.widget.attrs["multiple"] = True

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files that were given, none included."""
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(Files, self).clean(one, initial) for one in given if one]


def _country(**kwargs: Any) -> forms.CharField:
    attrs = {"autocapitalize": "characters", "size": "4"}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(max_length=2, help_text=_("Two letters, as in CN or US."), widget=widget, **kwargs)


class IdentityForm(forms.Form):
    """What somebody hands in to be identified by."""

    provider = forms.ChoiceField(label=_("Provider"), help_text=_("Its reviewers look at what you hand in."))
    kind = forms.ChoiceField(label=_("Who is to be identified"), choices=IdentityKind.choices)
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=200, help_text=_("Exactly as it is written in the document.")
    )
    document_type = forms.ChoiceField(label=_("Document"), choices=DocumentType.choices)
    document_country = _country(label=_("Issued by the country"))
    document_number = forms.CharField(
        label=_("Number of the document"),
        max_length=rules.LONGEST_DOCUMENT_NUMBER,
        help_text=_("Its check digit is checked at once, so that a slip is found now."),
    )
    document_expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    address_lines = forms.CharField(
        label=_("Postal address"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        help_text=_("Street and house, a line for each part, at most six lines."),
    )
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    locality = forms.CharField(label=_("Town"), max_length=120, required=False)
    address_country = _country(label=_("Country of the address"))
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    documents = Files(
        label=_("Pictures or scans of the document"),
        required=False,
        help_text=_("PDF or pictures, at most 25 MB each. They are sealed as soon as they arrive."),
    )

    def __init__(self, *args: Any, providers: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(provider.code, provider.name) for provider in providers]
        self.fields["provider"] = forms.ChoiceField(
            label=_("Provider"), choices=choices, help_text=_("Its reviewers look at what you hand in.")
        )

    def clean(self) -> dict[str, Any]:
        """Check countries, lines and characters as the API does."""
        found: dict[str, Any] = super().clean() or {}
        for name in ("document_country", "address_country"):
            found[name] = found.get(name, "").upper()
            if found[name] and found[name] not in phonenumbers.SUPPORTED_REGIONS:
                self.add_error(name, _("There is no such country."))
        if any(isinstance(value, str) and has_unfit_characters(value) for value in found.values()):
            self.add_error(None, _("Remove the characters that are not text."))
        if len(self.lines()) > rules.MOST_ADDRESS_LINES:
            self.add_error("address_lines", _("At most six lines."))
        return found

    def lines(self) -> list[str]:
        """Return the lines of the address that say something."""
        return [line.strip() for line in self.cleaned_data.get("address_lines", "").splitlines() if line.strip()]

    def input(self) -> dict[str, Any]:
        """Return the form's data in the shape of the API's input."""
        data = self.cleaned_data
        document = {name: data[f"document_{name}"] for name in ("type", "number", "country", "expires_on")}
        address = {"country": data["address_country"], "lines": self.lines()}
        address |= {name: data[name] for name in ("postal_code", "locality")}
        given = {name: data[name] for name in ("provider", "kind", "legal_name", "phone")}
        return {**given, "document": document, "postal_address": address, "documents": []}


# Where a problem of the input is shown on the form.
FIELD_OF = {
    "document/type": "document_type",
    "document/number": "document_number",
    "document/country": "document_country",
    "document/expires_on": "document_expires_on",
    "file": "documents",
    "documents": "documents",
}


def on_form(error: Invalid) -> Invalid:
    """Return the refusal with pointers to the form's fields."""
    told = []
    for problem in error.problems:
        place = problem.pointer.strip("/")
        field = FIELD_OF.get(place) or FIELD_OF.get(place.split("/")[0]) or place
        told.append(Problem(f"/{field}", problem.code, problem.detail))
    return Invalid(told, error.detail)


class ReviewForm(forms.Form):
    """A reviewer's decision on an identity."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect, error_messages=CHOOSE_ONE
    )
    level = forms.ChoiceField(
        label=_("How sure"), choices=[("", "—"), *Level.choices], required=False, help_text=_("To verify.")
    )
    method = forms.CharField(
        label=_("How it was checked"), max_length=200, required=False, help_text=_("To verify, as in: video call.")
    )
    evidence = forms.CharField(
        label=_("What was seen"), max_length=500, required=False, help_text=_("To verify. Write no number or name.")
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=LONG_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("To refuse: what was not right, so that it can be put right. The person reads this."),
    )
