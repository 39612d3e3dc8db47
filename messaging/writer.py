"""The one writer of a process: what gathers while a commit runs is committed together by the next one."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import psycopg

from messaging import storing
from messaging.storing import Draft
from messaging.wire import Wire

log = logging.getLogger(__name__)

LARGEST_BATCH = 400
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

    @property
    def is_full(self) -> bool:
        """Say whether so much waits that senders must wait too."""
        return not self._room.is_set()

    async def has_room(self) -> None:
        """Wait until drafts are taken again."""
        await self._room.wait()

    async def run(self) -> None:
        """Write for ever."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                if not self._waiting:
                    self._news = loop.create_future()
                    await self._news
                try:
                    await self._write(self._take())
                except Exception:
                    log.exception("the news of a batch could not be told")
                # What was told goes out, and what came meanwhile is read, before the next batch is taken.
                await asyncio.sleep(0)
        finally:
            self._wire.drop()

    def _take(self) -> list[Draft]:
        if len(self._waiting) <= LARGEST_BATCH:
            self._flying, self._waiting = self._waiting, {}
        else:
            first = list(self._waiting)[:LARGEST_BATCH]
            self._flying = {key: self._waiting.pop(key) for key in first}
        if len(self._waiting) < MOST_WAITING:
            self._room.set()
        return list(self._flying.values())

    async def _write(self, batch: list[Draft]) -> None:
        try:
            await self._commit(batch)
        except Exception:
            log.exception("a batch of messages could not be written")
        for draft in batch:
            if not draft.seq and not draft.refused:
                draft.refused = "unavailable"
        self._flying = {}
        # One after the other, so that a sender gets the numbers of the others' messages and its own in their order.
        for draft in batch:
            if draft.seq:
                self._announce(draft)
            if draft.settle is not None:
                draft.settle(draft)
            for twin in self._twins.pop(draft.id, ()):
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
