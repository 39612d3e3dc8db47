"""The web server: uvicorn with the portal's websocket limits, close codes and way of stopping."""

import asyncio
import logging
import signal
import socket
import sys
import time
from collections import deque
from http import HTTPStatus
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn import Config, Server
from uvicorn._types import ASGIApplication, ASGIReceiveEvent, ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from core import straight

HIGHEST_FRAME_BYTES = 64 * 1024
FRAME_TOO_LARGE = 4413
RESTARTING = 1012
PING_SECONDS = 20.0
STOP_WITHIN_SECONDS = 3
# How long a socket that was told to close may take to answer: closing at once would lose the code on its way.
LINGER_SECONDS = 1.0
# Pings, pongs and empty fragments never reach the application, which counts the frames that do; the same room for them.
TOO_FAST = 4429
SMALL_FRAMES_A_SECOND = 400.0
SMALL_FRAMES_AT_ONCE = 1_200.0
# The application waits for a reader; above this only pongs can be what nobody reads.
MOST_UNREAD_BYTES = 256 * 1024
# A character has at most four bytes.
LONGEST_STRAIGHT = straight.LARGEST_MEDIUM // 4
# What comes at once may be tens of thousands of frames with next to nothing in them. The library reads all that it is
# given, so it is given little at a time; and once that took a moment, everybody else has one before it is given more.
PIECE_BYTES = 512
MOMENT_SECONDS = 0.001


class _Frames(ServerProtocol):
    """The websocket protocol, with the contract's code for a frame (or a fragmented message) that is too large.

    ``is_between`` says whether everything that came was whole frames, and no message is under way.
    """

    is_between = False

    def receive_data(self, data: bytes | bytearray) -> None:
        self.is_between = False
        super().receive_data(data)

    def recv_frame(self, frame: Frame) -> None:
        super().recv_frame(frame)
        self.is_between = not self.reader.buffer and self.current_size is None

    def fail(self, code: CloseCode | int, reason: str = "") -> None:
        if code == CloseCode.MESSAGE_TOO_BIG:
            code, reason = FRAME_TOO_LARGE, "frame too large"
        super().fail(code, reason)


class Turns:
    """The sockets of one loop from which more came than was taken in: one after the other, half of the time at most."""

    _of: "WeakKeyDictionary[asyncio.AbstractEventLoop, Turns]" = WeakKeyDictionary()

    def __init__(self) -> None:
        self._waiting: deque[Socket] = deque()

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> "Turns":
        """Return those of a loop."""
        return cls._of.setdefault(loop, cls())

    def ask(self, asking: "Socket") -> None:
        """Let a socket go on when all that asked before it have."""
        self._waiting.append(asking)
        if len(self._waiting) == 1:
            asking.loop.call_soon(self._give)

    def _give(self) -> None:
        began, served = time.perf_counter(), self._waiting[0]
        try:
            served.go_on()
        finally:
            self._waiting.popleft()
            if self._waiting:
                served.loop.call_later(time.perf_counter() - began, self._give)


class Socket(WebSocketsSansIOProtocol):
    """uvicorn's websocket connection, whose close codes always reach the other side."""

    conn: _Frames

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn = _Frames(max_size=config.ws_max_size, logger=self.logger)
        self._is_cut_off = False
        self._small_left, self._small_at = SMALL_FRAMES_AT_ONCE, self.loop.time()
        self._straight = straight.Straight(self._write_at_once)
        self._rest = b""  # what came and is not taken in yet; meanwhile nothing is read
        self._had_its_moment = self._will_go_on = False

    def handle_connect(self, event: Request) -> None:
        """Begin; the application may have texts go straight."""
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS and not self.conn.extensions:
            self.scope["extensions"][straight.EXTENSION] = self._straight  # type: ignore[assignment]  # ours

    def connection_lost(self, exc: Exception | None) -> None:
        """End; what was not taken in is of no use any more."""
        self._rest = b""
        super().connection_lost(exc)

    async def receive(self) -> ASGIReceiveEvent:
        """Give the application what came; once it has everything, more is taken in."""
        event = await super().receive()
        self._ask_to_go_on()
        return event

    async def send(self, message: ASGISendEvent) -> None:
        """Send what the application says; raises ClientDisconnected once the server closed the socket by itself."""
        if self._is_cut_off:
            raise ClientDisconnected
        await super().send(message)
        if self.close_sent and self._rest:
            self._listen_no_more()

    def data_received(self, data: bytes) -> None:
        """Take in data; frames that came whole before a broken one still count."""
        if self._rest:
            self._rest += data
            self.transport.pause_reading()
        else:
            self._take_in(data)

    def go_on(self) -> None:
        """Take in more of what is left."""
        self._will_go_on = False
        data, self._rest = self._rest, b""
        if data and not self.transport.is_closing():
            self._take_in(data)
            if not self._rest and not self.read_paused:
                self._read_again()

    def _take_in(self, data: bytes) -> None:
        """Take in data for a moment, as long as the application takes what it is given; leave the rest."""
        at, until = 0, time.perf_counter() + MOMENT_SECONDS
        if self.conn.is_between and self._straight.takes is not None:
            at = self._take_at_once(data, until)
        # What follows a broken frame is read and thrown away until the other side closes.
        while at < len(data) and self.conn.parser_exc is None and not self._is_cut_off:
            self._had_its_moment = time.perf_counter() > until
            if at and (self._had_its_moment or self.read_paused):
                self._leave(data[at:])
                return
            size = PIECE_BYTES if self.handshake_initiated else len(data)
            self.conn.receive_data(data[at : at + size])
            self.handle_events()
            at += size
            if self.conn.parser_exc is not None:
                self.handle_parser_exception()

    def _leave(self, rest: bytes) -> None:
        if self.transport.is_closing() or self._is_cut_off:
            return
        if self.close_sent:
            self._listen_no_more()
            return
        self._rest = rest
        self.transport.pause_reading()
        self._ask_to_go_on()

    def _ask_to_go_on(self) -> None:
        """Have more taken in: soon, where it was left only because the application was busy, else in its turn."""
        if not self._rest or self.read_paused or self._will_go_on or self.transport.is_closing():
            return
        self.transport.pause_reading()  # which may just have been resumed
        self._will_go_on = True
        if self._had_its_moment:
            Turns.of(self.loop).ask(self)
        else:
            self.loop.call_soon(self.go_on)

    def _listen_no_more(self) -> None:
        """Throw away what else comes from a client that was told to close and goes on sending."""
        self._rest, self._is_cut_off = b"", True
        if self.close_timer is not None:
            self.close_timer.cancel()
        self._linger()

    def _take_at_once(self, data: bytes, until: float) -> int:
        """Give the application the texts that it takes at once, up to the first it doesn't; return where that begins."""
        at = 0
        while at < len(data) and self._straight.takes is not None and self._is_open and self.queue.empty():
            found = straight.text_at(data, at)
            if found is None or not self._straight.takes(found[0]):
                break
            at = found[1]
            if time.perf_counter() > until:
                break
        return at

    def _write_at_once(self, text: str) -> bool:
        """Send a text if it can be sent now; a reader who stands still is waited for by ``send``."""
        if not self._is_open or not self.writable.is_set() or len(text) > LONGEST_STRAIGHT:
            return False
        self.transport.write(straight.framed(text))
        return True

    @property
    def _is_open(self) -> bool:
        return (
            self.conn.state is State.OPEN
            and not (self.close_sent or self._is_cut_off or self.disconnected)
            and not self.transport.is_closing()
        )

    def handle_ping(self) -> None:
        """Answer a ping, but no flood of them."""
        if self._takes_small_frame():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Take a pong, but no flood of them."""
        if self._takes_small_frame():
            super().handle_pong(event)

    def handle_cont(self, event: Frame) -> None:
        """Take a further piece of a message; empty ones, of which any number would fit, are not gathered."""
        if event.data or event.fin:
            super().handle_cont(event)
        else:
            self._takes_small_frame()

    def _takes_small_frame(self) -> bool:
        """Say whether one more frame fits that carries nothing; a flood of them closes the socket."""
        if self._is_cut_off:
            return False
        now = self.loop.time()
        self._small_left = min(SMALL_FRAMES_AT_ONCE, self._small_left + (now - self._small_at) * SMALL_FRAMES_A_SECOND)
        self._small_at = now
        if self.transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self._tell_application(TOO_FAST)
            self._is_cut_off = True
            self.transport.abort()
            return False
        if self._small_left < 1:
            self.conn.send_close(TOO_FAST)
            self._tell_application(TOO_FAST)
            self._close_slowly()
            return False
        self._small_left -= 1
        return True

    def handle_parser_exception(self) -> None:
        """Say why the socket closes, then wait a moment for the other side to read it."""
        if self.close_sent or self.conn.close_sent is None:  # it was closing anyway, or it broke off
            self.transport.close()
            return
        self._tell_application(self.conn.close_sent.code)
        self._close_slowly()

    def shutdown(self) -> None:
        """Close the socket because the server stops."""
        if not self.handshake_complete or self.close_sent:
            super().shutdown()
            return
        self.stop_keepalive()
        self.conn.send_close(RESTARTING)
        self._tell_application(RESTARTING)
        self._close_slowly()

    def _tell_application(self, code: int) -> None:
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})

    def _close_slowly(self) -> None:
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = self._is_cut_off = True
        self._rest = b""
        self._linger()

    def _linger(self) -> None:
        # To close with unread data waiting would reset the connection, and the code would be lost.
        self.read_paused = False
        self._read_again()
        self.close_timer = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _read_again(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()


def configure(app: ASGIApplication | str, *, trusted_proxies: list[str] | None = None) -> Config:
    """Return the server's configuration for an ASGI application."""
    return Config(
        app,
        ws=Socket,
        ws_max_size=HIGHEST_FRAME_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,  # it costs up to hundreds of kilobytes a socket
        http="httptools",
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies or [],
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises OSError when the address is taken or not ours."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def serve(config: Config, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; sockets are then closed with 1012 and requests under way are finished."""
    # uvicorn writes addresses of clients and query strings, at least, into its lines of level INFO.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # uvicorn repeats the signal that stopped it to whoever handled it before: so that is done, and the exit is 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server = Server(config)
    server.run(sockets=[listening])
    if not server.started:
        sys.exit("portal: the web server could not start; see the line above")
