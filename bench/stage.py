"""A throw-away portal for a bench: its own PostgreSQL, its own world, its own web processes; nothing is left behind."""

import base64
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core import embedded_postgres
from core.embedded_postgres import APPLICATION, DATABASE, EmbeddedPostgres
from portal import server

BASE = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Stage:
    """Where the bench plays."""

    folder: Path
    postgres: EmbeddedPostgres
    environment: dict[str, str]
    loopback: str = ""

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run a command of manage.py and return what it printed."""
        return self._run(str(BASE / "manage.py"), *arguments, **environment)

    def module(self, name: str, *arguments: str, **environment: str) -> str:
        """Run a module of the bench and return what it printed."""
        return self._run("-m", name, *arguments, **environment)

    def shown(self, name: str, *arguments: str) -> int:
        """Run a module of the bench as the owner of the tables, let it print, and return its exit code."""
        environment = {**self.environment, "PORTAL_DB_ROLE": "owner", "ALLOWED_HOSTS": "localhost"}
        return subprocess.run(
            [sys.executable, "-m", name, *arguments], cwd=BASE, env=environment, check=False
        ).returncode

    def _run(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=BASE, env={**self.environment, **environment}, capture_output=True,
            text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"bench: {' '.join(arguments[:3])} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    def pairs(self, count: int) -> Path:
        """Make pairs and return the file of their tokens."""
        file = self.folder / f"pairs-{count}.jsonl"
        if not file.exists():
            file.write_text(self.manage("bench_world", "--pairs", str(count)), encoding="utf-8")
        return file

    @contextlib.contextmanager
    def serving(self, kind: str, **environment: str) -> Iterator["Serving"]:
        """Have a web process running for as long as the block runs."""
        listening = server.listen("127.0.0.1", 0)
        command = [sys.executable, "-m", "bench.serving", kind, str(listening.fileno())]
        serving = Serving(command, {**self.environment, **environment}, listening)
        try:
            yield serving
        finally:
            serving.process.terminate()
            serving.process.wait(10)
            listening.close()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, asked as the application."""
        import psycopg

        found = self.postgres.address(APPLICATION)
        login = {"host": found.host, "user": found.user, "password": found.password, "dbname": DATABASE}
        with psycopg.connect(**login, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def postmaster(self) -> int:
        """Return the process id of PostgreSQL, whose children the others are."""
        found = self.postgres.process_id()
        assert found is not None
        return found


@dataclass
class Serving:
    """A web process of the bench, at a socket that outlives it."""

    command: list[str]
    environment: dict[str, str]
    listening: socket.socket
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=BASE, env=self.environment, pass_fds=[self.listening.fileno()]
        )

    @property
    def port(self) -> int:
        """The port at which it listens."""
        return int(self.listening.getsockname()[1])

    def restart(self) -> None:
        """Kill it and start another one at the same address."""
        self.process.kill()
        self.process.wait()
        self._start()

    def memory_kib(self) -> int:
        """Return the memory that is its own (its share of what it shares included), in KiB."""
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1])


def _stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    return text.rpartition(")")[2].split()


def seconds_of(pid: int, *, with_children: bool = False) -> float:
    """Return the CPU seconds of a process (and of its children that have ended)."""
    with contextlib.suppress(OSError):
        fields = _stat(pid)
        return sum(int(value) for value in fields[11 : 15 if with_children else 13]) / TICKS
    return 0.0


def seconds_of_all(pids: list[int]) -> float:
    """Return the CPU seconds that these processes have used with all that descend from them, also those that ended."""
    children: dict[int, list[int]] = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                children.setdefault(int(_stat(int(process.name))[1]), []).append(int(process.name))
    found, left = 0.0, list(pids)
    while left:
        pid = left.pop()
        found += seconds_of(pid, with_children=True)
        left += children.get(pid, [])
    return found


@contextlib.contextmanager
def stage(loopback: str = "") -> Iterator[Stage]:
    """Give a portal that nobody else uses, and take it down; its PostgreSQL also at an address of loopback, if given."""
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir="/tmp"))
    folder.chmod(0o711)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    environment = {
        **kept,
        "PORTAL_DATA": str(folder),
        "PORTAL_DEMO": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "bench1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "LEDGER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "portal.settings"),
    }
    postgres = EmbeddedPostgres(folder)
    embedded_postgres.SETTINGS["listen_addresses"] = loopback
    postgres.join()
    try:
        made = Stage(folder, postgres, environment, loopback)
        made.manage("migrate", "--no-input", "-v", "0", PORTAL_DB_ROLE="owner")
        yield made
    finally:
        postgres.leave()
        shutil.rmtree(postgres.base, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[tuple[str, int] | None]:
    """Give the address and process of a Redis of our own; None where there is none on this machine."""
    if not shutil.which("redis-server"):
        yield None
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    try:
        yield f"redis://127.0.0.1:{port}/0", process.pid
    finally:
        process.terminate()
        process.wait()


def pairs_in(file: Path) -> list[dict[str, Any]]:
    """Return the pairs of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
