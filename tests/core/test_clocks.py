"""Deadlines that fire once, whoever dies."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from core import clocks
from core.models import Clock, ClockState
from tests.factories.people import NOW

HOUR = dt.timedelta(hours=1)
Fired = list[tuple[str, dt.datetime]]


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fired]:
    seen: Fired = []
    monkeypatch.setattr(clocks, "HANDLERS", {})
    clocks.handles("test.ring")(lambda matter, now: seen.append((matter, now)))
    return iter([seen]).__next__()  # type: ignore[return-value]


def ring(matter: str = "C-1", name: str = "answer", after: dt.timedelta = HOUR) -> Clock:
    return clocks.start(matter=matter, name=name, action="test.ring", due_at=NOW + after, now=NOW)


@pytest.mark.django_db
class TestOneAtATime:
    def test_it_fires_at_its_instant_and_once(self, fired: Fired):
        clock = ring()

        assert clocks.fire_due(NOW + HOUR - dt.timedelta(microseconds=1)) == 0
        assert clocks.fire_due(NOW + HOUR) == 1
        assert clocks.fire_due(NOW + 9 * HOUR) == 0

        clock.refresh_from_db()
        assert (clock.state, clock.ended_because, fired) == (ClockState.FIRED, "ran_out", [("C-1", NOW + HOUR)])

    def test_after_a_downtime_the_longest_overdue_comes_first(self, fired: Fired):
        ring("C-2", after=2 * HOUR)
        ring("C-1", after=HOUR)

        assert clocks.fire_due(NOW + 9 * HOUR) == 2

        assert [matter for matter, _ in fired] == ["C-1", "C-2"]

    def test_a_stopped_one_does_not_fire(self, fired: Fired):
        ring(name="answer")
        ring(name="restore")

        assert clocks.stop(matter="C-1", name="answer", because="answered", now=NOW) == 1
        assert [clock.name for clock in clocks.running("C-1")] == ["restore"]
        assert clocks.fire_due(NOW + HOUR) == 1
        assert clocks.stop(matter="C-1", because="closed", now=NOW) == 0
        assert [clock.state for clock in clocks.of_matter("C-1")] == [ClockState.STOPPED, ClockState.FIRED]

    def test_one_of_a_name_runs_for_a_matter(self, fired: Fired):
        ring()

        with pytest.raises(IntegrityError), transaction.atomic():
            ring()
        ring("C-2")

    def test_what_is_due_already_fires_at_once(self, fired: Fired):
        ring(after=-HOUR)

        assert clocks.fire_due(NOW) == 1

    def test_one_that_fails_waits_and_holds_up_nobody(self, fired: Fired):
        broken = clocks.start(matter="C-0", name="x", action="test.none", due_at=NOW, now=NOW)
        ring(after=dt.timedelta(0))

        assert clocks.fire_due(NOW) == 1
        broken.refresh_from_db()
        assert (broken.state, broken.attempts) == (ClockState.RUNNING, 1)
        clocks.handles("test.none")(lambda matter, now: fired.append((matter, now)))
        assert clocks.fire_due(NOW) == 0
        assert clocks.fire_due(NOW + dt.timedelta(seconds=2)) == 1

    def test_what_its_handler_did_is_undone_when_it_fails(self, fired: Fired):
        @clocks.handles("test.break")
        def break_(matter: str, now: dt.datetime) -> None:
            clocks.start(matter="C-9", name="left over", action="test.ring", due_at=now, now=now)
            raise RuntimeError

        clocks.start(matter="C-1", name="x", action="test.break", due_at=NOW, now=NOW)

        assert clocks.fire_due(NOW) == 0
        assert not Clock.objects.filter(matter="C-9").exists()

    def test_two_handlers_of_one_action_are_a_mistake(self, fired: Fired):
        with pytest.raises(ValueError, match="two handlers"):
            clocks.handles("test.ring")(lambda _matter, _now: None)


@pytest.mark.django_db(transaction=True)
def test_two_workers_fire_each_clock_once(fired: Fired):
    for number in range(20):
        ring(f"C-{number}")

    def work() -> int:
        try:
            return clocks.fire_due(NOW + HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = [future.result() for future in [pool.submit(work) for _ in range(4)]]

    assert sum(counts) == 20
    assert sorted(matter for matter, _ in fired) == sorted(f"C-{number}" for number in range(20))
