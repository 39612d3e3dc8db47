"""Questions whose SQL is built once: they answer as the same queryset does."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import F, QuerySet

from core.models import RateCount
from core.planned import AnyOf, planned
from tests.factories import people
from tests.factories.people import NOW
from verification.models import Token

LATER = NOW + dt.timedelta(hours=1)


@planned
def counts_of(bucket: Any, since: Any) -> QuerySet[RateCount]:
    return RateCount.objects.filter(bucket=bucket, window_at__gte=since).order_by("-window_at")


@planned
def numbers_of(bucket: Any) -> QuerySet[RateCount, int]:
    return RateCount.objects.filter(bucket=bucket).order_by("window_at").values_list("count", flat=True)


@planned
def tokens_with_account(account: Any) -> QuerySet[Token]:
    return Token.objects.filter(account=account).select_related("account").only("hash", "account__email")


@planned
def counts_of_any(buckets: Any, since: Any) -> QuerySet[RateCount, int]:
    found = RateCount.objects.filter(AnyOf(F("bucket"), buckets), window_at__gte=since)
    return found.order_by("count").values_list("count", flat=True)


@pytest.fixture
def counted(db: None) -> None:
    for bucket, at, count in (("one", NOW, 3), ("one", LATER, 5), ("other", NOW, 7)):
        RateCount.objects.create(bucket=bucket, window_at=at, count=count)


def test_each_asking_gets_the_rows_of_its_own_values(counted: None) -> None:
    assert [row.count for row in counts_of("one", NOW)] == [5, 3]
    assert [row.count for row in counts_of("one", LATER)] == [5]
    assert [row.count for row in counts_of("other", NOW)] == [7]
    assert counts_of("nobody", NOW) == []
    assert numbers_of("one") == [3, 5]


def test_a_list_is_as_long_as_it_is(counted: None) -> None:
    assert counts_of_any([], NOW) == []
    assert counts_of_any(["other"], NOW) == [7]
    assert counts_of_any(["one", "other", "no{body}", 'a "quoted, one'], NOW) == [3, 5, 7]
    assert counts_of_any(["one", "other"], LATER) == [5]


def test_a_row_is_one_of_the_orm_and_can_be_saved(counted: None) -> None:
    (row,) = counts_of("other", NOW)
    row.count = 8
    row.save(update_fields=["count"])
    assert numbers_of("other") == [8]


def test_what_a_row_refers_to_comes_with_it_and_the_rest_when_it_is_asked_for(
    db: None, django_assert_num_queries: Any
) -> None:
    account = people.account()
    people.token(account)
    with django_assert_num_queries(1):
        (token,) = tokens_with_account(account.pk)
        assert token.account.email == account.email
    with django_assert_num_queries(1):
        assert token.revoked_at is None


@pytest.mark.parametrize("values", [(None, NOW), ("one",)])
def test_what_would_change_the_question_is_refused(counted: None, values: tuple[Any, ...]) -> None:
    with pytest.raises((TypeError, ValueError)):
        counts_of(*values)


@planned
def counts_called(bucket: Any) -> QuerySet[RateCount]:
    return RateCount.objects.filter(bucket=bucket).exclude(bucket="100 % of 'it', $1 and %s").order_by("count")


def test_what_the_question_says_itself_stands_in_its_sql(counted: None) -> None:
    RateCount.objects.create(bucket="100 % of 'it', $1 and %s", window_at=NOW, count=1)

    assert counts_called("100 % of 'it', $1 and %s") == []
    assert [row.count for row in counts_called("one")] == [3, 5]


def test_a_question_asked_again_is_kept_prepared(counted: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    assert [len(counts_called(bucket)) for bucket in ("one", "other", "nobody", "one")] == [2, 1, 0, 2]

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%core_ratecount%'")
        assert cursor.fetchone() == (1,)


def test_a_value_is_never_read_as_sql(counted: None) -> None:
    assert numbers_of("one' OR '1'='1") == []
    assert numbers_of("%s") == []


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection_and_gets_its_own_answer() -> None:
    for number in range(8):
        RateCount.objects.create(bucket=f"of {number}", window_at=NOW, count=number)
    got: dict[int, set[int]] = {}

    def ask(number: int) -> None:
        got[number] = {numbers_of(f"of {number}")[0] for _again in range(20)}
        connections.close_all()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {number: {number} for number in range(8)}
    assert connection.in_atomic_block is False
