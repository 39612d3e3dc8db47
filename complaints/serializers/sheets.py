"""A list of complaints as a sheet: what staff sees in lists, with works and items, and nothing that is sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from complaints import access
from core import sheets
from core.sheets import Cell

if TYPE_CHECKING:
    from complaints.models import Complaint
    from verification.models import Account

HEADER = (
    "reference", "provider", "regime", "regime_version", "state", "filed_at", "changed_at", "answer_due_at", "is_earning",
    "capacity", "decision", "decided_at", "reasons", "works", "items", "grounds",
)  # fmt: skip
AT_ONCE = 500


def sheet_of(account: Account, ids: Sequence[UUID], *, is_cut: bool, mark: bytes = b"") -> Iterator[bytes]:
    """Yield the sheet line by line, read 500 complaints at a time; what the account may no longer see is left out."""
    yield from sheets.written(HEADER, _rows(account, ids), mark=mark)
    if is_cut:
        note = f"Cut off after {len(ids)} complaints: narrow the search down, by days above all, and take the rest as well."
        yield from sheets.written((note,), ())


def _rows(account: Account, ids: Sequence[UUID]) -> Iterator[tuple[Cell, ...]]:
    for begin in range(0, len(ids), AT_ONCE):
        for complaint in access.whole_rows_for(account, list(ids[begin : begin + AT_ONCE])):
            yield _row(complaint)


def _row(complaint: Complaint) -> tuple[Cell, ...]:
    works = "\n".join(work.title or work.work for work in complaint.works.all())
    items = "\n".join(item.url or item.external_id for item in complaint.items.all())
    return (
        complaint.reference, complaint.provider.code, complaint.regime, complaint.regime_version, complaint.state,
        complaint.filed_at, complaint.changed_at, complaint.answer_due_at, complaint.is_earning, complaint.capacity,
        complaint.decision, complaint.decided_at, complaint.reasons, works, items, complaint.grounds,
    )  # fmt: skip
