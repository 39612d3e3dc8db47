"""The portal as it runs: real processes on a data folder of their own, for tests that drive or kill them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.supervisor import ready_state

BASE = Path(__file__).resolve().parent.parent
FIRST_READY_WITHIN_SECONDS = 180
WORLD = "PORTAL_TEST_WORLD"
DONE = "world-is-made"
ROLES = (
    "rights-holder",
    "uploader",
    "handler",
    "reviewer",
    "authorizer",
    "auditor",
    "authority",
    "service",
    "stranger",
)
PEOPLE = (*(f"{role}@demo.example" for role in ROLES), "handler@otherhost.example")


@dataclass
class LivePortal:
    """A running demo: where it is, and what a test may do to its processes (``web``, ``worker``, ``postgres``)."""

    process: "subprocess.Popen[bytes]"
    data_dir: Path
    port: int
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/v1/"

    def running(self) -> dict[str, int | None]:
        """Return the process ids by name, as the supervisor sees them."""
        found: dict[str, int | None] = json.loads((self.data_dir / "run.json").read_text(encoding="ascii"))
        return found

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Kill a process and return its id; the supervisor brings it back."""
        pid = self.running()[name]
        assert pid is not None
        os.kill(pid, number)
        return pid

    def restart(self, name: str, number: int = signal.SIGKILL) -> float:
        """Kill a process, wait until all is well again and return how many seconds that took."""
        began = time.monotonic()
        killed = self.kill(name, number)
        self.wait(lambda: self.running().get(name) not in (None, killed))
        self.wait_until_ready()
        return time.monotonic() - began

    def wait_until_ready(self, within: float = 30) -> None:
        self.wait(lambda: ready_state(self.port) is None, within)

    @staticmethod
    def wait(is_so: Callable[[], bool], within: float = 30) -> None:
        until = time.monotonic() + within
        while not is_so():
            assert time.monotonic() < until, f"not so after {within} s"
            time.sleep(0.02)

    def manage(self, *arguments: str, check: bool = True, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of manage.py beside the running portal."""
        clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return subprocess.run(
            [sys.executable, str(BASE / "manage.py"), *arguments],
            env={**clean, "PORTAL_DATA": str(self.data_dir), **environment},
            cwd=BASE,
            capture_output=True,
            text=True,
            check=check,
        )

    def token(self, email: str) -> str:
        """Return a bearer token of the account."""
        return self.tokens(email)[0]

    def tokens(self, *emails: str) -> list[str]:
        """Return a bearer token for each of the accounts: those of the demo are made together, when the first is asked."""
        if not self._tokens.keys() >= set(emails):
            wanted = list(dict.fromkeys((*emails, *PEOPLE)))
            made = self.manage("token", *wanted).stdout.strip().splitlines()[-len(wanted) :]
            self._tokens |= dict(zip(wanted, made, strict=True))
        return [self._tokens[email] for email in emails]

    def log(self, name: str) -> str:
        """Return what a process wrote to its log."""
        return (self.data_dir / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop everything and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(20)


# What the tests' own settings put into the environment, and what would make the demo something else.
FOREIGN = {
    "PORTAL_DATA", "PORTAL_DB_ROLE", "SECRET_KEY", "FIELD_KEYS", "LEDGER_KEY", "ALLOWED_HOSTS", "PORTAL_DEMO", "DATABASE_URL",
    "REDIS_URL", "DJANGO_SETTINGS_MODULE",
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_world(folder: Path) -> int:
    """Make a demo world in the folder, stopped, for `start_from_world`; return the exit code of the demo."""
    portal = start_portal(folder)
    portal.wait_until_ready()
    return portal.stop()


def copy_world(data_dir: Path) -> None:
    """Copy the world that `make test` made into the data folder; where it made none, the demo makes its own."""
    world = Path(os.environ.get(WORLD, "/nowhere"))
    if (world / DONE).exists():
        # With the owners: PostgreSQL runs as another user where the tests run as root.
        subprocess.run(["cp", "--archive", "--no-target-directory", world, data_dir], check=True)
        (data_dir / "terminal.log").unlink()


def start_from_world(data_dir: Path, **environment: str) -> LivePortal:
    """Start a demo in the data folder, with a copy of the world that `make test` made, where it made one."""
    copy_world(data_dir)
    return start_portal(data_dir, **environment)


def start_portal(data_dir: Path, **environment: str) -> LivePortal:
    """Start a demo in the data folder and return it when all is well."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    # A data folder of root must be passable for the user as whom PostgreSQL runs.
    data_dir.chmod(0o711)
    with (data_dir / "terminal.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(BASE / "manage.py"), "demo", "--port", str(port)],
            env={
                **clean,
                "PORTAL_DATA": str(data_dir),
                "PORT": str(port),
                "PORTAL_PARENT": str(os.getpid()),
                **environment,
            },
            cwd=BASE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    portal = LivePortal(process, data_dir, port)
    until = time.monotonic() + FIRST_READY_WITHIN_SECONDS
    terminal = data_dir / "terminal.log"
    while b"portal: ready at" not in terminal.read_bytes():
        if process.poll() is not None or time.monotonic() > until:
            process.terminate()
            pytest.fail(f"the portal did not start: {terminal.read_text()[-2000:]}", pytrace=False)
        time.sleep(0.05)
    return portal


def main(folder: str) -> int:
    """Make a world in the folder and say there that it is whole."""
    code = make_world(Path(folder))
    if code == 0:
        (Path(folder) / DONE).touch()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
