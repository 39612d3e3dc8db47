"""What becomes of what was ordered: the service reports it, overdue reports are chased, measures end by themselves."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import get_for, require_service
from complaints.actions import watching
from complaints.actions.ending import end_answered_contests, end_contests, lift, state_after_return
from complaints.actions.items import names_of
from complaints.models import Complaint, ComplaintItem, ExecutionReport, Measure
from complaints.rules import MOVES, ExecutionKind, Side, State
from core.actors import SYSTEM
from core.errors import Conflict, invalid
from ledger.acts import action, record
from verification.models import Account


@dataclass(frozen=True)
class Proof:
    """What the service says of an execution: when it did so, what answered at the address then, and a sentence."""

    at: dt.datetime | None = None
    http_status: int | None = None
    detail: str = ""


NOTHING_SAID = Proof()


@action("complaint.measure_executed")
def report_execution(
    *,
    reference: str,
    by: Account,
    measure: UUID | None = None,
    kind: str = "",
    items: Sequence[str] | None = None,
    proof: Proof = NOTHING_SAID,
    now: dt.datetime,
) -> Measure:
    """Record that the provider's service carried out a measure, or brought back what was lifted; return the measure.

    It is the oldest one that waits for it, is of that kind and covers these items, as far as they are given. Late is
    not too late. Raises Conflict when there is none, Invalid for a time of execution that cannot be.
    """
    complaint = get_for(by, reference, lock=True)
    service = require_service(by, complaint)
    waiting = [one for one in complaint.measures.select_for_update().order_by("pk") if watching.waits(one)]
    chosen = next((one for one in waiting if _is_meant(one, measure, kind, items or ())), None)
    if chosen is None:
        raise Conflict(_("No measure of this complaint waits to be carried out."), state=complaint.state)
    _check_time(chosen, proof, now)
    what = ExecutionKind.EXECUTED if watching.is_unexecuted(chosen) else ExecutionKind.UNDONE
    if what is ExecutionKind.UNDONE:
        _bring_back(chosen, items or (), now)
    else:
        chosen.executed_at, chosen.executed_by = now, service
    chosen.save()
    ExecutionReport.objects.create(
        measure=chosen, what=what, reported_at=now, reported_by=service, done_at=proof.at,
        http_status=proof.http_status, detail=proof.detail,
    )  # fmt: skip
    if not watching.waits(chosen):
        watching.expect_no_more(chosen, because=what.value, now=now)
        watching.take_off_desk(complaint, now)
    facts = {"as": Side.SERVICE.value, "state": complaint.state, "measure": str(chosen.pk), "what": what.value}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return chosen


def _is_meant(one: Measure, measure: UUID | None, kind: str, items: Sequence[str]) -> bool:
    if measure not in (None, one.pk) or kind not in ("", one.kind):
        return False
    covered = one.covered.select_related("item__content") if items else ()
    names = set().union(*(names_of(cover.item) for cover in covered))
    return names.issuperset(items)


def _check_time(measure: Measure, proof: Proof, now: dt.datetime) -> None:
    if proof.at is not None and not measure.ordered_at - rules.CLOCK_SKEW <= proof.at <= now + rules.CLOCK_SKEW:
        text = _("It was carried out after it was ordered, and not in the future.")
        raise invalid("/at", "out_of_bounds", text)


def _bring_back(measure: Measure, items: Sequence[str], now: dt.datetime) -> None:
    """Note which items are back: those that are named, or all; the measure is undone once none of them is missing."""
    missing = watching.not_yet_back(measure)
    back = [one for one in missing if not items or names_of(one.item).intersection(items)]
    measure.covered.filter(pk__in=[one.pk for one in back]).update(undone_at=now)
    if measure.lifted_at is not None and len(back) == len(missing):
        measure.undone_at = now


def _locked(measure: UUID) -> tuple[Complaint, Measure]:
    """Return a measure with its complaint, locked in the order in which every act locks them."""
    reference = Measure.objects.values_list("complaint__reference", flat=True).get(pk=measure)
    found = Complaint.objects.select_related("provider").select_for_update(of=("self",))
    complaint = found.get(reference=reference)
    return complaint, Measure.objects.select_for_update().get(pk=measure)


def _require_standing(complaint: Complaint, one: Measure) -> None:
    """Raise Conflict for a measure that was lifted. Its clocks were stopped with it; this holds whoever calls."""
    if one.lifted_at is not None:
        raise Conflict(_("This measure was lifted already."), state=complaint.state)


@action("complaint.execution_overdue")
def chase_execution(*, measure: UUID, now: dt.datetime) -> Measure:
    """Note that a measure was not carried out (or not undone) in time, and wait once more; return it.

    The service is told again and the matter waits for a handler. Raises Conflict when nothing of it waits.
    """
    complaint, one = _locked(measure)
    if not watching.waits(one):
        raise Conflict(_("No measure of this complaint waits to be carried out."), state=complaint.state)
    one.chases += 1
    what = ExecutionKind.EXECUTED if watching.is_unexecuted(one) else ExecutionKind.UNDONE
    watching.expect_again(one, rules.chased_again_after(one.chases), now)
    watching.put_on_desk(complaint, now)
    facts = {
        "as": Side.SYSTEM.value,
        "state": complaint.state,
        "measure": str(one.pk),
        "kind": one.kind,
        "what": what.value,
        "chases": one.chases,
    }
    record(subject=complaint.reference, provider=complaint.provider.code, by=SYSTEM, facts=facts, now=now)
    return one


@action("complaint.review_due")
def call_for_review(*, measure: UUID, now: dt.datetime) -> Measure:
    """Have a handler look again at what was forwarded alone: whether its grounds still hold; return the measure.

    Raises Conflict for a measure that was lifted: nothing of it is left to look at.
    """
    complaint, one = _locked(measure)
    _require_standing(complaint, one)
    watching.put_on_desk(complaint, now)
    facts = {"as": Side.SYSTEM.value, "state": complaint.state, "measure": str(one.pk), "kind": one.kind}
    record(subject=complaint.reference, provider=complaint.provider.code, by=SYSTEM, facts=facts, now=now)
    return one


@action("complaint.measure_ended")
def end_measure(*, measure: UUID, now: dt.datetime) -> Measure:
    """Lift a measure whose time is over: what was under it returns; return it. Raises Conflict for one that was lifted."""
    complaint, one = _locked(measure)
    _require_standing(complaint, one)
    covered = ComplaintItem.objects.select_for_update().filter(
        covered_by__measure=one, covered_by__ended_at__isnull=True
    )
    items = list(covered.order_by("position", "pk"))
    lift(complaint, items, because="ended", now=now)
    end_answered_contests(complaint, items, because="measure_ended", now=now)
    to = _state_after(complaint)
    if to is State.RESTORED and complaint.state != State.RESTORED:
        end_contests(complaint, because="measure_ended", now=now)
        complaint.ended_at, complaint.answer_due_at = now, None
    complaint.state, complaint.changed_at = to, now
    complaint.save(update_fields=["state", "changed_at", "ended_at", "answer_due_at"])
    facts = {
        "as": Side.SYSTEM.value,
        "state": to.value,
        "measure": str(one.pk),
        "kind": one.kind,
        "items": [str(item.pk) for item in items[:100]],
    }
    record(subject=complaint.reference, provider=complaint.provider.code, by=SYSTEM, facts=facts, now=now)
    one.refresh_from_db()
    return one


def _state_after(complaint: Complaint) -> State:
    """Return where the complaint stands then: restored when nothing is left under a measure and it was not over."""
    state, after = State(complaint.state), state_after_return(complaint)
    if after is State.RESTORED:
        return after if after in MOVES[state] else state
    return after if state is State.CONTESTED else state
