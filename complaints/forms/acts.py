"""One form for each act on the page of a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.forms.filing import LetterNoticeForm, Sound, ask, item_of, lines_of, mark_asked
from complaints.regimes.shape import Counter, Inquiry
from core import calendars
from core.shapes import CHOOSE_ONE

if TYPE_CHECKING:
    from complaints.models import ComplaintItem


class PlainForm(Sound):
    """An act that asks nothing."""


class ReasonsForm(Sound):
    """An act with reasons."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        max_length=rules.LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("They are told to whom the decision concerns."),
    )


class AppealForm(ReasonsForm):
    """Why a decision is contested."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = gettext_lazy("Say what is wrong about the decision, and why. Somebody else than who decided reads it.")
        self.fields["reasons"].help_text = text


class AcceptForm(Sound):
    """An act whose reasons may be left out."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        required=False,
        max_length=rules.LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AppealDecisionForm(ReasonsForm):
    """What becomes of an appeal."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=rules.AppealOutcome.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    field_order = ("decision", "reasons")


class RejectForm(ReasonsForm):
    """Why the notice is rejected, and for which of its items."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("For which items"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For all that are ticked; what is not ticked goes on."),
    )
    field_order = ("items", "reasons")

    def __init__(self, *args: Any, items: list[ComplaintItem], is_whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = item_choices(items)
        field.initial = self.every = [str(item.pk) for item in items]
        self.is_whole = is_whole

    def changes(self) -> dict[str, Any]:
        """Return the reasons, and the items unless the whole notice is meant."""
        chosen = self.cleaned_data["items"] or self.every
        is_meant_whole = self.is_whole and len(chosen) == len(self.every)
        return {"reasons": self.cleaned_data["reasons"], "items": None if is_meant_whole else chosen}


def item_choices(items: list[ComplaintItem]) -> list[tuple[str, str]]:
    """Return items as choices, by their id and what people call them."""
    return [(str(item.pk), item.url or item.external_id) for item in items]


class MeasureForm(ReasonsForm):
    """Which measure for which items, and why."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Measure"),
        choices=rules.MeasureKind.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    items = forms.MultipleChoiceField(
        label=gettext_lazy("For which items"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    grounds = forms.MultipleChoiceField(
        label=gettext_lazy("Only for forwarding alone: all three must hold"),
        required=False,
        choices=rules.ForwardGround.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    until = forms.DateField(
        label=gettext_lazy("It ends after this day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Without a day it lasts until it is lifted."),
    )
    territory = forms.CharField(
        label=gettext_lazy("Only in these countries"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Two capital letters each, as in DE, FR. Leave it empty for everywhere."),
    )
    review_at = forms.DateField(
        label=gettext_lazy("Forwarding alone is looked at again after this day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Without a day after thirty days, at the latest after ninety."),
    )
    field_order = ("kind", "items", "reasons", "until", "territory", "grounds", "review_at")

    def __init__(
        self, *args: Any, items: list[ComplaintItem], zone: str, inquiry: Inquiry | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        field, grounds = self.fields["items"], self.fields["grounds"]
        assert isinstance(field, forms.MultipleChoiceField)
        assert isinstance(grounds, forms.MultipleChoiceField)
        field.choices = item_choices(items)
        field.initial = [str(item.pk) for item in items]
        if inquiry is not None:
            belief = f"{inquiry.belief} ({_(inquiry.belief_source)})"
            grounds.choices = [(rules.RemovalGround.REASONABLE_BELIEF.value, belief), *rules.ForwardGround.choices]
            grounds.label = gettext_lazy("The first without waiting for the uploader; the others for forwarding alone")
        ask(self, "grounds")

    def changes(self) -> dict[str, Any]:
        """Return what is ordered; a day is meant to its end, where the provider is."""
        given = dict(self.cleaned_data)
        days = {name: given.pop(name) for name in ("until", "review_at")}
        ends = {name: calendars.end_of_day(day, self.zone) if day else None for name, day in days.items()}
        countries = given.pop("territory").replace(",", " ").split()
        return {**given, "terms": {**ends, "territory": countries}}


class CounterForm(Sound):
    """The uploader's answer, with what the regime asks of it."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("What should return"), required=False, widget=forms.CheckboxSelectMultiple
    )
    grounds = forms.CharField(
        label=gettext_lazy("Why there is no infringement"),
        required=False,
        max_length=rules.LONGEST_GROUNDS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("The complainant reads this. Leave private details out."),
    )
    name = forms.CharField(label=gettext_lazy("Your name"), required=False, max_length=300)
    postal_address = forms.CharField(
        label=gettext_lazy("Your postal address"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), required=False, max_length=60)
    statements = forms.MultipleChoiceField(
        label=gettext_lazy("Tick what you state"), required=False, widget=forms.CheckboxSelectMultiple
    )
    signature = forms.CharField(
        label=gettext_lazy("Your full name as your electronic signature"), required=False, max_length=300
    )

    def __init__(self, *args: Any, items: list[ComplaintItem], law: Counter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen, statements = self.fields["items"], self.fields["statements"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        assert isinstance(statements, forms.MultipleChoiceField)
        chosen.choices, chosen.initial = item_choices(items), [str(item.pk) for item in items]
        statements.choices = [(one.code, f"{one.text} ({_(one.source)})") for one in law.statements]
        mark_asked(self, law.elements)


class SuitForm(Sound):
    """What the complainant filed, where, when, under which number."""

    kind = forms.ChoiceField(label=gettext_lazy("What did you file?"), widget=forms.RadioSelect)
    body = forms.CharField(label=gettext_lazy("Court or authority"), required=False, max_length=300)
    case_number = forms.CharField(label=gettext_lazy("Case number"), required=False, max_length=120)
    filed_on = forms.DateField(
        label=gettext_lazy("Filed on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    statement = forms.CharField(
        label=gettext_lazy("Anything else that shows it"),
        required=False,
        max_length=rules.LONGEST_REASONS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, law: Counter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, rules.SuitKind(kind).label) for kind in law.clock.stopped_by]
        field.initial = law.clock.stopped_by[0]


class InquiryAnswerForm(AcceptForm):
    """Whether the uploader consents to the removal."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=rules.InquiryAnswer.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
    )
    field_order = ("answer", "reasons")


class CorrectionForm(LetterNoticeForm):
    """The whole notice on one page, as it stands, to be corrected. A line that is left alone stays what it was."""

    def __init__(self, *args: Any, works: list[dict[str, str]], items: list[dict[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.works_by_line = {work["title"] or work["work"]: work for work in works}
        self.items_by_line = {item["url"] or item["external_id"]: item for item in items}
        del self.fields["regime"]
        self.fields["capacity"].label = gettext_lazy("You are")
        self._keep_kind(self.initial.get("kind") or "")
        statements = self.fields["statements"]
        assert isinstance(statements, forms.MultipleChoiceField)
        statements.choices = [(one.code, f"{one.text} ({_(one.source)})") for one in self.law.statements]

    def _keep_kind(self, given: str) -> None:
        # A program may have named a kind that no page offers; correcting something else must not lose it.
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        if given not in dict(rules.WORK_KINDS):
            kind.choices = [*rules.WORK_KINDS, (given, given)]

    def changes(self) -> dict[str, Any]:
        """Return the notice's fields as they shall be."""
        given = self.cleaned_data
        contact = {name: given.get(name) or "" for name in ("name", "postal_address", "email", "phone")}
        return {
            "capacity": given["capacity"] or rules.Capacity.OWNER,
            "contact": contact,
            "works": [self._work(line) for line in lines_of(given["works"], rules.MOST_WORKS)],
            "items": [
                self.items_by_line.get(line) or item_of(line) for line in lines_of(given["items"], rules.MOST_ITEMS)
            ],
            "grounds": given["grounds"],
            "statements": given["statements"],
            "signature": given["signature"],
        }

    def _work(self, line: str) -> dict[str, str]:
        """Return the work of a line: as it was, but of the kind that was chosen for all, where one was."""
        known, kind = self.works_by_line.get(line), self.cleaned_data["kind"]
        if known is None:
            return {"title": line, "kind": kind}
        return known if kind == (self.initial.get("kind") or "") else {**known, "kind": kind}
