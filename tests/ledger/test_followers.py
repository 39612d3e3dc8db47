"""Followers: in order, each entry exactly once, failures put aside, whoever dies."""

import datetime as dt
import multiprocessing
import os
import signal
import threading
import time

import pytest
from django.db import connection

from core.actors import SYSTEM
from ledger import access, acts, followers, rules, sealing
from ledger.models import Entry, Follower, FollowerFailure
from tests.ledger.conftest import NOW, Act

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(seconds=1)


class Followed:
    """A follower that notes what it was given, and fails where it is told to."""

    def __init__(self, name: str = "test.follower", **options: bool) -> None:
        self.seen: list[str] = []
        self.failing: set[str] = set()
        followers.follower(name, ["matter.moved"], **options)(self.follow)

    def follow(self, entry: Entry) -> None:
        if entry.facts.get("step") in self.failing:
            raise LookupError("a text that could hold anything")
        self.seen.append(f"{entry.subject} {entry.facts.get('step')}")


def moved(act: Act, *steps: str) -> None:
    for step in steps:
        subject, _, name = step.partition(" ")
        act(subject, step=name)
    sealing.seal(NOW)


def test_a_follower_is_given_sealed_entries_of_its_acts_in_order_and_once(act: Act) -> None:
    followed = Followed()

    @acts.action("matter.other")
    def other() -> None:
        acts.record(subject="C-9", provider="", by=SYSTEM, facts={}, now=NOW)

    other()
    moved(act, *(f"C-{number} a" for number in range(25)))
    act("C-99", step="not sealed")

    assert followers.run_followers(NOW) == 25
    assert followers.run_followers(NOW) == 0
    assert followed.seen == [f"C-{number} a" for number in range(25)]
    assert Follower.objects.get().position == 26


def test_an_idle_run_costs_three_queries(act: Act, django_assert_num_queries: object) -> None:
    Followed()
    Followed("test.second")
    moved(act, "C-1 a")
    followers.run_followers(NOW)

    # The tree's size, the cursors, the failures that are due.
    with django_assert_num_queries(3):  # type: ignore[operator]  # the plugin's fixture has no public type
        followers.run_followers(NOW)


def test_a_run_ends_at_its_limit_and_goes_on_where_it_was(act: Act) -> None:
    followed = Followed()
    moved(act, *(f"C-{number} a" for number in range(25)))

    assert followers.run_followers(NOW, limit=10) == 10
    assert followers.run_followers(NOW) == 15
    assert len(followed.seen) == 25


def test_no_follower_waits_for_the_backlog_of_another(act: Act) -> None:
    first, second = Followed("test.first"), Followed("test.second")
    moved(act, *(f"C-{number} a" for number in range(25)))

    followers.run_followers(NOW, limit=20)

    assert (len(first.seen), len(second.seen)) == (10, 10)


def test_a_long_stretch_of_other_acts_is_passed_in_windows(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "FOLLOWER_WINDOW", 3)
    followers.follower("test.rare", ["matter.rare"])(lambda entry: None)
    moved(act, *(f"C-{number} a" for number in range(10)))

    assert followers.run_followers(NOW) == 0
    assert Follower.objects.get().position == 10


def test_a_new_follower_begins_at_the_beginning_or_where_it_is_told(act: Act) -> None:
    moved(act, "C-1 before")
    early, late = Followed("test.early"), Followed("test.late", from_now=True)
    followers.run_followers(NOW)
    moved(act, "C-1 after")

    followers.run_followers(NOW)

    assert early.seen == ["C-1 before", "C-1 after"]
    assert late.seen == ["C-1 after"]


def test_a_failed_entry_waits_and_holds_back_its_own_matter_only(act: Act) -> None:
    followed = Followed()
    followed.failing = {"b"}
    moved(act, "C-1 a", "C-1 b", "C-2 a", "C-1 c", "C-2 c")

    followers.run_followers(NOW)
    assert followed.seen == ["C-1 a", "C-2 a", "C-2 c"]
    assert access.failing_followers() == {"test.follower": 1}

    followed.failing = set()
    followers.run_followers(NOW + SOON / 2)
    assert followed.seen == ["C-1 a", "C-2 a", "C-2 c"]
    followers.run_followers(NOW + SOON)

    assert followed.seen == ["C-1 a", "C-2 a", "C-2 c", "C-1 b", "C-1 c"]
    assert access.failing_followers() == {}
    assert not FollowerFailure.objects.exists()


def test_a_failure_is_tried_again_by_the_schedule_and_kept_without_its_text(act: Act) -> None:
    followed = Followed()
    followed.failing = {"a"}
    moved(act, "C-1 a")
    now = NOW

    waits = []
    for _ in range(8):
        followers.run_followers(now)
        aside = FollowerFailure.objects.get()
        waits.append(aside.next_try_at - now)
        now = aside.next_try_at

    assert waits == [*rules.FOLLOWER_RETRIES, rules.FOLLOWER_RETRIES[-1], rules.FOLLOWER_RETRIES[-1]]
    assert (aside.attempts, aside.error) == (8, "LookupError")


def test_what_a_failing_follower_wrote_is_undone(act: Act) -> None:
    @followers.follower("test.writing", ["matter.moved"])
    def write(entry: Entry) -> None:
        Follower.objects.create(name=f"effect {entry.subject}", position=0)
        if entry.subject == "C-2":
            Follower.objects.create(name=f"effect {entry.subject}", position=0)

    moved(act, "C-1 a", "C-2 a", "C-3 a")

    followers.run_followers(NOW)

    effects = Follower.objects.filter(name__startswith="effect").order_by("name")
    assert [effect.name for effect in effects] == ["effect C-1", "effect C-3"]
    assert FollowerFailure.objects.get().error == "IntegrityError"


def test_two_followers_do_not_share_a_name() -> None:
    Followed()

    with pytest.raises(ValueError, match=r"test\.follower"):
        followers.follower("test.follower", [])(lambda entry: None)


def follow_slowly(entry: Entry) -> None:
    """Leave one row an entry; a second for the same entry would fail on the primary key."""
    Follower.objects.create(name=f"effect {entry.subject}", position=entry.facts["number"])
    time.sleep(0.002)


def run_until_done(entries: int) -> None:
    followers.follower("test.slow", ["matter.moved"])(follow_slowly)
    while Follower.objects.filter(name__startswith="effect").count() < entries:
        followers.run_followers(NOW, limit=40)


def effects() -> list[int]:
    return sorted(Follower.objects.filter(name__startswith="effect").values_list("position", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_give_each_entry_once(act: Act) -> None:
    for number in range(120):
        act(f"C-{number}", number=number)
    sealing.seal(NOW)

    def work() -> None:
        run_until_done(120)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert effects() == list(range(120))
    assert not FollowerFailure.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(act: Act) -> None:
    for number in range(150):
        act(f"C-{number}", number=number)
    sealing.seal(NOW)
    connection.close()  # the children make their own
    processes = multiprocessing.get_context("fork")

    for _ in range(3):
        worker = processes.Process(target=run_until_done, args=(150,))
        worker.start()
        before = Follower.objects.filter(name__startswith="effect").count()
        while worker.is_alive() and Follower.objects.filter(name__startswith="effect").count() < before + 15:
            time.sleep(0.005)
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        connection.close()
    assert 0 < len(effects()) < 150

    run_until_done(150)

    assert effects() == list(range(150))
    assert not FollowerFailure.objects.exists()


def test_followers_that_an_entry_does_not_concern_pass_it_together(act: Act, django_assert_num_queries: object) -> None:
    for number in range(20):
        followers.follower(f"test.idle{number}", ["matter.rare"])(lambda entry: None)
    followers.run_followers(NOW)
    moved(act, "C-1 a")

    # Size, cursors, failures; then cursors, size, what was recorded, failures, savepoint, lock, move, release.
    with django_assert_num_queries(11):  # type: ignore[operator]  # the plugin's fixture has no public type
        assert followers.run_followers(NOW) == 0
    assert set(Follower.objects.values_list("position", flat=True)) == {1}
