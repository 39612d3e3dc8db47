"""What people type into the conversation page when it works without scripts."""

from typing import Any
from uuid import UUID

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from core.files import LARGEST_BYTES
from core.shapes import has_unfit_characters
from messaging import rules, words


class BodyField(forms.CharField):
    """What is said, with the line ends that everybody else uses. A text that is too long is refused whole, never cut."""

    def __init__(self, **options: Any) -> None:
        # Without maxlength: a browser cuts what is pasted by it, and tells nobody.
        rows = forms.Textarea(attrs={"rows": 3, "enterkeyhint": "send", "dir": "auto"})
        super().__init__(label=_("Message"), strip=False, widget=rows, **options)

    def to_python(self, value: Any) -> Any:
        """Return the text with line ends of one character each."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def validate(self, value: Any) -> None:
        """Refuse what is too long, by how much, and characters that nothing can keep."""
        super().validate(value)
        over = len(value) - rules.LONGEST_BODY
        if over > 0:
            counted = number_format(over, force_grouping=True)
            raise forms.ValidationError(words.TOO_LONG, code="too_long", params={"over": counted})
        if has_unfit_characters(value):
            raise forms.ValidationError(_("Remove the characters that are not text."), code="characters")


class EditForm(forms.Form):
    """What a message is to say instead."""

    body = BodyField()


class SearchForm(forms.Form):
    """What to look for in a conversation."""

    q = forms.CharField(label=_("Part of a text"), max_length=rules.LONGEST_SEARCH)


class PreferencesForm(forms.Form):
    """What one shows of oneself while one talks, and how one is told when away."""

    shows_presence = forms.BooleanField(
        label=_("Show that I have a conversation open"),
        required=False,
        help_text=_("Who does not show it is not shown it of others either."),
    )
    shows_typing = forms.BooleanField(label=_("Show that I am typing"), required=False)
    notify = forms.ChoiceField(
        label=_("Tell me by e-mail of what I have not read"),
        choices=rules.Notify.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("One mail for all conversations; never what was said or proposed, and by whom only in which role."),
    )

    def clean_notify(self) -> str | None:
        """Return what is wanted, or None where a form leaves it as it is."""
        return self.cleaned_data["notify"] or None


class FilesInput(forms.FileInput):
    """A control that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as many as a message may have."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; refused are too many, and those that are empty or too large, each by its name."""
        given = list(data or ())
        _require_fitting(len(given))
        wrong = []
        for one in given:
            try:
                super().clean(one, initial)
            except forms.ValidationError as error:
                wrong += [f"{one.name}: {text}" for text in error.messages]
        wrong += [f"{one.name}: {_('A file may have at most 25 MB.')}" for one in given if one.size > LARGEST_BYTES]
        if wrong:
            raise forms.ValidationError(wrong)
        return given


def _require_fitting(count: int) -> None:
    if count > rules.MOST_ATTACHMENTS:
        text = _("A message may have at most 10 files; these are %(count)s. Choose fewer of them.")
        raise forms.ValidationError(text, code="too_many", params={"count": count})


class KeptField(forms.MultipleChoiceField):
    """Files that were handed in with an earlier try, by id; whose they are is looked at where they are sent."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        """Say whether this is an id."""
        try:
            UUID(value)
        except ValueError:
            return False
        return True

    def clean(self, value: Any) -> list[UUID]:
        """Return the ids, each once."""
        return list(dict.fromkeys(UUID(one) for one in super().clean(value)))


class MessageForm(forms.Form):
    """A message with its files. ``client_id`` makes a form that is sent twice one message."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    quotes = forms.UUIDField(required=False, widget=forms.HiddenInput)
    body = BodyField(
        required=False, help_text=_("The other side sees your role, not your name. Up to 8,000 characters.")
    )
    kept = KeptField(label=_("Sent with it"), required=False)
    file = FilesField(label=_("File"), required=False, help_text=_("Up to 10 files of 25 MB each."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.is_asked = True  # not optional, but that a file may go alone

    def clean(self) -> dict[str, Any]:
        """Return what was given; what is kept and what comes along are no more together than a message may have."""
        given = super().clean() or self.cleaned_data
        try:
            _require_fitting(len(given.get("kept", ())) + len(given.get("file", ())))
        except forms.ValidationError as error:
            self.add_error("file", error)
        return given

    def offer(self, kept: list[tuple[UUID, str, int]]) -> None:
        """Offer the files that are kept (id, name, bytes) to be sent with it, or to be left out; no field where none is."""
        if not kept:
            del self.fields["kept"]
            return
        field: Any = self.fields["kept"]
        field.choices = [(str(pk), f"{name} ({filesizeformat(size)})") for pk, name, size in kept]
        if self.is_bound:
            data: Any = self.data.copy()  # type: ignore[attr-defined]  # what was posted is a QueryDict
            data.setlist("kept", [str(pk) for pk, _name, _size in kept])
            self.data = data


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


class ProposalForm(forms.Form):
    """What every proposal's form has: ``client_id`` makes a form that is sent twice one proposal."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    was_told = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def point_out(self) -> None:
        """Have it sent as it is the next time: what it tells of its writer is pointed out once."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # what was posted is a QueryDict
        data["was_told"] = "1"
        self.data = data


class RemoveByForm(ProposalForm):
    """By which day the content is removed."""

    date = forms.DateField(label=_("Removed by the end of"), widget=forms.DateInput(attrs={"type": "date"}))


class LicenseForm(ProposalForm):
    """On which terms the content may stay."""

    terms = forms.CharField(
        label=_("Terms"),
        max_length=rules.LONGEST_TERMS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What may be used, how, and by whom. It becomes part of a record that both sides keep."),
    )
    amount = forms.DecimalField(
        label=_("Amount"), min_value=0, max_digits=rules.AMOUNT_DIGITS, decimal_places=rules.AMOUNT_PLACES
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[("", _("Choose one.")), *((code, code) for code in rules.CURRENCIES)]
    )
    territory = forms.CharField(
        label=_("Territory"),
        required=False,
        max_length=rules.LONGEST_TERRITORY,
        help_text=_("Where it holds; everywhere, if you leave it empty."),
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Without an end, if you leave it empty."),
    )


class CreditForm(ProposalForm):
    """The line by which the rights holder is named."""

    text = forms.CharField(
        label=_("Credit line"), max_length=rules.LONGEST_CREDIT, widget=forms.Textarea(attrs={"rows": 2})
    )


class TrimForm(ProposalForm):
    """Which part is cut out, and by which day."""

    # Words of Python, so not written as fields of a class.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        example = _("Hours, minutes and seconds, as in 1:02:03.")
        self.fields["from"] = forms.CharField(
            label=pgettext("place in a recording", "From"), max_length=20, help_text=example
        )
        self.fields["to"] = forms.CharField(
            label=pgettext("place in a recording", "To"), max_length=20, help_text=example
        )
        self.fields["date"] = forms.DateField(
            label=_("Cut by the end of"), widget=forms.DateInput(attrs={"type": "date"})
        )


class DisputeForm(ProposalForm):
    """Why one does not agree."""

    reasons = forms.CharField(
        label=_("Reasons"), max_length=rules.LONGEST_TERMS, widget=forms.Textarea(attrs={"rows": 5})
    )


class RefusalForm(forms.Form):
    """Why a proposal is declined; nobody has to say."""

    reasons = forms.CharField(
        label=_("Reasons"),
        required=False,
        max_length=rules.LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You need not give any. The other side reads them."),
    )


class ConfirmForm(forms.Form):
    """Nothing but the button."""


PROPOSAL_FORMS: dict[rules.ProposalKind, type[ProposalForm]] = {
    rules.ProposalKind.REMOVE_BY: RemoveByForm,
    rules.ProposalKind.LICENSE: LicenseForm,
    rules.ProposalKind.CREDIT: CreditForm,
    rules.ProposalKind.TRIM: TrimForm,
    rules.ProposalKind.DISPUTE: DisputeForm,
}
