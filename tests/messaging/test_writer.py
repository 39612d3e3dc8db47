"""What gathers is stored together, and each conversation keeps the order in which it was written in."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from messaging import database
from messaging.models import Message
from messaging.storing import Draft
from messaging.writer import LARGEST_BATCH, MUCH, Writer
from tests.messaging import world

pytestmark = pytest.mark.django_db(transaction=True)


def drafts(pairs: list[world.Pair], count: int) -> list[Draft]:
    """Return messages to these conversations in turn, each saying which one it is."""
    places = [(one.conversation.id, one.party("rights_holder").id, one.rights_holder.id) for one in pairs]
    return [Draft(*places[number % len(places)], str(uuid4()), f"number {number}") for number in range(count)]


def written(
    given: list[Draft],
    announce: Callable[[Draft], None] = lambda _draft: None,
    writers: list[Writer] | None = None,
    until: int | None = None,
) -> list[Draft]:
    """Have these written at once, and return them, or ``until`` so many, in the order in which it was told of them."""
    told: list[Draft] = []

    async def story() -> None:
        all_told = asyncio.Event()

        def settle(draft: Draft) -> None:
            told.append(draft)
            if len(told) == (until or len(given)):
                all_told.set()

        writer = Writer(announce)
        if writers is not None:
            writers.append(writer)
        for draft in given:
            draft.settle = settle
            writer.put(draft)
        work = asyncio.create_task(writer.run())
        await asyncio.wait_for(all_told.wait(), 20)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    asyncio.run(story())
    return told


def transactions() -> int:
    """Return how many transactions stored what there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM messaging_message")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("count", [1, 50, LARGEST_BATCH, LARGEST_BATCH + 1])
def test_each_conversation_gets_what_was_written_in_it_in_order(count: int) -> None:
    pairs = [world.pair() for _ in range(8)]
    given = drafts(pairs, count)

    told = written(given)

    assert told == given
    assert not any(draft.refused for draft in told)
    expected: Counter[object] = Counter()
    for draft in told:
        expected[draft.conversation] += 1
        assert draft.seq == expected[draft.conversation]
    stored = dict(Message.objects.values_list("id", "body"))
    assert stored == {draft.id: draft.body for draft in given}
    assert transactions() == (1 if count < MUCH else 2)


def test_where_much_is_under_way_half_is_committed_while_of_the_other_half_is_told() -> None:
    pairs = [world.pair() for _ in range(8)]
    given = drafts(pairs, MUCH)
    seen: list[tuple[int, int]] = []

    def stored() -> int:
        with psycopg.connect(**database._parameters()) as other:
            row = other.execute("SELECT count(*) FROM messaging_message").fetchone()
        return int(row[0]) if row else 0

    def noting(draft: Draft) -> None:
        for _ in range(100):  # nothing else of this loop runs meanwhile: it is the database that works beside it
            if given.index(draft) or stored() == MUCH:
                break
            time.sleep(0.05)
        seen.append((given.index(draft), stored()))

    told = written(given, noting)

    assert told == given
    assert [count for _place, count in seen] == [MUCH] * MUCH
    assert transactions() == 2


def test_where_a_commit_takes_long_all_that_waits_shares_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given = drafts([world.pair() for _ in range(8)], 3 * MUCH)
    first, later = given[:MUCH], given[MUCH:]
    sizes: list[int] = []
    commit = Writer._commit

    async def by_a_slow_disk(writer: Writer, batch: list[Draft]) -> None:
        sizes.append(len(batch))
        await commit(writer, batch)
        await asyncio.sleep(0.2)
        if batch[-1] is first[-1]:  # the writer knows by now, and gets as much again and again as much
            for draft in later:
                draft.settle = first[0].settle
                writer.put(draft)

    monkeypatch.setattr(Writer, "_commit", by_a_slow_disk)
    told = written(first, until=len(given))

    assert sizes == [MUCH // 2, MUCH // 2, 2 * MUCH]
    assert told == given


def test_one_whose_news_can_not_be_told_keeps_it_from_no_other(caplog: pytest.LogCaptureFixture) -> None:
    given = drafts([world.pair()], 3)
    stumbles = given[0].id

    def announce(draft: Draft) -> None:
        if draft.id == stumbles:
            raise RuntimeError("a socket that can't be written to")

    told = written(given, announce, until=2)

    assert told == given[1:]
    assert [draft.seq for draft in given] == [1, 2, 3]
    assert [record.message for record in caplog.records] == ["the news of a message could not be told"]


def test_a_message_that_is_not_told_of_is_known_with_its_socket_and_sent_again_shares_what_becomes_of_it() -> None:
    given = drafts([world.pair() for _ in range(8)], MUCH)
    last = given[-1]
    again = Draft(last.conversation, last.sender, last.account, last.client_id, last.body)
    settled: list[Draft] = []
    again.settle = settled.append
    last.origin = "its socket"
    origins: list[object] = []

    def noting(draft: Draft) -> None:
        origins.append(writers[0].origin_of(last.id))
        if draft is given[0]:
            writers[0].put(again)

    writers: list[Writer] = []
    written(given, noting, writers)

    assert origins == ["its socket"] * (MUCH // 2) + [None] * (MUCH // 2)
    assert settled == [again]
    assert (again.seq, again.sent_at, again.refused) == (last.seq, last.sent_at, "")


def test_a_conversation_that_can_not_be_written_in_keeps_no_other_from_it() -> None:
    pairs = [world.pair() for _ in range(8)]
    given = drafts(pairs, 24)
    held = pairs[0].conversation.id
    parameters = database._parameters()

    with psycopg.connect(**parameters) as other:
        other.execute("SELECT FROM messaging_conversation WHERE id = %s FOR UPDATE", [held])
        told = written(given)

    assert told == given
    assert {draft.refused for draft in told if draft.conversation == held} == {"unavailable"}
    assert not any(draft.refused for draft in told if draft.conversation != held)
    assert Message.objects.count() == len(given) - len(given) // len(pairs)
