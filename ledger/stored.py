"""The record read as a stream of rows, by server-side cursors: no model instances, and no more memory than a page."""

import uuid
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

from django.db import connection

from ledger.canonical import EntryRow, SealRow
from ledger.merkle import Subtree

_PAGE = 2_000
_ENTRY = "e.id, e.act, e.subject, e.provider, e.actor, e.at, e.facts, e.key_id, e.signature"


class LeafRow(NamedTuple):
    """A leaf with its entry, or None where the entry is gone."""

    place: int
    leaf_hash: bytes
    entry_id: uuid.UUID
    entry: EntryRow | None


class UnsealedRow(NamedTuple):
    """An entry without a leaf, whether it waits for the sealer, or None where only its place in the queue is left."""

    entry_id: uuid.UUID
    is_queued: bool
    entry: EntryRow | None


def _rows(sql: str, parameters: Sequence[int] = ()) -> Generator[tuple[Any, ...], None, None]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while page := cursor.fetchmany(_PAGE):
            yield from page


def leaves(start: int = 0, end: int = 2**63 - 1) -> Generator[LeafRow, None, None]:
    """Give the leaves from index `start` to before `end`, in order."""
    sql = (
        f"SELECT l.index, l.leaf_hash, l.entry_id, {_ENTRY} FROM ledger_leaf l"  # noqa: S608 - constants only
        " LEFT JOIN ledger_entry e ON e.id = l.entry_id WHERE l.index >= %s AND l.index < %s ORDER BY l.index"
    )
    for row in _rows(sql, [start, end]):
        entry = EntryRow._make(row[3:]) if row[3] is not None else None
        yield LeafRow(row[0], row[1], row[2], entry)


def nodes() -> Generator[Subtree, None, None]:
    """Give the stored subtrees in the order in which a growing tree completes them."""
    sql = "SELECT level, index, hash FROM ledger_node ORDER BY (index + 1) << level, level"
    for level, index, value in _rows(sql):
        yield level, index, bytes(value)


def seals() -> Generator[SealRow, None, None]:
    """Give the checkpoints, the smallest tree first."""
    sql = "SELECT tree_size, root, note, at, previous, key_id, signature FROM ledger_checkpoint ORDER BY tree_size"
    for row in _rows(sql):
        yield SealRow._make(row)


def unsealed() -> Generator[UnsealedRow, None, None]:
    """Give every entry that has no leaf, and every place in the queue that has no entry, oldest first."""
    sql = (
        f"SELECT coalesce(e.id, p.entry_id), p.id IS NOT NULL, {_ENTRY} FROM ledger_entry e"  # noqa: S608
        " FULL JOIN ledger_pending p ON p.entry_id = e.id"
        " WHERE e.id IS NULL OR NOT EXISTS (SELECT FROM ledger_leaf l WHERE l.entry_id = e.id) ORDER BY 1"
    )
    for row in _rows(sql):
        entry = EntryRow._make(row[2:]) if row[2] is not None else None
        yield UnsealedRow(row[0], row[1], entry)
