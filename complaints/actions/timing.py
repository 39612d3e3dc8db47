"""Acts on the clocks themselves: what the portal records when one runs out, and how a handler pauses one that may be."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import get_for, require_handler
from complaints.actions import deadlines
from complaints.actions.deciding import require_reasons
from complaints.models import Complaint
from complaints.regimes.shape import ClockRule
from complaints.rules import HANDLED_BY, Effect, Event, Side, State
from core import clocks
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from core.models import Clock, ClockState
from ledger.acts import action, record
from verification.models import Account


def _due(reference: str, by: Actor, effect: Effect, now: dt.datetime) -> tuple[Complaint, list[Clock]]:
    """Return the complaint, locked, with its clocks of this effect that have run out; Conflict when none has."""
    assert by is SYSTEM
    found = Complaint.objects.select_related("provider").select_for_update(of=("self",))
    complaint = found.get(reference=reference)
    due = list(clocks.running(reference).filter(handler=HANDLED_BY[effect], due_at__lte=now))
    if not due:
        raise Conflict(_("No clock of this complaint has run out."), state=complaint.state)
    for clock in due:
        clocks.stop(matter=reference, name=clock.name, because="ran_out", now=now)
    return complaint, due


@action("complaint.appeal_window_closed")
def close_appeal_windows(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """Record, as the portal, that the time in which a side could appeal is over; return the complaint."""
    complaint, due = _due(reference, by, Effect.WINDOW_CLOSES, now)
    sides = [str(clock.basis.get("whom", "")) for clock in due]
    facts = {"as": Side.SYSTEM.value, "state": complaint.state, "sides": sides}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.deadline_missed")
def miss_deadline(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """Record, as the portal, that the provider has not done in time what the law asks; return the complaint.

    It stands before all others on the handlers' desk that are due later.
    """
    complaint, due = _due(reference, by, Effect.ANSWER_APPLICANT, now)
    complaint.answer_due_at = min(clock.due_at for clock in due)
    complaint.save(update_fields=["answer_due_at"])
    facts = {"as": Side.SYSTEM.value, "state": complaint.state, "clocks": [clock.name for clock in due]}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _of_counter(complaint: Complaint, state: ClockState, event: Event) -> tuple[ClockRule, list[Clock]]:
    """Return the clock's rule and the counter-notices' clocks in this state; Conflict where the law does not let them move."""
    law = regimes.of(complaint)
    rules.check_state(complaint.state, (State.CONTESTED,))
    rule = None if law.counter is None else law.counter.clock
    moved_by = () if rule is None else (*rule.paused_by, *rule.resumed_by)
    if rule is None or event not in moved_by:
        raise Conflict(_("Here the law lets nobody pause the clock."), state=complaint.state, code="no_pause")
    found = clocks.running(complaint.reference).filter(basis__rule=rule.code, state=state)
    if not found:
        raise Conflict(_("No clock of this complaint is in the state for it."), state=complaint.state)
    return rule, list(found)


@action("complaint.clock_paused")
def pause_clock(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> Complaint:
    """Let the clocks of the counter-notices stand still, as a handler, with reasons, where the law lets them; return it.

    Raises Conflict where it does not, and when none runs (any more).
    """
    complaint = get_for(by, reference, lock=True)
    require_handler(by, complaint)
    require_reasons(reasons)
    rule, running = _of_counter(complaint, ClockState.RUNNING, Event.DELAYED)
    paused = [clock for clock in running if deadlines.pause(complaint, rule, clock, Event.DELAYED.value, now)]
    if not paused:
        raise Conflict(_("The clock has run out already."), state=complaint.state)
    for clock in paused:
        _write_due(complaint, clock, clock.capped_at)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, "clocks": [clock.name for clock in paused]}
    return _noted(complaint, by, facts, now)


@action("complaint.clock_resumed")
def resume_clock(*, reference: str, by: Account, now: dt.datetime) -> Complaint:
    """Let the paused clocks of the counter-notices go on, as a handler, with exactly what was left; return the complaint."""
    complaint = get_for(by, reference, lock=True)
    require_handler(by, complaint)
    rule, paused = _of_counter(complaint, ClockState.PAUSED, Event.DELAY_OVER)
    for clock in paused:
        _write_due(complaint, clock, deadlines.resume(complaint, rule, clock, now))
    facts = {"as": Side.HANDLER.value, "state": complaint.state, "clocks": [clock.name for clock in paused]}
    return _noted(complaint, by, facts, now)


def _write_due(complaint: Complaint, clock: Clock, due_at: dt.datetime | None) -> None:
    """Write into the counter-notice of the clock when its content returns; nothing while no day is certain."""
    pk = str(clock.basis["of"]).removeprefix(deadlines.OF_COUNTER_NOTICE)
    complaint.counter_notices.filter(pk=pk).update(restore_due_at=due_at)


def _noted(complaint: Complaint, by: Account, facts: Mapping[str, object], now: dt.datetime) -> Complaint:
    complaint.changed_at = now
    complaint.save(update_fields=["changed_at"])
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint
