"""PostgreSQL's own programs on the portal's database: a dump of one state, and putting it back whole or not at all.

Passwords go by environment, never by an argument: arguments are read by everybody on the machine.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection

from core.embedded_postgres import EmbeddedPostgres

# Where the tables wait that a restore replaces, until what replaces them is seen to be right.
ASIDE = "before_restore"
LOCKED_FOR = "10s"
FROM_SETTINGS = {
    "PGHOST": "HOST",
    "PGPORT": "PORT",
    "PGUSER": "USER",
    "PGPASSWORD": "PASSWORD",
    "PGDATABASE": "NAME",
}
FROM_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
AGAIN = "run it again when the portal and its database are at rest"


class Refused(Exception):
    """The backup or restore is not done; the message is one line for the operator."""


def dump(to: Path, snapshot: str) -> None:
    """Write the database, as the exported snapshot shows it, in PostgreSQL's custom format."""
    # Who may do what is made anew by the restore, for the roles of the machine where that happens.
    arguments = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--no-password"]
    command = [_program("pg_dump"), *arguments, f"--snapshot={snapshot}", f"--exclude-schema={ASIDE}", f"--file={to}"]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        command, check=False, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True
    )
    if done.returncode:
        raise Refused(f"pg_dump failed: {_first_line(done.stderr)}")


def load(dumped: Path) -> None:
    """Put the dump in the place of all tables, which are kept aside: all of it in one transaction."""
    connection.close()
    psql = [_program("psql"), "-X", "-q", "--no-password", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=sqlstate"]
    begin = (
        f"BEGIN; SET LOCAL lock_timeout = '{LOCKED_FOR}'; ALTER SCHEMA public RENAME TO {ASIDE}; CREATE SCHEMA public;"
    )
    for statement in begin.split("; "):
        psql += ["-c", statement]
    read = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dumped)]
    pipe, nowhere, environment = subprocess.PIPE, subprocess.DEVNULL, _environment()
    with (
        subprocess.Popen([*psql, "-f", "-"], env=environment, stdin=pipe, stdout=nowhere, stderr=pipe) as writing,  # noqa: S603 - its own
        subprocess.Popen(read, env=environment, stdout=pipe, stderr=nowhere) as reading,  # noqa: S603 - likewise
    ):
        assert writing.stdin is not None
        assert reading.stdout is not None
        try:
            shutil.copyfileobj(reading.stdout, writing.stdin, 1024 * 1024)
            # Nothing holds unless all of it was read: without this line the transaction is rolled back.
            if reading.wait() == 0:
                writing.stdin.write(b"\nCOMMIT;\n")
        except BrokenPipeError:
            reading.kill()
        error = _communicated(writing)
    if writing.returncode or reading.returncode:
        raise Refused(f"the database could not be restored and is as it was ({error}); {AGAIN}")


def _communicated(process: "subprocess.Popen[bytes]") -> str:
    try:
        return _first_line(process.communicate()[1])
    except BrokenPipeError:
        return "psql ended early"


def keep() -> None:
    """Drop the tables that were kept aside: what replaced them is right."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def undo() -> None:
    """Put the tables that were kept aside back in their place, if there are any: a restore was refused, or killed."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
        if cursor.fetchone():
            cursor.execute(f"DROP SCHEMA IF EXISTS public CASCADE; ALTER SCHEMA {ASIDE} RENAME TO public")


def others_connected() -> int:
    """Return how many other connections the database has: a portal that runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def _program(name: str) -> str:
    """Return the program: the embedded server's own, another server's from the PATH, else the one that we came with."""
    embedded = EmbeddedPostgres(settings.PORTAL_DATA)
    is_embedded = connection.settings_dict["HOST"] == str(embedded.socket_dir)
    found = None if is_embedded else shutil.which(name)
    return found or str(embedded.program(name))


def _environment() -> dict[str, str]:
    options = connection.settings_dict.get("OPTIONS") or {}
    given = {name: str(connection.settings_dict.get(key) or "") for name, key in FROM_SETTINGS.items()}
    given |= {f"PG{name.upper()}": str(options[name]) for name in FROM_OPTIONS if name in options}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", **{name: value for name, value in given.items() if value}}


def _first_line(output: bytes) -> str:
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    telling = next((line for line in lines if "rror" in line or "FATAL" in line or "ERROR" in line), "")
    return re.sub(r"^\S*(pg_dump|psql):\s*", "", telling or (lines[0] if lines else "without a word"))
