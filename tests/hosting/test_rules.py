"""Addresses that are the same, and how long a link works."""

import datetime as dt

import pytest

from hosting import rules


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("https://host.example/v/1", "http://host.example/v/1"),
        ("https://host.example/v/1", "https://HOST.example/v/1/"),
        ("https://host.example/v/1/", "https://host.example/v/1"),
        ("https://host.example/v/1", "https://host.example/v/1#t=10"),
        ("https://host.example", "https://host.example/"),
        ("https://host.example/", "http://host.example"),
        ("https://host.example/v?id=1", "https://host.example/v/?id=1"),
    ],
)
def test_what_makes_no_difference(registered: str, asked: str):
    assert registered in rules.spellings_of(asked)


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("https://host.example/v/1", "https://host.example/V/1"),
        ("https://host.example/v/1", "https://host.example/v/1?x=2"),
        ("https://host.example/v/1", "https://host.example:8443/v/1"),
        ("https://host.example/v/1", "https://other.example/v/1"),
    ],
)
def test_what_may_be_another_thing(registered: str, asked: str):
    assert registered not in rules.spellings_of(asked)


@pytest.mark.parametrize("asked", ["http://[", "https://[::1", "", "not an address"])
def test_what_is_no_address_is_its_only_spelling_or_at_least_the_first(asked: str):
    assert rules.spellings_of(asked)[0] == asked


def test_a_link_works_for_fourteen_days():
    assert rules.claim_works_until(dt.datetime(2028, 2, 20, tzinfo=dt.UTC)) == dt.datetime(2028, 3, 5, tzinfo=dt.UTC)
