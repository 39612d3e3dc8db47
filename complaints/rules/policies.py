"""The policy on repeated infringement and on misuse of notices: its numbers as data, and what a policy may say at most."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.rules.kinds import Side
from core import calendars
from core.errors import Invalid, Problem


class Step(TextChoices):
    """What can be ordered against somebody, each step harder than the one before on its ladder."""

    WARNING = "warning", _("warning")
    PUBLISHING_CHECKED = "publishing_checked", _("what is published is checked first")
    PUBLISHING_PAUSED = "publishing_paused", _("publishing is paused")
    ACCESS_PAUSED = "access_paused", _("access is paused")
    HANDLED_LAST = "handled_last", _("notices are handled last")
    FILING_PAUSED = "filing_paused", _("handling of notices is paused")


class StrikeKind(TextChoices):
    """For what somebody gets a strike."""

    INFRINGEMENT = "infringement", _("an infringement that was found and stands")
    MANIFESTLY_UNFOUNDED = "manifestly_unfounded", _("a manifestly unfounded notice")
    BAD_FAITH = "bad_faith", _("a notice in bad faith, undone by a counter-notice")
    FALSE_IDENTITY = "false_identity", _("a notice in somebody else's name")


UPLOADER_LADDER = (Step.WARNING, Step.PUBLISHING_CHECKED, Step.PUBLISHING_PAUSED, Step.ACCESS_PAUSED)
COMPLAINANT_LADDER = (Step.WARNING, Step.HANDLED_LAST, Step.FILING_PAUSED)
LADDERS: dict[str, tuple[Step, ...]] = {Side.UPLOADER: UPLOADER_LADDER, Side.COMPLAINANT: COMPLAINANT_LADDER}
MISUSES = (StrikeKind.MANIFESTLY_UNFOUNDED, StrikeKind.BAD_FAITH, StrikeKind.FALSE_IDENTITY)
STRIKE_KINDS: dict[str, tuple[StrikeKind, ...]] = {Side.UPLOADER: (StrikeKind.INFRINGEMENT,), Side.COMPLAINANT: MISUSES}

# What a policy may say: from, to. House rule: nobody is forgiven never, and nothing lasts for ever.
WEIGHTS = (1, 100)
POINTS = (1, 10_000)
HALVES_AFTER_DAYS = (30, 366)
EXPIRES_AFTER_DAYS = (90, 1_096)
FINAL_AFTER_DAYS = (14, 184)
LONGEST_DAYS: dict[Step, tuple[int, int]] = {
    Step.WARNING: (1, 366),
    Step.PUBLISHING_CHECKED: (1, 184),
    Step.PUBLISHING_PAUSED: (1, 92),
    Step.ACCESS_PAUSED: (1, 92),
    Step.HANDLED_LAST: (1, 184),
    Step.FILING_PAUSED: (1, 92),
}
LONGEST_POLICY_TEXT = 20_000
MOST_EXAMPLES = 20
PUBLISHED_BEFORE = dt.timedelta(days=7)


@dataclass(frozen=True)
class Rung:
    """A step of the ladder: from how many points on it can be taken, and for how many days at most."""

    step: Step
    from_points: int
    longest_days: int


@dataclass(frozen=True)
class Scale:
    """How strikes of one side weigh, fade and lead on. The weight halves every so many days, and ends after so many."""

    weights: Mapping[str, int]
    halves_after_days: int
    expires_after_days: int
    rungs: tuple[Rung, ...]

    def rung(self, step: str) -> Rung:
        """Return the rung of this step; KeyError when the ladder has none such."""
        return {rung.step: rung for rung in self.rungs}[Step(step)]


@dataclass(frozen=True)
class Numbers:
    """The numbers of a policy. A matter is final when nothing contests it for ``final_after_days``."""

    final_after_days: int
    uploaders: Scale
    complainants: Scale

    def of(self, side: str) -> Scale:
        """Return the scale of uploaders or of complainants."""
        return {Side.UPLOADER: self.uploaders, Side.COMPLAINANT: self.complainants}[Side(side)]


@dataclass(frozen=True)
class HousePolicy:
    """The policy that holds where a provider has published none."""

    version: str
    numbers: Numbers
    text: str | Promise
    examples: tuple[str | Promise, ...] = field(default=())


HOUSE_POLICY = HousePolicy(
    version="house-2026.1",
    numbers=Numbers(
        final_after_days=30,
        uploaders=Scale(
            weights={StrikeKind.INFRINGEMENT: 4},
            halves_after_days=90,
            expires_after_days=360,
            rungs=(
                Rung(Step.WARNING, 4, 180),
                Rung(Step.PUBLISHING_CHECKED, 8, 60),
                Rung(Step.PUBLISHING_PAUSED, 12, 30),
                Rung(Step.ACCESS_PAUSED, 20, 30),
            ),
        ),
        complainants=Scale(
            weights={
                StrikeKind.MANIFESTLY_UNFOUNDED: 4,
                StrikeKind.BAD_FAITH: 6,
                StrikeKind.FALSE_IDENTITY: 6,
            },
            halves_after_days=90,
            expires_after_days=360,
            rungs=(Rung(Step.WARNING, 4, 180), Rung(Step.HANDLED_LAST, 8, 60), Rung(Step.FILING_PAUSED, 16, 30)),
        ),
    ),
    text=_(
        "Whoever repeatedly publishes what infringes, or repeatedly sends notices without any ground, is warned first. "
        "Only what is final counts. Each further step is proposed by the portal and decided by a person, who looks at "
        "the number, the gravity, the share of lawful use and the intent. Every step ends by itself, and somebody else "
        "decides an appeal against it."
    ),
    examples=(
        _("Three films that were complained about on one day, in one notice or in several, are one strike."),
        _("The same film, complained about by three rights holders, is one strike."),
        _("A measure that was lifted after a counter-notice or an appeal is no strike any more."),
        _(
            "A notice about a work that the sender plainly has no right in is manifestly unfounded; one that was merely "
            "rejected is not."
        ),
    ),
)  # fmt: skip


def takes_effect_from(published_at: dt.datetime) -> dt.datetime:
    """Return from when on a policy that is published now can hold.

    Law: E-Commerce Law of the PRC, art. 34: changes are published at least seven days before they take effect. House
    rule: for every provider and every policy, its first one too, because until then the house's policy holds.
    """
    return published_at + PUBLISHED_BEFORE


def check_numbers(numbers: Numbers) -> None:
    """Raise Invalid, pointing at each number, where a policy is not bounded or does not go step by step.

    Law: DSA art. 23(1) to (4): frequent misuse, a prior warning, for a reasonable period, the policy clear and detailed.
    House rule: the ladder begins with a warning and its thresholds rise; one matter alone leads to no more than a
    warning; every length is bounded, so that a policy cannot mean "for ever".
    """
    problems = [
        *_outside("/final_after_days", numbers.final_after_days, FINAL_AFTER_DAYS),
        *_problems_of("/uploaders", numbers.uploaders, Side.UPLOADER),
        *_problems_of("/complainants", numbers.complainants, Side.COMPLAINANT),
    ]
    if problems:
        raise Invalid(problems)


def _outside(pointer: str, value: int, bounds: tuple[int, int]) -> list[Problem]:
    if bounds[0] <= value <= bounds[1]:
        return []
    text = _("Give a number from %(least)s to %(most)s.") % {"least": bounds[0], "most": bounds[1]}
    return [Problem(pointer, "bounds", text)]


def _problems_of(pointer: str, scale: Scale, side: Side) -> list[Problem]:
    problems = [
        *_outside(f"{pointer}/halves_after_days", scale.halves_after_days, HALVES_AFTER_DAYS),
        *_outside(f"{pointer}/expires_after_days", scale.expires_after_days, EXPIRES_AFTER_DAYS),
    ]
    if set(scale.weights) != set(STRIKE_KINDS[side]):
        known = ", ".join(STRIKE_KINDS[side])
        problems.append(
            Problem(f"{pointer}/weights", "kinds", _("Give a weight for each of: %(known)s.") % {"known": known})
        )
    for kind, weight in scale.weights.items():
        problems += _outside(f"{pointer}/weights/{kind}", weight, WEIGHTS)
    if tuple(rung.step for rung in scale.rungs) != LADDERS[side]:
        known = ", ".join(LADDERS[side])
        problems.append(
            Problem(f"{pointer}/steps", "ladder", _("Give these steps, in this order: %(known)s.") % {"known": known})
        )
        return problems
    return problems + _problems_of_rungs(f"{pointer}/steps", scale)


def _problems_of_rungs(pointer: str, scale: Scale) -> list[Problem]:
    problems = []
    heaviest = max(scale.weights.values(), default=0)
    for place, rung in enumerate(scale.rungs):
        at = f"{pointer}/{place}"
        problems += _outside(f"{at}/from_points", rung.from_points, POINTS)
        problems += _outside(f"{at}/longest_days", rung.longest_days, LONGEST_DAYS[rung.step])
        if place and rung.from_points <= scale.rungs[place - 1].from_points:
            problems.append(
                Problem(f"{at}/from_points", "order", _("Each step needs more points than the one before."))
            )
        if place and rung.from_points <= heaviest:
            text = _("One matter alone leads to no more than a warning: ask for more points than its weight.")
            problems.append(Problem(f"{at}/from_points", "one_matter", text))
    return problems


def numbers_of(data: Mapping[str, Any]) -> Numbers:
    """Return the numbers that `numbers_as_data` gave.

    House rule: a policy's numbers are kept as plain data, whole, so that an old version reads as it read then.
    """
    return Numbers(
        final_after_days=data["final_after_days"],
        uploaders=_scale_of(data["uploaders"]),
        complainants=_scale_of(data["complainants"]),
    )


def _scale_of(data: Mapping[str, Any]) -> Scale:
    rungs = tuple(Rung(Step(one["step"]), one["from_points"], one["longest_days"]) for one in data["steps"])
    return Scale(dict(data["weights"]), data["halves_after_days"], data["expires_after_days"], rungs)


def numbers_as_data(numbers: Numbers) -> dict[str, Any]:
    """Return the numbers as plain data, as programs give and read them.

    House rule: what is published is what is reckoned with; there is no second form of it.
    """
    return {
        "final_after_days": numbers.final_after_days,
        "uploaders": _scale_as_data(numbers.uploaders),
        "complainants": _scale_as_data(numbers.complainants),
    }


def _scale_as_data(scale: Scale) -> dict[str, Any]:
    return {
        "weights": {str(kind): weight for kind, weight in scale.weights.items()},
        "halves_after_days": scale.halves_after_days,
        "expires_after_days": scale.expires_after_days,
        "steps": [
            {"step": rung.step.value, "from_points": rung.from_points, "longest_days": rung.longest_days}
            for rung in scale.rungs
        ],
    }


def end_of_days(start: dt.datetime, days: int, zone: str) -> dt.datetime:
    """Return the aware UTC instant at which ``days`` local days after the start's own day are over.

    House rule: the same counting as that of the legal clocks (complaints.regimes.engine.end_of), in calendar days.
    """
    return calendars.end_of_day(local_day(start, zone) + dt.timedelta(days=days), zone)


def local_day(instant: dt.datetime, zone: str) -> dt.date:
    """Return the day that the instant belongs to in the time zone.

    House rule: days are the provider's own, so that a night with 23 or 25 hours is one day like any other.
    """
    return instant.astimezone(ZoneInfo(zone)).date()
