"""What breaks around the sockets in tests: a Redis that can be killed, and a wire between two nodes that can be cut."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.live import free_port

NODE = "10.213.{0}.{1}"


@dataclass
class Redis:
    """A Redis of our own at addresses that stay, whatever happens to its process."""

    folder: Path
    addresses: list[str]
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            *self.addresses,
            "--save",
            "",
            "--protected-mode",
            "no",
        ]
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("redis-server did not start")

    def kill(self) -> None:
        """End it with all that it holds."""
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


class Wire(Protocol):
    """What lies between a node and the Redis of all."""

    own_address: str  # at which Redis must listen for it; empty where loopback is enough
    command: list[str]  # with which the node's process begins

    def host(self, port: int) -> tuple[str, int]:
        """Return where the node finds what listens at this port on our side."""

    def cut(self) -> None:
        """Let everything that is sent get lost; nobody is told."""

    def mend(self) -> None:
        """Let it through again."""

    def close(self) -> None:
        """Take it down."""


class Cable:
    """A network namespace for the node, with a pair of virtual interfaces as the only way in and out."""

    def __init__(self) -> None:
        self.name = f"portal-{secrets.token_hex(4)}"
        self._ours, self._theirs = f"p{self.name[-6:]}a", f"p{self.name[-6:]}b"
        net = secrets.randbelow(250)
        self.own_address, there = NODE.format(net, 1), NODE.format(net, 2)
        self.command = ["ip", "netns", "exec", self.name]
        try:
            self._ip("netns", "add", self.name)
            self._ip("link", "add", self._ours, "type", "veth", "peer", "name", self._theirs, "netns", self.name)
            self._ip("address", "add", f"{self.own_address}/24", "dev", self._ours)
            self._ip("link", "set", self._ours, "up")
            self._ip("-n", self.name, "address", "add", f"{there}/24", "dev", self._theirs)
            self._ip("-n", self.name, "link", "set", self._theirs, "up")
        except (OSError, subprocess.CalledProcessError):
            self.close()
            raise

    @staticmethod
    def _ip(*words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)

    def host(self, port: int) -> tuple[str, int]:
        return self.own_address, port

    def cut(self) -> None:
        self._ip("-n", self.name, "link", "set", self._theirs, "down")

    def mend(self) -> None:
        self._ip("-n", self.name, "link", "set", self._theirs, "up")

    def close(self) -> None:
        for words in (("link", "delete", self._ours), ("netns", "delete", self.name)):
            with contextlib.suppress(OSError, subprocess.CalledProcessError):
                self._ip(*words)


class Relay:
    """Where no namespace can be made: a relay on loopback that stands still while it is cut, its connections open."""

    own_address = ""
    command: list[str] = []

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._flows = threading.Event()
        self._flows.set()
        self._port = 0
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def host(self, port: int) -> tuple[str, int]:
        self._port = port
        return "127.0.0.1", self._listening.getsockname()[1]

    def _begin(self, what: Callable[..., None], *given: socket.socket) -> None:
        thread = threading.Thread(target=what, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._port))
                except OSError:
                    near.close()
                    continue
                for one, other in ((near, far), (far, near)):
                    self._begin(self._pass, one, other)

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with one, contextlib.suppress(OSError):
            while data := one.recv(65536):
                self._flows.wait()
                other.sendall(data)
            # Whoever passes on the other way hears that it is over, and closes the other end.
            other.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        self._flows.clear()

    def mend(self) -> None:
        self._flows.set()

    def close(self) -> None:
        self._flows.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self._listening.close()


def wire() -> Wire:
    """Return a cable into a network namespace where such can be made, else a relay."""
    if os.geteuid() == 0 and shutil.which("ip"):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            return Cable()
    return Relay()


@contextlib.contextmanager
def standing_still(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Have a process stopped for as long as the block runs."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
