"""Hints between processes: "conversation X has reached N", and frames that are not kept. Any of them may get lost.

Over Redis by the channel layer where there is a REDIS_URL, else by PostgreSQL's NOTIFY, which a transaction sends by
its commit and which needs no table. A process that is alone sends nothing for its own messages.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection, transaction

from messaging import database

log = logging.getLogger(__name__)

CHANNEL = "messaging"
LARGEST_PAYLOAD = 7_000  # bytes; PostgreSQL takes 8,000
# A process that was not heard for so long is gone; each says hello every two seconds.
ALONE_AFTER = 7.0


class Passed(NamedTuple):
    """A frame for whoever listens to a conversation, but for the sockets of one party."""

    conversation: str
    frame: str
    but_party: str | None
    wanted: str = ""  # only for the sockets that asked for such frames
    number: int = 0  # of what happened, where that is kept


class Present(NamedTuple):
    """Whether a party has a conversation open through the process that says so."""

    conversation: str
    party: str
    here: bool


class Silenced(NamedTuple):
    """Whether a party may only read from now on: for its own sockets and nobody else's."""

    conversation: str
    party: str
    is_silenced: bool


def _is_over_redis() -> bool:
    return bool(settings.REDIS_URL)


def payload(
    process: str,
    moved: dict[str, int],
    passed: list[Passed],
    present: list[Present] | None = None,
    silenced: list[Silenced] | None = None,
) -> str:
    """Return the text of one hint; with nothing in it, it says hello."""
    return json.dumps(
        {"p": process, "m": moved, "f": passed, "h": present or [], "s": silenced or []}, separators=(",", ":")
    )


def send_from_transaction(*, moved: dict[UUID, int] | None = None, passed: list[Passed] | None = None) -> None:
    """Send a hint with the commit of the running transaction; for code outside of the sockets' loop."""
    _send_with_commit(payload("", {str(key): seq for key, seq in (moved or {}).items()}, passed or []))


def tell_silenced(silenced: list[Silenced]) -> None:
    """Have it told with the commit of the running transaction who may only read now, or may write again."""
    for n in range(0, len(silenced), 60):
        _send_with_commit(payload("", {}, [], silenced=silenced[n : n + 60]))


def _send_with_commit(text: str) -> None:
    if len(text.encode()) > LARGEST_PAYLOAD:
        raise ValueError("a hint carries references and states, not contents")
    if _is_over_redis():
        transaction.on_commit(lambda: _publish_over_redis(text), robust=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, text])


def _publish_over_redis(text: str) -> None:
    layer = get_channel_layer()
    async_to_sync(layer.group_send)(CHANNEL, {"type": "hint", "payload": text})


class Hints:
    """The hints of one process: sent in lots, as many together as gathered while the last were sent."""

    def __init__(
        self,
        pool: database.Pool,
        heard: Callable[[UUID, int], None],
        passed_on: Callable[[Passed], None],
        look_again: Callable[[], Awaitable[None]],
        *,
        is_present: Callable[[str, Present], None],
        is_silenced: Callable[[Silenced], None],
    ) -> None:
        self._process = secrets.token_hex(8)
        self._pool, self._heard, self._passed_on, self._look_again = pool, heard, passed_on, look_again
        self._is_present, self._is_silenced = is_present, is_silenced
        self._present: dict[tuple[str, str], bool] = {}
        self.newcomers = False  # a process came that doesn't know who is here
        self._moved: dict[str, int] = {}
        self._passed: list[Passed] = []
        self._others: dict[str, float] = {}
        self._news = asyncio.Event()
        self._owes_hello = False

    # --- sending

    @property
    def is_alone(self) -> bool:
        """Say whether no other process with sockets was heard of lately."""
        if not self._others:
            return True
        now = asyncio.get_running_loop().time()
        self._others = {process: at for process, at in self._others.items() if now - at < ALONE_AFTER}
        return not self._others

    def tell(self, conversation: UUID, seq: int) -> None:
        """Tell the other processes how far a conversation has come."""
        self._moved[str(conversation)] = seq
        self._news.set()

    @property
    def others(self) -> list[str]:
        """Return the processes with sockets that were heard of lately."""
        return [] if self.is_alone else list(self._others)

    def pass_on(self, conversation: UUID, frame: str, but_party: UUID | None, wanted: str = "") -> None:
        """Give the other processes a frame for their sockets."""
        if len(self._passed) < 1_000:  # noqa: PLR2004 - what can get lost is not gathered without bound
            self._passed.append(Passed(str(conversation), frame, str(but_party) if but_party else None, wanted))
            self._news.set()

    def tell_present(self, conversation: UUID, party: UUID, here: bool) -> None:
        """Tell the other processes whether a party has the conversation open here."""
        if not self.is_alone:
            self._present[str(conversation), str(party)] = here
            self._news.set()

    def say_hello(self) -> None:
        """Let the other processes know that this one has sockets."""
        self._owes_hello = True
        self._news.set()

    async def send(self) -> None:
        """Send what gathers, for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            moved, self._moved = self._moved, {}
            passed, self._passed = self._passed, []
            present, self._present = self._present, {}
            self._owes_hello = False
            try:
                for text in _in_lots(
                    self._process, moved, passed, [Present(*key, here) for key, here in present.items()]
                ):
                    await asyncio.wait_for(self._publish(text), timeout=5)
            except Exception as error:  # noqa: BLE001 - whatever it is, this goes on
                log.warning("a hint was not sent", extra={"error": type(error).__name__})
                await asyncio.sleep(0.5)

    async def _publish(self, text: str) -> None:
        if _is_over_redis():
            await get_channel_layer().group_send(CHANNEL, {"type": "hint", "payload": text})
            return
        async with self._pool.connection() as held:
            await held.execute("SELECT pg_notify(%s, %s)", [CHANNEL, text])

    # --- hearing

    async def hear(self) -> None:
        """Hear hints for ever; after each interruption everything is looked at again."""
        pause = 0.1
        while True:
            try:
                async for text in self._over_redis() if _is_over_redis() else self._over_postgres():
                    pause = 0.1
                    self._take(text)
            except Exception as error:  # noqa: BLE001 - whatever it is, this goes on
                log.warning("hints are not heard", extra={"error": type(error).__name__})
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _over_postgres(self) -> Any:
        listening = await database.connect()
        try:
            await listening.execute("LISTEN messaging")
            await self._look_again()
            async for notify in listening.notifies():
                yield notify.payload
        finally:
            try:
                await listening.close()
            except (psycopg.Error, OSError):
                log.info("a listening connection was gone already")

    async def _over_redis(self) -> Any:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(CHANNEL, channel)
        await self._look_again()
        while True:
            yield (await layer.receive(channel))["payload"]

    def _take(self, text: str) -> None:
        hint = json.loads(text)
        process = hint["p"]
        if process == self._process:
            return
        if process:
            if process not in self._others:
                self.newcomers = True
                self.say_hello()
            self._others[process] = asyncio.get_running_loop().time()
        for conversation, seq in hint["m"].items():
            self._heard(UUID(conversation), seq)
        for passed in hint["f"]:
            self._passed_on(Passed(*passed))
        for present in hint.get("h", ()):
            self._is_present(process, Present(*present))
        for silenced in hint.get("s", ()):
            self._is_silenced(Silenced(*silenced))


def _in_lots(process: str, moved: dict[str, int], passed: list[Passed], present: list[Present]) -> list[str]:
    """Return the payloads for all of this, each within PostgreSQL's bound."""
    keys = list(moved)
    lots = [payload(process, {key: moved[key] for key in keys[n : n + 100]}, []) for n in range(0, len(keys), 100)]
    lots += [payload(process, {}, [], present[n : n + 60]) for n in range(0, len(present), 60)]
    lot: list[Passed] = []
    size = 0
    for one in passed:
        length = len(one.frame.encode()) * 2 + 130
        if lot and size + length > LARGEST_PAYLOAD:
            lots.append(payload(process, {}, lot))
            lot, size = [], 0
        lot.append(one)
        size += length
    return [*lots, payload(process, {}, lot)] if lot or not lots else lots
