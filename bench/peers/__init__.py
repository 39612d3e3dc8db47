"""Peers that others wrote, installed into the bench's own folder and never into the portal: socket.io with pg, and ejabberd.

Each stores its messages in the bench's own PostgreSQL and answers after the commit. ``python -m bench.peers`` only installs.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.limits import make_table
from bench.stage import BASE, Stage, pairs_in
from core.embedded_postgres import DATABASE, OWNER

FOLDER = Path(os.environ.get("PORTAL_DATA") or BASE / ".data") / "bench-peers"
NPM = ["socket.io@4", "pg@8"]
DEBIAN = ["ejabberd", "erlang-p1-pgsql"]
INSTALL_WITHIN, READY_WITHIN = 300, 60
PLACES = (
    "CREATE TABLE IF NOT EXISTS bench_place (token text PRIMARY KEY, conversation uuid NOT NULL, account uuid NOT NULL)"
)
HOST = "bench.local"
EJABBERD = """
hosts: [{host}]
loglevel: error
listen:
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {{/ws: ejabberd_http_ws}}}}
auth_method: [sql]
auth_password_format: plain
default_db: sql
sql_type: pgsql
sql_server: "{server}"
sql_port: 5432
sql_database: {database}
sql_username: {user}
sql_password: "{password}"
sql_pool_size: 10
acl: {{local: {{user_regexp: ""}}}}
access_rules: {{local: {{allow: local}}, c2s: {{allow: all}}}}
modules:
  mod_mam: {{db_type: sql, default: always, assume_mam_usage: true}}
  mod_stream_mgmt: {{resend_on_timeout: false}}
"""


def loopback() -> str:
    """Return an address of loopback at which nobody listens yet: ejabberd finds PostgreSQL by no other way."""
    return ".".join(["127", *(str(1 + secrets.randbelow(253)) for _ in range(3))])


@dataclass(frozen=True)
class Peer:
    """A peer that serves: where, as which process, and the file of the pairs that may talk there."""

    port: int
    pid: int
    pairs: Path


def free_port() -> int:
    """Return a port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[str], within: float = INSTALL_WITHIN) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=within, check=False)
    if done.returncode:
        raise SystemExit(f"bench: `{' '.join(command[:6])} …` failed:\n{(done.stderr or done.stdout)[-2000:]}")


def install() -> list[str]:
    """Install what this machine's package managers give, once, and return the names of the peers that are there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = []
    if shutil.which("npm") and shutil.which("node"):
        if not (FOLDER / "npm" / "node_modules" / "pg").exists():
            _run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(FOLDER / "npm"), *NPM])
        found.append("socket.io")
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        if not _erlang().exists():
            _extract()
        found.append("ejabberd")
    return found


def _erlang() -> Path:
    return FOLDER / "debian" / "usr" / "lib" / "erlang"


def _extract() -> None:
    """Fetch Debian's packages with all that they need, and unpack them; nothing is installed on the machine."""
    packages = FOLDER / "packages"
    (packages / "partial").mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", "-qq", "-o", f"Dir::Cache::archives={packages}"]
    _run([*apt, "install", "--yes", "--download-only", "--no-install-recommends", *DEBIAN])
    for package in sorted(packages.glob("*.deb")):
        _run(["dpkg-deb", "--extract", str(package), str(FOLDER / "debian")])


@contextlib.contextmanager
def serving(name: str, on: Stage, pairs: Path) -> Iterator[Peer]:
    """Have a peer serve for as long as the block runs."""
    with _socketio(on, pairs) if name == "socket.io" else _ejabberd(on, pairs) as peer:
        yield peer


@contextlib.contextmanager
def _started(command: list[str], environment: dict[str, str], port: int, pairs: Path, log: Path) -> Iterator[Peer]:
    with log.open("wb") as words:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=words, stderr=words)
    try:
        until = time.monotonic() + READY_WITHIN
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"bench: a peer does not serve:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield Peer(port, process.pid, pairs)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _socketio(on: Stage, pairs: Path) -> Iterator[Peer]:
    make_table(on, PLACES)
    found, port = on.postgres.address(OWNER), free_port()
    with psycopg.connect(host=found.host, user=found.user, password=found.password, dbname=DATABASE) as connection:
        for pair in pairs_in(pairs):
            for token in pair["tokens"]:
                connection.execute(
                    "INSERT INTO bench_place VALUES (%s, %s, gen_random_uuid()) ON CONFLICT DO NOTHING",
                    [token, pair["conversation"]],
                )
    program = FOLDER / "npm" / "socketio.mjs"  # beside its modules, for there they are looked for
    shutil.copy(BASE / "bench" / "peers" / "socketio.mjs", program)
    environment = {
        "PATH": os.environ.get("PATH", ""), "NODE_ENV": "production", "PORT": str(port), "PGHOST": found.host,
        "PGUSER": found.user, "PGPASSWORD": found.password, "PGDATABASE": DATABASE,
    }  # fmt: skip
    with _started(["node", str(program)], environment, port, pairs, on.folder / "socketio.log") as peer:
        yield peer


@contextlib.contextmanager
def _ejabberd(on: Stage, pairs: Path) -> Iterator[Peer]:
    database, port, erlang = "bench_ejabberd", free_port(), _erlang()
    _fill_ejabberd(on, database, pairs)
    folder = on.folder / "ejabberd"
    folder.mkdir(exist_ok=True)
    found = on.postgres.address(OWNER)
    told = {"host": HOST, "port": port, "server": on.loopback, "database": database}
    config = folder / "ejabberd.yml"
    config.write_text(EJABBERD.format(**told, user=found.user, password=found.password), encoding="ascii")
    programs = next(erlang.glob("erts-*/bin"))
    environment = {
        "PATH": f"{programs}:{os.environ.get('PATH', '')}", "HOME": str(folder), "ROOTDIR": str(erlang),
        "BINDIR": str(programs), "EMU": "beam", "PROGNAME": "erl", "EJABBERD_CONFIG_PATH": str(config),
        "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"), "ERL_CRASH_DUMP_SECONDS": "0",
        "ERL_LIBS": ":".join(map(str, (FOLDER / "debian" / "usr" / "lib").glob("*-linux-gnu*"))),
        "LD_LIBRARY_PATH": ":".join(map(str, (FOLDER / "debian" / "usr" / "lib").glob("*-linux-gnu*"))),
    }  # fmt: skip
    command = [
        str(programs / "erlexec"), "-noinput", "+K", "true", "-mnesia", "dir", f'"{folder}/mnesia"', "-s", "ejabberd",
    ]  # fmt: skip
    file = folder / "pairs.jsonl"
    lines = [
        {"conversation": pair["conversation"], "tokens": [f"{pair['conversation']}.{side}" for side in (0, 1)]}
        for pair in pairs_in(pairs)
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="ascii")
    with _started(command, environment, port, file, folder / "words.log") as peer:
        yield peer


def _fill_ejabberd(on: Stage, database: str, pairs: Path) -> None:
    """Make ejabberd's database by its own schema, with a user for each side of the pairs."""
    found = on.postgres.address(OWNER)
    login = {"host": found.host, "user": found.user, "password": found.password}
    with psycopg.connect(**login, dbname=DATABASE, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            return
        connection.execute(f"CREATE DATABASE {database}".encode())
    schema = FOLDER / "debian" / "usr" / "share" / "ejabberd" / "sql" / "pg.sql"
    with psycopg.connect(**login, dbname=database) as connection:
        connection.execute(schema.read_bytes())
        for pair in pairs_in(pairs):
            for side in (0, 1):
                connection.execute(
                    "INSERT INTO users (username, password) VALUES (%s, 'secret')", [f"{pair['conversation']}.{side}"]
                )
