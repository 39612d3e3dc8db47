"""What tests need of the ledger: emptying its tables between tests, checkpoints of their own, what follows from acts."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.color import Style
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations
from pytest_django import Settings

from ledger import sealing
from ledger.followers import run_followers

MADE_BY_MIGRATIONS = {"django_content_type", "auth_permission"}


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_can_be_emptied() -> Iterator[None]:
    """Let a test database be emptied after a test that commits: its owner lifts all triggers of ours for that moment.

    Only tables that hold something are emptied, row by row: few rows in few tables, where TRUNCATE would make new files
    for each of more than a hundred tables. Constraints wait for the end, so the order does not matter. What migrations
    made stays: types, permissions and grants. So nothing of it must be made anew, which cost more than the emptying.
    """

    def sql_flush(self: DatabaseOperations, _style: Style, tables: Any, **_options: Any) -> list[str]:
        filled = [self.quote_name(table) for table in _filled(self, set(tables) - MADE_BY_MIGRATIONS)]
        if not filled:
            return []
        lifted = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in filled]
        emptied = [f"DELETE FROM {table}" for table in filled]
        # What is checked at the end is checked before a table is altered again, which would be refused otherwise.
        checked = "SET CONSTRAINTS ALL IMMEDIATE"
        return [*lifted, *emptied, checked, *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in filled)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        yield


def _filled(operations: DatabaseOperations, tables: Any) -> list[str]:
    """Return those of the tables that hold a row."""
    asked = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM {operations.quote_name(table)})" for table in sorted(tables)]
    with operations.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture(autouse=True)
def checkpoints_of_this_test(settings: Settings, tmp_path: Path) -> Path:
    """Keep the checkpoints of one test's ledger away from those of another's."""
    settings.LEDGER_CHECKPOINT_DIR = tmp_path / "checkpoints"
    return tmp_path / "checkpoints"


def follow(now: dt.datetime) -> None:
    """Seal what was recorded and run what follows from it, until nothing is left."""
    sealing.seal(now)
    while run_followers(now):
        sealing.seal(now)
