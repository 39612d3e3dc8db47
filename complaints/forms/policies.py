"""The form in which a provider writes the next version of its policy, and the version read from and put into it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actions import PolicyText
from complaints.forms.filing import Sound, lines_of
from complaints.rules import Side, policies
from complaints.rules.policies import LADDERS, STRIKE_KINDS, Numbers, Rung, Scale
from core import calendars
from core.errors import Invalid, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from complaints.access import InForce
    from verification.models import Organisation

PARTS = {Side.UPLOADER: "uploaders", Side.COMPLAINANT: "complainants"}
LANGUAGES = ("en", "zh_hans")
TITLES = {Side.UPLOADER: gettext_lazy("For uploaders"), Side.COMPLAINANT: gettext_lazy("For whoever sends notices")}


def field_of(pointer: str) -> str:
    """Return the field of the form that holds what a pointer into the version for programs points at."""
    name = pointer.strip("/").replace("/", "_").replace("-", "_")
    return "effective_on" if name == "effective_at" else name


def on_policy_form(error: Invalid) -> Invalid:
    """Return the refusal of a version with each problem put where the form has it."""
    problems = [Problem(f"/{field_of(one.pointer)}", one.code, one.detail) for one in error.problems]
    return Invalid(problems, error.detail)


class PolicyForm(Sound):
    """A version of a policy: its name and day, what it says in both languages, and its numbers."""

    version = forms.CharField(
        label=gettext_lazy("Name of this version"),
        max_length=20,
        help_text=gettext_lazy("As in 2026.2; each version has its own."),
    )
    effective_on = forms.DateField(
        label=gettext_lazy("Holds from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "A day in your time zone, at least seven days ahead. Without one it holds in seven days."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            self._add_texts(language)
        self._add_number(
            "final_after_days", _("After how many days without an objection a matter counts"), "FINAL_AFTER_DAYS"
        )
        for side, part in PARTS.items():
            self._add_scale(side, part)

    def _add_texts(self, language: str) -> None:
        in_language = {"en": _("in English"), "zh_hans": _("in Chinese")}[language]
        spoken = {"en": "en", "zh_hans": "zh-hans"}[language]
        self.fields[f"texts_{language}_text"] = forms.CharField(
            label=_("The policy %(language)s") % {"language": in_language},
            max_length=policies.LONGEST_POLICY_TEXT,
            widget=forms.Textarea(attrs={"rows": 8, "lang": spoken}),
        )
        self.fields[f"texts_{language}_examples"] = forms.CharField(
            label=_("Examples %(language)s, one a line") % {"language": in_language},
            max_length=2_000 * policies.MOST_EXAMPLES,
            widget=forms.Textarea(attrs={"rows": 5, "lang": spoken}),
        )

    def _add_number(self, name: str, label: Any, bounds: str | tuple[int, int]) -> None:
        least, most = getattr(policies, bounds) if isinstance(bounds, str) else bounds
        self.fields[name] = forms.IntegerField(
            label=label,
            min_value=least,
            max_value=most,
            help_text=_("From %(least)s to %(most)s.") % {"least": least, "most": most},
        )

    def _add_scale(self, side: Side, part: str) -> None:
        for kind in STRIKE_KINDS[side]:
            label = _("Points for %(what)s") % {"what": kind.label}
            self._add_number(f"{part}_weights_{kind.value}", label, "WEIGHTS")
        self._add_number(f"{part}_halves_after_days", _("Points halve every so many days"), "HALVES_AFTER_DAYS")
        self._add_number(
            f"{part}_expires_after_days", _("Points are forgotten after so many days"), "EXPIRES_AFTER_DAYS"
        )
        for place, step in enumerate(LADDERS[side]):
            words = {"step": step.label}
            self._add_number(f"{part}_steps_{place}_from_points", _("From how many points: %(step)s") % words, "POINTS")
            label = _("For how many days at most: %(step)s") % words
            self._add_number(f"{part}_steps_{place}_longest_days", label, policies.LONGEST_DAYS[step])

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields under the headings that the page gives them."""
        sides = [(TITLES[side], self._starting(f"{part}_")) for side, part in PARTS.items()]
        named = [self["version"], self["effective_on"]]
        return [
            (_("This version"), named),
            (_("What it says"), self._starting("texts_")),
            (_("What counts"), [self["final_after_days"]]),
            *sides,
        ]

    def _starting(self, prefix: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    def hidden(self) -> str:
        """Return what was given as hidden fields, for the page that shows what would change."""
        return "".join(str(field.as_hidden()) for field in self)

    def numbers(self) -> Numbers:
        """Return the numbers that were given."""
        given = self.cleaned_data
        scales = {part: self._scale(side, part) for side, part in PARTS.items()}
        return Numbers(final_after_days=given["final_after_days"], **scales)

    def _scale(self, side: Side, part: str) -> Scale:
        given = self.cleaned_data
        rungs = [
            Rung(step, given[f"{part}_steps_{place}_from_points"], given[f"{part}_steps_{place}_longest_days"])
            for place, step in enumerate(LADDERS[side])
        ]
        return Scale(
            weights={kind.value: given[f"{part}_weights_{kind.value}"] for kind in STRIKE_KINDS[side]},
            halves_after_days=given[f"{part}_halves_after_days"],
            expires_after_days=given[f"{part}_expires_after_days"],
            rungs=tuple(rungs),
        )

    def version_given(self, provider: Organisation) -> dict[str, Any]:
        """Return the version as it is published."""
        given = self.cleaned_data
        en, zh = (
            PolicyText(given[f"texts_{name}_text"], lines_of(given[f"texts_{name}_examples"], policies.MOST_EXAMPLES))
            for name in LANGUAGES
        )
        day = given["effective_on"]
        # A day begins where the one before it ends.
        begins = None if day is None else calendars.end_of_day(day - dt.timedelta(days=1), provider.time_zone)
        return {
            "provider": provider.code,
            "version": given["version"],
            "numbers": self.numbers(),
            "en": en,
            "zh": zh,
            "effective_at": begins,
        }


def policy_as_form(held: InForce, texts: Iterable[tuple[str, Iterable[str]]]) -> dict[str, Any]:
    """Return a version (its text and examples in English, then in Chinese) as the form holds it."""
    values: dict[str, Any] = {"final_after_days": held.numbers.final_after_days}
    for language, (text, examples) in zip(LANGUAGES, texts, strict=True):
        values[f"texts_{language}_text"] = text
        values[f"texts_{language}_examples"] = "\n".join(" ".join(one.split()) for one in examples)
    for side, part in PARTS.items():
        scale = held.numbers.of(side)
        values[f"{part}_halves_after_days"] = scale.halves_after_days
        values[f"{part}_expires_after_days"] = scale.expires_after_days
        values |= {f"{part}_weights_{kind}": points for kind, points in scale.weights.items()}
        for place, rung in enumerate(scale.rungs):
            values[f"{part}_steps_{place}_from_points"] = rung.from_points
            values[f"{part}_steps_{place}_longest_days"] = rung.longest_days
    return values
