"""The regimes as tables: every element present, absent and malformed; every clock against days counted by hand."""

import datetime as dt
from typing import Any

import pytest

from complaints import regimes
from complaints.regimes import counting, engine

WHOLE: dict[str, Any] = {
    "complainant": {
        "name": "Films Example Ltd", "postal_address": "1 Harbour Street", "email": "r@films.example", "phone": "+1 202",
    },
    "works": [{"title": "The Harbour"}],
    "items": [{"url": "https://host.example/v/1"}],
    "grounds": "We made it.",
    "statements": ["good_faith", "accuracy"],
    "signature": "F. Example",
    "evidence": [],
}  # fmt: skip
CN = regimes.at_version("cn", "cn-2026.1")
US = regimes.at_version("us", "us-2026.1")


def without(**changes: Any) -> dict[str, Any]:
    contact = changes.pop("contact", {})
    return {**WHOLE, **changes, "complainant": {**WHOLE["complainant"], **contact}}


def lacking(code: str, notice: dict[str, Any]) -> list[str]:
    law = regimes.current(code)
    assert law is not None
    return [lack.element for lack in engine.lacks_of(law.elements, notice)]


@pytest.mark.parametrize("code", regimes.CODES)
def test_a_whole_notice_lacks_nothing_under_any_regime(code: str) -> None:
    assert lacking(code, WHOLE) == []


@pytest.mark.parametrize("code", regimes.CODES)
def test_an_empty_notice_lacks_every_element_with_its_source(code: str) -> None:
    law = regimes.current(code)
    assert law is not None

    lacks = engine.lacks_of(law.elements, {})

    assert [lack.element for lack in lacks] == [element.code for element in law.elements for _part in element.parts]
    assert all(lack.source and str(lack.detail) for lack in lacks)


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        ("us", {"signature": ""}, ["signature"]),
        ("us", {"signature": "  "}, ["signature"]),
        ("us", {"works": []}, ["work"]),
        ("us", {"works": [{"title": " "}]}, ["work"]),
        ("us", {"works": [{"title": "", "work": "W-1"}]}, []),
        ("us", {"items": []}, ["location"]),
        ("us", {"items": [{"external_id": "item-1"}]}, []),
        ("us", {"contact": {"email": "", "phone": ""}}, []),
        ("us", {"contact": {"email": "", "phone": "", "postal_address": ""}}, ["contact"]),
        ("us", {"contact": {"name": ""}}, []),
        ("us", {"statements": ["accuracy"]}, ["good_faith"]),
        ("us", {"statements": ["good_faith"]}, ["accuracy"]),
        ("us", {"statements": ["good_faith", "authority_under_perjury"]}, ["accuracy"]),
        ("us", {"grounds": ""}, []),
        ("cn", {"contact": {"name": ""}}, ["identity"]),
        ("cn", {"contact": {"postal_address": ""}}, ["identity"]),
        ("cn", {"contact": {"email": ""}}, []),
        ("cn", {"contact": {"email": "", "phone": " "}}, ["identity"]),
        ("cn", {"works": []}, ["work"]),
        ("cn", {"items": []}, ["location"]),
        ("cn", {"grounds": ""}, ["evidence"]),
        ("cn", {"grounds": "", "evidence": ["a-file"]}, []),
        ("cn", {"signature": "", "statements": []}, []),
        ("eu", {"grounds": ""}, ["reasons"]),
        ("eu", {"items": []}, ["location"]),
        ("eu", {"contact": {"name": ""}}, ["contact"]),
        ("eu", {"contact": {"email": ""}}, ["contact"]),
        ("eu", {"statements": []}, ["good_faith"]),
        ("eu", {"works": [], "signature": ""}, []),
        ("jp", {"items": []}, ["information"]),
        ("jp", {"works": []}, ["right"]),
        ("jp", {"grounds": ""}, ["reason"]),
        ("jp", {"contact": {"name": "", "email": "", "phone": "", "postal_address": ""}, "statements": []}, []),
    ],
)
def test_each_element_is_missed_when_it_is_not_there_and_only_then(code, changes, expected) -> None:
    assert lacking(code, without(**changes)) == expected


@pytest.mark.parametrize("law", regimes.VERSIONS, ids=lambda law: law.version)
def test_a_regime_says_where_each_of_its_parts_comes_from(law) -> None:
    parts = [*law.elements, *law.statements, *law.clocks, *law.tells]
    if law.counter is not None:
        parts += [*law.counter.elements, *law.counter.statements]

    assert all(part.source for part in parts)
    assert len({element.code for element in law.elements}) == len(law.elements)
    needed = {
        place.partition(".")[2] for e in law.elements for p in e.parts for place in p.any_of if "statements." in place
    }
    assert needed == {statement.code for statement in law.statements if statement.is_required}


def test_what_was_noted_as_missing_is_found_again_in_words() -> None:
    for law in regimes.VERSIONS:
        for lack in engine.lacks_of(law.elements, {}):
            assert engine.lack_of(law.elements, lack.element, lack.pointer) == lack
    assert engine.lack_of(US.elements, "signature", "/elsewhere") is None


def test_an_unknown_regime_or_version_is_none_and_an_error() -> None:
    assert regimes.current("xx") is None
    with pytest.raises(KeyError):
        regimes.at_version("us", "us-1790.1")


UTC = dt.UTC


@pytest.mark.parametrize(
    ("zone", "start", "earliest", "due", "latest"),
    [
        # Tuesday 10 March 2026, summer time began two days before: 10 working days end on the 24th, 14 on the 30th.
        ("America/New_York", (2026, 3, 10, 9, 30), (2026, 3, 25, 4), (2026, 3, 25, 4), (2026, 3, 31, 4)),
        # Friday 6 March, the clocks go forward on Sunday: the last day ends an hour earlier by UTC.
        ("America/New_York", (2026, 3, 6, 23, 0), (2026, 3, 21, 4), (2026, 3, 21, 4), (2026, 3, 27, 4)),
        # Late on 10 March in Shanghai it is the 11th already.
        ("Asia/Shanghai", (2026, 3, 10, 17, 0), (2026, 3, 25, 16), (2026, 3, 25, 16), (2026, 3, 31, 16)),
        # Thanksgiving (26 November) is no working day; the clocks went back before.
        ("America/New_York", (2026, 11, 23, 15, 0), (2026, 12, 9, 5), (2026, 12, 9, 5), (2026, 12, 15, 5)),
        # Over Christmas, New Year and Martin Luther King's day (18 January 2027).
        ("UTC", (2026, 12, 23, 12, 0), (2027, 1, 9, 0), (2027, 1, 9, 0), (2027, 1, 15, 0)),
        # A leap year: 29 February 2028 is a Tuesday; Presidents' Day (21 February) is a holiday.
        ("UTC", (2028, 2, 17, 12, 0), (2028, 3, 4, 0), (2028, 3, 4, 0), (2028, 3, 10, 0)),
    ],
)
def test_the_american_clock_ends_after_ten_and_before_the_end_of_fourteen_business_days(
    zone, start, earliest, due, latest
) -> None:
    assert US.counter is not None

    run = counting.run_of(US.counter.clock, dt.datetime(*start, tzinfo=UTC), zone)

    assert run == counting.Run(*(dt.datetime(*one, tzinfo=UTC) for one in (earliest, due, latest)))


@pytest.mark.parametrize(
    ("start", "due", "latest"),
    [
        # Tuesday 10 March 2026: 15 working days end on Tuesday the 31st; Qingming (4 to 6 April) moves the 20th to 8 April.
        ((2026, 3, 10, 9, 30), (2026, 3, 31, 16), (2026, 4, 8, 16)),
        # Spring Festival 2026: 15 to 23 February free, Saturdays 14 and 28 February worked.
        ((2026, 2, 11, 2, 0), (2026, 3, 10, 16), (2026, 3, 17, 16)),
    ],
)
def test_the_chinese_clock_counts_fifteen_and_never_more_than_twenty_working_days(start, due, latest) -> None:
    assert CN.counter is not None

    run = counting.run_of(CN.counter.clock, dt.datetime(*start, tzinfo=UTC), "Asia/Shanghai")

    assert (run.due_at, run.latest_at) == (dt.datetime(*due, tzinfo=UTC), dt.datetime(*latest, tzinfo=UTC))
    assert run.earliest_at == run.due_at


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ((2026, 3, 10, 15), 0),
        ((2026, 3, 11, 3), 0),
        ((2026, 3, 11, 5), 1),
        ((2026, 3, 15, 12), 3),
        ((2026, 6, 1, 0), 10),
    ],
)
def test_the_day_of_a_clock_stands_still_on_free_days_and_ends_with_its_length(now, day) -> None:
    assert US.counter is not None
    start = dt.datetime(2026, 3, 10, 14, 0, tzinfo=UTC)

    assert counting.day_of(US.counter.clock, start, dt.datetime(*now, tzinfo=UTC), "America/New_York") == day


def test_months_and_calendar_days_are_counted_as_such() -> None:
    eu, jp = regimes.at_version("eu", "eu-2026.1"), regimes.at_version("jp", "jp-2026.1")
    months = next(rule for rule in eu.clocks if rule.code == "eu-20")
    days = next(rule for rule in jp.clocks if rule.code == "jp-3-2-2")
    start = dt.datetime(2027, 8, 31, 12, tzinfo=UTC)

    assert counting.end_of(months, 6, start, "Europe/Brussels") == dt.datetime(2028, 2, 29, 23, tzinfo=UTC)
    assert counting.end_of(days, 7, start, "Asia/Tokyo") == dt.datetime(2027, 9, 7, 15, tzinfo=UTC)
    assert counting.day_of(days, start, start + dt.timedelta(days=3), "Asia/Tokyo") == 3
