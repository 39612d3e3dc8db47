"""A websocket client without manners: it writes the bytes of frames itself, so that they can be wrong."""

import base64
import os
import socket
import struct
import time
from contextlib import suppress

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def frame(data: bytes, opcode: int = TEXT, *, fin: bool = True, reserved: int = 0, masked: bool = True) -> bytes:
    """Return the bytes of a frame."""
    mask = os.urandom(4) if masked else b""
    first = (0x80 if fin else 0) | reserved | opcode
    return bytes([first]) + length(len(data), masked=masked) + mask + _mixed(data, mask)


def length(size: int, *, masked: bool = True) -> bytes:
    """Return how a frame says its length."""
    bit = 0x80 if masked else 0
    if size < 126:
        return bytes([bit | size])
    if size < 65_536:
        return bytes([bit | 126]) + struct.pack("!H", size)
    return bytes([bit | 127]) + struct.pack("!Q", size)


def _mixed(data: bytes, mask: bytes) -> bytes:
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(data)) if mask else data


class Raw:
    """One connection. It answers nothing by itself; a narrow one has little room for what it does not read."""

    def __init__(self, port: int, token: str, headers: str = "", *, is_narrow: bool = False) -> None:
        self.socket = socket.socket()
        if is_narrow:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        # A process that was only just started answers when it is loaded, which takes long beside other tests.
        self.socket.settimeout(40)
        self.socket.connect(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /ws/v1/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n"
            f"{headers}\r\n".encode()
        )
        self._rest = b""
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._more()
        head, _end, self._rest = self._rest.partition(b"\r\n\r\n")
        self.answer = head.decode()
        self.socket.settimeout(8)

    def send(self, data: bytes) -> None:
        """Write bytes; that nobody takes them any more is no fault."""
        with suppress(OSError):
            self.socket.sendall(data)

    def _more(self) -> bytes:
        found = self.socket.recv(65_536)
        if not found:
            raise EOFError
        return found

    def sip(self) -> None:
        """Take one byte more, to be looked at later."""
        self._rest += self.socket.recv(1)

    def _take(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._rest += self._more()
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def next(self) -> tuple[int, bytes]:
        """Return opcode and data of the next frame."""
        first, second = self._take(2)
        size = second & 0x7F
        if size == 126:
            [size] = struct.unpack("!H", self._take(2))
        elif size == 127:
            [size] = struct.unpack("!Q", self._take(8))
        return first & 0x0F, self._take(size)

    def close_code(self, within: float = 8) -> int | None:
        """Read until the socket closes, and return the code; None where the connection broke off without one."""
        until = time.monotonic() + within
        with suppress(EOFError, OSError):
            while time.monotonic() < until:
                opcode, data = self.next()
                if opcode == CLOSE:
                    return int(struct.unpack("!H", data[:2])[0])
        return None

    def close(self) -> None:
        """Break off."""
        self.socket.close()
