"""The clock engine: legal deadlines as rows that fire exactly once, whoever dies.

A clock is started, stopped, paused by the act that has this effect, inside its transaction. Firing locks the
row, lets the handler call its one action, and marks the row fired, all in one transaction.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from core.models import Clock, ClockState
from core.sweeps import register

Handler = Callable[[str, dt.datetime], None]
HANDLERS: dict[str, Handler] = {}
LONGEST_RETRY = dt.timedelta(minutes=10)
LONGEST_WAIT = "300ms"  # well below PostgreSQL's deadlock_timeout, a second
log = logging.getLogger(__name__)


def handles(action: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out what a clock does when it runs out: ``(matter, now) -> None``."""

    def register_handler(handler: Handler) -> Handler:
        if action in HANDLERS:
            raise ValueError(f"two handlers for the clock action {action}")
        HANDLERS[action] = handler
        return handler

    return register_handler


def start(
    *,
    matter: str,
    name: str,
    action: str,
    due_at: dt.datetime,
    now: dt.datetime,
    earliest_at: dt.datetime | None = None,
    latest_at: dt.datetime | None = None,
    capped_at: dt.datetime | None = None,
    basis: dict[str, Any] | None = None,
) -> Clock:
    """Start a clock for the matter that will carry out ``action`` at ``due_at``; call it inside an action.

    A pause holds it until ``capped_at`` at the longest. Raises IntegrityError when a clock of this name already runs
    for the matter.
    """
    return Clock.objects.create(
        matter=matter,
        name=name,
        handler=action,
        started_at=now,
        due_at=max(due_at, now),
        earliest_at=earliest_at,
        latest_at=latest_at,
        capped_at=None if capped_at is None else max(capped_at, now),
        basis=basis or {},
    )


def pause(*, matter: str, name: str, because: str, rest: dict[str, int], now: dt.datetime) -> bool:
    """Let the matter's running clock stand still with ``rest`` left; say whether it did, inside an action.

    It did not when no such clock runs (any more), or when it has run out already and only waits to fire.
    """
    found = Clock.objects.filter(matter=matter, name=name, state=ClockState.RUNNING, due_at__gt=now)
    clock = found.select_for_update().first()
    if clock is None:
        return False
    clock.state, clock.paused_at, clock.paused_because, clock.rest = ClockState.PAUSED, now, because, rest
    clock.save(update_fields=["state", "paused_at", "paused_because", "rest"])
    return True


def resume(
    *,
    matter: str,
    name: str,
    due_at: dt.datetime,
    earliest_at: dt.datetime | None = None,
    latest_at: dt.datetime | None = None,
    now: dt.datetime,
) -> bool:
    """Let the matter's paused clock run on to ``due_at``, or to its cap; say whether there was one, inside an action."""
    clock = Clock.objects.filter(matter=matter, name=name, state=ClockState.PAUSED).select_for_update().first()
    if clock is None:
        return False
    bounds = [bound for bound in (due_at, clock.capped_at) if bound is not None]
    clock.state, clock.due_at = ClockState.RUNNING, max(now, min(bounds))
    clock.earliest_at, clock.latest_at = earliest_at, latest_at
    clock.paused_at, clock.paused_because, clock.rest = None, "", {}
    clock.save()
    return True


def restart(*, matter: str, name: str, because: str, due_at: dt.datetime, now: dt.datetime, **changes: Any) -> Clock:
    """Stop the matter's clock of this name and start it anew for the same act, which is another row; inside an action.

    ``changes`` are those of `start`. Raises Clock.DoesNotExist where none runs or stands still.
    """
    clock = running(matter).select_for_update().get(name=name)
    stop(matter=matter, name=name, because=because, now=now)
    given = {"basis": clock.basis, **changes}
    return start(matter=matter, name=name, action=clock.handler, due_at=due_at, now=now, **given)


def running(matter: str) -> QuerySet[Clock]:
    """Return the matter's running and paused clocks, the next due first."""
    states = (ClockState.RUNNING, ClockState.PAUSED)
    return Clock.objects.filter(matter=matter, state__in=states).order_by("due_at", "pk")


def next_due(matters: Iterable[str]) -> dict[str, dt.datetime]:
    """Return when the next running clock of each matter runs out; a matter without one is not in it."""
    found = Clock.objects.filter(matter__in=list(matters), state=ClockState.RUNNING).order_by("-due_at", "-pk")
    return dict(found.values_list("matter", "due_at"))


def running_in(matters: Iterable[str]) -> list[tuple[str, str, dt.datetime]]:
    """Return of each running clock of these matters the matter, what fires it and when; one query for all."""
    found = Clock.objects.filter(matter__in=list(matters), state=ClockState.RUNNING).order_by("due_at", "pk")
    return list(found.values_list("matter", "handler", "due_at"))


def of_matter(matter: str) -> QuerySet[Clock]:
    """Return all clocks the matter ever had, in the order in which they were started."""
    return Clock.objects.filter(matter=matter).order_by("pk")


def stop(*, matter: str, name: str = "", because: str, now: dt.datetime) -> int:
    """Stop the matter's clock of this name (all its clocks without one) and return how many were stopped."""
    found = running(matter)
    if name:
        found = found.filter(name=name)
    ids = list(found.select_for_update().values_list("pk", flat=True))
    return _end(ids, ClockState.STOPPED, because, now)


def _end(ids: list[UUID], state: ClockState, because: str, now: dt.datetime) -> int:
    ended = {"state": state, "ended_at": now, "ended_because": because, "paused_at": None, "paused_because": ""}
    return Clock.objects.filter(pk__in=ids).update(**ended)


def due(now: dt.datetime) -> QuerySet[Clock]:
    """Return the clocks that have run out at ``now`` (paused ones by their cap), the longest overdue first."""
    retry = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    ran_out = Q(state=ClockState.RUNNING, due_at__lte=now) | Q(state=ClockState.PAUSED, capped_at__lte=now)
    return Clock.objects.filter(retry & ran_out).order_by("due_at", "pk")


def fire_due(now: dt.datetime, limit: int = 200) -> int:
    """Fire the clocks that are due, each in a transaction of its own, and return how many fired."""
    fired = 0
    for _ in range(limit):
        outcome = _fire_next(now)
        if outcome is None:
            break
        fired += outcome
    return fired


def _fire_next(now: dt.datetime) -> int | None:
    """Fire one due clock: 1 when it fired, 0 when its handler failed, None when none is due."""
    pk = None
    try:
        with transaction.atomic():
            clock = due(now).select_for_update(skip_locked=True).first()
            if clock is None:
                return None
            pk = clock.pk
            _give_way()
            HANDLERS[clock.handler](clock.matter, now)
            # The action may have stopped the matter's clocks, this one too: then it has run out all the same.
            _end([pk], ClockState.FIRED, "ran_out", now)
    except Exception:
        if pk is None:
            raise
        # One matter that cannot go on must not hold up the clocks of all others.
        log.exception("a clock could not fire", extra={"clock": str(pk)})
        _try_again_later(pk, now)
        return 0
    return 1


def _give_way() -> None:
    """Let the firing clock give up first where an act holds its matter: that act may be about to stop this very clock.

    The act locks the matter and then the clock, and firing the other way round. PostgreSQL would end either of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])


def _try_again_later(pk: UUID, now: dt.datetime) -> None:
    with transaction.atomic():
        clock = Clock.objects.select_for_update().get(pk=pk)
        clock.attempts += 1
        clock.next_try_at = now + min(LONGEST_RETRY, dt.timedelta(seconds=2**clock.attempts))
        clock.save(update_fields=["attempts", "next_try_at"])


register("clocks", fire_due, every=dt.timedelta(seconds=1))
