"""Texts that go straight: the same as by the library's way, in the same order, however the bytes come and go wrong."""

import asyncio
import random
import struct
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import connect

from core import straight
from tests.house.test_server import serving

Said = list[tuple[str, str | bytes]]
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
TEXT, BINARY, CONTINUED, PING, PONG, FIN, RESERVED = 0x1, 0x2, 0x0, 0x9, 0xA, 0x80, 0x40
ENDS: dict[str, Callable[[random.Random], bytes]] = {
    "well": lambda chance: frame(0x8 | FIN, struct.pack("!H", 1000), chance),
    "no UTF-8": lambda chance: frame(TEXT | FIN, b"\xff\xfe", chance),
    "not masked": lambda _chance: bytes((TEXT | FIN, 3)) + b"abc",
    "a reserved bit": lambda chance: frame(TEXT | FIN | RESERVED, b"abc", chance),
    "too large": lambda chance: frame(TEXT | FIN, b"x" * (64 * 1024 + 1), chance),
    "the rest of nothing": lambda chance: frame(CONTINUED | FIN, b"abc", chance),
    "in the middle of a text": lambda chance: frame(TEXT, b"abc", chance) + frame(TEXT | FIN, b"def", chance),
}


def frame(first: int, data: bytes, chance: random.Random) -> bytes:
    """Return a frame of a client."""
    size, mask = len(data), chance.randbytes(4)
    if size < 126:
        head = bytes((first, 0x80 | size))
    else:
        head = struct.pack("!BBH", first, 0xFE, size) if size <= 0xFFFF else struct.pack("!BBQ", first, 0xFF, size)
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))


def stream(chance: random.Random, end: str) -> bytes:
    """Return what a client sends: texts of many sizes, whole and in pieces, with everything that may come between."""
    found = b""
    for number in range(chance.randint(1, 12)):
        text = f"{number} ".encode() + "ü话x".encode() * chance.choice([0, 1, 20, 22, 30, 200, 9_000])
        kind = chance.choice(["text"] * 6 + ["pieces", "ping", "pong", "binary"])
        if kind == "pieces":
            cut = chance.randint(0, len(text))
            found += frame(TEXT, text[:cut], chance)
            found += frame(PING | FIN, b"?", chance) if chance.random() < 0.5 else b""
            found += frame(CONTINUED | FIN, text[cut:], chance)
        else:
            first = {"text": TEXT, "ping": PING, "pong": PONG, "binary": BINARY}[kind] | FIN
            found += frame(first, text if kind in ("text", "binary") else b"!", chance)
    return found + ENDS[end](chance)


def hearing(said: Said, chance: random.Random | None) -> Application:
    """Return an application that notes what comes and repeats it: by ``receive``, or straight as often as it likes."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        offered: straight.Straight = scope["extensions"][straight.EXTENSION]
        is_waiting = False

        def takes(text: str) -> bool:
            if chance is None or not is_waiting or chance.random() < 0.3:
                return False
            said.append(("text", text))
            assert offered.write(str(len(text)))
            return True

        offered.takes = takes if chance is not None else None
        while True:
            is_waiting = True
            event = await receive()
            is_waiting = False
            if event["type"] != "websocket.receive":
                return
            said.append(("text", event["text"]) if event.get("text") is not None else ("bytes", event["bytes"]))
            if chance is not None and chance.random() < 0.3:
                await asyncio.sleep(0.001)
            with suppress(OSError):
                await send({"type": "websocket.send", "text": str(len(event.get("text") or ""))})

    return application


async def told(url: str, path: str, data: bytes, chance: random.Random) -> tuple[list[bytes], int]:
    """Send the bytes in pieces of any size, and return the answers and the code of the close."""
    host, port = url.removeprefix("ws://").rstrip("/").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
        "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    at = 0
    while at < len(data):
        size = chance.choice([1, 2, 7, 100, 5_000, len(data)])
        writer.write(data[at : at + size])
        at += size
        if chance.random() < 0.5:
            await asyncio.sleep(0)
    answers = []
    while True:
        first, size = await asyncio.wait_for(reader.readexactly(2), 10)
        payload = await reader.readexactly(size)
        if first == FIN | 0x8:
            writer.close()
            return answers, struct.unpack("!H", payload[:2])[0]
        if first == FIN | TEXT:
            answers.append(payload)


@pytest.mark.parametrize("end", ENDS)
async def test_what_goes_straight_is_what_the_library_would_have_given(end: str) -> None:
    applications: dict[str, Application] = {}
    at_an_end = asyncio.Event()

    async def each_at_its_path(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await applications[scope["path"]](scope, receive, send)
        at_an_end.set()

    async with serving(each_at_its_path) as (_, url):
        for seed in range(6):
            data, by_library, straightly = stream(random.Random(seed), end), list[Any](), list[Any]()
            applications["/usual"] = hearing(by_library, None)
            applications["/straight"] = hearing(straightly, random.Random(seed))
            found = {}
            for path in applications:
                at_an_end.clear()
                found[path] = await told(url, path, data, random.Random(seed))
                await asyncio.wait_for(at_an_end.wait(), 10)

            answers, code = found["/straight"]
            by_the_library, its_code = found["/usual"]
            assert straightly == by_library, seed
            assert code == its_code, seed
            # The last answers may still be on their way when the socket closes.
            assert answers[: len(by_the_library)] == by_the_library[: len(answers)], seed


async def test_between_texts_that_take_long_everybody_else_has_a_turn() -> None:
    events: list[str] = []

    async def slow(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})

        def takes(_text: str) -> bool:
            time.sleep(0.002)
            events.append("text")
            return True

        scope["extensions"][straight.EXTENSION].takes = takes
        while (await receive())["type"] == "websocket.receive":
            takes("the first, for which the library is asked")

    async def everybody_else() -> None:
        while events.count("text") < 21:
            events.append("turn")
            await asyncio.sleep(0)

    async with serving(slow) as (_, url), connect(url, compression=None) as socket:
        await socket.send("first")
        while not events:  # noqa: ASYNC110 - nothing else tells it
            await asyncio.sleep(0)
        turns = asyncio.create_task(everybody_else())
        socket.transport.write(frame(TEXT | FIN, b"slow", random.Random(0)) * 20)
        await asyncio.wait_for(turns, 10)

    assert "text text text" not in " ".join(events)


async def test_a_reader_who_stands_still_is_not_written_to_straight() -> None:
    refused = asyncio.Event()

    async def pour(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        offered: straight.Straight = scope["extensions"][straight.EXTENSION]
        written = 0
        while offered.write("x" * 10_000):
            written += 1
            await asyncio.sleep(0)
            assert written < 10_000
        refused.set()
        await send({"type": "websocket.send", "text": "after all"})
        assert offered.write("and more")
        await receive()

    async with serving(pour) as (_, url), connect(url, compression=None, max_queue=1) as socket:
        await asyncio.wait_for(refused.wait(), 10)
        texts = []
        while not texts or texts[-1] != "and more":
            texts.append(await asyncio.wait_for(socket.recv(), 10))
    assert set(texts[:-2]) == {"x" * 10_000}
    assert texts[-2:] == ["after all", "and more"]


async def test_nothing_is_written_straight_into_a_socket_that_closes() -> None:
    written: list[bool] = []

    async def close(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        offered: straight.Straight = scope["extensions"][straight.EXTENSION]
        written.append(offered.write("first"))
        await send({"type": "websocket.close", "code": 4000})
        written.append(offered.write("too late"))
        await receive()
        written.append(offered.write("far too late"))

    async with serving(close) as (_, url), connect(url, compression=None) as socket:
        assert await socket.recv() == "first"
        await socket.wait_closed()
        assert socket.close_code == 4000
    assert written == [True, False, False]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 4_000, 65_535])
def test_a_text_is_one_frame_that_says_its_size(size: int) -> None:
    framed = straight.framed("x" * size)

    assert framed[0] == FIN | TEXT
    assert len(framed) == size + (2 if size < 126 else 4)
    masked = framed[:1] + bytes((framed[1] | 0x80,)) + framed[2 : len(framed) - size] + bytes(4) + framed[-size:]
    assert straight.text_at(masked if size else framed[:1] + b"\x80" + bytes(4), 0) == (
        "x" * size,
        len(framed) + 4,
    )


def test_a_text_too_large_for_it_is_not_framed() -> None:
    with pytest.raises(ValueError, match="too large"):
        straight.framed("x" * 65_536)
