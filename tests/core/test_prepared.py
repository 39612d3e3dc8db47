"""Statements that are kept prepared: parsed and planned once in a connection, and the same to Django as any other."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, NotSupportedError, connection, transaction

from core import prepared
from tests.factories.people import NOW

COUNTED = "INSERT INTO core_ratecount (bucket, window_at, count) VALUES ($1, $2, $3) RETURNING count"


def kept() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def count(bucket: str, number: int = 1) -> int:
    with prepared.cursor() as cursor:
        cursor.execute(COUNTED, [bucket, NOW, number])
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def nothing_is_kept(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


def test_a_statement_is_prepared_when_it_comes_again_and_once() -> None:
    assert [count(f"bucket {number}", number) for number in range(1, 5)] == [1, 2, 3, 4]

    assert kept() == [COUNTED]


def test_nothing_is_prepared_where_a_pooler_keeps_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection.connection is not None
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)

    assert [count(f"bucket {number}", number) for number in range(1, 5)] == [1, 2, 3, 4]
    assert kept() == []


def test_a_value_is_never_read_as_sql() -> None:
    assert count("one', now(), 1); DROP TABLE core_ratecount; --") == 1
    assert count("$1 and %s") == 1


def test_a_refusal_of_the_database_is_one_of_djangos() -> None:
    count("one")

    with pytest.raises(IntegrityError), transaction.atomic():
        count("one")
    assert count("other") == 1


def test_it_is_counted_and_shown_as_every_other_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3) as asked:
        for bucket in ("one", "other", "third"):
            count(bucket)

    assert [one["sql"] for one in asked] == [COUNTED] * 3


def test_an_instant_comes_back_as_one_of_utc() -> None:
    with prepared.cursor() as cursor:
        cursor.execute("SELECT $1::timestamptz", [NOW])
        assert cursor.fetchone() == (NOW,)
        cursor.execute("SELECT window_at FROM core_ratecount WHERE bucket = $1", [f"at {count('at it')}"])
        assert cursor.fetchall() == []
    assert NOW.utcoffset() == dt.timedelta()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_in_a_transaction", [False, True])
def test_a_column_may_get_another_type_while_its_question_is_kept(is_in_a_transaction: bool) -> None:
    def ask() -> Any:
        with prepared.cursor() as cursor:
            cursor.execute("SELECT number FROM of_this_test WHERE number = $1", [1])
            return cursor.fetchone()

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE of_this_test AS SELECT 1::smallint AS number")
        assert [ask(), ask()] == [(1,), (1,)]
        # Inside of a block psycopg does not see what is done, as if another connection did it.
        cursor.execute("DO 'BEGIN ALTER TABLE of_this_test ALTER number TYPE bigint; END'")

    if is_in_a_transaction:
        with pytest.raises(NotSupportedError), transaction.atomic():
            ask()
    assert [ask(), ask()] == [(1,), (1,)]
    connection.close()
