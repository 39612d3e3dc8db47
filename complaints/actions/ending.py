"""How a complaint ends: restored, upheld, withdrawn, closed."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import get_for, require_complainant, require_handler
from complaints.actions import deadlines, watching
from complaints.actions.deciding import require_reasons
from complaints.actions.mending import end_cure
from complaints.models import Complaint, ComplaintItem, CounterNotice, Measure, MeasureItem
from complaints.rules import Event, ItemState, Side, State
from core import clocks
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from ledger.acts import action, record
from messaging import steps
from verification.models import Account

UNDER_MEASURE = (ItemState.RESTRICTED, ItemState.FORWARDED)


def lift(complaint: Complaint, items: Sequence[ComplaintItem], *, because: str, now: dt.datetime) -> None:
    """End the measures on these items, and whole measures of which nothing is left."""
    held = [item for item in items if item.state in UNDER_MEASURE]
    covers = MeasureItem.objects.filter(item__in=held, ended_at__isnull=True)
    touched = set(covers.values_list("measure_id", flat=True))
    covers.update(ended_at=now, ended_because=because)
    for item in held:
        item.state = ItemState.RESTORED
    ComplaintItem.objects.bulk_update(held, ["state"])
    left = MeasureItem.objects.filter(measure__complaint=complaint, ended_at__isnull=True).values("measure")
    over = Measure.objects.filter(complaint=complaint, lifted_at__isnull=True).exclude(pk__in=left)
    over.update(lifted_at=now, lifted_because=because)
    watching.follow_lifting(complaint, touched, because=because, now=now)


def end_contests(complaint: Complaint, *, because: str, now: dt.datetime) -> None:
    """Stop the complaint's clocks and end its open counter-notices and inquiries."""
    deadlines.end(complaint, because=because, now=now)
    CounterNotice.objects.filter(complaint=complaint, ended_at__isnull=True).update(ended_at=now)


def end_answered_contests(
    complaint: Complaint, items: Sequence[ComplaintItem], *, because: str, now: dt.datetime
) -> None:
    """End the counter-notices about items that have come back, and the clocks that no open one waits for any more."""
    CounterNotice.objects.filter(pk__in={item.contested_by_id for item in items}, ended_at__isnull=True).update(
        ended_at=now
    )
    waiting = CounterNotice.objects.filter(complaint=complaint, ended_at__isnull=True, stopped_at__isnull=True)
    open_ones = {deadlines.of_counter_notice(pk) for pk in waiting.values_list("pk", flat=True)}
    for clock in clocks.running(complaint.reference).filter(basis__of__startswith=deadlines.OF_COUNTER_NOTICE):
        if clock.basis["of"] not in open_ones:
            clocks.stop(matter=complaint.reference, name=clock.name, because=because, now=now)


def _locked_items(complaint: Complaint) -> list[ComplaintItem]:
    return list(complaint.items.select_for_update().order_by("position", "pk"))


@action("complaint.restored")
def restore(*, reference: str, by: Actor, reasons: str = "", now: dt.datetime) -> Complaint:
    """Restore: as the portal itself what was contested and is due, as a handler everything, with reasons.

    What is under a measure and was not contested stays so. Raises Conflict when nothing is due, because a suit came
    first above all, and to a handler before the earliest day that the regime allows after a counter-notice.
    """
    if by is SYSTEM:
        complaint = (
            Complaint.objects.select_related("provider").select_for_update(of=("self",)).get(reference=reference)
        )
        items = _due_items(complaint, now)
        _stop_due_clocks(complaint, now)
    else:
        complaint = get_for(by, reference, lock=True)
        require_handler(by, complaint)
        require_reasons(reasons)
        items = _locked_items(complaint)
        _check_earliest(complaint, now)
    back = [item for item in items if item.state in UNDER_MEASURE]
    lift(complaint, items, because="restored", now=now)
    CounterNotice.objects.filter(pk__in={item.contested_by_id for item in back}).update(ended_at=now)
    to = state_after_return(complaint)
    rules.check_move(complaint.state, to)
    if to is State.RESTORED:
        end_contests(complaint, because="restored", now=now)
        complaint.ended_at = now
    complaint.state, complaint.changed_at, complaint.answer_due_at = to, now, None
    complaint.reasons = reasons or complaint.reasons
    complaint.save()
    side = Side.SYSTEM if by is SYSTEM else Side.HANDLER
    facts = {"as": side.value, "state": to.value, "items": [str(item.pk) for item in back[:100]]}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _due_items(complaint: Complaint, now: dt.datetime) -> list[ComplaintItem]:
    due = CounterNotice.objects.filter(
        complaint=complaint, restore_due_at__lte=now, stopped_at__isnull=True, ended_at__isnull=True
    )
    items = [item for item in _locked_items(complaint) if item.contested_by_id in set(due.values_list("pk", flat=True))]
    if complaint.state != State.CONTESTED or not items:
        raise Conflict(_("Nothing of this complaint is due to be restored."), state=complaint.state)
    return items


def _stop_due_clocks(complaint: Complaint, now: dt.datetime) -> None:
    """Stop every clock that has run out: counter-notices of several uploaders may be due at once, and all return now."""
    for clock in clocks.running(complaint.reference).filter(due_at__lte=now):
        clocks.stop(matter=complaint.reference, name=clock.name, because="restored", now=now)


def _check_earliest(complaint: Complaint, now: dt.datetime) -> None:
    law = regimes.of(complaint)
    if law.counter is None or law.counter.clock.earliest is None:
        return
    running = clocks.running(complaint.reference).filter(basis__rule=law.counter.clock.code, earliest_at__gt=now)
    if running.exists():
        text = _("After a counter-notice nothing returns before the earliest day of the law (%(source)s).")
        raise Conflict(text % {"source": law.counter.clock.source}, state=complaint.state, code="too_early")


def state_after_return(complaint: Complaint) -> State:
    """Return where a contested complaint stands once some of its items have come back."""
    left = list(complaint.items.filter(state__in=UNDER_MEASURE))
    if any(item.contested_by_id for item in left):
        return State.CONTESTED
    return State.ACTED if left else State.RESTORED


@action("complaint.upheld")
def uphold(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> Complaint:
    """Decide as a handler, with reasons, that the measure stays; return the complaint.

    Raises Conflict while a counter-notice waits for its day: only a suit that was shown stops it.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    rules.check_move(complaint.state, State.UPHELD)
    require_reasons(reasons)
    open_ones = CounterNotice.objects.filter(complaint=complaint, ended_at__isnull=True, stopped_at__isnull=True)
    if open_ones.exists():
        text = _("The counter-notice stands: the content returns unless the complainant shows that it went further.")
        raise Conflict(text, state=complaint.state)
    end_contests(complaint, because="upheld", now=now)
    watching.stop_reviews(complaint, because="upheld", now=now)
    complaint.state, complaint.changed_at, complaint.reasons = State.UPHELD, now, reasons
    complaint.upheld_at, complaint.upheld_by = now, handler
    complaint.save(update_fields=["state", "changed_at", "reasons", "upheld_at", "upheld_by"])
    deadlines.happened(complaint, Event.DECISION_INFORMED, now, whom=Side.UPLOADER)
    facts = {"as": Side.HANDLER.value, "state": complaint.state}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.withdrawn")
def withdraw(*, reference: str, by: Account, reasons: str = "", now: dt.datetime) -> Complaint:
    """Take a complaint back, as its complainant: its measures are lifted; return it."""
    complaint = get_for(by, reference, lock=True)
    require_complainant(by, complaint)
    rules.check_move(complaint.state, State.WITHDRAWN)
    end_cure(complaint, because="withdrawn", now=now)
    lift(complaint, _locked_items(complaint), because="withdrawn", now=now)
    end_contests(complaint, because="withdrawn", now=now)
    complaint.state, complaint.answer_due_at = State.WITHDRAWN, None
    complaint.changed_at = complaint.ended_at = now
    complaint.reasons = reasons or complaint.reasons
    complaint.save()
    facts = {"as": Side.COMPLAINANT.value, "state": complaint.state}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.closed")
def close(*, reference: str, by: Account, now: dt.datetime) -> Complaint:
    """Close a complaint in which nothing more is to be done, as a handler: measures stay as they are; return it."""
    complaint = get_for(by, reference, lock=True)
    require_handler(by, complaint)
    rules.check_move(complaint.state, State.CLOSED)
    if complaint.appeals.filter(decided_at__isnull=True).exists():
        raise Conflict(_("An appeal waits to be decided first."), state=complaint.state, code="open_appeal")
    deadlines.require_no_open_window(complaint, now)
    end_cure(complaint, because="closed", now=now)
    complaint.state, complaint.changed_at, complaint.answer_due_at = State.CLOSED, now, None
    complaint.ended_at = complaint.ended_at or now
    complaint.save()
    watching.stop_reviews(complaint, because="closed", now=now)
    steps.close(reference, now)
    facts = {"as": Side.HANDLER.value, "state": complaint.state}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint
