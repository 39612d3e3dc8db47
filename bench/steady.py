"""Pairs that go on talking whatever happens, and a check that nothing was lost, doubled or out of order.

A side that loses its socket comes back by itself, opens the conversation after the last number up to which it has
everything, and sends again, with the same ``client_id``, what was not acked. What it then holds is checked: every acked
message exactly once, in order, without a gap, here and at the other side.
"""

import asyncio
import contextlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.client import Client

BODY = "x" * 200
MOST_UNACKED = 50  # of one side: while nothing is acked, no more is said
PAUSE, LONGEST_PAUSE = 0.05, 0.5
OPENED_WITHIN = 30.0


class Side:
    """One side of a pair: a client that always comes back. ``place`` says where the portal is, when it connects."""

    def __init__(self, conversation: str, token: str, place: Callable[[], tuple[str, int]]) -> None:
        self.conversation, self.token, self.place = conversation, token, place
        self.position = 0  # up to here it has everything
        self.got: dict[int, str] = {}  # number -> message, its own and the other's
        self.acked: dict[str, int] = {}  # client_id -> number
        self.unacked: dict[str, float] = {}  # client_id -> when it was due
        self.latencies: list[tuple[float, float]] = []  # when it was acked, and how long after it was due
        self.wrong: list[str] = []
        self.is_open = False
        self.closed_with: list[int] = []
        self._last = 0  # the last message that came by this socket
        self._client: Client | None = None
        self._opened: asyncio.Event = asyncio.Event()

    async def live(self) -> None:
        """Connect, and connect again, for ever."""
        pause = PAUSE
        while True:
            try:
                await self._once()
                pause = PAUSE
            except (OSError, TimeoutError):
                pause = min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _once(self) -> None:
        host, port = self.place()
        self._last = self.position
        self._opened.clear()
        client = self._client = await Client.connect(port, self.token, self._hear, host=host)
        try:
            client.send(
                json.dumps({"type": "open", "conversation": self.conversation, "after": self.position}).encode()
            )
            await asyncio.wait_for(self._opened.wait(), OPENED_WITHIN)
            for client_id in self.unacked:
                self._send(client_id)
            self.is_open = True
            await client.closed
            self.closed_with.append(client.closed_with)
        finally:
            self.is_open = False
            client.abort()

    def say(self, due: float) -> None:
        """Say something, now if there is a socket, else as soon as there is one."""
        if len(self.unacked) < MOST_UNACKED:
            client_id = str(uuid.uuid4())
            self.unacked[client_id] = due
            if self.is_open:
                self._send(client_id)

    def cut(self) -> None:
        """Lose the socket, as a cable that is pulled; it comes back."""
        if self._client is not None:
            self._client.abort()

    def _send(self, client_id: str) -> None:
        assert self._client is not None
        frame = {"type": "send", "conversation": self.conversation, "client_id": client_id, "body": BODY}
        self._client.send(json.dumps(frame).encode())

    def _hear(self, data: bytes) -> None:
        frame = json.loads(data)
        kind = frame["type"]
        if kind == "message":
            if frame["seq"] <= self._last:
                self.wrong.append(f"message {frame['seq']} after {self._last}")
            self._last = max(self._last, frame["seq"])
            self._keep(frame["seq"], frame["id"])
        elif kind == "ack":
            due = self.unacked.pop(frame["client_id"], None)
            if due is not None:
                now = time.perf_counter()
                self.latencies.append((now, now - due))
            elif self.acked.get(frame["client_id"]) != frame["seq"]:
                self.wrong.append("acked under two numbers")
            self.acked[frame["client_id"]] = frame["seq"]
            self._keep(frame["seq"], frame["id"])
        elif kind == "opened":
            self._opened.set()
        elif kind == "error" and frame["code"] not in ("unavailable", "too_fast"):
            self.wrong.append(f"error {frame['code']}")
        elif kind == "error" and frame.get("client_id") in self.unacked:
            client_id = frame["client_id"]
            asyncio.get_running_loop().call_later(0.2, lambda: self.is_open and self._send(client_id))

    def _keep(self, seq: int, message: str) -> None:
        if self.got.setdefault(seq, message) != message:
            self.wrong.append(f"two messages under number {seq}")
        while self.position + 1 in self.got:
            self.position += 1


@dataclass
class Pair:
    """A conversation, its two sides."""

    conversation: str
    sides: list[Side]

    def is_settled(self) -> bool:
        """Say whether everything said was acked and is at both sides, with no number left out."""
        last = max(max(side.got, default=0) for side in self.sides)
        return all(not side.unacked and side.position == last for side in self.sides)

    def problems(self) -> list[str]:
        """Return what is wrong with what the two sides hold."""
        found = [problem for side in self.sides for problem in side.wrong]
        one, other = self.sides
        if not self.is_settled():
            found.append(
                f"not settled: up to {one.position} and {other.position}, {len(one.unacked)} and {len(other.unacked)} unacked"
            )
        elif one.got != other.got:
            found.append("the sides hold different messages")
        numbers = [*one.acked.values(), *other.acked.values()]
        if len(set(numbers)) != len(numbers) or len(numbers) != len(one.got):
            found.append(f"{len(numbers)} acked, {len(set(numbers))} numbers, {len(one.got)} messages")
        return found


@dataclass
class Talk:
    """All the pairs, and the loop that they live in: as a thread of its own, so that whoever breaks things can wait."""

    given: Sequence[dict[str, Any]]
    places: Sequence[Callable[[], tuple[str, int]]]
    rate: float
    pairs: list[Pair] = field(init=False)

    def __post_init__(self) -> None:
        self.pairs = []
        self._is_begun, self._is_quiet, self._is_over = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self) -> None:
        """Have everybody come and listen."""
        self._thread.start()
        self.wait_for(lambda: bool(self.pairs) and self.is_whole(), 60)

    def begin(self) -> None:
        """Have them talk from now on."""
        self._is_begun.set()

    def wait_for(self, is_so: Callable[[], bool], seconds: float) -> None:
        """Wait until something is so; raises AssertionError when it takes longer."""
        until = time.monotonic() + seconds
        while not is_so():
            assert self._thread.is_alive() or self._is_over.is_set(), "the talk broke off"
            assert time.monotonic() < until, self.problems()[:5]
            time.sleep(0.02)

    def is_whole(self) -> bool:
        """Say whether every side has its socket."""
        return all(side.is_open for side in self.sides)

    @property
    def sides(self) -> list[Side]:
        """Everybody."""
        return [side for pair in self.pairs for side in pair.sides]

    def acked(self) -> int:
        """Return how many messages are acked so far."""
        return sum(len(side.acked) for side in self.sides)

    def wait_for_more(self, seconds: float = 30) -> None:
        """Wait until everybody is there and every pair was acked something more: the service is back."""
        before = [sum(len(side.acked) for side in pair.sides) for pair in self.pairs]
        self.wait_for(
            lambda: (
                self.is_whole()
                and all(
                    sum(len(side.acked) for side in pair.sides) > count
                    for pair, count in zip(self.pairs, before, strict=True)
                )
            ),
            seconds,
        )

    def fall_silent(self, seconds: float = 30) -> None:
        """Say nothing more and wait until all that was said is at both sides."""
        self._is_quiet.set()
        with contextlib.suppress(AssertionError):
            self.wait_for(lambda: all(pair.is_settled() for pair in self.pairs), seconds)
        time.sleep(0.3)  # what would come twice has time to come

    def latencies(self, since: float, until: float) -> list[float]:
        """Return, in order of size, how long after it was due each message was acked that was acked in between."""
        return sorted(took for side in self.sides for at, took in tuple(side.latencies) if since <= at < until)

    def stop(self) -> None:
        """End it."""
        self._is_over.set()
        self._thread.join(10)

    def problems(self) -> list[str]:
        """Return what was lost, doubled, out of order or not delivered."""
        return [problem for pair in self.pairs for problem in pair.problems()]

    async def _run(self) -> None:
        pairs = []
        for number, one in enumerate(self.given):
            sides = [
                Side(one["conversation"], token, self.places[(number + side) % len(self.places)])
                for side, token in enumerate(one["tokens"])
            ]
            pairs.append(Pair(one["conversation"], sides))
        self.pairs = pairs
        tasks = [asyncio.create_task(side.live()) for side in self.sides]
        talking = asyncio.create_task(self._talk())
        while not self._is_over.is_set():  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(0.05)
        for task in (talking, *tasks):
            task.cancel()
        await asyncio.gather(talking, *tasks, return_exceptions=True)

    async def _talk(self) -> None:
        while not self._is_begun.is_set():  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(0.02)
        began, number = time.perf_counter(), 0
        while not self._is_quiet.is_set():
            due = began + number / self.rate
            if due > time.perf_counter():
                await asyncio.sleep(due - time.perf_counter())
            pair = self.pairs[number % len(self.pairs)]
            pair.sides[number // len(self.pairs) % 2].say(due)
            number += 1
