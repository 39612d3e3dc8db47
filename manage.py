#!/usr/bin/env python
"""The portal's commands: Django's own and those of each app, with the embedded PostgreSQL at hand where one is needed."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from core.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from core.environment import data_dir, load_environment
from core.memory import look_seldom_for_cycles

BASE = Path(__file__).resolve().parent

# These touch no database, so none is started for them; `demo` starts its own.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "demo",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "read_letter",
    "spectacular",
    "startapp",
    "verify_package",
    "version",
}
# These change or inspect the tables' shape, which the application's role may not.
AS_OWNER = {
    "createcachetable",
    "dbshell",
    "flush",
    "inspectdb",
    "makemigrations",
    "migrate",
    "optimizemigration",
    "restore",
    "showmigrations",
    "sqlflush",
    "sqlmigrate",
    "squashmigrations",
}
# These refuse wrong settings: at once, before a database is started and the apps are loaded for nothing.
SERVING = {"serve", "worker"}


def main() -> None:
    """Run the command of this process's arguments."""
    look_seldom_for_cycles()
    load_environment(BASE)
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if command in AS_OWNER:
        os.environ.setdefault("PORTAL_DB_ROLE", "owner")
    if command in SERVING and not _asks_for_help(command):
        from core.checks import refuse_a_bad_start

        refuse_a_bad_start()
    try:
        with _database_for(command):
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except EmbeddedPostgresError as error:
        sys.exit(f"portal: {error}")


def _database_for(command: str) -> AbstractContextManager[object]:
    """Return a block in which the database is there for the command."""
    if os.environ.get("DATABASE_URL") or command in WITHOUT_DATABASE or _asks_for_help(command):
        return nullcontext()
    return EmbeddedPostgres(data_dir(BASE)).in_use()


def _asks_for_help(command: str) -> bool:
    return command.startswith("-") or "--help" in sys.argv or "-h" in sys.argv


if __name__ == "__main__":
    main()
