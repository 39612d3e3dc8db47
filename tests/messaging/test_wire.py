"""The connection of our own: each gets its own answer, errors have their names, and after a break it is made anew."""

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import psycopg
import pytest
import uvloop

from messaging import database
from messaging.wire import Wire

Run = Callable[[Coroutine[Any, Any, None]], None]
WHO = "SELECT pg_backend_pid()"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Run something in each kind of loop that may serve the sockets."""
    found: Run = request.param
    return found


async def terminate(pid: int) -> None:
    async with await database.connect() as other:
        await other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_rows_come_as_the_driver_loads_them_and_each_statement_is_prepared_once(run: Run) -> None:
    statement = """
        SELECT given.place, given.id, given.said, '[1]'::jsonb, true, NULL::text, '2026-01-02 03:04:05.6+00'::timestamptz
        FROM unnest(%(ids)s::uuid[], %(said)s::text[]) WITH ORDINALITY AS given(id, said, place)
        WHERE given.id = ANY (%(ids)s::uuid[]) ORDER BY given.place
    """
    one, other = UUID(int=1), UUID(int=2)

    async def case() -> None:
        wire = Wire()
        for said in ("äöü", "漢字"):
            rows = await wire.rows(statement, {"said": f'{{"{said}",""}}', "ids": f"{{{one},{other}}}"})
            at = dt.datetime(2026, 1, 2, 3, 4, 5, 600_000, dt.UTC)
            assert rows == [(1, one, said, [1], True, None, at), (2, other, "", [1], True, None, at)]
        assert await wire.rows("SELECT 1 WHERE false", {}) == []
        [(count,)] = await wire.rows("SELECT count(*) FROM pg_prepared_statements", {})
        assert count == 3
        wire.drop()

    run(case())


def test_what_does_not_fit_into_the_socket_at_once_goes_in_parts(run: Run) -> None:
    said = "x" * 20_000_000

    async def case() -> None:
        wire = Wire()
        assert await wire.rows("SELECT %(said)s::text, length(%(said)s::text)", {"said": said}) == [(said, len(said))]
        assert await wire.rows("SELECT length(%(said)s::text)", {"said": "short"}) == [(5,)]
        wire.drop()

    run(case())


def test_an_error_has_its_name_and_the_connection_goes_on(run: Run) -> None:
    async def case() -> None:
        wire = Wire()
        before = await wire.rows(WHO, {})
        with pytest.raises(psycopg.errors.DivisionByZero):
            await wire.rows("SELECT 1 / %(by)s::int", {"by": "0"})
        with pytest.raises(psycopg.errors.UndefinedTable):
            await wire.rows("SELECT FROM nothing_of_this_name", {})
        assert await wire.rows("SELECT 1 / %(by)s::int", {"by": "1"}) == [(1,)]
        assert await wire.rows(WHO, {}) == before
        wire.drop()

    run(case())


def test_a_connection_that_broke_while_nobody_asked_is_made_anew(run: Run) -> None:
    async def case() -> None:
        wire = Wire()
        [(before,)] = await wire.rows(WHO, {})
        await terminate(before)
        await asyncio.sleep(0.1)
        [(after,)] = await wire.rows(WHO, {})
        assert after != before
        wire.drop()

    run(case())


def test_who_waited_when_it_broke_is_told_and_whoever_comes_next_gets_an_answer(run: Run) -> None:
    async def case() -> None:
        wire = Wire()
        [(before,)] = await wire.rows(WHO, {})
        waiting = asyncio.create_task(wire.rows("SELECT pg_sleep(30)", {}))
        await asyncio.sleep(0.1)
        await terminate(before)
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(waiting, 5)
        await asyncio.sleep(0.1)
        [(after,)] = await wire.rows(WHO, {})
        assert after != before
        wire.drop()

    run(case())


def test_an_answer_of_which_the_loop_says_nothing_is_found_all_the_same(run: Run) -> None:
    async def case() -> None:
        wire = Wire()
        [(pid,)] = await wire.rows(WHO, {})
        for statement, is_broken in (("SELECT 'here', pg_sleep(0.2)", False), ("SELECT pg_sleep(30)", True)):
            waiting = asyncio.create_task(wire.rows(statement, {}))
            await asyncio.sleep(0.1)
            asyncio.get_running_loop().remove_reader(wire._socket)
            if is_broken:
                await terminate(pid)
                with pytest.raises(psycopg.OperationalError):
                    await asyncio.wait_for(waiting, 5)
            else:
                assert await asyncio.wait_for(waiting, 5) == [("here", "")]
        wire.drop()

    run(case())


def test_what_was_asked_by_who_gave_up_is_nobody_elses_answer(run: Run) -> None:
    async def case() -> None:
        wire = Wire()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(wire.rows("SELECT 'late', pg_sleep(0.3)", {}), 0.1)
        assert await wire.rows("SELECT 'mine'", {}) == [("mine",)]
        await asyncio.sleep(0.4)
        assert await wire.rows("SELECT 'mine too'", {}) == [("mine too",)]
        wire.drop()

    run(case())


def test_who_waits_while_it_is_dropped_is_told(run: Run) -> None:
    async def case() -> None:
        wire = Wire()
        waiting = asyncio.create_task(wire.rows("SELECT pg_sleep(1)", {}))
        await asyncio.sleep(0.1)
        wire.drop()
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(waiting, 5)

    run(case())


def test_nothing_is_left_of_a_connection_that_was_dropped(run: Run) -> None:
    async def case() -> None:
        wire, other = Wire(), Wire()
        [(pid,)] = await wire.rows(WHO, {})
        wire.drop()
        wire.drop()
        found: list[Any] = [pid]
        for _ in range(50):
            found = await other.rows("SELECT pid FROM pg_stat_activity WHERE pid = %(pid)s::int", {"pid": str(pid)})
            if not found:
                break
            await asyncio.sleep(0.05)
        assert not found
        other.drop()

    run(case())
