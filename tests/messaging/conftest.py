"""Real servers of the socket, and clients that speak its frames."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connections
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from messaging.broadcast import matter_changed
from portal import server
from tests.live import free_port
from tests.messaging import world

Frame = dict[str, Any]


class Client:
    """A websocket client of one account."""

    def __init__(self, port: int, **options: Any) -> None:
        options.setdefault("subprotocols", ["portal.v1"])
        options.setdefault("compression", None)
        # A process that was only just started answers when it is loaded, which takes long beside other tests.
        options.setdefault("open_timeout", 40)
        self.socket: ClientConnection = connect(f"ws://127.0.0.1:{port}/ws/v1/", proxy=None, legacy=True, **options)

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def next(self, *types: str, within: float = 8) -> Frame:
        """Return the next frame, or the next of these types."""
        until = time.monotonic() + within
        while True:
            frame: Frame = json.loads(self.socket.recv(timeout=max(0.01, until - time.monotonic())))
            if not types or frame["type"] in types:
                return frame

    def open(self, pair: world.Pair, after: int = 0) -> list[Frame]:
        """Open the conversation and return the messages that came before ``opened``, and that frame."""
        self.send(type="open", conversation=str(pair.conversation.pk), after=after)
        found = [self.next()]
        while found[-1]["type"] == "message":
            found.append(self.next())
        return found

    def say(self, pair: world.Pair, body: str = "Hello", client_id: str = "") -> Frame:
        """Send a message and return what answers it."""
        client_id = client_id or str(uuid.uuid4())
        self.send(type="send", conversation=str(pair.conversation.pk), client_id=client_id, body=body)
        while True:
            frame = self.next("ack", "error")
            if frame.get("client_id") == client_id:
                return frame

    def is_silent(self, for_seconds: float = 0.3) -> bool:
        try:
            frame = self.socket.recv(timeout=for_seconds)
        except TimeoutError:
            return True
        raise AssertionError(f"not silent: {frame!r}")

    def close_code(self, within: float = 8) -> int | None:
        """Read until the socket closes and return the code."""
        until = time.monotonic() + within
        try:
            while True:
                self.socket.recv(timeout=max(0.01, until - time.monotonic()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def close(self) -> None:
        self.socket.close()


def first_event(client: Client, pair: world.Pair) -> Frame:
    """Tell of the matter until the socket hears it: hints may get lost, and do where a test before cut connections."""
    for _ in range(40):
        matter_changed(pair.conversation.subject, {"state": "accepted"})
        with suppress(TimeoutError):
            return client.next("event", within=0.25)
    pytest.fail("no hint was heard in ten seconds")


@dataclass
class Serving:
    """One process that serves the socket."""

    port: int
    start: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        self.process = self.start()

    def restart(self) -> None:
        """Kill the process and start another one at the same address."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = self.start()

    def as_account(self, account: Any, **options: Any) -> Client:
        bearer = {"Authorization": f"Bearer {world.token(account)}"}
        return Client(self.port, additional_headers=bearer, **options)


def serve(*before: str, **environment: str) -> Iterator[Serving]:
    """Give a process that serves the tests' database; ``before`` are words that its command begins with."""
    port = free_port()
    listening = server.listen("127.0.0.1", port)
    served = {"SERVED_DATABASE": connections["default"].settings_dict["NAME"]}

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*before, sys.executable, "-m", "tests.messaging.serving", str(listening.fileno())],
            env={**os.environ, **served, **environment},
            pass_fds=[listening.fileno()],
        )

    serving = Serving(port, start)
    yield serving
    serving.process.terminate()
    serving.process.wait()
    listening.close()


@pytest.fixture(scope="session")
def serving(django_db_setup: None) -> Iterator[Serving]:
    """Give a process that serves the tests' database."""
    yield from serve()


@pytest.fixture(scope="module")
def any_server(django_db_setup: None) -> Iterator[Serving]:
    """Give one that serves it as a server would that offers nothing but what ASGI asks of all."""
    yield from serve(WITHOUT_EXTENSIONS="1")


@pytest.fixture(scope="session")
def second_serving(django_db_setup: None) -> Iterator[Serving]:
    """Give another process that serves the same database."""
    yield from serve()


@pytest.fixture
def deaf_serving(django_db_setup: None) -> Iterator[Serving]:
    """Give a process to which every hint gets lost."""
    yield from serve(WITHOUT_HINTS="1")


@pytest.fixture
def two_over_redis(django_db_setup: None, redis_url: str) -> Iterator[tuple[Serving, Serving]]:
    """Give two processes that hint to each other over Redis."""
    first, second = serve(SERVED_REDIS=redis_url), serve(SERVED_REDIS=redis_url)
    yield next(first), next(second)
    for one in (first, second):
        next(one, None)


@pytest.fixture
def pair(transactional_db: None) -> world.Pair:
    """Give a rights holder and an uploader with an open conversation, committed."""
    return world.pair()
