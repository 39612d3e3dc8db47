"""Sealed values: bound to their place, opened with their key, gone with it."""

import base64
import json
import pickle
import time
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from core import sealing
from core.actors import SYSTEM
from core.errors import Gone
from core.models import DataKey, Opening
from core.sealing import Plain
from tests.factories.people import NOW

ROW = ("some_table", "00000000-0000-0000-0000-000000000001")
KEY = base64.b64encode(bytes(32)).decode()


class TestPlain:
    @pytest.mark.parametrize("shown", [str, repr, "{}".format, "{:>9}".format, "%s".__mod__])
    def test_it_prints_stars(self, shown: object):
        assert shown(Plain("secret")).strip() == "***"  # type: ignore[operator]

    def test_it_is_neither_pickled_nor_written_as_json(self):
        with pytest.raises(TypeError):
            pickle.dumps(Plain("secret"))
        with pytest.raises(TypeError):
            json.dumps(Plain("secret"))

    def test_an_empty_one_is_false(self):
        assert not Plain("")
        assert Plain("a")


@pytest.mark.django_db
class TestSealing:
    @pytest.fixture
    def key(self) -> DataKey:
        return sealing.new_data_key(now=NOW)

    def test_what_was_sealed_opens(self, key: DataKey):
        sealed = sealing.seal(key, row=ROW, field="name", text="秘密")

        assert "秘密".encode() not in sealed
        assert sealing.open_sealed(key, row=ROW, field="name", sealed=sealed).reveal() == "秘密"
        assert not sealing.open_sealed(key, row=ROW, field="name", sealed=None)

    def test_the_same_text_is_never_sealed_alike(self, key: DataKey):
        first, second = (sealing.seal(key, row=ROW, field="name", text="a") for _ in range(2))

        assert first != second

    @pytest.mark.parametrize(
        ("row", "field"), [(("other_table", ROW[1]), "name"), ((ROW[0], "2"), "name"), (ROW, "phone")]
    )
    def test_it_does_not_open_where_it_was_moved(self, key: DataKey, row: tuple[str, str], field: str):
        sealed = sealing.seal(key, row=ROW, field="name", text="a")

        with pytest.raises(ValueError, match="does not belong"):
            sealing.open_sealed(key, row=row, field=field, sealed=sealed)

    def test_no_bit_of_it_can_be_changed(self, key: DataKey):
        sealed = bytearray(sealing.seal(key, row=ROW, field="name", text="a"))
        for place in range(1, len(sealed)):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises(ValueError, match="does not belong"):
                sealing.open_sealed(key, row=ROW, field="name", sealed=bytes(changed))

    def test_a_destroyed_key_opens_nothing(self, key: DataKey):
        sealed = sealing.seal(key, row=ROW, field="name", text="a")

        sealing.destroy(key, now=NOW)

        for held in (key, DataKey.objects.get(pk=key.pk)):
            with pytest.raises(Gone):
                sealing.open_sealed(held, row=ROW, field="name", sealed=sealed)
        assert DataKey.objects.get(pk=key.pk).wrapped is None

    def test_a_wrapped_key_is_bound_to_its_row(self, key: DataKey):
        other = sealing.new_data_key(now=NOW)
        other.wrapped = key.wrapped

        with pytest.raises(InvalidTag):
            sealing.seal(other, row=ROW, field="name", text="a")

    def test_indexes_are_equal_for_equal_texts_of_one_scope_only(self):
        assert sealing.blind_index("person", "a") == sealing.blind_index("person", "a")
        assert sealing.blind_index("person", "a") != sealing.blind_index("name", "a")
        assert sealing.keyed_digest("person", "a") != sealing.blind_index("person", "a").hex()
        assert len(sealing.keyed_digest("person", "a")) == 64

    def test_house_secrets_open_for_their_use_only(self):
        sealed = sealing.seal_text("second_factor", "secret")

        assert sealing.open_text("second_factor", sealed) == "secret"
        with pytest.raises(ValueError, match="not one of other"):
            sealing.open_text("other", sealed)

    def test_an_opening_says_who_what_and_why(self, key: DataKey):
        sealing.record_opening(key=key, fields=["phone", "name"], by=SYSTEM, purpose="a test", now=NOW)

        opening = Opening.objects.get(data_key=key)
        assert (opening.by, opening.fields, opening.purpose) == ("system", ["name", "phone"], "a test")


@pytest.mark.django_db
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back(text: str):
    key = sealing.new_data_key(now=NOW)

    sealed = sealing.seal(key, row=ROW, field="name", text=text)

    assert sealing.open_sealed(key, row=ROW, field="name", sealed=sealed).reveal() == text


@pytest.mark.django_db(transaction=True)
def test_the_key_of_the_indexes_is_looked_up_once_and_outlives_a_rotation(
    settings: Any, django_assert_num_queries: Any
) -> None:
    first = sealing.blind_index("a_scope", "the same text")
    with django_assert_num_queries(0):
        assert sealing.blind_index("a_scope", "the same text") == first
        assert sealing.blind_index("another_scope", "the same text") != first

    settings.FIELD_KEYS = "test2:" + base64.b64encode(b"2" * 32).decode() + "," + settings.FIELD_KEYS
    assert sealing.rotate_some() >= 1
    sealing.forget_index_key()
    assert sealing.blind_index("a_scope", "the same text") == first


@pytest.mark.django_db(transaction=True)
def test_a_key_of_the_indexes_that_was_undone_with_its_transaction_is_not_kept() -> None:
    with transaction.atomic():
        undone = sealing.blind_index("a_scope", "text")
        transaction.set_rollback(True)

    assert not DataKey.objects.filter(pk=sealing.INDEX_KEY_ID).exists()
    assert sealing.blind_index("a_scope", "text") != undone


@pytest.mark.django_db(transaction=True)
def test_nothing_is_indexed_once_the_key_of_the_indexes_was_destroyed() -> None:
    sealing.blind_index("a_scope", "text")
    sealing.destroy(DataKey.objects.get(pk=sealing.INDEX_KEY_ID), now=NOW)
    with pytest.raises(Gone):
        sealing.blind_index("a_scope", "text")


@pytest.mark.django_db(transaction=True)
def test_a_key_of_the_indexes_that_another_process_destroyed_is_used_for_a_minute_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealing.blind_index("a_scope", "text")
    DataKey.objects.filter(pk=sealing.INDEX_KEY_ID).update(wrapped=None, destroyed_at=NOW)
    later = time.monotonic() + sealing.INDEX_KEY_KNOWN_FOR
    monkeypatch.setattr(sealing.time, "monotonic", lambda: later)
    with pytest.raises(Gone):
        sealing.blind_index("a_scope", "text")
