"""The forms of the pages; what they take, the actions judge."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.shapes import CHOOSE_ONE, LONG_TEXT
from investigations import rules
from investigations.bases import Basis
from investigations.rules import Category, Decision, Recommendation
from verification.access import providers

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

WORDS = forms.Textarea(attrs={"rows": 5})


class ManyFiles(forms.ClearableFileInput):
    """A control that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files as a list."""
        given = data if isinstance(data, (list, tuple)) else [data]
        found = [super(FilesField, self).clean(one, initial) for one in given if one]
        if len(found) > rules.MOST_DOCUMENTS:
            raise forms.ValidationError(_("Give at most 20 files."))
        return found


class CategoriesField(forms.MultipleChoiceField):
    """Kinds of data, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, allowed: Iterable[str], **kwargs: Any) -> None:
        choices = [(value, Category(value).label) for value in rules.in_order(allowed)]
        kwargs.setdefault("required", False)
        super().__init__(choices=choices, **kwargs)


class RequestForm(forms.Form):
    """A request on one legal basis."""

    provider = forms.ChoiceField(label=_("Provider"))
    complaint = forms.CharField(
        label=_("Complaint"),
        required=False,
        max_length=40,
        help_text=_("If a complaint was filed about it: its reference, as in C-7K3M9Q2XW8RT4VBN."),
    )
    content = forms.CharField(
        label=_("Content"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The provider's id of each item, one a line, all from one uploader."),
    )
    purpose = forms.CharField(
        label=_("Purpose"), max_length=LONG_TEXT, widget=WORDS, help_text=_("What the data is for.")
    )
    necessity = forms.CharField(
        label=_("Necessity"),
        max_length=LONG_TEXT,
        widget=WORDS,
        help_text=_("Why it is needed, and why nothing less will do."),
    )
    documents = FilesField(label=_("Documents"), required=False, help_text=_("PDF, picture or text; 25 MB each."))
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, basis: Basis, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        provider.choices = [(one.code, one.name) for one in providers()]
        self.fields["categories"] = CategoriesField(
            basis.categories, label=_("Which data"), help_text=_("Ask for what you need and no more."), required=True
        )
        # A basis that always asks for a document does not call it optional; without it the request is kept as incomplete.
        if any(not one.is_in_complaint for one in basis.documents):
            self.fields["documents"].is_asked = True  # type: ignore[attr-defined]  # read by the template of a field
        if basis.delay_grounds:
            self._add_delay(basis)
        self.order_fields(["provider", "complaint", "content", "categories", "purpose", "necessity", "documents"])

    def _add_delay(self, basis: Basis) -> None:
        grounds = "; ".join(f"{ground.label} ({gettext(ground.source)})" for ground in basis.delay_grounds)
        self.fields["notify_subject_after"] = forms.DateTimeField(
            label=_("Tell the uploader only after"),
            required=False,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            help_text=_("Leave empty to have the uploader told at once. A delay needs a ground and has an end."),
        )
        self.fields["confidentiality_ground"] = forms.CharField(
            label=_("Ground for telling later"), required=False, max_length=rules.LONGEST_GROUND, help_text=grounds
        )

    def keep(self, documents: Sequence[str]) -> None:
        """Remember the documents in the form, so that it can be sent again without them."""
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["kept"] = ",".join(documents)

    @property
    def uploads(self) -> list["UploadedFile[Any]"]:
        """The files that were handed in with the form."""
        return list(self.cleaned_data["documents"])

    def asked(self, documents: Sequence[str]) -> dict[str, Any]:
        """Return what is asked, as the action takes it."""
        names = ("categories", "purpose", "necessity", "notify_subject_after", "confidentiality_ground")
        asked = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        asked["complaint"] = self.cleaned_data["complaint"].strip() or None
        lines = self.cleaned_data["content"].splitlines()
        asked["content"] = [line.strip() for line in lines if line.strip()][: rules.MOST_CONTENT]
        return asked | {"documents": list(documents)}


class ConsultationForm(forms.Form):
    """What the uploader is told beside the masked copy."""

    message = forms.CharField(
        label=_("What you want to know from the uploader"), required=False, max_length=LONG_TEXT, widget=WORDS
    )


class StatementForm(forms.Form):
    """The uploader's answer."""

    statement = forms.CharField(
        label=_("What do you think of this request, and why?"), required=False, max_length=LONG_TEXT, widget=WORDS
    )
    consents = forms.BooleanField(label=_("I consent to the disclosure of just these data"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse an answer that says nothing."""
        found = super().clean() or {}
        if not found.get("consents") and not str(found.get("statement", "")).strip():
            self.add_error("statement", _("Say what you think of the request."))
        return found


class AssessmentForm(forms.Form):
    """The reviewer's advice."""

    recommendation = forms.ChoiceField(
        label=_("Your advice"),
        choices=Recommendation.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    balance = forms.CharField(
        label=_("Balance of interests"),
        required=False,
        max_length=LONG_TEXT,
        widget=WORDS,
        help_text=_("Is there a basis; is the purpose lawful; would less do; what does it mean for the uploader?"),
    )
    reasons = forms.CharField(label=_("Reasons"), max_length=LONG_TEXT, widget=WORDS)

    def __init__(self, allowed: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"] = CategoriesField(
            allowed, label=_("Data that should be given"), help_text=_("Of what was asked for, only what is needed.")
        )
        self.order_fields(["recommendation", "categories", "balance", "reasons"])


class DecisionForm(forms.Form):
    """The authorizer's decision."""

    decision = forms.ChoiceField(
        label=_("Your decision"), choices=Decision.choices, widget=forms.RadioSelect, error_messages=CHOOSE_ONE
    )
    reasons = forms.CharField(
        label=_("Reasons"), max_length=LONG_TEXT, widget=WORDS, help_text=_("The requester reads them.")
    )

    def __init__(self, allowed: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"] = CategoriesField(
            allowed, label=_("Data that may be given"), help_text=_("Only what was advised can be allowed.")
        )
        self.order_fields(["decision", "categories", "reasons"])


class ReasonsForm(forms.Form):
    """Reasons for an act that takes nothing else."""

    reasons = forms.CharField(label=_("Reasons"), max_length=LONG_TEXT, widget=WORDS)


class ConfirmForm(forms.Form):
    """Nothing but the button."""
