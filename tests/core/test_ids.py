"""Identifiers: in order of time, and not to be guessed."""

import time

from core import ids


def test_identifiers_are_in_the_order_in_which_they_were_made():
    made = []
    for _ in range(1000):
        made.append(ids.uuid7())
        time.sleep(0.000001)

    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_references_and_codes_survive_the_telephone():
    for _ in range(200):
        assert not set(ids.new_reference("C")[2:] + ids.new_tracking_code()) & set("ILOU")

    assert len(ids.new_reference("C")) == 18
    assert len(ids.new_tracking_code()) == 30


def test_no_secret_is_given_twice_and_its_digest_is_not_it():
    made = {ids.new_secret() for _ in range(1000)}

    assert len(made) == 1000
    assert all(len(ids.hash_secret(one)) == 32 for one in made)
