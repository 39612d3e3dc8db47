"""What the sockets of a process share goes on after what failed, and soon."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from messaging import database, rules
from messaging.hints import Silenced
from messaging.runtime import Place, Runtime


async def test_a_look_at_the_sockets_that_failed_is_soon_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LOOK_AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(rules, "LOOK_AFTER_FAILURE_SECONDS", 0.01)
    runtime, waits, looks = Runtime(), [], []
    runtime.sockets.add(object())  # type: ignore[arg-type]  # nobody looks at it
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    async def look() -> None:
        looks.append(len(waits))
        if len(looks) == 1:
            raise OSError

    async def nothing() -> None:
        pass

    monkeypatch.setattr(runtime, "_look_at_passes", look)
    for what in ("_look_at_places", "_look_at_silence", "_look_at_preferences"):
        monkeypatch.setattr(runtime, what, nothing)
    monkeypatch.setattr(runtime, "look_at_rooms", nothing)
    monkeypatch.setattr(runtime, "_look_at_presence", lambda: None)
    monkeypatch.setattr(asyncio, "sleep", note)
    looking = asyncio.create_task(runtime._look_for_ever())
    while len(waits) < 3:
        await sleep(0)
    looking.cancel()

    assert waits[:3] == [0.05, 0.01, 0.05]


class Listening:
    """A socket with one place, which notes whether it may write."""

    def __init__(self) -> None:
        self.place = Place(uuid4(), uuid4())
        self.places, self.told = {str(self.place.conversation): self.place}, list[bool]()

    def silence(self, place: Place, *, is_silenced: bool) -> None:
        """Note what is told."""
        place.is_silenced = is_silenced
        self.told.append(is_silenced)


async def test_an_answer_that_is_older_than_a_hint_takes_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, socket = Runtime(), Listening()
    runtime.sockets.add(socket)  # type: ignore[arg-type]  # no more of it is looked at
    hint = Silenced(str(socket.place.conversation), str(socket.place.party), is_silenced=True)
    answers = [[], [], [(socket.place.party,)]]

    async def rows(_statement: str, _given: dict[str, Any]) -> list[Any]:
        if len(answers) == 3:
            runtime._is_silenced(hint)
        return answers.pop(0)

    monkeypatch.setattr(runtime, "rows", rows)
    await runtime._look_at_silence()
    assert socket.told == [True]

    await runtime._look_at_silence()
    assert socket.told == [True, False]  # a later answer counts
    await runtime._look_at_silence()

    assert socket.told == [True, False, True]


async def test_after_a_long_outage_the_database_is_not_waited_for_as_long_again() -> None:
    pool = database.pool()

    assert pool.reconnect_timeout == database.TRIES_ANEW_AFTER <= 2


@pytest.mark.django_db(transaction=True)
async def test_connections_that_broke_while_nobody_asked_are_not_noticed_by_who_asks() -> None:
    runtime, statement = Runtime(), "SELECT pg_backend_pid(), pg_sleep(0.05)"
    await runtime.pool.open()
    try:
        before = await asyncio.gather(*(runtime.rows(statement, {}) for _ in range(database.MOST_CONNECTIONS)))
        async with runtime.pool.connection() as held:
            killer = await held.execute("SELECT pg_backend_pid()")
            [(me,)] = await killer.fetchall()
            others = {pid for [(pid, _)] in before} - {me}
            for pid in others:
                await held.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

        after = await asyncio.gather(*(runtime.rows(statement, {}) for _ in range(database.MOST_CONNECTIONS)))
    finally:
        await runtime.pool.close()

    assert others
    assert not others & {pid for [(pid, _)] in after}
