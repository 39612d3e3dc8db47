"""The sockets' own connections to PostgreSQL: asynchronous, kept open, outside of Django's; it holds no statement."""

from typing import Any, LiteralString

import psycopg
from django.db import connections
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Pool = AsyncConnectionPool[Connection]
# Ours are few statements that run all the time: plan each once, whatever its parameters are, and by index.
SETTINGS: LiteralString = (
    "SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off;"
    " SET enable_mergejoin = off; SET lock_timeout = '3s'; SET statement_timeout = '15s'"
)
DJANGOS_OWN = ("cursor_factory", "context", "prepare_threshold", "pool")
MOST_CONNECTIONS = 4
# The pool waits twice as long after each failed attempt, so with its usual patience of minutes PostgreSQL would be back
# for as long again as it was away before anybody noticed. Whoever asks after this makes it try anew, at once.
TRIES_ANEW_AFTER = 2.0
# How long who wants to read waits for PostgreSQL to come back, and how often a connection of one's own is tried meanwhile.
PATIENCE, PAUSE = 10.0, 0.2


def _parameters() -> dict[str, Any]:
    # Read when connecting and not before: in tests the database's name changes after the settings were read.
    given = connections["default"].get_connection_params()
    return {name: value for name, value in given.items() if name not in DJANGOS_OWN}


async def _configure(connection: Connection) -> None:
    connection.prepare_threshold = 0
    await connection.execute(SETTINGS, prepare=False)


async def connect() -> Connection:
    """Return a new connection in autocommit: each statement is a transaction of its own, one round trip."""
    connection = await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True, row_factory=tuple_row)
    await _configure(connection)
    return connection


def pool() -> Pool:
    """Return a pool of such connections, not opened yet."""
    return AsyncConnectionPool(
        kwargs={**_parameters(), "autocommit": True},
        configure=_configure,
        min_size=1,
        max_size=MOST_CONNECTIONS,
        timeout=PATIENCE,
        reconnect_timeout=TRIES_ANEW_AFTER,
        open=False,
        name="messaging",
    )
