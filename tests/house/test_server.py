"""The web server's own promises: frame sizes, close codes, a clean stop."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from portal import server
from tests.house.test_refusals import RIGHT
from tests.live import BASE

LIMIT = 64 * 1024
WHO_IS_COUNTED = """
import django
django.setup()
from allauth.core.internal.httpkit import get_client_ip
from django.test import RequestFactory
print(get_client_ip(RequestFactory().get("/", REMOTE_ADDR="203.0.113.9", headers={"x-forwarded-for": "198.51.100.1"})))
"""
counted: list[int] = []


async def count_characters(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer each message with its length: a websocket application and no more."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        counted.append(len(message["text"]))
        with suppress(OSError):  # the server may have closed the socket meanwhile
            await send({"type": "websocket.send", "text": str(len(message["text"]))})


@asynccontextmanager
async def serving(
    app: Any = count_characters, trusted: list[str] | None = None
) -> AsyncIterator[tuple[uvicorn.Server, str]]:
    listening = server.listen("127.0.0.1", 0)
    config = server.configure(app, trusted_proxies=trusted)
    config.lifespan = "off"
    running = uvicorn.Server(config)
    task = asyncio.create_task(running._serve([listening]))
    while not running.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    try:
        yield running, f"ws://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        running.should_exit = True
        await task


async def close_code_after(socket: ClientConnection, message: Any) -> int | None:
    with suppress(ConnectionClosed):
        await socket.send(message)
        while True:
            await asyncio.wait_for(socket.recv(), 5)
    return socket.close_code


async def test_a_frame_of_exactly_64_kib_passes() -> None:
    async with serving() as (_, url), connect(url, compression=None) as socket:
        await socket.send("x" * LIMIT)

        assert await socket.recv() == str(LIMIT)


@pytest.mark.parametrize("size", [LIMIT + 1, 2 * LIMIT, 10_000_000])
async def test_a_larger_frame_closes_the_socket_with_4413(size: int) -> None:
    async with serving() as (_, url), connect(url, compression=None) as socket:
        assert await close_code_after(socket, "x" * size) == server.FRAME_TOO_LARGE


async def test_fragments_count_together() -> None:
    async with serving() as (_, url), connect(url, compression=None) as socket:
        await socket.send(["x" * 1024] * 64)
        assert await socket.recv() == str(LIMIT)

        assert await close_code_after(socket, ["x" * 1024] * 65) == server.FRAME_TOO_LARGE


async def test_whole_frames_before_a_too_large_one_reach_the_application() -> None:
    counted.clear()
    async with serving() as (_, url), connect(url, compression=None) as socket:
        for _ in range(3):
            await socket.send("abc")

        assert await close_code_after(socket, "x" * (LIMIT + 1)) == server.FRAME_TOO_LARGE
    assert counted == [3, 3, 3]


async def test_where_there_is_no_socket_the_client_is_told_so_by_the_code() -> None:
    from portal.asgi import no_socket_here

    async with serving(no_socket_here) as (_, url), connect(url + "ws/v2/") as socket:
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 5)

    assert socket.close_code == 4404


async def test_a_stopping_server_closes_sockets_with_1012() -> None:
    async with serving() as (running, url):
        sockets = [await connect(url, compression=None) for _ in range(20)]

        running.should_exit = True
        await asyncio.gather(*(socket.wait_closed() for socket in sockets))

        assert {socket.close_code for socket in sockets} == {server.RESTARTING}


async def test_compression_is_not_offered() -> None:
    async with serving() as (_, url), connect(url) as socket:
        assert "Sec-WebSocket-Extensions" not in socket.response.headers  # type: ignore[union-attr]


def test_an_address_that_is_taken_is_an_error() -> None:
    with server.listen("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use"):
        server.listen("127.0.0.1", first.getsockname()[1])


@pytest.mark.parametrize(("trusted", "named"), [(["127.0.0.1"], "198.51.100.2"), (["10.0.0.1"], "127.0.0.1")])
async def test_a_forwarded_address_is_believed_of_trusted_proxies_only(trusted: list[str], named: str):
    async def say_who(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["client"][0].encode()})

    async with serving(say_who, trusted) as (_, url):
        host, port = url.removeprefix("ws://").rstrip("/").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        # The first was said by the client itself, the second by whoever stands before us.
        forwarded = "X-Forwarded-For: 198.51.100.1, 198.51.100.2"
        writer.write(f"GET / HTTP/1.1\r\nHost: {host}\r\n{forwarded}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()

    assert named.encode() in answer


def test_signing_in_counts_the_address_that_the_server_names_and_no_other():
    given = {**os.environ, **RIGHT, "TRUSTED_PROXIES": "10.0.0.1,10.0.0.2", "DJANGO_SETTINGS_MODULE": "portal.settings"}

    said = subprocess.run([sys.executable, "-c", WHO_IS_COUNTED], env=given, cwd=BASE, capture_output=True, text=True)

    assert said.stdout.strip() == "203.0.113.9", said.stderr[-500:]
