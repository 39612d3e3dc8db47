"""Counting days as laws do: calendar days, working days of a jurisdiction, months and years. Pure functions."""

import calendar
import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from holidays.countries.china import ChinaStaticHolidays

# The jurisdictions whose public holidays are known, by the name a clock uses: (country, subdivision or None).
JURISDICTIONS = {"US-federal": "US", "CN": "CN", "JP": "JP", "EU": "EU"}
SATURDAY = 5
# Until which year the free days are known where a government announces them year by year; elsewhere a statute names them.
ANNOUNCED_UNTIL = {"CN": max(ChinaStaticHolidays.special_public_holidays)}


@lru_cache(maxsize=64)
def _holidays(jurisdiction: str, year: int) -> frozenset[dt.date]:
    if jurisdiction == "EU":
        return _institutions_of_the_union(year)
    return frozenset(holidays.country_holidays(JURISDICTIONS[jurisdiction], years=year))


def _institutions_of_the_union(year: int) -> frozenset[dt.date]:
    # The holidays that the member states share through the central bank's calendar.
    return frozenset(holidays.financial_holidays("XECB", years=year))


@lru_cache(maxsize=64)
def _made_up_workdays(jurisdiction: str, year: int) -> frozenset[dt.date]:
    # China moves working days to weekends; a weekend day that is worked is a working day.
    if jurisdiction != "CN":
        return frozenset()
    return frozenset(getattr(holidays.country_holidays("CN", years=year), "weekend_workdays", ()))


def is_working_day(day: dt.date, jurisdiction: str) -> bool:
    """Say whether the day is a working day in the jurisdiction (one of ``JURISDICTIONS``)."""
    if day in _made_up_workdays(jurisdiction, day.year):
        return True
    return day.weekday() < SATURDAY and day not in _holidays(jurisdiction, day.year)


def is_announced(day: dt.date, jurisdiction: str) -> bool:
    """Say whether the free days of the day's year are known; until they are, working days are counted by the statute."""
    return day.year <= ANNOUNCED_UNTIL.get(jurisdiction, day.year)


def add_working_days(day: dt.date, count: int, jurisdiction: str) -> dt.date:
    """Return the ``count``-th working day after ``day``; the day itself is not counted."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_working_day(day, jurisdiction)
    return day


def add_months(day: dt.date, count: int) -> dt.date:
    """Return the same day ``count`` months later, or the last day of that month where it has no such day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: dt.date, last: dt.date) -> int:
    """Return how many whole months come after ``first``, up to and with ``last``; none where that is earlier."""
    count = max(0, (last.year - first.year) * 12 + last.month - first.month)
    return count - (count > 0 and add_months(first, count) > last)


def end_of_day(day: dt.date, zone: str) -> dt.datetime:
    """Return the aware UTC instant at which the local day is over: the first instant of the next day there."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def working_days_between(first: dt.date, last: dt.date, jurisdiction: str) -> int:
    """Return how many working days come after ``first``, up to and with ``last``."""
    days = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, jurisdiction) for day in days)
