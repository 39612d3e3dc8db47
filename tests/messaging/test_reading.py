"""What is asked for while a reading runs is read together by the next, and everybody gets its own."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from core import times
from messaging.reading import MOST_AT_ONCE, Reader, Stretch


class Table:
    """Messages 1 to 5 of every conversation, and how often it was asked for how many stretches."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    async def fetch(self, wanted: Sequence[Stretch]) -> list[tuple[Any, ...]]:
        self.asked.append(len(wanted))
        await asyncio.sleep(0.01)
        if any(one.limit == 0 for one in wanted):
            raise ConnectionResetError
        return [
            (place, uuid4(), one.conversation, seq, uuid4(), "Hello", None, times.now())
            for place, one in enumerate(wanted, 1)
            for seq in range(one.after + 1, min(5, one.after + one.limit) + 1)
        ]


async def test_stretches_that_gather_are_read_together() -> None:
    table = Table()
    reader, conversations = Reader(table.fetch), [uuid4() for _ in range(MOST_AT_ONCE + 5)]

    async def seqs(conversation: UUID, after: int) -> list[int]:
        rows = await reader.read(conversation, after, 3)
        assert {row.conversation for row in rows} <= {conversation}
        return [row.seq for row in rows]

    first = asyncio.create_task(seqs(conversations[0], 0))
    await asyncio.sleep(0.005)
    found = await asyncio.gather(*(seqs(one, number % 6) for number, one in enumerate(conversations)))

    assert await first == [1, 2, 3]
    assert found == [[seq for seq in (1, 2, 3, 4, 5) if number % 6 < seq <= number % 6 + 3] for number in range(45)]
    assert table.asked == [1, MOST_AT_ONCE, 5]


async def test_a_reading_that_fails_is_told_to_who_asked_and_the_next_goes_on() -> None:
    reader = Reader(Table().fetch)

    with pytest.raises(ConnectionResetError):
        await reader.read(uuid4(), 0, 0)

    assert len(await reader.read(uuid4(), 0, 3)) == 3


async def test_who_gives_up_waiting_holds_up_nobody() -> None:
    reader = Reader(Table().fetch)
    gone = asyncio.create_task(reader.read(uuid4(), 0, 3))
    await asyncio.sleep(0)
    gone.cancel()

    assert len(await reader.read(uuid4(), 4, 3)) == 1
