"""One act over many matters: previewed, confirmed, carried out by the worker matter by matter, stopped."""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import access, rules
from complaints.actions.assigning import assign
from complaints.actions.corresponding import require_fillable, send_letter
from complaints.actions.deciding import accept, reject, require_reasons
from complaints.actions.ending import close
from complaints.actions.measuring import check_measure, order_measure
from complaints.models import Batch, BatchRow, Complaint
from complaints.rules import BatchAct, BatchState, RowState, Side
from core.actors import SYSTEM
from core.errors import Conflict, Denied, DomainError, Invalid, invalid
from ledger.acts import action, record
from verification.models import Account, Organisation

ROWS_A_SWEEP = 50
PREPARED_FOR = dt.timedelta(days=1)
log = logging.getLogger(__name__)


# --- what each act does in one matter

Call = Callable[[BatchRow, dt.datetime], object]


def _with_reasons(act: Callable[..., object]) -> Call:
    return lambda row, now: act(
        reference=row.reference, by=row.batch.made_by, reasons=row.batch.given["reasons"], now=now
    )


def _assign(row: BatchRow, now: dt.datetime) -> object:
    to = UUID(row.batch.given["to"])
    assert row.complaint is not None
    if (found := access.held(row.complaint)) is not None and found.handler_id == to:
        return found  # nothing to do: whoever should have it has it
    return assign(reference=row.reference, by=row.batch.made_by, to=to, now=now)


CALLS: dict[BatchAct, Call] = {
    BatchAct.ACCEPTANCE: _with_reasons(accept),
    BatchAct.REJECTION: _with_reasons(reject),
    BatchAct.MEASURE: lambda row, now: order_measure(
        reference=row.reference,
        by=row.batch.made_by,
        kind=row.batch.given["kind"],
        reasons=row.batch.given["reasons"],
        grounds=row.batch.given["grounds"],
        now=now,
    ),
    BatchAct.ASSIGNMENT: _assign,
    BatchAct.LETTER: lambda row, now: send_letter(
        reference=row.reference,
        by=row.batch.made_by,
        to=Side.COMPLAINANT.value,
        template=row.batch.given["template"],
        now=now,
    ),
    BatchAct.CLOSING: lambda row, now: close(reference=row.reference, by=row.batch.made_by, now=now),
}


# --- preview


def prepare_batch(
    *,
    by: Account,
    provider: Organisation,
    act: str,
    references: Sequence[str],
    given: Mapping[str, Any],
    now: dt.datetime,
) -> Batch:
    """Return a batch that shows what the act would do in each matter, and does nothing before it is started.

    Raises Invalid for an act that is none, for what it needs and is not given, and for too many matters or none.
    """
    if act not in BatchAct.values:
        known = ", ".join(BatchAct.values)
        raise invalid("/act", "unknown", _("Choose one of: %(known)s.") % {"known": known})
    wanted = _given(BatchAct(act), given, by, provider)
    if not references:
        raise invalid("/references", "required", _("Choose at least one matter."))
    if len(references) > rules.MOST_IN_BATCH:
        text = _("Give at most %(most)s.") % {"most": rules.MOST_IN_BATCH}
        raise invalid("/references", "too_many", text)
    with transaction.atomic():
        batch = Batch(provider=provider, act=act, given=wanted, made_at=now, made_by=by)
        planned = access.Planned(by=by, provider=provider, act=act, given=wanted, now=now)
        rows = _rows(batch, access.forecast(planned, references))
        batch.digest = _digest(batch, rows)
        batch.save(force_insert=True)
        BatchRow.objects.bulk_create(rows, batch_size=1000)
    return batch


def _given(act: BatchAct, given: Mapping[str, Any], by: Account, provider: Organisation) -> dict[str, Any]:
    """Return what the act is given and nothing else; Invalid where it needs more."""
    reasons = str(given.get("reasons") or "")
    if act in (BatchAct.REJECTION, BatchAct.MEASURE):
        require_reasons(reasons)
    if act is BatchAct.MEASURE:
        kind, grounds = str(given.get("kind") or ""), list(given.get("grounds") or ())
        check_measure(kind, reasons, grounds)
        return {"kind": kind, "reasons": reasons, "grounds": grounds}
    if act is BatchAct.ASSIGNMENT:
        to = given.get("to") or by.pk
        if not access.can_take_matters(to, provider):
            raise invalid("/to", "cannot_handle", _("This is no handler of the provider."))
        return {"to": str(to)}
    if act is BatchAct.LETTER:
        template = str(given.get("template") or "")
        chosen = access.template_of(provider, template)
        require_fillable({"subject": chosen.subject, "body": chosen.body}, Side.COMPLAINANT)
        return {"template": template}
    return {} if act is BatchAct.CLOSING else {"reasons": reasons}


def _rows(batch: Batch, told: Sequence[tuple[str, Complaint | None, str]]) -> list[BatchRow]:
    return [
        BatchRow(
            batch=batch,
            position=place,
            reference=reference[:40],
            complaint=complaint,
            seen="" if complaint is None else access.seen_of(complaint),
            state=RowState.BARRED if code else RowState.READY,
            code=code,
        )
        for place, (reference, complaint, code) in enumerate(told)
    ]


def _digest(batch: Batch, rows: Sequence[BatchRow]) -> str:
    shown = [batch.act, batch.given, [[row.reference, row.seen, row.code] for row in rows]]
    return hashlib.sha256(json.dumps(shown, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def forget_prepared(now: dt.datetime) -> int:
    """Delete previews that nobody confirmed within a day, and return how many."""
    old = list(Batch.objects.filter(state=BatchState.PREPARED, made_at__lt=now - PREPARED_FOR).order_by("pk")[:100])
    for batch in old:
        batch.delete()
    return len(old)


# --- start and stop


@action("batch.started")
def start_batch(*, batch_id: UUID, by: Account, digest: str, now: dt.datetime) -> Batch:
    """Let the worker do what the preview of this digest showed, as who made it; return the batch.

    Raises Denied for others, Conflict for another digest, for the second time, and where nothing is possible.
    """
    batch = access.batch_for(by, batch_id, lock=True)
    if batch.made_by_id != by.pk:
        raise Denied(_("Only who made this preview can confirm it."))
    if batch.state != BatchState.PREPARED:
        raise Conflict(_("This was started already."), state=batch.state)
    if digest != batch.digest:
        raise Conflict(_("This is not the preview that was shown."), state=batch.state, code="digest_differs")
    count = BatchRow.objects.filter(batch=batch, state=RowState.READY).update(state=RowState.WAITING)
    if not count:
        raise Conflict(_("There is nothing that could be done."), state=batch.state)
    batch.state, batch.started_at = BatchState.RUNNING, now
    batch.save(update_fields=["state", "started_at"])
    _record(batch, by, {"act": batch.act, "digest": batch.digest, "matters": count}, now)
    return batch


@action("batch.stopped")
def stop_batch(*, batch_id: UUID, by: Account, now: dt.datetime) -> Batch:
    """Stop the batch midway, as any handler of its provider; what is done stays done, the rest is left out."""
    batch = access.batch_for(by, batch_id, lock=True)
    if batch.state != BatchState.RUNNING:
        raise Conflict(_("This is not at work."), state=batch.state)
    left = _leave_out(BatchRow.objects.filter(batch=batch))
    batch.state, batch.ended_at = BatchState.STOPPED, now
    batch.save(update_fields=["state", "ended_at"])
    _record(batch, by, {"left": left}, now)
    return batch


def _leave_out(rows: QuerySet[BatchRow]) -> int:
    """Skip what waits and no worker has in hand at this moment; return how many."""
    free = rows.filter(state=RowState.WAITING).select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    return BatchRow.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(state=RowState.SKIPPED)


@action("batch.finished")
def finish_batch(*, batch_id: UUID, now: dt.datetime) -> Batch:
    """Note, as the portal, that every matter of the batch was dealt with; Conflict when that is not so."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("provider").get(pk=batch_id)
    counts = access.counts_of(batch)
    if batch.state != BatchState.RUNNING or counts[RowState.WAITING]:
        raise Conflict(state=batch.state)
    batch.state, batch.ended_at = BatchState.DONE, now
    batch.save(update_fields=["state", "ended_at"])
    _record(batch, SYSTEM, {"done": counts[RowState.DONE], "refused": counts[RowState.REFUSED]}, now)
    return batch


def _record(batch: Batch, by: Any, facts: dict[str, object], now: dt.datetime) -> None:
    record(subject=f"batch:{batch.pk}", provider=batch.provider.code, by=by, facts=facts, now=now)


# --- the work


def run_batches(now: dt.datetime, limit: int = ROWS_A_SWEEP) -> int:
    """Carry out up to ``limit`` matters of running batches, each in a transaction of its own; return how many.

    Several workers share the rows. Whoever is killed leaves a matter either done with its row, or both untouched.
    """
    done = 0
    while done < limit and _run_next(now):
        done += 1
    if done < limit:
        _finish_those_done(now)
    return done


def _run_next(now: dt.datetime) -> bool:
    row: BatchRow | None = None
    try:
        with transaction.atomic():
            row = _claimed()
            if row is None:
                return False
            _carry_out(row, now)
    except OperationalError:
        raise
    except Exception as error:
        if row is None:
            raise
        log.exception("a matter of a batch failed", extra={"row": row.pk, "error": type(error).__name__})
        BatchRow.objects.filter(pk=row.pk, state=RowState.WAITING).update(
            state=RowState.REFUSED, code="failed", done_at=now
        )
    return True


def _claimed() -> BatchRow | None:
    waiting = BatchRow.objects.filter(state=RowState.WAITING, batch__state=BatchState.RUNNING)
    waiting = waiting.select_related("batch__made_by", "complaint").filter(complaint__isnull=False)
    # A matter that somebody has in hand at this moment has its turn later.
    return waiting.select_for_update(skip_locked=True, of=("self", "complaint")).order_by("position", "batch").first()


def _carry_out(row: BatchRow, now: dt.datetime) -> None:
    """Do the act in one matter as it was previewed, or write why not."""
    assert row.complaint is not None  # by a constraint, whatever may be done has a matter
    if access.seen_of(row.complaint) != row.seen:
        row.state, row.code = RowState.REFUSED, "changed"
    else:
        _act(row, now)
    row.done_at = now
    row.save(update_fields=["state", "code", "detail", "done_at"])


def _act(row: BatchRow, now: dt.datetime) -> None:
    try:
        with translation.override(row.batch.made_by.language or None):
            CALLS[BatchAct(row.batch.act)](row, now)
    except DomainError as refusal:
        code, detail = told_of(refusal)
        row.state, row.code, row.detail = RowState.REFUSED, code[:40], detail[:500]
    else:
        row.state = RowState.DONE


def told_of(refusal: DomainError) -> tuple[str, str]:
    """Return the code and the sentence of a refusal: of the first thing that is wrong, where it names some."""
    named = refusal.problems[0] if isinstance(refusal, Invalid) and refusal.problems else refusal
    return named.code, str(named.detail)


def _finish_those_done(now: dt.datetime) -> None:
    with transaction.atomic():  # what a worker had in hand when the batch was stopped, and died with
        _leave_out(BatchRow.objects.filter(batch__state=BatchState.STOPPED))
    waiting = BatchRow.objects.filter(state=RowState.WAITING).values("batch")
    over = Batch.objects.filter(state=BatchState.RUNNING).exclude(pk__in=waiting).order_by("pk")
    for batch_id in over.values_list("pk", flat=True):
        try:
            finish_batch(batch_id=batch_id, now=now)
        except Conflict:
            continue  # another worker was faster
