"""Counting in the database."""

import datetime as dt

import pytest

from core import limits
from core.errors import TooFast
from core.models import RateCount
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def test_so_many_in_a_window_and_no_more():
    for _ in range(3):
        limits.require_room("a", limit=3, within=MINUTE, now=NOW)

    with pytest.raises(TooFast) as refused:
        limits.require_room("a", limit=3, within=MINUTE, now=NOW + dt.timedelta(seconds=20))

    assert refused.value.retry_after == 40
    limits.require_room("b", limit=3, within=MINUTE, now=NOW)
    limits.require_room("a", limit=3, within=MINUTE, now=NOW + MINUTE)


def test_what_is_given_back_counts_no_more():
    limits.require_room("a", limit=1, within=MINUTE, now=NOW)
    limits.give_back("a", within=MINUTE, now=NOW)
    limits.give_back("a", within=MINUTE, now=NOW)

    limits.require_room("a", limit=1, within=MINUTE, now=NOW)
    with pytest.raises(TooFast):
        limits.require_room("a", limit=1, within=MINUTE, now=NOW)


def test_old_windows_are_forgotten():
    limits.count_within("a", within=MINUTE, now=NOW)

    assert limits.forget_old(NOW + dt.timedelta(days=1)) == 0
    assert limits.forget_old(NOW + dt.timedelta(days=3)) == 1
    assert not RateCount.objects.exists()
