"""The demo's supervisor: starts PostgreSQL, web server and worker, brings back what dies, stops everything at the end.

It knows processes and files, and nothing of what runs in them; it never opens the database.
"""

import base64
import contextlib
import ctypes
import fcntl
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from core.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from core.environment import DEMO_FILE
from portal import server

BASE = Path(__file__).resolve().parent.parent
PARENT = "PORTAL_PARENT"
HOST = "127.0.0.1"
FIRST_READY_WITHIN_SECONDS = 90.0
STOP_WITHIN_SECONDS = 8.0
TICK_SECONDS = 0.1
STOP_AFTER_BLOCKED_TICKS = 5
LOOK_AT_DATABASE_EVERY_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
STEADY_AFTER_SECONDS = 10.0
LOG_BYTES = 16 * 1024 * 1024
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
ENDING_SIGNALS = 1 << (signal.SIGINT - 1) | 1 << (signal.SIGTERM - 1)
OK = 200

SIGN_INS = """\
  rights holder   rights-holder@demo.example     uploader    uploader@demo.example
  handler         handler@demo.example           reviewer    reviewer@demo.example
  authorizer      authorizer@demo.example        auditor     auditor@demo.example
  authority       authority@demo.example         service     service@demo.example
  other provider  handler@otherhost.example      stranger    stranger@demo.example
  password        demo-portal-2026               TOTP        JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"""


class CannotStart(Exception):
    """The demo cannot start; the message is the one line that is printed."""


def end_with_parent() -> None:
    """Have the kernel end this process when the one that started it (named in PORTAL_PARENT) dies, however it dies."""
    parent = os.environ.get(PARENT)
    if parent:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):
            sys.exit("portal: the process that started this one is gone")


def signals_being_handled_by_parent() -> int:
    """Return the signals that the starting process has blocked, as a set of bits; 0 when nobody is named in PORTAL_PARENT.

    `make` that gets a SIGINT alone (not from a terminal, which reaches us too) does not pass it on, but waits for us
    inside its handler, in which the signal is blocked: that is how we learn of it.
    """
    with contextlib.suppress(OSError, KeyError, ValueError):
        for line in Path("/proc", os.environ[PARENT], "status").read_text(encoding="ascii").splitlines():
            if line.startswith("SigBlk:"):
                return int(line.split()[1], 16) & ENDING_SIGNALS
    return 0


def say(text: str) -> None:
    """Tell the person at the terminal."""
    with contextlib.suppress(OSError):  # a closed terminal is no reason to stop
        print(text, flush=True)  # noqa: T201 - this is a command's output


@dataclass
class Child:
    """A process that is kept alive: how it is started, and how it has fared."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float = 0.0
    code: int | None = field(default=None)

    def look(self) -> None:
        """Start the process where it is not running, waiting longer each time it fails at once."""
        now = time.monotonic()
        if self.process is not None:
            self.code = self.process.poll()
            if self.code is None:
                return
            self.process = None
            was_steady = now - self.started_at > STEADY_AFTER_SECONDS
            self.failures = 0 if was_steady else self.failures + 1
            pause = 0.0 if not self.failures else min(LONGEST_PAUSE_SECONDS, 0.1 * 2**self.failures)
            self.start_again_at = now + pause
            say(f"portal: {self.name} ended ({_ending(self.code)}); starting it again")
        if now >= self.start_again_at:
            self.process, self.started_at = self.start(), now


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


class Demo:
    """The demo on one port and one data folder."""

    def __init__(self, *, data_dir: Path, port: int) -> None:
        self.data_dir = data_dir
        self.port = port
        self.database = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(data_dir)
        self._is_stopping = False
        self._usually_blocked = signals_being_handled_by_parent()
        self._blocked_for_ticks = 0
        self._looked_at_database = 0.0
        self._environment: dict[str, str] = {}
        self._listening: socket.socket | None = None
        self.children: list[Child] = []

    def run(self) -> None:
        """Run the demo until SIGINT or SIGTERM. Raises CannotStart with one line when it cannot be."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        # What PostgreSQL's and our own processes leave behind comes to us and is reaped here, not by a slow init.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        with self._alone(), self._address_taken():
            self._environment = self._make_environment()
            try:
                self._start()
                self._supervise()
            finally:
                self._stop()

    # --- beginning

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            if not self.data_dir.exists():
                self.data_dir.mkdir(parents=True)
                self.data_dir.chmod(0o711)  # root's PostgreSQL runs as another user, who must be able to pass
            lock = os.open(self.data_dir / "demo.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CannotStart(f"cannot write to {self.data_dir}: {error.strerror}; set PORTAL_DATA") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise CannotStart(f"a demo is running on {self.data_dir} already; stop it or set PORTAL_DATA") from None
        try:
            yield
        finally:
            os.close(lock)

    @contextlib.contextmanager
    def _address_taken(self) -> Iterator[None]:
        # Held here and lent to the web server: while that one is started anew, callers wait instead of being refused.
        try:
            self._listening = server.listen(HOST, self.port)
        except OSError as error:
            raise CannotStart(f"port {self.port} cannot be used: {error.strerror}; set PORT") from None
        except OverflowError:
            raise CannotStart(f"{self.port} is not a port; set PORT") from None
        try:
            yield
        finally:
            self._listening.close()

    def _make_environment(self) -> dict[str, str]:
        make_secrets(self.data_dir / DEMO_FILE)
        for folder in ("log", "mail"):
            (self.data_dir / folder).mkdir(mode=0o700, exist_ok=True)
        # Nothing of a production's `.env` belongs into a demo, except where its database is.
        named = {"PORTAL_DATA": str(self.data_dir), "PORT": str(self.port)}
        return {**os.environ, **read_secrets(self.data_dir / DEMO_FILE), **named, "PORTAL_SUPERVISED": "demo"}

    def _start(self) -> None:
        began = time.monotonic()
        if self.database is not None:
            say("portal: starting PostgreSQL")
            try:
                self.database.join()
            except EmbeddedPostgresError as error:
                raise CannotStart(str(error)) from None
        self._run_to_end("migrate", "migrate", "--no-input", "--verbosity", "0", PORTAL_DB_ROLE="owner")
        self.children = [Child("web", lambda: self._spawn("web", "serve", "--fd", str(self._fd())))]
        self._look_after_children()
        # The demo's past is made before the worker comes, which would fire the clocks of a story while it is told.
        self._run_to_end("world", "make_demo_world")
        self.children.append(Child("worker", lambda: self._spawn("worker", "worker")))
        self._wait_until_ready()
        if not self._is_stopping:
            say(f"\nportal: ready at http://{HOST}:{self.port}/ after {time.monotonic() - began:.1f} s")
            say(f"        one click signs in at http://{HOST}:{self.port}/demo/\n\n{SIGN_INS}\n")
            say(f"portal: logs in {self.data_dir / 'log'}; Ctrl-C stops everything")

    def _fd(self) -> int:
        assert self._listening is not None
        return self._listening.fileno()

    def _log(self, name: str) -> Path:
        file = self.data_dir / "log" / f"{name}.log"
        if file.exists() and file.stat().st_size > LOG_BYTES:
            file.replace(file.with_suffix(".log.1"))
        return file

    def _spawn(self, name: str, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        with self._log(name).open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, str(BASE / "manage.py"), *arguments],
                cwd=BASE,
                env={**self._environment, **environment, PARENT: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(self._fd(),) if "--fd" in arguments else (),
                start_new_session=True,  # Ctrl-C at the terminal is for us; we stop the others in order
            )

    def _run_to_end(self, name: str, *arguments: str, **environment: str) -> None:
        """Run a command of ours to its end, while looking after the others. Raises CannotStart when it fails."""
        if self._is_stopping:
            return
        process = self._spawn(name, *arguments, **environment)
        while process.poll() is None and not self._is_stopping:
            time.sleep(TICK_SECONDS / 4)
            self._look_after_children()
        if process.poll() is None:
            process.terminate()
            process.wait()
        elif process.returncode:
            raise CannotStart(
                f"`manage.py {arguments[0]}` failed: {self._last_line(name)} (all of it: {self._log(name)})"
            )

    def _last_line(self, name: str) -> str:
        lines = self._log(name).read_text(encoding="utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")[:300]

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + FIRST_READY_WITHIN_SECONDS
        while not self._is_stopping:
            state = ready_state(self.port)
            if state is None:
                return
            if time.monotonic() > until:
                raise CannotStart(f"not ready: {state} (web says: {self._last_line('web')})")
            self._look_after_everything()
            time.sleep(TICK_SECONDS)

    # --- while it runs

    def _supervise(self) -> None:
        while not self._is_stopping:
            self._look_after_everything()
            time.sleep(TICK_SECONDS)

    def _look_after_everything(self) -> None:
        self._look_after_database()
        self._look_after_children()
        self._reap()
        # For an instant every process that starts another one blocks all signals: only what stays blocked is a stop.
        is_blocked = bool(signals_being_handled_by_parent() & ~self._usually_blocked)
        self._blocked_for_ticks = self._blocked_for_ticks + 1 if is_blocked else 0
        if self._blocked_for_ticks >= STOP_AFTER_BLOCKED_TICKS:
            self._is_stopping = True

    def _look_after_children(self) -> None:
        for child in self.children:
            if not self._is_stopping:
                child.look()
        self._write_who_runs()

    def _look_after_database(self) -> None:
        if self.database is None or time.monotonic() - self._looked_at_database < LOOK_AT_DATABASE_EVERY_SECONDS:
            return
        self._looked_at_database = time.monotonic()
        if self.database.process_id() is None:
            say("portal: PostgreSQL ended; starting it again")
            try:
                self.database.start()
            except EmbeddedPostgresError as error:
                say(f"portal: {error}; trying again")

    def _write_who_runs(self) -> None:
        running = {child.name: child.process.pid for child in self.children if child.process is not None}
        database = {} if self.database is None else {"postgres": self.database.process_id()}
        text = json.dumps({"supervisor": os.getpid(), **running, **database})
        file = self.data_dir / "run.json"
        if not file.exists() or file.read_text(encoding="ascii") != text:
            file.with_suffix(".new").write_text(text, encoding="ascii")
            file.with_suffix(".new").replace(file)

    def _reap(self) -> None:
        """Take note of the end of processes that are ours by inheritance only."""
        ours = {child.process.pid for child in self.children if child.process is not None}
        with contextlib.suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if ended.si_pid in ours:
                    return  # its Popen will ask for it
                os.waitpid(ended.si_pid, os.WNOHANG)

    # --- end

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _stop(self) -> None:
        self._is_stopping = True
        say("portal: stopping")
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_WITHIN_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.database is not None:
            self.database.leave()
        (self.data_dir / "run.json").unlink(missing_ok=True)
        self._reap_the_rest()

    def _reap_the_rest(self) -> None:
        until = time.monotonic() + 1
        with contextlib.suppress(ChildProcessError):
            while time.monotonic() < until:
                if os.waitpid(-1, os.WNOHANG) == (0, 0):
                    time.sleep(TICK_SECONDS / 4)


def make_secrets(file: Path) -> None:
    """Make the demo's secrets, once, in a file that only its user can read."""
    if file.exists():
        return
    values = {
        "PORTAL_DEMO": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "demo1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "LEDGER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "WEB_PUSH_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="ascii")
    new.rename(file)


def read_secrets(file: Path) -> dict[str, str]:
    """Return what the demo's file of secrets says."""
    lines = (line.partition("=") for line in file.read_text(encoding="ascii").splitlines() if "=" in line)
    return {name: value for name, _, value in lines}


def ready_state(port: int) -> str | None:
    """Return None when the portal on this port says that all is well, else what it says."""
    asking = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        asking.request("GET", "/readyz")
        answer = asking.getresponse()
        text = answer.read(2000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer ({type(error).__name__})"
    finally:
        asking.close()
    return None if answer.status == OK else f"{answer.status} {text}"
