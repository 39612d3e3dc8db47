"""Small ledgers to test with: their acts, and the owner's hand that breaks them."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from core.actors import SYSTEM
from ledger import acts, canonical, followers, keys, sealing
from ledger.models import Entry
from ledger.rules import APPEND_ONLY_TABLES
from tests.record import append_only_tables_can_be_emptied, checkpoints_of_this_test

__all__ = ["append_only_tables_can_be_emptied", "checkpoints_of_this_test"]

# The first second that does not exist in Berlin that day.
NOW = dt.datetime(2026, 3, 29, 1, 0, 0, 123456, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_declarations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "ACTIONS", {})
    monkeypatch.setattr(followers, "FOLLOWERS", {})


Act = Callable[..., Entry]


@pytest.fixture
def act() -> Act:
    """Return a function that records one act: `act("C-1", state="filed")`."""

    @acts.action("matter.moved")
    def move(*, subject: str, provider: str, facts: dict[str, Any], now: dt.datetime) -> Entry:
        return acts.record(subject=subject, provider=provider, by=SYSTEM, facts=facts, now=now)

    def moved(subject: str = "C-1", provider: str = "films", now: dt.datetime = NOW, **facts: Any) -> Entry:
        return move(subject=subject, provider=provider, facts=facts, now=now)

    return moved


def _signed(number: int) -> Entry:
    facts = canonical.facts_text({"state": "filed", "number": number})
    key_id = keys.signer().key_id
    entry = Entry(act="matter.moved", subject=f"C-{number}", provider="films", actor="system", at=NOW, facts_text=facts)
    entry.key_id, entry.signature = key_id, bytes(64)
    entry.signature = keys.signer().sign(canonical.entry_signed_bytes(entry.row))
    return entry


@pytest.fixture
def sealed(db: None) -> list[Entry]:
    """Return the entries of a ledger of 300 acts, sealed at sizes 3, 260 and 300."""
    entries: list[Entry] = []
    for size in (3, 260, 300):
        # What acts.record writes, in one statement: these tests are about hundreds of entries, not about acts.
        entries += Entry.objects.bulk_create([_signed(number) for number in range(len(entries), size)])
        sealing.seal(NOW)
    return entries


Sql = Callable[..., None]


@pytest.fixture
def tamper(db: None) -> Iterator[Sql]:
    """Return the owner's SQL with nothing in its way: triggers and references are lifted until the test ends."""

    def execute(statement: str, *parameters: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in APPEND_ONLY_TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                " WHERE contype = 'f' AND confrelid = 'ledger_entry'::regclass"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            cursor.execute(statement, parameters)

    return execute
