"""How the clocks of regimes are counted: when one runs out, which day it is, what is left of it. It knows no country."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from complaints.regimes.shape import (
    HOURS,
    IMMEDIATE,
    MONTHS,
    OF_JURISDICTION,
    WORKING_DAYS,
    ClockRule,
    Regime,
)
from core import calendars

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)
AN_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Run:
    """When a clock may act, does act, and must have acted, and how long a pause may hold it: aware UTC instants."""

    earliest_at: dt.datetime
    due_at: dt.datetime
    latest_at: dt.datetime
    capped_at: dt.datetime | None = None


def zone_of(rule: ClockRule, law: Regime, providers_zone: str) -> str:
    """Return the time zone by whose days the clock is counted.

    House rule: the provider's, because the duty is the provider's and is done where it is, unless the data of the
    regime says that the jurisdiction's counts (ADR 21).
    """
    return law.time_zone if rule.zone == OF_JURISDICTION else providers_zone


def end_of(rule: ClockRule, length: int, start: dt.datetime, zone: str) -> dt.datetime:
    """Return the aware UTC instant at which ``length`` units after the start are over.

    House rule: of days and months the start's own day is not counted, and the last day is counted whole: this is the
    earliest instant at which nobody can say that a day is missing. Hours are counted from the very instant.
    """
    if rule.unit == IMMEDIATE:
        return start.astimezone(dt.UTC)
    if rule.unit == HOURS:
        return start.astimezone(dt.UTC) + length * HOUR
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
    return Run(earliest, due, latest, None if rule.cap is None else end_of(rule, rule.cap, start, zone))


def left_until(rule: ClockRule, end: dt.datetime, now: dt.datetime, zone: str) -> int:
    """Return how much of a clock that ends at ``end`` is left: working days, days, or (of hours) seconds, rounded up.

    House rule: the day on which a clock is paused is used up, and the day on which it goes on is not counted, so that
    a pause within one day changes nothing and every other one is made good day by day.
    """
    if rule.unit in (HOURS, IMMEDIATE):
        return max(0, -((now - end) // SECOND))
    today = now.astimezone(ZoneInfo(zone)).date()
    last = (end - AN_INSTANT).astimezone(ZoneInfo(zone)).date()
    if rule.unit == WORKING_DAYS:
        return calendars.working_days_between(today, last, rule.calendar)
    return max(0, (last - today).days)


def end_with_left(rule: ClockRule, left: int, now: dt.datetime, zone: str) -> dt.datetime:
    """Return when a clock that goes on at ``now`` with so much left (see `left_until`) runs out.

    House rule: as at a start, the day on which it goes on is not counted.
    """
    if rule.unit in (HOURS, IMMEDIATE):
        return now.astimezone(dt.UTC) + left * SECOND
    day = now.astimezone(ZoneInfo(zone)).date()
    if rule.unit == WORKING_DAYS:
        return calendars.end_of_day(calendars.add_working_days(day, left, rule.calendar), zone)
    return calendars.end_of_day(day + dt.timedelta(days=left), zone)


def day_of(rule: ClockRule, start: dt.datetime, now: dt.datetime, zone: str) -> int:
    """Return which day (hour, month) of the clock it is: 0 on the start's own day, at most its length.

    House rule: counted in the unit of the rule; working days stand still on holidays, months count when they are over.
    """
    if rule.unit == HOURS:
        return max(0, min(rule.length, (now - start) // HOUR))
    first, today = (instant.astimezone(ZoneInfo(zone)).date() for instant in (start, now))
    gone = (today - first).days
    if rule.unit == WORKING_DAYS:
        gone = calendars.working_days_between(first, today, rule.calendar)
    elif rule.unit == MONTHS:
        gone = calendars.months_between(first, today)
    return max(0, min(rule.length, gone))


def day_with_left(rule: ClockRule, left: int) -> int:
    """Return which day (hour) of the clock it is with so much left (see `left_until`), pauses taken out.

    House rule: a day counts once it has begun, an hour once it is over.
    """
    return max(0, min(rule.length, rule.length - (-(-left // 3600) if rule.unit == HOURS else left)))


def is_announced(rule: ClockRule, end: dt.datetime, zone: str) -> bool:
    """Say whether every free day until ``end`` is announced, so that the clock's day is certain.

    House rule: until a government has announced a year, its working days are counted by the statute, and it is said.
    """
    last = (end - AN_INSTANT).astimezone(ZoneInfo(zone)).date()
    return rule.unit != WORKING_DAYS or calendars.is_announced(last, rule.calendar)
