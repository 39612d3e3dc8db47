"""What /healthz and /readyz say, and when."""

import datetime as dt
import time

import pytest
from django.db import OperationalError
from django.test import Client

from core import heartbeat, times
from portal import health

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def working() -> None:
    """Have a worker that was seen just now."""
    heartbeat.beat("worker", times.now())


def unwell(client: Client) -> tuple[int, list[str]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["unwell"]


def test_a_serving_process_is_healthy(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.usefixtures("working")
def test_all_is_well(client: Client) -> None:
    assert unwell(client) == (200, [])


def test_a_worker_that_was_never_seen_is_named(client: Client) -> None:
    assert unwell(client) == (503, ["worker"])


def test_a_worker_that_was_not_seen_for_a_while_is_named(client: Client) -> None:
    heartbeat.beat("worker", times.now() - dt.timedelta(seconds=11))

    assert unwell(client) == (503, ["worker"])


@pytest.mark.usefixtures("working")
def test_a_ledger_that_is_behind_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.ledger, "lag", lambda now: dt.timedelta(seconds=16))

    assert unwell(client) == (503, ["ledger"])


def test_a_database_that_is_away_is_an_answer_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(now: dt.datetime) -> dt.timedelta:
        raise OperationalError("host=/secret/path")

    monkeypatch.setattr(health.heartbeat, "age", lambda name, now: refuses(now))
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "secret" not in answer.content.decode()


def test_a_database_that_does_not_answer_is_not_waited_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_of_database", lambda now: time.sleep(2) or {})
    monkeypatch.setattr(health, "ANSWER_WITHIN_SECONDS", 0.2)
    began = time.monotonic()

    status, names = unwell(client)

    assert (status, names) == (503, ["database", "worker", "ledger"])
    assert time.monotonic() - began < 1.5


def test_nothing_is_posted_there(client: Client) -> None:
    assert {client.post("/healthz").status_code, client.post("/readyz").status_code} == {405}
