"""The steps of the filing wizard, and the forms for letters: nothing is demanded that the regime does not ask."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import regimes, rules
from complaints.actions import Notice
from complaints.regimes.shape import Element, Regime
from core.shapes import CHOOSE_ONE, SHORT_TEXT, has_unfit_characters
from verification.access import providers


class Sound(forms.Form):
    """A form that refuses text that no store can hold."""

    def clean(self) -> dict[str, Any]:
        """Refuse NUL and half surrogate pairs in every text."""
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str) and has_unfit_characters(value):
                self.add_error(name, _("Remove the characters that are not text."))
        return cleaned


def _area(label: Any, *, longest: int, rows: int = 5, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget, help_text=help_text)


def _line(label: Any, *, longest: int = SHORT_TEXT, help_text: Any = "", autocomplete: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete} if autocomplete else {})
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget, help_text=help_text)


def lines_of(text: str, most: int) -> list[str]:
    """Return the lines of a text that hold something, without spaces around, at most ``most`` and one more."""
    return [line.strip() for line in text.splitlines() if line.strip()][: most + 1]


def item_of(line: str) -> dict[str, str]:
    """Return a line as an item: an address, or (one word without a slash) the provider's identifier."""
    is_address = "/" in line or "." in line or " " in line
    return {"url": line} if is_address else {"external_id": line}


def mark_asked(form: forms.Form, elements: tuple[Element, ...]) -> None:
    """Let the fields that an element alone needs not be called optional."""
    for element in elements:
        for part in element.parts:
            fields = {name for place in part.any_of for name in place.split(".") if name in form.fields}
            if len(fields) == 1:
                ask(form, *fields)


def ask(form: forms.Form, *names: str) -> None:
    """Let these fields not be called optional; they can be left empty all the same."""
    for name in names:
        form.fields[name].is_asked = True  # type: ignore[attr-defined]  # read by the template of a field


class StepForm(Sound):
    """One question of the wizard. ``why`` is shown beside it, with the article of each element."""

    places: tuple[str, ...] = ()

    def __init__(self, *args: Any, law: Regime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.law = law
        mark_asked(self, law.elements)

    def elements(self) -> list[Element]:
        """Return the elements of the regime that this question serves."""
        return [
            element
            for element in self.law.elements
            if any(place.startswith(self.places) for part in element.parts for place in part.any_of)
        ]


class WhereForm(StepForm):
    """To whom."""

    provider = forms.ChoiceField(
        label=gettext_lazy("Where is it?"), widget=forms.RadioSelect, error_messages=CHOOSE_ONE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        provider.choices = [(one.code, one.name) for one in providers()]


class LawForm(StepForm):
    """Under which law."""

    regime = forms.ChoiceField(
        label=gettext_lazy("Under which law do you complain?"),
        widget=forms.RadioSelect,
        error_messages=CHOOSE_ONE,
        help_text=gettext_lazy("Each law asks for something else and gives the other side other rights."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regime = self.fields["regime"]
        assert isinstance(regime, forms.ChoiceField)
        regime.choices = [(law.code, str(law.title)) for law in regimes.all_current()]


class WorksForm(StepForm):
    """Which works."""

    places: tuple[str, ...] = ("works",)
    works = _area(gettext_lazy("The works, one title a line"), longest=rules.MOST_WORKS * SHORT_TEXT)
    kind = forms.ChoiceField(label=gettext_lazy("What kind of work is it?"), choices=rules.WORK_KINDS, required=False)

    def clean_works(self) -> str:
        """Refuse more works than are taken at once, and titles that are none."""
        return _bounded(str(self.cleaned_data["works"]), rules.MOST_WORKS, SHORT_TEXT)


class ItemsForm(StepForm):
    """Where it is."""

    places: tuple[str, ...] = ("items",)
    items = _area(
        gettext_lazy("The addresses of what infringes, one a line"),
        longest=200_000,
        rows=8,
        help_text=gettext_lazy("Copy each address from your browser. The provider's own identifiers work, too."),
    )

    def clean_items(self) -> str:
        """Refuse more items than are taken at once, and addresses that are too long."""
        return _bounded(str(self.cleaned_data["items"]), rules.MOST_ITEMS, rules.LONGEST_URL)


class GroundsForm(StepForm):
    """Why it infringes."""

    places: tuple[str, ...] = ("grounds", "evidence")
    grounds = _area(
        gettext_lazy("Why does it infringe, and what shows that the right is yours?"),
        longest=rules.LONGEST_GROUNDS,
        rows=8,
        help_text=gettext_lazy("The uploader reads this. Leave private details out."),
    )


class GroundsWithFileForm(GroundsForm):
    """Why it infringes, with a document; for those who are signed in."""

    file = forms.FileField(label=gettext_lazy("Add a document"), required=False)


class WhoForm(StepForm):
    """Who complains."""

    places: tuple[str, ...] = ("complainant",)
    capacity = forms.ChoiceField(label=gettext_lazy("You are"), choices=rules.Capacity.choices, required=False)
    name = _line(gettext_lazy("Name of the person or organisation"), autocomplete="name")
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy(
            "A notice without account is confirmed by a link that is mailed there, or else by a handler."
        ),
    )
    postal_address = _area(gettext_lazy("Postal address"), longest=1000, rows=3)
    phone = _line(gettext_lazy("Telephone"), longest=60, autocomplete="tel")


class WhoWithoutAccountForm(WhoForm):
    """Who complains without an account, and so must be reached by mail to confirm it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "email")


class StatementsForm(StepForm):
    """What you state, and your signature."""

    places: tuple[str, ...] = ("statements", "signature")
    statements = forms.MultipleChoiceField(
        label=gettext_lazy("Tick what you state"), required=False, widget=forms.CheckboxSelectMultiple
    )
    signature = _line(gettext_lazy("Your full name as your electronic signature"), autocomplete="name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["statements"]
        assert isinstance(field, forms.MultipleChoiceField)
        offered = [one for one in self.law.statements if one.is_required] or list(self.law.statements)
        field.choices = [(one.code, f"{one.text} ({_(one.source)})") for one in offered]


STEPS: dict[str, tuple[Any, type[StepForm]]] = {
    "where": (gettext_lazy("Where"), WhereForm),
    "law": (gettext_lazy("Which law"), LawForm),
    "works": (gettext_lazy("The works"), WorksForm),
    "items": (gettext_lazy("What infringes"), ItemsForm),
    "grounds": (gettext_lazy("Why"), GroundsForm),
    "who": (gettext_lazy("Who you are"), WhoForm),
    "statements": (gettext_lazy("Statements"), StatementsForm),
}


def step_form(step: str, *, signed_in: bool) -> type[StepForm]:
    """Return the form of a step; who is signed in can add documents, who is not is reached by mail."""
    if step == "grounds" and signed_in:
        return GroundsWithFileForm
    return WhoWithoutAccountForm if step == "who" and not signed_in else STEPS[step][1]


def _bounded(text: str, most: int, longest: int) -> str:
    lines = lines_of(text, most)
    if len(lines) > most:
        raise forms.ValidationError(_("Give at most %(most)s.") % {"most": most}, code="too_many")
    if any(len(line) > longest for line in lines):
        raise forms.ValidationError(_("A line is longer than %(longest)s characters.") % {"longest": longest})
    return text


def notice_from(draft: dict[str, Any]) -> Notice:
    """Return the notice that the fields of a draft make."""
    return Notice(
        capacity=draft.get("capacity") or rules.Capacity.OWNER,
        contact={name: draft.get(name) or "" for name in ("name", "postal_address", "email", "phone")},
        works=[
            {"title": line, "kind": draft.get("kind") or ""}
            for line in lines_of(draft.get("works") or "", rules.MOST_WORKS)
        ],
        items=[item_of(line) for line in lines_of(draft.get("items") or "", rules.MOST_ITEMS)],
        grounds=(draft.get("grounds") or "").strip(),
        statements=draft.get("statements") or [],
        signature=(draft.get("signature") or "").strip(),
        evidence=[UUID(one) for one in draft.get("evidence") or []],
        powers=UUID(draft["powers"]) if draft.get("powers") else None,
    )


class TrackForm(Sound):
    """The code by which a complaint is followed."""

    tracking_code = forms.CharField(label=gettext_lazy("Tracking code"), max_length=60)


class ContactCodeForm(Sound):
    """The one-time code that opens the contact of a counter-notice, and of which one where there are several."""

    code = forms.CharField(
        label=gettext_lazy("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, disclosed: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(disclosed) > 1:
            self.fields["counter_notice"] = forms.ChoiceField(
                label=gettext_lazy("Which counter-notice"), choices=disclosed, initial=disclosed[-1][0]
            )


class LetterForm(Sound):
    """A letter as it came: pasted, or as a file."""

    text = _area(gettext_lazy("Paste the letter"), longest=rules.LONGEST_LETTER_BYTES, rows=12)
    file = forms.FileField(
        label=gettext_lazy("Or choose it as a file"),
        required=False,
        help_text=gettext_lazy(
            "Text, Markdown, HTML, ACNS, X-ARF or .eml, at most one million bytes; with its files, a mail or report ten."
        ),
    )
    sender = _line(gettext_lazy("From whom it came"))
    received_on = forms.DateField(
        label=gettext_lazy("Received on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def received_at(self) -> dt.datetime | None:
        """Return the start of the day on which it came, where one was given."""
        day = self.cleaned_data.get("received_on")
        return None if day is None else dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)


class LetterNoticeForm(WorksForm, ItemsForm, WhoForm, StatementsForm):
    """The whole notice on one page, prefilled with what was read in the letter, to be corrected."""

    regime = forms.ChoiceField(label=gettext_lazy("Regime"))
    grounds = _area(gettext_lazy("Why it is said to infringe"), longest=rules.LONGEST_GROUNDS, rows=6)
    field_order = (
        "regime",
        "works",
        "kind",
        "items",
        "grounds",
        "capacity",
        "name",
        "email",
        "postal_address",
        "phone",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["regime"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(law.code, law.code.upper()) for law in regimes.all_current()]
        statements = self.fields["statements"]
        assert isinstance(statements, forms.MultipleChoiceField)
        every = {one.code: f"{law.code.upper()}: {one.text}" for law in regimes.all_current() for one in law.statements}
        chosen = {one.code: str(one.text) for one in self.law.statements}
        statements.choices = list({**every, **chosen}.items())
        statements.label = gettext_lazy("What it states")
        self.fields["signature"].label = gettext_lazy("Signature")
        self.fields["capacity"].label = gettext_lazy("The complainant is")
        self.fields["email"].help_text = ""
