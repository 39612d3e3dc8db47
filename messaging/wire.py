"""One connection for a few statements that run all the time, straight through libpq.

A cursor of the driver costs as much as all else that a small batch of messages needs; of the driver, what connects, what
names errors and what loads rows is used here. Statements are prepared at their first use and run one after the other.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from messaging import database

_PARAMETER = re.compile(r"%\((\w+)\)s")
# Of a socket that broke uvloop may say nothing (seen where PostgreSQL was killed under load): so there is a look, too.
LOOK_AGAIN_SECONDS = 0.25


class Wire:
    """A connection that is made when it is needed, and anew after it broke. It serves one caller at a time."""

    def __init__(self) -> None:
        self._connection: database.Connection | None = None
        self._socket = -1  # kept, because libpq forgets it as soon as the other side is gone
        self._is_writing = False
        self._look: asyncio.TimerHandle | None = None
        self._prepared: dict[str, tuple[bytes, list[str]]] = {}
        self._results: list[PGresult] = []
        self._answer: asyncio.Future[PGresult] | None = None

    async def rows(self, statement: str, parameters: Mapping[str, str]) -> list[tuple[Any, ...]]:
        """Return the rows of a statement with these parameters, given as PostgreSQL writes them.

        Raises psycopg.Error; after an OperationalError nobody knows whether it was done.
        """
        connection = self._connection or await self._connect()
        name, order = self._prepared.get(statement) or await self._prepare(connection, statement)
        given = [parameters[key].encode() for key in order]
        result = await self._ask(connection, connection.pgconn.send_query_prepared, name, given)
        loaded = Transformer(connection)
        loaded.set_pgresult(result)
        return loaded.load_rows(0, result.ntuples, tuple)

    def drop(self, error: psycopg.OperationalError | None = None) -> None:
        """Close the connection, if there is one; who waits for an answer is told that none comes."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or psycopg.OperationalError("the connection was closed"))
        connection, self._connection = self._connection, None
        if connection is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        if self._is_writing:
            loop.remove_writer(self._socket)
        self._is_writing = False
        if self._look is not None:
            self._look.cancel()
        self._prepared, self._results = {}, []
        connection.pgconn.finish()

    async def _connect(self) -> database.Connection:
        connection = self._connection = await database.connect()
        connection.pgconn.nonblocking = 1
        self._socket = connection.pgconn.socket
        loop = asyncio.get_running_loop()
        loop.add_reader(self._socket, self._go_on)
        self._look = loop.call_later(LOOK_AGAIN_SECONDS, self._look_again)
        return connection

    async def _prepare(self, connection: database.Connection, statement: str) -> tuple[bytes, list[str]]:
        order = list(dict.fromkeys(_PARAMETER.findall(statement)))
        text = _PARAMETER.sub(lambda found: f"${order.index(found[1]) + 1}", statement)
        name = f"wire{len(self._prepared)}".encode()
        await self._ask(connection, connection.pgconn.send_prepare, name, text.encode())
        self._prepared[statement] = name, order
        return name, order

    async def _ask(self, connection: database.Connection, send: Callable[..., None], *arguments: Any) -> PGresult:
        """Send something and return what was answered; a caller that is cancelled takes the connection with it."""
        answer = self._answer = asyncio.get_running_loop().create_future()
        try:
            send(*arguments)
            self._write(connection)
            result: PGresult = await answer
        except (psycopg.OperationalError, asyncio.CancelledError):
            self.drop()
            raise
        finally:
            self._answer = None
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        raise errors.error_from_result(result)

    def _write(self, connection: database.Connection) -> None:
        """Send what libpq still holds; the rest when the socket takes it."""
        is_left = connection.pgconn.flush() != 0
        if is_left and not self._is_writing:
            asyncio.get_running_loop().add_writer(self._socket, self._go_on)
        elif self._is_writing and not is_left:
            asyncio.get_running_loop().remove_writer(self._socket)
        self._is_writing = is_left

    def _look_again(self) -> None:
        self._look = asyncio.get_running_loop().call_later(LOOK_AGAIN_SECONDS, self._look_again)
        self._go_on()

    def _go_on(self) -> None:
        """Write what is left and take what came: an answer once it is whole, or the end of the connection."""
        connection = self._connection
        if connection is None:
            return
        try:
            connection.pgconn.consume_input()
            if self._is_writing:
                self._write(connection)
            while not connection.pgconn.is_busy():
                result = connection.pgconn.get_result()
                if result is None:
                    self._answered()
                    return
                self._results.append(result)
        except psycopg.OperationalError as error:
            self.drop(error)

    def _answered(self) -> None:
        results, self._results = self._results, []
        if results and self._answer is not None and not self._answer.done():
            self._answer.set_result(results[0])
