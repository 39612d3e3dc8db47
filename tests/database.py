"""The tables of the tests, made once for each set of migrations: every run and every worker begins with a copy.

The copy is migrated again like any database, which finds nothing to do: so a template that lacks something is made good.
"""

import fcntl
import hashlib
import os
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connections

BASE = Path(__file__).resolve().parent.parent
PREFIX = "test_template_"


def template() -> str:
    """Return the name of a database with all tables and nothing in them, which is made now if it is not there."""
    name = PREFIX + _digest()
    with (Path(os.environ["PORTAL_DATA"]) / "template.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in _templates():
            for other in _templates():
                _ask(f'DROP DATABASE IF EXISTS "{other}"')
            _make(f"{name}_new")
            _ask(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def _digest() -> str:
    """Return what changes with any migration, of ours or of a library."""
    files = [*sorted(BASE.glob("*/migrations/*.py")), BASE / "requirements.txt", BASE / "core" / "roles.py"]
    whole = hashlib.sha256(" ".join(sorted(config.name for config in apps.get_app_configs())).encode())
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]


def _ask(statement: str) -> list[tuple[str, ...]]:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def _templates() -> list[str]:
    return [name for (name,) in _ask(f"SELECT datname FROM pg_database WHERE datname LIKE '{PREFIX}%'")]


def _make(name: str) -> None:
    connection = connections["default"]
    _ask(f'CREATE DATABASE "{name}"')
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
