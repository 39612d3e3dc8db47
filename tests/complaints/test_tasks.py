"""The clocks of complaints when they run out: once, in due order, each as of its own time."""

import datetime as dt
import multiprocessing
import random
import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from complaints import actions, tasks
from complaints.models import Complaint, Suit
from core import clocks
from core.models import Clock
from ledger.models import Entry
from tests.complaints import world as worlds
from tests.complaints.world import NOW, World, content, subscriber
from tests.factories import people


def run(until: dt.datetime | str) -> str:
    said = StringIO()
    call_command("run_clocks", until=until if isinstance(until, str) else until.isoformat(), stdout=said)
    return said.getvalue()


def test_the_command_fires_what_is_due_each_as_of_its_own_time(world: World) -> None:
    late = world.contested("us", NOW + dt.timedelta(days=3))
    early = world.contested("us", NOW)
    due = {one.reference: clocks.running(one.reference).get().due_at for one in (early, late)}

    assert run(NOW) == "0 fired\n"
    run(due[late.reference] + dt.timedelta(days=100))

    entries = Entry.objects.filter(act="complaint.restored").order_by("pk")
    assert [entry.subject for entry in entries] == [early.reference, late.reference]
    assert [entry.at for entry in entries] == [due[early.reference], due[late.reference]]
    assert {one.state for one in Complaint.objects.all()} == {"restored"}
    assert run(due[late.reference] + dt.timedelta(days=200)) == "0 fired\n"


def test_a_clock_that_cannot_fire_holds_up_no_other_and_is_told(world: World) -> None:
    broken, sound = world.contested("us", NOW), world.contested("us", NOW + dt.timedelta(days=1))
    Complaint.objects.filter(pk=broken.pk).update(state="upheld")

    with pytest.raises(CommandError):
        run(NOW + dt.timedelta(days=60))

    assert Complaint.objects.get(pk=sound.pk).state == "restored"
    assert Clock.objects.get(matter=broken.reference).state == "running"


def test_a_clock_that_another_run_holds_just_now_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world.contested("us", NOW)
    fire, held = clocks.fire_due, [True, True]
    monkeypatch.setattr(clocks, "fire_due", lambda now, limit: 0 if held and held.pop() else fire(now, limit))

    run(NOW + dt.timedelta(days=60))

    assert Complaint.objects.get(pk=made.pk).state == "restored"


def test_counter_notices_of_two_uploaders_that_are_due_at_once_are_restored_once(world: World) -> None:
    other = people.account("other-uploader")
    theirs = content(subscriber(world.provider, other))
    items = [{"external_id": one.external_id} for one in (world.content[0], theirs, world.content[1])]
    made = world.acted("us", NOW, items=items)
    world.counter(made, items=[world.content[0].external_id])
    world.counter(made, by=other)

    run(NOW + dt.timedelta(days=60))

    assert [item.state for item in made.items.order_by("position")] == ["restored", "restored", "restricted"]
    assert Complaint.objects.get(pk=made.pk).state == "acted"
    assert not clocks.running(made.reference).exists()
    assert Entry.objects.filter(act="complaint.restored").count() == 1


def test_a_clock_that_failed_before_is_tried_again(world: World) -> None:
    made = world.contested("us", NOW)
    due_at = clocks.running(made.reference).get().due_at
    Clock.objects.filter(matter=made.reference).update(attempts=1, next_try_at=due_at + dt.timedelta(minutes=5))

    run(due_at + dt.timedelta(days=1))

    assert Complaint.objects.get(pk=made.pk).state == "restored"


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01T00:00:00Z", "12"])
def test_a_time_that_is_none_is_refused_in_one_line(db: None, text: str) -> None:
    with pytest.raises(CommandError):
        run(text)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("act_waits", "clock_waits"), [(0.3, 0.0), (0.0, 0.5)])
def test_a_suit_that_is_shown_while_the_clock_fires_wins_and_is_refused_by_nobody(
    act_waits: float, clock_waits: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def restore_later(matter: str, now: dt.datetime) -> None:
        holds.wait(10)
        time.sleep(clock_waits)
        restore(matter, now)

    restore = clocks.HANDLERS[tasks.RESTORATION]
    monkeypatch.setitem(clocks.HANDLERS, tasks.RESTORATION, restore_later)
    world = worlds.world()
    made = world.contested("us", NOW)
    actions.report_execution(reference=made.reference, by=world.service, now=NOW)
    due = clocks.running(made.reference).get().due_at
    holds, outcome = threading.Event(), list[object]()

    def show_suit() -> None:
        try:
            with transaction.atomic():
                Complaint.objects.select_for_update().get(pk=made.pk)
                holds.set()
                time.sleep(act_waits)
                outcome.append(
                    actions.show_suit(
                        reference=made.reference, by=world.rights_holder, kind="lawsuit", body="A court", now=due
                    )
                )
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=show_suit)
    thread.start()
    fired = clocks.fire_due(due)
    thread.join(30)

    assert [type(one) for one in outcome] == [Suit]
    assert (fired, clocks.fire_due(due + dt.timedelta(hours=1))) == (0, 0)
    assert Complaint.objects.get(pk=made.pk).state == "contested"
    assert Clock.objects.get(matter=made.reference).state == "stopped"


MINUTE = dt.timedelta(minutes=1)


def work_until_killed(due: dt.datetime) -> None:
    """Fire what is due as a worker of its own does, with a connection of its own, one after the other."""
    while clocks.fire_due(due, limit=1):
        pass


@pytest.mark.django_db(transaction=True)
def test_each_clock_fires_once_though_two_workers_are_killed_at_random_moments() -> None:
    world, chance, forked = worlds.world(), random.Random(1196), multiprocessing.get_context("fork")
    made = [world.contested("us").reference for _ in range(5)]
    due = max(clocks.running(one).get(name="us-512g").due_at for one in made)
    rounds = 0

    while Clock.objects.filter(matter__in=made, name="us-512g", state="running").exists():
        connection.close()  # nothing that is open is shared with the children
        # A minute later each time, so that one who gave way to another is tried again.
        workers = [forked.Process(target=work_until_killed, args=(due + rounds * MINUTE,)) for _ in range(2)]
        for worker in workers:
            worker.start()
        time.sleep(chance.uniform(0.01, 0.1) * (1 + rounds / 4))
        for worker in workers:
            worker.kill()
            worker.join()
        rounds += 1
        assert rounds < 100

    restored = Entry.objects.filter(act="complaint.restored", subject__in=made)
    assert sorted(restored.values_list("subject", flat=True)) == sorted(made)
    assert {clock.state for clock in Clock.objects.filter(matter__in=made, name="us-512g")} == {"fired"}
    assert {one.state for one in Complaint.objects.filter(reference__in=made)} == {"restored"}
