"""Days as laws count them, against a table made by hand from printed calendars."""

import datetime as dt

import pytest

from core import calendars

DAY = dt.date


@pytest.mark.parametrize(
    ("start", "count", "jurisdiction", "expected"),
    [
        # Thanksgiving (26 November) falls into the ten days; weekends are 28/29 November and 5/6 December.
        (DAY(2026, 11, 23), 10, "US-federal", DAY(2026, 12, 8)),
        # Christmas and New Year's Day are holidays.
        (DAY(2026, 12, 23), 10, "US-federal", DAY(2027, 1, 8)),
        # A leap year: 29 February 2028 is a Tuesday like any other.
        (DAY(2028, 2, 25), 3, "US-federal", DAY(2028, 3, 1)),
        # Independence Day 2026 is a Saturday, so Friday 3 July is the holiday.
        (DAY(2026, 7, 2), 1, "US-federal", DAY(2026, 7, 6)),
        # National Day week 2026 (1 to 7 October); Saturday 10 October is worked for it.
        (DAY(2026, 9, 30), 3, "CN", DAY(2026, 10, 10)),
        # Spring Festival 2026: 15 to 23 February free, Saturday 14 and Saturday 28 February worked.
        (DAY(2026, 2, 13), 2, "CN", DAY(2026, 2, 24)),
        (DAY(2026, 2, 27), 1, "CN", DAY(2026, 2, 28)),
        # Golden Week in Japan: 3, 4, 5 May are holidays and Sunday's moves to the 6th.
        (DAY(2026, 5, 1), 1, "JP", DAY(2026, 5, 7)),
    ],
)
def test_the_nth_working_day_is_the_one_on_the_printed_calendar(start, count, jurisdiction, expected):
    assert calendars.add_working_days(start, count, jurisdiction) == expected
    assert calendars.working_days_between(start, expected, jurisdiction) == count


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (DAY(2026, 8, 31), 6, DAY(2027, 2, 28)),
        (DAY(2027, 8, 31), 6, DAY(2028, 2, 29)),
        (DAY(2026, 12, 15), 1, DAY(2027, 1, 15)),
        (DAY(2028, 2, 29), 12, DAY(2029, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(start, count, expected):
    assert calendars.add_months(start, count) == expected


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (DAY(2026, 3, 7), "America/New_York", dt.datetime(2026, 3, 8, 5, tzinfo=dt.UTC)),
        # The night in which the clocks go forward, and the one in which they go back.
        (DAY(2026, 3, 8), "America/New_York", dt.datetime(2026, 3, 9, 4, tzinfo=dt.UTC)),
        (DAY(2026, 11, 1), "America/New_York", dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC)),
        (DAY(2026, 12, 31), "Asia/Shanghai", dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC)),
        # A place where midnight itself does not exist when summer time begins.
        (DAY(2026, 4, 23), "Africa/Cairo", dt.datetime(2026, 4, 23, 22, tzinfo=dt.UTC)),
    ],
)
def test_a_day_ends_where_the_local_calendar_turns(day, zone, expected):
    assert calendars.end_of_day(day, zone) == expected
