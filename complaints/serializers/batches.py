"""What a batch shows: what would be done where, how far it is, and what was left out, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from complaints import access, rules
from complaints.rules import BatchAct, BatchState, MeasureKind, RowState
from core.times import rfc3339

if TYPE_CHECKING:
    from complaints.models import Batch, BatchRow
    from verification.models import Account

TONES = {RowState.DONE: "done", RowState.REFUSED: "against", RowState.BARRED: "against", RowState.SKIPPED: "neutral"}
STATE_TONES = {BatchState.DONE: "done", BatchState.STOPPED: "neutral"}
ROWS_SHOWN = 200


def batch_shown(batch: Batch, viewer: Account) -> dict[str, Any]:
    """Return a batch: the act with what it is given, the digest of its preview, and how many matters stand where."""
    counts = access.counts_of(batch)
    possible = sum(counts.values()) - counts[RowState.BARRED]
    dealt_with = counts[RowState.DONE] + counts[RowState.REFUSED]
    return {
        "id": str(batch.pk),
        "provider": batch.provider.code,
        "act": batch.act,
        "given": batch.given,
        "state": batch.state,
        "digest": batch.digest,
        "is_mine": batch.made_by_id == viewer.pk,
        "made_at": rfc3339(batch.made_at),
        "started_at": None if batch.started_at is None else rfc3339(batch.started_at),
        "ended_at": None if batch.ended_at is None else rfc3339(batch.ended_at),
        "counts": counts,
        "possible": possible,
        "dealt_with": dealt_with,
        "percent": 100 if not possible else 100 * dealt_with // possible,
    }


def row_shown(row: BatchRow) -> dict[str, Any]:
    """Return one matter of a batch: where it stands, and why it was left out."""
    return {
        "position": row.position,
        "reference": row.reference,
        "state": row.state,
        "code": row.code,
        "detail": _why(row),
        "done_at": None if row.done_at is None else rfc3339(row.done_at),
    }


def _why(row: BatchRow) -> str:
    return row.detail or str(rules.WHY_NOT.get(row.code, ""))


def page(batch: Batch, viewer: Account) -> dict[str, Any]:
    """Return what the page of a batch is filled with: what was left out first, then the others, 200 at most."""
    whole = batch_shown(batch, viewer)
    left_out = [row_on_page(row) for row in access.rows_of(batch, RowState.BARRED, RowState.REFUSED)[:ROWS_SHOWN]]
    others = (RowState.READY, RowState.WAITING, RowState.DONE, RowState.SKIPPED)
    rows = [row_on_page(row) for row in access.rows_of(batch, *others)[:ROWS_SHOWN]]
    counts = whole["counts"]
    return {
        "batch": batch,
        "shown": whole,
        "title": BatchAct(batch.act).label,
        "state": state_of(batch),
        "kind": MeasureKind(batch.given["kind"]).label if "kind" in batch.given else "",
        "left_out": left_out,
        "left_out_count": counts[RowState.BARRED] + counts[RowState.REFUSED],
        "rows": rows,
        "row_count": sum(counts[state] for state in others),
        "done_count": counts[RowState.DONE],
    }


def state_of(batch: Batch) -> dict[str, Any]:
    """Return where the batch stands, in words and tone."""
    state = BatchState(batch.state)
    return {"label": state.label, "tone": STATE_TONES.get(state, "waiting")}


def listed(batch: Batch) -> dict[str, Any]:
    """Return a batch as the list of pages shows it."""
    return {"batch": batch, "title": BatchAct(batch.act).label, "state": state_of(batch)}


def row_on_page(row: BatchRow) -> dict[str, Any]:
    """Return one matter of a batch as the page lists it."""
    return {
        "reference": row.reference,
        "url": "" if row.complaint_id is None else reverse("complaints:matter", args=[row.reference]),
        "label": RowState(row.state).label,
        "tone": TONES.get(RowState(row.state), "waiting"),
        "why": _why(row),
    }
