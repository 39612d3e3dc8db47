"""The clocks against a table made by hand: calendars on paper and offsets from almanacs, nothing of the portal's code."""

import datetime as dt

import pytest

from complaints import regimes
from complaints.regimes import counting
from complaints.regimes.shape import CALENDAR_DAYS, HOURS, IMMEDIATE, MONTHS, OF_JURISDICTION, WORKING_DAYS, ClockRule
from core import calendars

UTC = dt.UTC
# Unit, length, calendar, zone, start and end; both instants by UTC.
TABLE = [
    # The nights in which the clocks go forward and back in New York.
    ("working_days", 10, "US-federal", "America/New_York", "2026-03-06T23:00", "2026-03-21T04:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-03-08T06:59:59.999999", "2026-03-21T04:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-03-08T07:00", "2026-03-21T04:00"),
    ("working_days", 1, "US-federal", "America/New_York", "2026-03-08T04:59:59.999999", "2026-03-10T04:00"),
    ("working_days", 1, "US-federal", "America/New_York", "2026-03-09T03:59:59.999999", "2026-03-10T04:00"),
    ("working_days", 1, "US-federal", "America/New_York", "2026-03-09T04:00", "2026-03-11T04:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-10-30T12:00", "2026-11-17T05:00"),
    ("working_days", 1, "US-federal", "America/New_York", "2026-11-01T05:30", "2026-11-03T05:00"),
    ("working_days", 1, "US-federal", "America/New_York", "2026-11-01T06:30", "2026-11-03T05:00"),
    ("calendar_days", 1, "", "America/New_York", "2026-03-07T12:00", "2026-03-09T04:00"),
    ("calendar_days", 1, "", "America/New_York", "2026-10-31T12:00", "2026-11-02T05:00"),
    ("hours", 36, "", "America/New_York", "2026-03-07T12:00", "2026-03-09T00:00"),
    ("hours", 36, "", "America/New_York", "2026-10-31T12:00", "2026-11-02T00:00"),
    ("calendar_days", 7, "", "America/New_York", "2027-11-06T03:30", "2027-11-13T05:00"),
    # The same nights in Brussels, and where half an hour or three quarters are moved.
    ("calendar_days", 1, "", "Europe/Brussels", "2026-03-28T12:00", "2026-03-29T22:00"),
    ("calendar_days", 1, "", "Europe/Brussels", "2026-03-28T23:00", "2026-03-30T22:00"),
    ("calendar_days", 1, "", "Europe/Brussels", "2026-10-24T12:00", "2026-10-25T23:00"),
    ("calendar_days", 1, "", "Europe/Brussels", "2026-10-25T00:30", "2026-10-26T23:00"),
    ("calendar_days", 1, "", "Europe/Brussels", "2026-10-25T01:30", "2026-10-26T23:00"),
    ("months", 6, "", "Europe/Brussels", "2026-09-29T10:00", "2027-03-29T22:00"),
    ("months", 6, "", "Europe/Brussels", "2026-08-31T10:00", "2027-02-28T23:00"),
    ("months", 6, "", "Europe/Brussels", "2026-04-25T10:00", "2026-10-25T23:00"),
    ("hours", 24, "", "Europe/Brussels", "2026-10-24T20:00", "2026-10-25T20:00"),
    ("calendar_days", 7, "", "Australia/Lord_Howe", "2026-03-29T12:00", "2026-04-05T13:30"),
    ("calendar_days", 7, "", "Pacific/Chatham", "2026-03-29T12:00", "2026-04-06T11:15"),
    # Holidays of the United States, with those that fall on a weekend.
    ("working_days", 1, "US-federal", "America/New_York", "2026-07-02T15:00", "2026-07-07T04:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-06-26T15:00", "2026-07-14T04:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2025-11-14T15:00", "2025-12-02T05:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-11-12T15:00", "2026-11-28T05:00"),
    ("working_days", 14, "US-federal", "America/New_York", "2026-11-12T15:00", "2026-12-04T05:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2025-12-19T15:00", "2026-01-07T05:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-12-18T15:00", "2027-01-06T05:00"),
    ("working_days", 5, "US-federal", "America/New_York", "2027-06-16T15:00", "2027-06-25T04:00"),
    ("working_days", 1, "US-federal", "America/New_York", "2027-07-02T15:00", "2027-07-07T04:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2027-12-17T15:00", "2028-01-05T05:00"),
    ("working_days", 14, "US-federal", "America/New_York", "2027-12-17T15:00", "2028-01-11T05:00"),
    ("working_days", 1, "US-federal", "America/New_York", "2027-12-30T15:00", "2028-01-04T05:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-01-09T15:00", "2026-01-27T05:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-10-02T15:00", "2026-10-20T04:00"),
    ("working_days", 10, "US-federal", "America/New_York", "2026-10-30T15:00", "2026-11-17T05:00"),
    # China: long holidays and the weekends that are worked for them.
    ("working_days", 15, "CN", "Asia/Shanghai", "2025-01-20T02:00", "2025-02-14T16:00"),
    ("working_days", 20, "CN", "Asia/Shanghai", "2025-01-20T02:00", "2025-02-21T16:00"),
    ("working_days", 1, "CN", "Asia/Shanghai", "2025-01-25T02:00", "2025-01-26T16:00"),
    ("working_days", 15, "CN", "Asia/Shanghai", "2025-09-22T02:00", "2025-10-17T16:00"),
    ("working_days", 20, "CN", "Asia/Shanghai", "2025-09-22T02:00", "2025-10-24T16:00"),
    ("working_days", 1, "CN", "Asia/Shanghai", "2025-09-30T15:59:59.999999", "2025-10-09T16:00"),
    ("working_days", 1, "CN", "Asia/Shanghai", "2025-09-30T16:00", "2025-10-09T16:00"),
    ("working_days", 1, "CN", "Asia/Shanghai", "2025-10-10T02:00", "2025-10-11T16:00"),
    ("working_days", 15, "CN", "Asia/Shanghai", "2026-02-05T02:00", "2026-03-04T16:00"),
    ("working_days", 20, "CN", "Asia/Shanghai", "2026-02-05T02:00", "2026-03-11T16:00"),
    ("working_days", 1, "CN", "Asia/Shanghai", "2026-02-13T02:00", "2026-02-14T16:00"),
    ("working_days", 15, "CN", "Asia/Shanghai", "2026-09-18T02:00", "2026-10-15T16:00"),
    ("working_days", 20, "CN", "Asia/Shanghai", "2026-09-18T02:00", "2026-10-22T16:00"),
    ("working_days", 15, "CN", "Asia/Shanghai", "2025-12-20T02:00", "2026-01-12T16:00"),
    ("working_days", 5, "CN", "Asia/Shanghai", "2026-04-30T02:00", "2026-05-11T16:00"),
    ("working_days", 15, "CN", "America/New_York", "2026-02-10T04:59:59.999999", "2026-03-07T05:00"),
    ("working_days", 15, "CN", "America/New_York", "2026-02-10T05:00", "2026-03-10T04:00"),
    ("calendar_days", 15, "", "Asia/Shanghai", "2026-09-25T02:00", "2026-10-10T16:00"),
    ("working_days", 0, "CN", "Asia/Shanghai", "2026-09-18T02:00", "2026-09-18T16:00"),
    ("immediate", 0, "", "Asia/Shanghai", "2026-10-01T02:00:00.123456", "2026-10-01T02:00:00.123456"),
    # Japan: substitute holidays, and the day between two holidays.
    ("working_days", 3, "JP", "Asia/Tokyo", "2025-05-02T03:00", "2025-05-09T15:00"),
    ("working_days", 3, "JP", "Asia/Tokyo", "2026-05-01T03:00", "2026-05-11T15:00"),
    ("working_days", 1, "JP", "Asia/Tokyo", "2026-09-18T03:00", "2026-09-24T15:00"),
    ("working_days", 7, "JP", "Asia/Tokyo", "2026-09-17T03:00", "2026-10-01T15:00"),
    ("working_days", 1, "JP", "Asia/Tokyo", "2025-02-21T03:00", "2025-02-25T15:00"),
    ("working_days", 1, "JP", "Asia/Tokyo", "2025-11-21T03:00", "2025-11-25T15:00"),
    ("calendar_days", 7, "", "Asia/Tokyo", "2026-04-28T14:59:59.999999", "2026-05-05T15:00"),
    ("calendar_days", 7, "", "Asia/Tokyo", "2026-04-28T15:00", "2026-05-06T15:00"),
    # The Union's shared holidays, over Easter and Christmas.
    ("working_days", 2, "EU", "Europe/Brussels", "2026-04-02T10:00", "2026-04-08T22:00"),
    ("working_days", 2, "EU", "Europe/Brussels", "2026-12-24T10:00", "2026-12-29T23:00"),
    # Leap days, ends of months and years, and the last microsecond of a day.
    ("months", 6, "", "Europe/Brussels", "2027-08-31T10:00", "2028-02-29T23:00"),
    ("months", 6, "", "Europe/Brussels", "2027-08-29T10:00", "2028-02-29T23:00"),
    ("months", 12, "", "UTC", "2028-02-29T10:00", "2029-03-01T00:00"),
    ("calendar_days", 1, "", "UTC", "2028-02-28T10:00", "2028-03-01T00:00"),
    ("calendar_days", 1, "", "UTC", "2027-02-28T10:00", "2027-03-02T00:00"),
    ("working_days", 2, "US-federal", "UTC", "2028-02-28T10:00", "2028-03-02T00:00"),
    ("calendar_days", 1, "", "UTC", "2026-12-31T23:59:59.999999", "2027-01-02T00:00"),
    ("calendar_days", 1, "", "UTC", "2027-01-01T00:00", "2027-01-03T00:00"),
    ("hours", 36, "", "UTC", "2026-12-31T23:59:59.999999", "2027-01-02T11:59:59.999999"),
    ("months", 1, "", "Asia/Tokyo", "2027-01-31T10:00", "2027-02-28T15:00"),
    # Far zones: the same instant is another day there.
    ("calendar_days", 7, "", "Pacific/Kiritimati", "2026-06-09T09:59:59.999999", "2026-06-16T10:00"),
    ("calendar_days", 7, "", "Pacific/Kiritimati", "2026-06-09T10:00", "2026-06-17T10:00"),
    ("working_days", 10, "US-federal", "Pacific/Kiritimati", "2026-07-02T12:00", "2026-07-17T10:00"),
    ("working_days", 10, "US-federal", "Pacific/Pago_Pago", "2026-07-02T12:00", "2026-07-18T11:00"),
    ("calendar_days", 7, "", "Asia/Kolkata", "2026-06-09T18:29:59.999999", "2026-06-16T18:30"),
    ("calendar_days", 7, "", "Asia/Kolkata", "2026-06-09T18:30", "2026-06-17T18:30"),
    ("calendar_days", 21, "", "Asia/Kolkata", "2026-02-10T06:00", "2026-03-03T18:30"),
    ("calendar_days", 1, "", "Asia/Kathmandu", "2026-06-09T18:15", "2026-06-11T18:15"),
    ("calendar_days", 1, "", "Pacific/Pago_Pago", "2026-06-09T10:59:59.999999", "2026-06-10T11:00"),
]


def rule(unit: str, length: int, calendar: str = "", **changes: object) -> ClockRule:
    values = {"code": "x", "source": "x", "label": "x", "starts": "x", "does": "x"}
    return ClockRule(**values, unit=unit, length=length, calendar=calendar, **changes)  # type: ignore[arg-type]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("unit", "length", "calendar", "zone", "start", "end"), TABLE)
def test_a_clock_ends_when_the_table_says(unit, length, calendar, zone, start, end) -> None:
    found = counting.end_of(rule(unit, length, calendar), length, at(start), zone)

    assert found == at(end)
    assert found.tzinfo == UTC


@pytest.mark.parametrize(("unit", "length", "calendar", "zone", "start", "end"), TABLE)
def test_a_pause_that_ends_on_the_day_on_which_it_began_changes_nothing(
    unit, length, calendar, zone, start, end
) -> None:
    one, began = rule(unit, length, calendar), at(start)

    left = counting.left_until(one, at(end), began, zone)

    if unit not in (HOURS, IMMEDIATE):
        assert counting.end_with_left(one, left, began, zone) == at(end)
    else:
        assert counting.end_with_left(one, left, began, zone) - at(end) < dt.timedelta(seconds=1)


# Unit, length, calendar, zone; start, pause, resumption, end: what was left is made good day by day.
PAUSES = [
    # Day 3 of 10 (Friday 13 March) to Wednesday the 18th: 16 and 17 and 18 March are lost, three working days.
    (WORKING_DAYS, 10, "US-federal", "America/New_York", "2026-03-10T14:00", "2026-03-13T14:00", "2026-03-18T14:00", 7,
     "2026-03-28T04:00"),
    # Over a weekend nothing is lost that would have counted: Saturday to Sunday.
    (WORKING_DAYS, 10, "US-federal", "America/New_York", "2026-03-10T14:00", "2026-03-14T14:00", "2026-03-15T14:00", 7,
     "2026-03-25T04:00"),
    # On the start's own day nothing was used yet.
    (WORKING_DAYS, 10, "US-federal", "America/New_York", "2026-03-10T14:00", "2026-03-10T20:00", "2026-03-11T14:00", 10,
     "2026-03-26T04:00"),
    # In China from before the National Day to the middle of it: the free days were free anyway.
    (WORKING_DAYS, 15, "CN", "Asia/Shanghai", "2026-09-18T02:00", "2026-09-30T02:00", "2026-10-05T02:00", 7,
     "2026-10-15T16:00"),
    (CALENDAR_DAYS, 7, "", "Asia/Tokyo", "2026-04-01T03:00", "2026-04-04T03:00", "2026-04-10T03:00", 4,
     "2026-04-14T15:00"),
    # On the last day nothing is left but the day on which it goes on.
    (CALENDAR_DAYS, 7, "", "Asia/Tokyo", "2026-04-01T03:00", "2026-04-08T03:00", "2026-04-10T03:00", 0,
     "2026-04-10T15:00"),
    # A month's rest is counted in days, over the night in which the clocks go back.
    (MONTHS, 6, "", "Europe/Brussels", "2026-05-01T10:00", "2026-10-20T10:00", "2026-10-24T10:00", 12,
     "2026-11-05T23:00"),
    (HOURS, 36, "", "Asia/Kolkata", "2026-02-10T06:00", "2026-02-10T16:30", "2026-02-12T00:00", 91_800,
     "2026-02-13T01:30"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "length", "calendar", "zone", "start", "paused", "resumed", "left", "end"), PAUSES)
def test_what_is_left_at_a_pause_is_left_when_it_goes_on(
    unit, length, calendar, zone, start, paused, resumed, left, end
) -> None:
    one = rule(unit, length, calendar)
    due = counting.end_of(one, length, at(start), zone)

    assert counting.left_until(one, due, at(paused), zone) == left
    assert counting.end_with_left(one, left, at(resumed), zone) == at(end)


@pytest.mark.parametrize(
    ("unit", "length", "left", "day"),
    [(WORKING_DAYS, 10, 10, 0), (WORKING_DAYS, 10, 7, 3), (CALENDAR_DAYS, 7, 0, 7), (HOURS, 36, 36 * 3600, 0),
     (HOURS, 36, 35 * 3600 + 1, 0), (HOURS, 36, 35 * 3600, 1), (HOURS, 36, 0, 36)],
)  # fmt: skip
def test_the_day_follows_from_what_is_left(unit, length, left, day) -> None:
    assert counting.day_with_left(rule(unit, length), left) == day


def test_a_month_is_over_on_its_last_day_and_an_hour_with_its_last_second() -> None:
    months, hours, start = rule(MONTHS, 6), rule(HOURS, 36), at("2026-08-31T10:00")
    days = [counting.day_of(months, start, at(day), "UTC") for day in ("2026-09-29T10:00", "2026-09-30T10:00")]

    assert days == [0, 1]
    assert counting.day_of(months, start, at("2027-02-28T10:00"), "UTC") == 6
    assert counting.day_of(hours, start, start + dt.timedelta(minutes=59), "UTC") == 0
    assert counting.day_of(hours, start, start + dt.timedelta(hours=99), "UTC") == 36


def test_a_pause_is_bounded_by_a_cap_that_counts_from_the_start() -> None:
    run = counting.run_of(rule(WORKING_DAYS, 15, "CN", latest=20, cap=20), at("2026-09-18T02:00"), "Asia/Shanghai")

    assert run.capped_at == run.latest_at == at("2026-10-22T16:00")
    assert counting.run_of(rule(WORKING_DAYS, 15, "CN"), at("2026-09-18T02:00"), "UTC").capped_at is None


def test_the_data_says_whose_days_count() -> None:
    law = regimes.at_version("us", "us-2026.1")

    assert counting.zone_of(rule(HOURS, 1), law, "Asia/Shanghai") == "Asia/Shanghai"
    assert counting.zone_of(rule(HOURS, 1, zone=OF_JURISDICTION), law, "Asia/Shanghai") == "America/New_York"


def test_days_that_no_government_has_announced_yet_are_known_as_such() -> None:
    last = calendars.ANNOUNCED_UNTIL["CN"]
    chinese, american = rule(WORKING_DAYS, 1, "CN"), rule(WORKING_DAYS, 1, "US-federal")
    within, beyond = (dt.datetime(year, 6, 1, tzinfo=UTC) for year in (last, last + 1))

    assert last >= 2026
    assert counting.is_announced(chinese, within, "Asia/Shanghai")
    assert not counting.is_announced(chinese, beyond, "Asia/Shanghai")
    assert counting.is_announced(american, beyond, "UTC")
    assert counting.is_announced(rule(CALENDAR_DAYS, 1), beyond, "UTC")
