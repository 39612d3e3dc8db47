"""The one engine that reads regimes: what a notice lacks, when a clock runs out. It knows no country."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from complaints.regimes.shape import ClockRule, Element, Part, Words
from core import calendars

WORKING_DAYS = "working_days"
CALENDAR_DAYS = "calendar_days"
MONTHS = "months"


@dataclass(frozen=True)
class Lack:
    """One thing that a notice lacks: which element, on which article, and what to give."""

    element: str
    source: str
    detail: Words
    pointer: str


@dataclass(frozen=True)
class Run:
    """When a clock that starts now may act, does act, and must have acted: aware UTC instants."""

    earliest_at: dt.datetime
    due_at: dt.datetime
    latest_at: dt.datetime


def _is_filled(notice: Mapping[str, Any], place: str) -> bool:
    """Say whether a place such as ``complainant.name``, ``items.url`` or ``statements.good_faith`` is filled."""
    head, dot, rest = place.partition(".")
    value = notice.get(head)
    if not dot:
        return bool(value.strip()) if isinstance(value, str) else bool(value)
    if head == "statements":
        return rest in (value or ())
    if isinstance(value, (list, tuple)):
        return any(_is_filled(one, rest) for one in value)
    return isinstance(value, Mapping) and _is_filled(value, rest)


def lacks_of(elements: Iterable[Element], notice: Mapping[str, Any]) -> list[Lack]:
    """Return what the notice lacks, in the order of the law; empty when every element is there.

    House rule: only whether something is given is checked here; whether it is enough, a person judges on acceptance.
    """
    return [
        Lack(element.code, element.source, part.asks, _pointer(part))
        for element in elements
        for part in element.parts
        if not any(_is_filled(notice, place) for place in part.any_of)
    ]


def _pointer(part: Part) -> str:
    return (
        "/" + part.any_of[0].partition(".")[0]
        if part.any_of[0].startswith("statements.")
        else ("/" + part.any_of[0].replace(".", "/"))
    )


def lack_of(elements: Iterable[Element], element_code: str, pointer: str) -> Lack | None:
    """Return the lack that was noted by element and pointer, in the words of today's language."""
    for element in elements:
        for part in element.parts:
            if element.code == element_code and _pointer(part) == pointer:
                return Lack(element.code, element.source, part.asks, pointer)
    return None


def end_of(rule: ClockRule, length: int, start: dt.datetime, zone: str) -> dt.datetime:
    """Return the aware UTC instant at which ``length`` units after the start's local day are over.

    House rule: the start's own day is not counted, and the last day is counted whole, in the provider's time zone;
    this is the earliest instant at which nobody can say that a day is missing.
    """
    day = start.astimezone(ZoneInfo(zone)).date()
    if rule.unit == WORKING_DAYS:
        last = calendars.add_working_days(day, length, rule.calendar)
    elif rule.unit == MONTHS:
        last = calendars.add_months(day, length)
    else:
        last = day + dt.timedelta(days=length)
    return calendars.end_of_day(last, zone)


def run_of(rule: ClockRule, start: dt.datetime, zone: str) -> Run:
    """Return when a clock of this rule that starts at ``start`` may act, acts, and must have acted.

    House rule: the portal acts at the end of ``length`` units, which lies within the bounds that the law gives.
    """
    due = end_of(rule, rule.length, start, zone)
    earliest = due if rule.earliest is None else end_of(rule, rule.earliest, start, zone)
    latest = due if rule.latest is None else end_of(rule, rule.latest, start, zone)
    return Run(earliest, due, latest)


def day_of(rule: ClockRule, start: dt.datetime, now: dt.datetime, zone: str) -> int:
    """Return which day of the clock today is: 0 on the start's own day, at most its length.

    House rule: counted in the unit of the rule (working days stand still on holidays), in the provider's time zone.
    """
    first, today = (instant.astimezone(ZoneInfo(zone)).date() for instant in (start, now))
    gone = (today - first).days
    if rule.unit == WORKING_DAYS:
        gone = calendars.working_days_between(first, today, rule.calendar)
    return max(0, min(rule.length, gone))
