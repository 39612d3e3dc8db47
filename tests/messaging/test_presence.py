"""Who is here: told from the seats of one process and from what the others say."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from messaging.hub import Hub, Seat
from messaging.presence import GONE_AFTER, SAY_ALL_EVERY, Presence

CONVERSATION, MINE, THEIRS = uuid4(), uuid4(), uuid4()
ASKED = frozenset({"presence"})


async def nothing(*_given: Any) -> list[Any]:
    """Return that nothing is stored."""
    return []


class Reader:
    """A listener that keeps what it is told of others."""

    is_drained = True

    def __init__(self, *, shows: bool = True) -> None:
        self.shows_presence = shows
        self.told: list[tuple[str, bool]] = []

    def push(self, frame: str) -> None:
        """Keep who is here or gone."""
        told = json.loads(frame)
        self.told.append((told["sender"], told["here"]))

    async def drained(self) -> None:
        """Wait for nothing."""


class Process:
    """One process: its seats, and what it says to the others."""

    def __init__(self) -> None:
        self.at = 100.0
        self.said: list[tuple[UUID, bool]] = []
        self.hub = Hub(nothing, nothing)
        self.presence = Presence(self.hub, lambda _c, party, here: self.said.append((party, here)), lambda: self.at)

    def seat(self, party: UUID, reader: Reader, wants: frozenset[str] = ASKED) -> Seat:
        """Let somebody sit down."""
        seat = asyncio.run(self.hub.sit_down(CONVERSATION, reader, party, 0, wants=wants))
        self.presence.came(seat)
        return seat

    def look(self, *others: str, is_asked: bool = False) -> None:
        """Look as it is done every two seconds."""
        self.presence.look(others, is_alone=not others, is_asked=is_asked)

    def hears(self, process: str, *, here: bool) -> None:
        """Hear of the other party's socket at another process."""
        self.presence.heard(process, CONVERSATION, THEIRS, here=here)


@pytest.fixture
def process() -> Process:
    """Give a process without sockets."""
    return Process()


def test_who_is_here_through_two_processes_goes_with_the_last(process: Process) -> None:
    reader = Reader()
    process.seat(MINE, reader)

    process.hears("a", here=True)
    process.hears("b", here=True)
    process.hears("a", here=False)
    assert reader.told == [(str(THEIRS), True)]
    process.hears("b", here=False)

    assert reader.told == [(str(THEIRS), True), (str(THEIRS), False)]


def test_who_is_also_here_by_itself_does_not_go_with_another_process(process: Process) -> None:
    reader = Reader()
    process.seat(MINE, reader)
    process.seat(THEIRS, Reader(), frozenset())

    process.hears("a", here=True)
    process.hears("a", here=False)

    assert reader.told == [(str(THEIRS), True)]


@pytest.mark.parametrize(("others", "later"), [((), 1.0), (("b",), 1.0), (("a",), GONE_AFTER + 1)])
def test_whom_a_process_names_no_more_has_gone(process: Process, others: tuple[str, ...], later: float) -> None:
    reader = Reader()
    process.seat(MINE, reader)
    process.hears("a", here=True)

    process.look("a")
    assert reader.told == [(str(THEIRS), True)]
    process.at += later
    process.look(*others)

    assert reader.told[1:] == [(str(THEIRS), False)]


def test_what_was_heard_before_anybody_sat_down_is_told_then(process: Process) -> None:
    reader = Reader()
    process.hears("a", here=True)

    process.seat(MINE, reader)

    assert reader.told == [(str(THEIRS), True)]


def test_all_that_is_known_is_said_again_and_to_newcomers_at_once(process: Process) -> None:
    process.seat(MINE, Reader())
    process.look("a", is_asked=True)
    process.said.clear()

    process.look("a")
    assert process.said == []
    process.look("a", is_asked=True)
    process.at += SAY_ALL_EVERY + 1
    process.look("a")
    assert process.said == [(MINE, True)] * 2

    process.at += SAY_ALL_EVERY + 1
    process.look()  # alone
    assert len(process.said) == 2


def test_who_shows_nothing_of_itself_is_said_to_nobody(process: Process) -> None:
    reader = Reader(shows=False)
    process.hears("a", here=True)

    process.seat(MINE, reader)
    process.look("a", is_asked=True)

    assert (process.said, reader.told) == ([], [])


def test_when_all_have_gone_nothing_is_remembered(process: Process) -> None:
    seat = process.seat(MINE, Reader())
    process.hears("a", here=True)
    process.hub.stand_up(seat)
    process.look()

    late = Reader()
    process.seat(MINE, late)

    assert late.told == []
    assert process.said == [(MINE, True), (MINE, False), (MINE, True)]
