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

    def test_a_paused_one_stands_still_and_goes_on_to_its_new_end(self, fired: Fired):
        clock = ring()

        assert clocks.pause(matter="C-1", name="answer", because="delay", rest={"due_at": 3}, now=NOW)
        assert not clocks.pause(matter="C-1", name="answer", because="again", rest={}, now=NOW)
        assert clocks.fire_due(NOW + 9 * HOUR) == 0
        clock.refresh_from_db()
        assert (clock.state, clock.paused_at, clock.rest) == (ClockState.PAUSED, NOW, {"due_at": 3})

        assert clocks.resume(matter="C-1", name="answer", due_at=NOW + 12 * HOUR, now=NOW + 9 * HOUR)
        assert not clocks.resume(matter="C-1", name="answer", due_at=NOW + 99 * HOUR, now=NOW + 9 * HOUR)
        assert clocks.fire_due(NOW + 11 * HOUR) == 0
        assert clocks.fire_due(NOW + 12 * HOUR) == 1
        clock.refresh_from_db()
        assert (clock.state, clock.paused_because, clock.rest, len(fired)) == (ClockState.FIRED, "", {}, 1)

    def test_one_that_has_run_out_is_not_paused_any_more(self, fired: Fired):
        ring()

        assert not clocks.pause(matter="C-1", name="answer", because="delay", rest={}, now=NOW + HOUR)
        assert clocks.fire_due(NOW + HOUR) == 1

    def test_a_pause_holds_it_until_its_cap_and_no_longer(self, fired: Fired):
        cap = NOW + 5 * HOUR
        for number in (1, 2):
            clocks.start(matter=f"C-{number}", name="x", action="test.ring", due_at=NOW + HOUR, capped_at=cap, now=NOW)
            clocks.pause(matter=f"C-{number}", name="x", because="delay", rest={}, now=NOW)
        clocks.resume(matter="C-2", name="x", due_at=NOW + 9 * HOUR, now=NOW + 2 * HOUR)

        assert clocks.fire_due(cap - dt.timedelta(microseconds=1)) == 0
        assert clocks.fire_due(cap) == 2
        assert {clock.state for clock in Clock.objects.all()} == {ClockState.FIRED}

    def test_a_paused_one_can_be_stopped(self, fired: Fired):
        ring()
        clocks.pause(matter="C-1", name="answer", because="delay", rest={}, now=NOW)

        assert clocks.stop(matter="C-1", because="closed", now=NOW) == 1
        assert not clocks.resume(matter="C-1", name="answer", due_at=NOW, now=NOW)
        assert clocks.fire_due(NOW + 9 * HOUR) == 0

    def test_a_restarted_one_runs_anew_and_the_first_stays_as_it_was(self, fired: Fired):
        ring()

        again = clocks.restart(
            matter="C-1", name="answer", because="told again", due_at=NOW + 5 * HOUR, now=NOW + HOUR / 2
        )

        assert (again.started_at, again.handler) == (NOW + HOUR / 2, "test.ring")
        assert [clock.state for clock in clocks.of_matter("C-1")] == [ClockState.STOPPED, ClockState.RUNNING]
        assert (clocks.fire_due(NOW + 4 * HOUR), clocks.fire_due(NOW + 5 * HOUR)) == (0, 1)
        with pytest.raises(Clock.DoesNotExist):
            clocks.restart(matter="C-1", name="answer", because="again", due_at=NOW, now=NOW)

    @pytest.mark.parametrize(
        ("constraint", "values"),
        [
            ("clock_paused_says_when_and_why", {"paused_at": NOW}),
            ("clock_paused_says_when_and_why", {"state": "paused"}),
            ("clock_capped_after_start", {"capped_at": NOW - HOUR}),
        ],
    )
    def test_a_clock_is_never_in_between(self, constraint: str, values: dict[str, object], fired: Fired):
        ring()

        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Clock.objects.update(**values)

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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["pause", "stop"])
def test_a_clock_that_is_paused_or_stopped_while_workers_fire_does_one_of_both(act: str, fired: Fired):
    for number in range(12):
        ring(f"C-{number}")

    def work() -> int:
        try:
            return clocks.fire_due(NOW + HOUR)
        finally:
            connection.close()

    def hold() -> int:
        try:
            return sum(_held(act, f"C-{number}") for number in range(12))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        counts = [future.result() for future in [pool.submit(work), pool.submit(hold), pool.submit(work)]]

    assert sum(counts) == 12
    assert len({matter for matter, _ in fired}) == len(fired) == counts[0] + counts[2]
    ended = {clock.matter for clock in Clock.objects.filter(state=ClockState.FIRED)}
    assert ended == {matter for matter, _ in fired}


def _held(act: str, matter: str) -> int:
    before = NOW + HOUR - dt.timedelta(microseconds=1)
    with transaction.atomic():
        if act == "stop":
            return clocks.stop(matter=matter, name="answer", because="answered", now=before)
        return clocks.pause(matter=matter, name="answer", because="delay", rest={}, now=before)
