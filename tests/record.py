"""What tests need because the ledger is append-only: emptying its tables between tests, checkpoints of their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.color import Style
from django.db.backends.postgresql.operations import DatabaseOperations
from pytest_django import Settings

from ledger.rules import APPEND_ONLY_TABLES


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_can_be_emptied() -> Iterator[None]:
    """Let a test database be emptied after a test that commits: its owner lifts the triggers for that moment."""
    original = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, style: Style, tables: Any, **options: Any) -> list[str]:
        statements = original(self, style, tables, **options)
        held = [table for table in APPEND_ONLY_TABLES if table in tables] if statements else []
        lifted = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in held]
        return [*lifted, *statements, *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in held)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True)
def checkpoints_of_this_test(settings: Settings, tmp_path: Path) -> Path:
    """Keep the checkpoints of one test's ledger away from those of another's."""
    settings.LEDGER_CHECKPOINT_DIR = tmp_path / "checkpoints"
    return tmp_path / "checkpoints"
