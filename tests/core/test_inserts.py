"""Rows that are inserted together: they are what each would be by itself, and all of them or none."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.inserts import Made, Making, insert
from core.models import Clock, DataKey, Opening, OutgoingMail, RateCount
from tests.factories.people import NOW


def data_key(key_id: str = "test1") -> DataKey:
    return DataKey(wrapped=b"\x00wrapped\xff", key_id=key_id, created_at=NOW)


def opening(key: DataKey, **changes: Any) -> Opening:
    return Opening(
        **{"data_key": key, "fields": ["name", 'a "quoted" %s $1'], "by": "system", "purpose": "test", "at": NOW}
        | changes
    )


def test_rows_of_several_models_are_one_statement(db: None, django_assert_num_queries: Any) -> None:
    key, other = data_key(), data_key()

    with django_assert_num_queries(1):
        insert(key, other, opening(key), opening(other, purpose="second"), opening(other, purpose="third"))

    assert DataKey.objects.count() == 2
    assert list(Opening.objects.order_by("pk").values_list("data_key", "purpose")) == [
        (key.pk, "test"),
        (other.pk, "second"),
        (other.pk, "third"),
    ]


def test_a_row_is_what_saving_it_would_have_made(db: None) -> None:
    key = data_key()
    insert(key, opening(key))
    clock = {
        "matter": "C-1",
        "name": "answer",
        "handler": "none",
        "started_at": NOW,
        "due_at": NOW,
        "basis": {"a": [1]},
    }
    insert(Clock(**clock))
    Clock.objects.create(**clock | {"matter": "C-2"})

    kept = Opening.objects.select_related("data_key").get()
    assert (kept.fields, kept.at, bytes(kept.data_key.wrapped or b"")) == (
        ["name", 'a "quoted" %s $1'], NOW, b"\x00wrapped\xff",
    )  # fmt: skip
    ours, saved = Clock.objects.order_by("matter").values()
    assert {name for name in ours if ours[name] != saved[name]} == {"id", "matter"}


def test_a_row_that_was_inserted_is_saved_as_one_that_is_there(db: None) -> None:
    key = data_key()
    insert(key)

    key.key_id = "test2"
    key.save()

    assert DataKey.objects.get().key_id == "test2"


def test_nothing_is_asked_for_no_rows(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert()


def test_the_order_is_of_no_meaning_but_what_is_referred_to_must_be_there(db: None) -> None:
    key = data_key()
    insert(opening(key), key)
    connection.check_constraints()

    insert(opening(data_key()))
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    Opening.objects.exclude(data_key=key).delete()


def test_a_row_that_is_refused_takes_the_others_with_it(db: None) -> None:
    key = data_key()

    with pytest.raises(IntegrityError, match="opening_has_purpose"), transaction.atomic():
        insert(key, opening(key, purpose=""))

    assert (DataKey.objects.count(), Opening.objects.count()) == (0, 0)


def test_the_same_series_again_has_its_own_values(db: None) -> None:
    for number in range(1, 5):
        key = data_key(f"key {number}")
        insert(key, *(opening(key, purpose=f"{number} of {place}") for place in range(number)))

    assert sorted(Opening.objects.values_list("data_key__key_id", "purpose")) == sorted(
        (f"key {number}", f"{number} of {place}") for number in range(1, 5) for place in range(number)
    )


def test_defaults_of_the_model_are_kept(db: None) -> None:
    key = data_key()
    insert(
        key,
        OutgoingMail(
            data_key=key, dedupe="once", template="none", content_sealed=b"x", next_try_at=NOW, created_at=NOW
        ),
    )

    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.attempts, mail.sent_at, mail.error) == ("waiting", 0, None, "")


MADE = Making(
    DataKey,
    "INSERT INTO core_ratecount (bucket, window_at, count) SELECT ({row}).key_id || {value}, ({row}).created_at, 7 FROM {rows}",
)


def test_a_row_is_made_of_another_in_the_same_statement(db: None, django_assert_num_queries: Any) -> None:
    for number in range(3):
        key = data_key(f"key{number}")
        with django_assert_num_queries(1):
            insert(key, Made(MADE, "'s count, {row} and $1"), opening(key))

    kept = RateCount.objects.order_by("bucket").values_list("bucket", "window_at", "count")
    assert list(kept) == [(f"key{number}'s count, {{row}} and $1", NOW, 7) for number in range(3)]
    assert Opening.objects.count() == 3


@pytest.mark.parametrize("keys", [0, 2])
def test_a_row_is_made_of_one_other_only(db: None, keys: int) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        insert(*(data_key() for _ in range(keys)), Made(MADE, "count"), Clock())
