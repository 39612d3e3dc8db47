"""The one writer of a process: what gathers while a commit runs is committed together by the next one.

Where much is under way, half of it is committed while of the other half is told, so that the database and this process
work at the same time and not in turns; unless the disk is so slow that fewer commits give more.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any
from uuid import UUID

import psycopg

from messaging import storing
from messaging.storing import Draft
from messaging.wire import Wire

log = logging.getLogger(__name__)

LARGEST_BATCH = 400
MUCH = 32  # messages; of fewer, two halves cost more than they give
# A commit that takes so many times as long as to tell of all that is in hand is better shared by all of it.
SLOW = 4.0
LATELY = 8  # batches
MOST_WAITING = 20_000
# A restart of PostgreSQL takes less; whoever still waits then is told that nothing is known, and sends again.
GIVE_UP_AFTER = 20.0
PAUSES = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)


class Writer:
    """Stores drafts in the order in which they came, and says of each what became of it, after the commit."""

    def __init__(self, announce: Callable[[Draft], None]) -> None:
        self._announce = announce
        self._waiting: dict[UUID, Draft] = {}
        self._flying: dict[UUID, Draft] = {}
        # The same message sent again while the first is under way: it shares what becomes of that one.
        self._twins: dict[UUID, list[Draft]] = {}
        self._news: asyncio.Future[None] | None = None
        self._room: asyncio.Event = asyncio.Event()
        self._room.set()
        self._wire = Wire()
        self._telling = 0.0  # seconds a message, the last time
        self._writing = 0.0  # seconds a batch, lately

    def put(self, draft: Draft) -> None:
        """Take a draft; its ``settle`` is called once it is committed or refused."""
        first = self._waiting.get(draft.id) or self._flying.get(draft.id)
        if first is not None:
            self._twins.setdefault(draft.id, []).append(draft)
            return
        self._waiting[draft.id] = draft
        if len(self._waiting) >= MOST_WAITING:
            self._room.clear()
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def origin_of(self, message: UUID) -> Any:
        """Return the socket that sends a message of which it was not told yet, or None."""
        draft = self._flying.get(message)
        return draft.origin if draft is not None else None

    @property
    def is_full(self) -> bool:
        """Say whether so much waits that senders must wait too."""
        return not self._room.is_set()

    async def has_room(self) -> None:
        """Wait until drafts are taken again."""
        await self._room.wait()

    async def run(self) -> None:
        """Write for ever."""
        stored: list[Draft] = []  # committed, and not told of yet
        writing: asyncio.Task[None] | None = None
        try:
            while True:
                if not self._waiting or not self._is_halved(len(self._waiting) + len(stored)):
                    self._tell(stored)
                    stored = []
                    # What was told goes out, and what came meanwhile is read, before the next batch is taken.
                    await asyncio.sleep(0)
                    await self._some()
                batch = self._take(beside=len(stored))
                began = time.perf_counter()
                if stored:
                    writing = asyncio.create_task(self._write(batch))
                    await asyncio.sleep(0)  # it is under way before the others are told
                    self._tell(stored)
                    await writing
                else:
                    await self._write(batch)
                took = time.perf_counter() - began
                self._writing += (took - self._writing) / LATELY if self._writing else took
                stored = batch
        finally:
            if writing is not None:
                writing.cancel()
            self._wire.drop()

    async def _some(self) -> None:
        """Wait until something waits to be written."""
        if not self._waiting:
            self._news = asyncio.get_running_loop().create_future()
            await self._news

    def _is_halved(self, in_hand: int) -> bool:
        """Say whether of so many in hand only half is written next."""
        is_slow = self._writing > SLOW * self._telling * in_hand > 0
        return in_hand >= MUCH and not is_slow

    def _take(self, *, beside: int) -> list[Draft]:
        """Take what is written next: all that waits, or half of that and of so many ``beside`` it."""
        in_hand = len(self._waiting) + beside
        most = min(LARGEST_BATCH, -(-in_hand // 2) if self._is_halved(in_hand) else in_hand)
        batch = [self._waiting.pop(key) for key in list(islice(self._waiting, most))]
        self._flying.update((draft.id, draft) for draft in batch)
        if len(self._waiting) < MOST_WAITING:
            self._room.set()
        return batch

    async def _write(self, batch: list[Draft]) -> None:
        try:
            await self._commit(batch)
        except Exception:
            log.exception("a batch of messages could not be written")
        for draft in batch:
            if not draft.seq and not draft.refused:
                draft.refused = "unavailable"

    def _tell(self, batch: list[Draft]) -> None:
        """Say of each what became of it; one of whom that can't be said keeps it from no other."""
        began = time.perf_counter()
        for draft in batch:
            del self._flying[draft.id]
        # One after the other, so that a sender gets the numbers of the others' messages and its own in their order.
        for draft in batch:
            try:
                self._tell_of(draft)
            except Exception:
                log.exception("the news of a message could not be told")
        if batch:
            self._telling = (time.perf_counter() - began) / len(batch)

    def _tell_of(self, draft: Draft) -> None:
        twins = self._twins.pop(draft.id, ())
        if draft.seq:
            self._announce(draft)
        if draft.settle is not None:
            draft.settle(draft)
        for twin in twins:
            self._settle_twin(twin, draft)

    def _settle_twin(self, twin: Draft, first: Draft) -> None:
        if twin.digest == first.digest:
            twin.seq, twin.sent_at, twin.refused = first.seq, first.sent_at, first.refused
        elif first.refused == "conflict":  # with what was stored before, which may well be what the twin says
            self.put(twin)
            return
        else:
            twin.refused = first.refused or "conflict"
        if twin.settle is not None:
            twin.settle(twin)

    async def _commit(self, batch: list[Draft]) -> None:
        """Commit the batch, again after a lost connection: what was committed already is then found, not doubled."""
        loop = asyncio.get_running_loop()
        until = loop.time() + GIVE_UP_AFTER
        for attempt in range(1_000):
            try:
                await self._store(batch)
                return
            except (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected):
                pass  # another process stored the same or locked crosswise: look again
            except psycopg.errors.LockNotAvailable:
                if len(batch) > 1:
                    await self._commit_apart(batch)
                return
            except psycopg.OperationalError:
                self._wire.drop()
            except psycopg.Error as error:
                log.error("messages were refused by the database", extra={"error": type(error).__name__})
                if len(batch) > 1:
                    await self._commit_apart(batch)
                return
            if loop.time() > until:
                return
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])

    async def _commit_apart(self, batch: list[Draft]) -> None:
        """Commit by conversation, so that the one that can't be written holds up no other."""
        apart: dict[UUID, list[Draft]] = {}
        for draft in batch:
            apart.setdefault(draft.conversation, []).append(draft)
        groups = list(apart.values()) if len(apart) > 1 else [[draft] for draft in batch]
        for group in groups:
            with suppress(psycopg.Error):
                await self._store(group)

    async def _store(self, batch: list[Draft]) -> None:
        missing = storing.note_stored(batch, await self._wire.rows(storing.STORE, storing.parameters(batch)))
        if missing:
            storing.note_explained(missing, await self._wire.rows(storing.EXPLAIN, storing.parameters(missing)))
