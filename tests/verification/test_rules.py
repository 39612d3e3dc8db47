"""States of an identity, lengths of validity, one-time codes."""

import datetime as dt

import pytest

from core.errors import Conflict
from verification import rules
from verification.rules import IDENTITY_MOVES, IdentityState, Level

LEAP_DAY = dt.datetime(2028, 2, 29, 23, 59, 59, tzinfo=dt.UTC)


def test_the_chart_names_every_state():
    assert set(IDENTITY_MOVES) == set(IdentityState)


@pytest.mark.parametrize("present", IdentityState)
@pytest.mark.parametrize("wanted", IdentityState)
def test_an_identity_moves_as_the_chart_says(present: IdentityState, wanted: IdentityState):
    if wanted in IDENTITY_MOVES[present]:
        rules.check_move(present, wanted)
        return

    with pytest.raises(Conflict) as refused:
        rules.check_move(present, wanted)

    assert refused.value.state == present


def test_nothing_comes_back_once_erased():
    assert IDENTITY_MOVES[IdentityState.ERASED] == ()


def test_a_verification_holds_as_long_as_its_level_allows():
    assert rules.verified_until(LEAP_DAY, Level.BASIC, None) == LEAP_DAY + dt.timedelta(days=365)
    assert rules.verified_until(LEAP_DAY, Level.HIGH, None) == LEAP_DAY + dt.timedelta(days=1095)


def test_a_verification_ends_with_its_document_at_the_end_of_its_last_day():
    until = rules.verified_until(LEAP_DAY, Level.BASIC, dt.date(2028, 2, 29))

    assert until == dt.datetime(2028, 3, 1, tzinfo=dt.UTC)


def test_changed_rules_hold_seven_days_later_and_first_ones_at_once():
    assert rules.rules_take_effect_from(LEAP_DAY, is_first=True) == LEAP_DAY
    assert rules.rules_take_effect_from(LEAP_DAY, is_first=False) == LEAP_DAY + dt.timedelta(days=7)


def test_codes_of_one_step_around_now_are_taken_the_present_one_first():
    counters = rules.code_counters(dt.datetime.fromtimestamp(3000, dt.UTC))

    assert counters == [100, 99, 101]


@pytest.mark.parametrize(("days", "kept"), [(-1, 1), (0, 1), (30, 30), (10_000, 366)])
def test_a_token_lives_a_day_at_least_and_a_year_at_most(days: int, kept: int):
    assert rules.token_expires_at(LEAP_DAY, days) == LEAP_DAY + dt.timedelta(days=kept)
