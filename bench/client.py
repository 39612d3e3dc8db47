"""A websocket client that costs little, for the load must not be the limit. It knows text frames, pings and closing."""

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import cast

MASK = b"\x00\x00\x00\x00"  # a mask that changes nothing: it guards proxies, and there are none on loopback


class Client(asyncio.Protocol):
    """One socket; ``on_text`` gets each text frame. ``address`` and ``subprotocol`` are the portal's unless others are given."""

    def __init__(
        self, token: str, on_text: Callable[[bytes], None], address: str = "/ws/v1/", subprotocol: str = "portal.v1"
    ) -> None:
        self.token, self.on_text, self.address, self.subprotocol = token, on_text, address, subprotocol
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed_with = 0
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def connect(
        cls,
        port: int,
        token: str,
        on_text: Callable[[bytes], None],
        *where: str,
        host: str = "127.0.0.1",
        made: Callable[["Client"], None] | None = None,
    ) -> "Client":
        """Return a client whose handshake is done; ``made`` gets it before. Raises OSError or TimeoutError."""
        client = cls(token, on_text, *where)
        if made is not None:
            made(client)
        await asyncio.get_running_loop().create_connection(lambda: client, host, port)
        try:
            await asyncio.wait_for(client.opened, 30)
        except BaseException:
            client.abort()
            raise
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        protocol = f"Sec-WebSocket-Protocol: {self.subprotocol}\r\n" if self.subprotocol else ""
        self._transport.write(
            (
                f"GET {self.address} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{protocol}"
                f"Authorization: Bearer {self.token}\r\n\r\n"
            ).encode()
        )

    def connection_lost(self, _exc: Exception | None) -> None:
        self.closed_with = self.closed_with or 1006
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the handshake was broken off"))
        if not self.closed.done():
            self.closed.set_result(None)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        if not self.opened.done():
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = buffer
                return
            if not buffer.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionError(buffer[:200].decode(errors="replace")))
                return
            self.opened.set_result(None)
            buffer = buffer[end + 4 :]
        at, length = 0, len(buffer)
        while length - at >= 2:
            size, head = buffer[at + 1], at + 2
            if size == 126:
                if length - at < 4:
                    break
                size, head = struct.unpack_from(">H", buffer, at + 2)[0], at + 4
            elif size == 127:
                if length - at < 10:
                    break
                size, head = struct.unpack_from(">Q", buffer, at + 2)[0], at + 10
            if length < head + size:
                break
            self._take(buffer[at] & 0x0F, buffer[head : head + size])
            at = head + size
        self._buffer = buffer[at:]

    def _take(self, kind: int, data: bytes) -> None:
        if kind == 1:
            self.on_text(data)
        elif kind == 9:
            self._write(0x8A, data)
        elif kind == 8:
            self.closed_with = struct.unpack(">H", data[:2])[0] if len(data) >= 2 else 1005
            self._write(0x88, data[:2])

    def send(self, text: bytes) -> None:
        """Send a text frame; into a closed socket it goes nowhere."""
        self._write(0x81, text)

    def abort(self) -> None:
        """Drop the socket without a word."""
        if self._transport is not None:
            self._transport.abort()

    def _write(self, first: int, data: bytes) -> None:
        if self._transport is None or self.closed.done():
            return
        size = len(data)
        head = bytes((first, 0x80 | size)) if size < 126 else struct.pack(">BBH", first, 0x80 | 126, size)
        self._transport.write(head + MASK + data)

    def close(self) -> None:
        """Close the socket."""
        if self._transport is not None:
            self._write(0x88, struct.pack(">H", 1000))
            self._transport.close()
