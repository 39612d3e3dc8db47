"""The one reader of a process: what is asked for while a reading runs is read together by the next one.

A message of another process is read once for each conversation that somebody listens to here; asked for one by one, that
cost more than to store it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from messaging import frames

MOST_AT_ONCE = 40  # stretches, of a hundred messages each at most


class Stretch(NamedTuple):
    """Which messages are wanted: of a conversation, those after a number, so many at most."""

    conversation: UUID
    after: int
    limit: int


Fetch = Callable[[Sequence[Stretch]], Awaitable[list[tuple[Any, ...]]]]


class Reader:
    """Reads stretches of conversations; ``fetch`` answers with rows that begin with the place of their stretch, from 1."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._waiting: list[tuple[Stretch, asyncio.Future[list[frames.Row]]]] = []
        self._running: asyncio.Task[None] | None = None

    async def read(self, conversation: UUID, after: int, limit: int) -> list[frames.Row]:
        """Return the messages of a conversation after a number, in order. Raises what the reading raised."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[frames.Row]] = loop.create_future()
        self._waiting.append((Stretch(conversation, after, limit), answer))
        if self._running is None:
            self._running = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                wanted = [(stretch, answer) for stretch, answer in batch if not answer.done()]
                if wanted:
                    await self._answer([stretch for stretch, _ in wanted], [answer for _, answer in wanted])
        finally:
            self._running = None

    async def _answer(self, wanted: list[Stretch], answers: list[asyncio.Future[list[frames.Row]]]) -> None:
        try:
            rows = await self._fetch(wanted)
        except Exception as error:  # noqa: BLE001 - whoever asked is told, and decides
            for answer in answers:
                if not answer.done():
                    answer.set_exception(error)
            return
        found: list[list[frames.Row]] = [[] for _ in wanted]
        for place, *row in rows:
            found[place - 1].append(frames.Row(*row))
        for answer, one in zip(answers, found, strict=True):
            if not answer.done():
                answer.set_result(one)
