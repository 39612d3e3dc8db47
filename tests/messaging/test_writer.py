"""What gathers is stored together, and each conversation keeps the order in which it was written in."""

import asyncio
from collections import Counter
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from messaging import database
from messaging.models import Message
from messaging.storing import Draft
from messaging.writer import LARGEST_BATCH, Writer
from tests.messaging import world

pytestmark = pytest.mark.django_db(transaction=True)


def drafts(pairs: list[world.Pair], count: int) -> list[Draft]:
    """Return messages to these conversations in turn, each saying which one it is."""
    places = [(one.conversation.id, one.party("rights_holder").id, one.rights_holder.id) for one in pairs]
    return [Draft(*places[number % len(places)], str(uuid4()), f"number {number}") for number in range(count)]


def written(given: list[Draft]) -> list[Draft]:
    """Have these written at once, and return them in the order in which it was told of them."""
    told: list[Draft] = []

    async def story() -> None:
        all_told = asyncio.Event()

        def settle(draft: Draft) -> None:
            told.append(draft)
            if len(told) == len(given):
                all_told.set()

        writer = Writer(lambda _draft: None)
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
    assert transactions() == (1 if count <= LARGEST_BATCH else 2)


def test_a_conversation_that_can_not_be_written_in_keeps_no_other_from_it() -> None:
    pairs = [world.pair() for _ in range(8)]
    given = drafts(pairs, 48)
    held = pairs[0].conversation.id
    parameters = database._parameters()

    with psycopg.connect(**parameters) as other:
        other.execute("SELECT FROM messaging_conversation WHERE id = %s FOR UPDATE", [held])
        told = written(given)

    assert told == given
    assert {draft.refused for draft in told if draft.conversation == held} == {"unavailable"}
    assert not any(draft.refused for draft in told if draft.conversation != held)
    assert Message.objects.count() == len(given) - len(given) // len(pairs)
