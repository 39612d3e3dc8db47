"""The clocks of a complaint, moved by what happens in it as its regime says; shared by the acts, and no act itself."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import regimes
from complaints.access import open_inquiries, with_open_window
from complaints.models import Complaint
from complaints.regimes import counting
from complaints.regimes.shape import ClockRule
from complaints.rules import HANDLED_BY, Effect, Event, Side
from core import clocks
from core.errors import Conflict
from core.models import Clock, ClockState

OF_COUNTER_NOTICE = "counter_notice:"


def of_counter_notice(pk: UUID) -> str:
    """Return the mark that the clock of a counter-notice bears."""
    return f"{OF_COUNTER_NOTICE}{pk}"


def happened(
    complaint: Complaint, event: Event, now: dt.datetime, *, whom: str = "", since: dt.datetime | None = None
) -> None:
    """Start, stop, pause, resume or restart the complaint's clocks, as its regime says of this event.

    ``whom`` is the side whose clock it is, where each side has its own; ``since`` is when it happened, where that was
    before. The clocks of counter-notices and inquiries are started with them, because each has its own.
    """
    law = regimes.of(complaint)
    own = {one.clock.code for one in (law.counter, law.inquiry) if one is not None}
    for rule in law.clocks:
        if rule.kept or rule.code in own:
            continue
        present = _present(complaint, rule, whom)
        for clock in present:
            _move(complaint, rule, clock, event, now)
        if event == rule.starts and not present:
            start(complaint, rule, now, whom=whom, since=since)


def end(complaint: Complaint, *, because: str, now: dt.datetime) -> None:
    """Stop all the complaint's clocks, and let no inquiry wait any more."""
    clocks.stop(matter=complaint.reference, because=because, now=now)
    open_inquiries(complaint).update(ended_at=now)


def _present(complaint: Complaint, rule: ClockRule, whom: str) -> list[Clock]:
    """Return the running and paused clocks of the rule, of this side."""
    found = [clock for clock in clocks.running(complaint.reference) if clock.basis.get("rule") == rule.code]
    return [clock for clock in found if clock.basis.get("whom", "") == whom]


def _move(complaint: Complaint, rule: ClockRule, clock: Clock, event: Event, now: dt.datetime) -> None:
    if event in rule.stopped_by:
        clocks.stop(matter=complaint.reference, name=clock.name, because=event.value, now=now)
    elif event in rule.paused_by and clock.state == ClockState.RUNNING:
        pause(complaint, rule, clock, event.value, now)
    elif event in rule.resumed_by and clock.state == ClockState.PAUSED:
        resume(complaint, rule, clock, now)
    elif event in rule.restarted_by:
        run = counting.run_of(rule, now, zone_of(complaint, rule))
        clocks.restart(matter=complaint.reference, name=clock.name, because="restarted", now=now, **vars(run))


def _windows(complaint: Complaint) -> list[Clock]:
    """Return the clocks of the time in which a side can appeal, in the order in which they were started."""
    handler = HANDLED_BY[Effect.WINDOW_CLOSES]
    return [clock for clock in clocks.of_matter(complaint.reference) if clock.handler == handler]


def require_open_window(complaint: Complaint, side: Side, now: dt.datetime) -> None:
    """Raise Conflict when the time in which the side could appeal is over; where no law bounds it, it never is."""
    windows = [clock for clock in _windows(complaint) if clock.basis.get("whom") == side]
    if windows and windows[-1].state != ClockState.STOPPED and windows[-1].due_at <= now:
        text = _("The time for an appeal is over (%(source)s).") % {"source": windows[-1].basis["source"]}
        raise Conflict(text, state=complaint.state, code="window_closed")


def require_no_open_window(complaint: Complaint, now: dt.datetime) -> None:
    """Raise Conflict while a side can still appeal by law: a matter that is closed would take that away."""
    if with_open_window([complaint.reference], now):
        text = _("A side can still appeal; the matter stays open until then.")
        raise Conflict(text, state=complaint.state, code="window_open")


def zone_of(complaint: Complaint, rule: ClockRule) -> str:
    """Return the time zone by whose days the complaint's clock is counted."""
    return counting.zone_of(rule, regimes.of(complaint), complaint.provider.time_zone)


def start(
    complaint: Complaint,
    rule: ClockRule,
    now: dt.datetime,
    *,
    whom: str = "",
    of: str = "",
    since: dt.datetime | None = None,
) -> Clock:
    """Start a clock of the rule for the complaint, counted from ``since`` where that is not now; return it.

    ``of`` marks the counter-notice or inquiry whose clock it is, where each has its own.
    """
    zone = zone_of(complaint, rule)
    run = counting.run_of(rule, since or now, zone)
    basis = {"rule": rule.code, "unit": rule.unit, "length": rule.length, "source": rule.source, "zone": zone}
    basis |= {name: value for name, value in (("whom", whom), ("of", of)) if value}
    others = sum(_is_of(clock, rule) for clock in clocks.of_matter(complaint.reference))
    return clocks.start(
        matter=complaint.reference,
        name=f"{rule.code}.{others + 1}" if others else rule.code,
        action=HANDLED_BY[rule.does],
        basis=basis,
        now=now,
        **vars(run),
    )


def _is_of(clock: Clock, rule: ClockRule) -> bool:
    return bool(clock.basis.get("rule", clock.name) == rule.code)


def pause(complaint: Complaint, rule: ClockRule, clock: Clock, because: str, now: dt.datetime) -> bool:
    """Let the clock stand still, with what is left of it in the units of its rule; say whether it did."""
    zone = str(clock.basis["zone"])
    ends = {"due_at": clock.due_at, "earliest_at": clock.earliest_at, "latest_at": clock.latest_at}
    rest = {name: counting.left_until(rule, end, now, zone) for name, end in ends.items() if end is not None}
    return clocks.pause(matter=complaint.reference, name=clock.name, because=because, rest=rest, now=now)


def resume(complaint: Complaint, rule: ClockRule, clock: Clock, now: dt.datetime) -> dt.datetime:
    """Let the paused clock go on with exactly what was left; return when it runs out now.

    What had come before the pause stays where it was: the earliest day does not come twice.
    """
    zone, ends = str(clock.basis["zone"]), {}
    for name, left in clock.rest.items():
        before = getattr(clock, name)
        is_past = clock.paused_at is not None and before <= clock.paused_at
        ends[name] = before if is_past else counting.end_with_left(rule, left, now, zone)
    if clock.capped_at is not None:
        ends = {name: min(end, max(now, clock.capped_at)) for name, end in ends.items()}
    clocks.resume(matter=complaint.reference, name=clock.name, now=now, **ends)
    return max(now, ends["due_at"])
