"""Under steady load every acked message is there once, in order, at both sides, whatever breaks: two nodes over Redis.

Each test has pairs that talk across two processes, the second of which reaches Redis through a wire of its own; breaks
something; waits until everybody is served again without a hand; and checks what the clients hold and what is stored.
"""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.db.models import Max

from bench.steady import Talk
from messaging.models import Message
from tests import settings
from tests.messaging import breaking, world
from tests.messaging.conftest import Serving, serve

pytestmark = [pytest.mark.processes, pytest.mark.redis, pytest.mark.django_db(transaction=True)]

PAIRS, RATE = 6, 120.0


@dataclass
class Nodes:
    """Two processes that serve one database, their Redis, and the wire between it and the second."""

    first: Serving
    second: Serving
    redis: breaking.Redis
    wire: breaking.Wire


@pytest.fixture(scope="module")
def nodes(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    wire = breaking.wire()
    redis = breaking.Redis(tmp_path_factory.mktemp("redis"), ["127.0.0.1", *filter(None, [wire.own_address])])
    near, far = f"redis://127.0.0.1:{redis.port}/0", "redis://{}:{}/0".format(*wire.host(redis.port))
    first, second = serve(SERVED_REDIS=near), serve(*wire.command, SERVED_REDIS=far)
    yield Nodes(next(first), next(second), redis, wire)
    for one in (first, second):
        next(one, None)
    redis.kill()
    wire.close()


@pytest.fixture
def talk(nodes: Nodes, transactional_db: None) -> Iterator[Talk]:
    """Have pairs talk, each side at another node."""
    yield from talking(nodes, PAIRS, RATE)


def talking(nodes: Nodes, pairs: int, rate: float) -> Iterator[Talk]:
    at = world.provider()
    given = [
        {
            "conversation": str(one.conversation.pk),
            "tokens": [world.token(one.rights_holder), world.token(one.uploader)],
        }
        for one in (world.pair(at) for _ in range(pairs))
    ]
    talk = Talk(given, [lambda: ("127.0.0.1", nodes.first.port), lambda: ("127.0.0.1", nodes.second.port)], rate)
    talk.start()
    talk.begin()
    talk.wait_for_more()
    yield talk
    talk.stop()


def check(talk: Talk) -> None:
    """What was acked is stored and held by both sides, each once, numbered without a gap; nothing else is."""
    talk.wait_for_more()
    talk.fall_silent()

    assert talk.problems() == []
    stored = Message.objects.count()
    assert stored == talk.acked() > 0
    furthest = Message.objects.values("conversation").annotate(last=Max("seq")).values_list("last", flat=True)
    assert stored == sum(furthest)


def test_a_process_that_is_killed(nodes: Nodes, talk: Talk) -> None:
    nodes.second.restart()

    check(talk)


def backends() -> list[int]:
    """Return the processes of PostgreSQL that serve the nodes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " ORDER BY state_change DESC"
        )
        return [pid for (pid,) in cursor.fetchall()]


def wait_until_thrown_out() -> None:
    """Wait until PostgreSQL ends our connection too: from then on it lets nobody in before it has recovered."""
    until = time.monotonic() + 20
    with suppress(DatabaseError):
        while time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            time.sleep(0.02)
        raise AssertionError("PostgreSQL went on as if nothing had happened")


def database_is_back() -> None:
    """Connect anew, as soon as PostgreSQL lets anybody in."""
    until = time.monotonic() + 20
    while True:
        connection.close()
        try:
            connection.ensure_connection()
            return
        except DatabaseError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_a_process_of_the_database_that_is_killed_with_what_it_was_storing(nodes: Nodes, talk: Talk) -> None:
    # PostgreSQL then throws everybody out and recovers from its log.
    os.kill(backends()[0], signal.SIGKILL)
    wait_until_thrown_out()
    database_is_back()

    check(talk)


def test_a_database_that_is_stopped_at_once_and_started_again(nodes: Nodes, talk: Talk) -> None:
    postgres = settings.EMBEDDED
    assert postgres is not None
    postmaster = postgres.process_id()
    assert postmaster is not None
    connection.close()
    os.kill(postmaster, signal.SIGQUIT)
    until = time.monotonic() + 20
    while postgres.process_id() is not None and Path("/proc", str(postmaster)).exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.5)
    postgres.start()
    database_is_back()

    check(talk)


def test_a_redis_that_is_killed_and_comes_back_empty(nodes: Nodes, talk: Talk) -> None:
    nodes.redis.kill()
    talk.wait_for_more()  # without it too: hints may get lost
    nodes.redis.start()

    check(talk)


def test_a_redis_that_stands_still(nodes: Nodes, talk: Talk) -> None:
    with breaking.standing_still(nodes.redis.process):
        time.sleep(2)
        talk.wait_for_more()

    check(talk)


def test_a_process_that_stands_still(nodes: Nodes, talk: Talk) -> None:
    with breaking.standing_still(nodes.second.process):
        time.sleep(2)

    check(talk)


def test_a_network_that_is_cut_between_the_nodes(nodes: Nodes, talk: Talk) -> None:
    nodes.wire.cut()
    talk.wait_for_more()  # each side looks by itself what there is
    time.sleep(2)
    nodes.wire.mend()

    check(talk)


def test_everybody_comes_back_at_once(nodes: Nodes, transactional_db: None) -> None:
    for talk in talking(nodes, 40, RATE):
        for side in talk.sides:
            side.cut()
        nodes.first.restart()
        began = time.monotonic()
        talk.wait_for(talk.is_whole, 30)
        for side in talk.sides:
            side.cut()

        check(talk)
        assert time.monotonic() - began < 30


def test_a_relay_stands_in_where_no_namespace_can_be_made(tmp_path: Path) -> None:
    relay, redis = breaking.Relay(), breaking.Redis(tmp_path, ["127.0.0.1"])
    with socket.create_connection(relay.host(redis.port), timeout=0.3) as asked:
        asked.sendall(b"PING\r\n")
        assert asked.recv(100) == b"+PONG\r\n"

        relay.cut()
        asked.sendall(b"PING\r\n")
        with pytest.raises(TimeoutError):
            asked.recv(100)
        relay.mend()

        assert asked.recv(100) == b"+PONG\r\n"
    redis.kill()
    relay.close()
