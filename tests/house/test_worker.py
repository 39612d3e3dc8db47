"""The worker's loop: order, waking, and what a failing sweep may not do."""

import datetime as dt
from collections.abc import Iterator

import pytest

from core import heartbeat, sweeps, times
from core.models import Heartbeat
from portal.worker import NAME, SEAL, Worker, discover

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_sweeps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sweeps, "_registered", {})
    monkeypatch.setattr("portal.worker.close_old_connections", lambda: None)  # the test's transaction goes on
    return


def noting(calls: list[str], name: str, done: int = 0) -> sweeps.Sweep:
    def sweep(now: dt.datetime) -> int:
        calls.append(name)
        return done

    return sweep


def test_sealing_comes_first_then_followers_clocks_and_mail() -> None:
    calls: list[str] = []
    for name in ("mail", "tidy", "clocks", "ledger.followers", SEAL):
        sweeps.register(name, noting(calls, name))

    Worker()._round(has_news=True)

    assert calls == [SEAL, "ledger.followers", "clocks", "mail", "tidy"]


def test_a_failing_sweep_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []

    def fails(now: dt.datetime) -> int:
        raise ValueError("Ms Example, 1 Example Road")

    sweeps.register("clocks", fails)
    sweeps.register("mail", noting(calls, "mail", done=2))

    done = Worker()._round(has_news=True)

    assert (calls, done) == (["mail"], 2)
    assert "Example Road" not in caplog.messages[0]


def test_a_sweep_waits_its_time_unless_there_is_news() -> None:
    calls: list[str] = []
    sweeps.register("mail", noting(calls, "mail"))
    sweeps.register("tidy", noting(calls, "tidy"), every=dt.timedelta(hours=1))
    worker = Worker()

    worker._round(has_news=False)
    worker._round(has_news=False)
    worker._round(has_news=True)

    assert calls == ["mail", "tidy", "mail"]


def test_one_name_belongs_to_one_sweep() -> None:
    sweeps.register("mail", noting([], "a"))

    with pytest.raises(ValueError, match="mail"):
        sweeps.register("mail", noting([], "b"))


def test_the_sweeps_of_the_house_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    discover()

    assert sweeps.registered()[0].name == SEAL


def test_a_round_leaves_a_sign_of_life() -> None:
    now = times.now()

    Worker(now=lambda: now)._round(has_news=False)

    assert Heartbeat.objects.get(name=NAME).at == now
    assert heartbeat.age(NAME, now + dt.timedelta(seconds=7)) == dt.timedelta(seconds=7)
    assert heartbeat.age("nobody", now) is None
