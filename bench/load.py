"""The load: pairs that write to each other, and a check of everything that comes back.

``python -m bench.load KIND PORT[,PORT] PAIRS_FILE COUNT SECONDS [RATE]``; prints one JSON object.
Without a rate, a closed loop: the next message after ack and delivery. With it, an open one: so many a second, whatever
comes back. WATCH may name processes whose CPU is counted while it is measured.
"""

import asyncio
import json
import os
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from bench.client import Client
from bench.dialects import Dialect, dialect
from bench.stage import pairs_in, seconds_of_all

WARM_UP = 1.0
SETTLE = 5.0


@dataclass
class Side:
    """One side of a pair."""

    talk: Dialect
    client: Client = field(init=False)
    got: dict[str, int] = field(default_factory=dict)  # message -> how often it was delivered here
    last_seq: int = 0

    def met(self, client: Client) -> None:
        """Know the client before anything comes from it."""
        self.client = client


@dataclass
class Pair:
    """A conversation under load, with what is known of its messages."""

    run: "Run"
    conversation: str
    sides: list[Side] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)  # client_id -> when
    acked: dict[str, str] = field(default_factory=dict)  # client_id -> message
    turn: int = 0
    missing: int = 0

    def send(self, at: float) -> None:
        """Send the next message; ``at`` is when it was due."""
        client_id = self.run.next_id()
        self.sent[client_id] = at
        self.missing = 2
        side = self.sides[self.turn]
        side.talk.send(side.client, self.conversation, client_id)

    def heard(self, place: int, data: bytes) -> None:
        """Take a frame that came to one of the sides."""
        side = self.sides[place]
        frame = side.talk.read(side.client, data)
        if frame is None:
            return
        kind = frame["type"]
        if kind == "ack":
            self._acked(frame, place)
        elif kind == "message":
            side.got[frame["id"]] = side.got.get(frame["id"], 0) + 1
            self._in_order(side, frame["seq"])
            self._one_less()
        elif kind == "opened":
            self.sides[place].last_seq = frame["last_seq"]
            self.run.opened += 1
        elif kind == "error":
            self.run.wrong.append(f"error {frame['code']}")

    def _acked(self, frame: dict[str, Any], place: int) -> None:
        now = time.perf_counter()
        if frame["client_id"] in self.acked:
            self.run.wrong.append("acked twice")
        self.acked[frame["client_id"]] = frame["id"]
        if self.sent[frame["client_id"]] >= self.run.measured_from:
            self.run.latencies.append(now - self.sent[frame["client_id"]])
        self._in_order(self.sides[place], frame["seq"])
        self._one_less()

    def _in_order(self, side: Side, seq: int) -> None:
        if (side.talk.is_numbered and seq != side.last_seq + 1) or seq <= side.last_seq:
            self.run.wrong.append(f"number {seq} after {side.last_seq}")
        side.last_seq = seq

    def _one_less(self) -> None:
        self.missing -= 1
        if self.missing or not self.run.is_closed_loop:
            return
        now = time.perf_counter()
        if now >= self.run.measured_from:
            self.run.counted += 1
        if now < self.run.until:
            self.turn = 1 - self.turn
            self.send(now)

    def check(self) -> None:
        """Note what was lost, doubled or not delivered."""
        if len(self.acked) != len(self.sent):
            self.run.wrong.append(f"{len(self.sent) - len(self.acked)} sent and not acked")
        delivered: dict[str, int] = {}
        for side in self.sides:
            for message, times in side.got.items():
                delivered[message] = delivered.get(message, 0) + times
        for message in self.acked.values():
            if delivered.get(message) != 1:
                self.run.wrong.append(f"delivered {delivered.get(message, 0)} times")


@dataclass
class Run:
    """One run of the load."""

    kind: str
    ports: list[int]
    is_closed_loop: bool
    watched: list[int]
    wrong: list[str] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    opened: int = 0
    counted: int = 0
    measured_from: float = float("inf")
    until: float = 0.0
    cpu: float = 0.0
    sent: int = 0
    pairs: list[Pair] = field(default_factory=list)
    # A UUID for each message: its first half drawn once, for drawing and writing each would cost as much as to send it.
    _ids: str = field(default_factory=lambda: f"{str(uuid.uuid4())[:24]}%012x")
    _last_id: int = 0

    def next_id(self) -> str:
        """Return an id that no other message has."""
        self._last_id += 1
        return self._ids % self._last_id

    async def connect(self, given: list[dict[str, Any]]) -> None:
        """Open a socket for each side; of two processes each pair meets the same or both, as chance would have it."""
        for number, one in enumerate(given):
            pair = Pair(self, one["conversation"])
            self.pairs.append(pair)
            for place, token in enumerate(one["tokens"]):
                side = Side(dialect(self.kind, token))
                pair.sides.append(side)
                hear = lambda data, pair=pair, place=place: pair.heard(place, data)  # noqa: E731
                port = self.ports[(number >> place) % len(self.ports)]
                side.client = await Client.connect(port, token, hear, *side.talk.where, made=side.met)
        for pair in self.pairs:
            for side in pair.sides:
                side.talk.open(side.client, pair.conversation)
        until = time.perf_counter() + 30
        while self.opened < 2 * len(self.pairs):
            if time.perf_counter() > until or self.wrong:
                raise SystemExit(f"bench: {self.opened} of {2 * len(self.pairs)} were opened; {self.wrong[:3]}")
            await asyncio.sleep(0.01)

    async def closed_loop(self, seconds: float) -> None:
        """Have each pair write as fast as its messages are acked and delivered."""
        now = time.perf_counter()
        self.until = now + WARM_UP + seconds
        for pair in self.pairs:
            pair.send(now)
        await asyncio.sleep(WARM_UP)
        await self._begin()
        await asyncio.sleep(seconds)
        await self._end()
        await self._settle()

    async def open_loop(self, seconds: float, rate: float) -> None:
        """Send so many a second over all pairs in turn."""
        began = time.perf_counter()
        for number in range(int(rate * (seconds + WARM_UP))):
            if number == int(rate * WARM_UP):
                await self._begin()
            due = began + number / rate
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            self.pairs[number % len(self.pairs)].send(due)
        await self._end()
        self.counted = int(rate * seconds)
        await self._settle()

    async def _begin(self) -> None:
        """Count from here on; what it takes to start and to sign in is no message's."""
        self.cpu -= await asyncio.to_thread(seconds_of_all, self.watched)
        self.measured_from = time.perf_counter()
        self.sent -= sum(len(pair.sent) for pair in self.pairs)

    async def _end(self) -> None:
        self.cpu += await asyncio.to_thread(seconds_of_all, self.watched)
        self.sent += sum(len(pair.sent) for pair in self.pairs)

    async def _settle(self) -> None:
        until = time.perf_counter() + SETTLE
        while time.perf_counter() < until:
            sent = sum(len(pair.sent) for pair in self.pairs)
            got = sum(sum(side.got.values()) for pair in self.pairs for side in pair.sides)
            if sent == sum(len(pair.acked) for pair in self.pairs) == got:
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)  # what would come twice has time to come
        for pair in self.pairs:
            pair.check()
            for side in pair.sides:
                if side.client.closed_with:
                    self.wrong.append(f"closed with {side.client.closed_with}")
                side.client.close()

    def told(self, seconds: float) -> dict[str, Any]:
        """Return the result."""
        ordered = sorted(self.latencies) or [0.0]
        return {
            "rate": self.counted / seconds,
            "all_sent": sum(len(pair.sent) for pair in self.pairs),
            "cpu_us": self.cpu / max(1, self.sent) * 1e6,
            "p50_ms": ordered[len(ordered) // 2] * 1000,
            "p95_ms": ordered[int(len(ordered) * 0.95)] * 1000,
            "p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
            "wrong": self.wrong[:5],
            "wrong_count": len(self.wrong),
        }


async def main(arguments: list[str]) -> None:
    """Run and print."""
    kind, ports, file, count, seconds = arguments[:5]
    rate = float(arguments[5]) if len(arguments) > 5 else 0.0
    watched = [int(pid) for pid in os.environ.get("WATCH", "").split(",") if pid]
    run = Run(kind, [int(port) for port in ports.split(",")], is_closed_loop=not rate, watched=watched)
    await run.connect(pairs_in(Path(file))[: int(count)])
    if rate:
        await run.open_loop(float(seconds), rate)
    else:
        await run.closed_loop(float(seconds))
    print(json.dumps(run.told(float(seconds))))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
