"""Filing by API: ``python -m bench.filing PORT PAIRS_FILE filing|bare SECONDS``; prints one JSON object.

A few callers, each with a connection that stays open, file one notice after the other; bare is the endpoint of bench.bare.
"""

import asyncio
import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import uvloop

from bench.stage import pairs_in, seconds_of_all

CALLERS = 8
WARM_UP = 1.0
GROUNDS = "We made this film; the upload is the whole of it, and nobody asked us."


def filed(number: int) -> dict[str, Any]:
    """Return a notice as the API takes it."""
    return {
        "provider": "benchhost", "regime": "us",
        "complainant": {
            "capacity": "owner", "name": "Bench Films", "postal_address": "1 Street, 10115 Berlin",
            "email": "films@bench.example", "phone": "+4930901820",
        },
        "works": [{"title": "The Harbour", "kind": "film"}], "items": [{"url": f"https://host.example/filed/{number}"}],
        "grounds": GROUNDS, "statements": ["good_faith", "accuracy"], "signature": "Bench Films",
    }  # fmt: skip


def bare(number: int) -> dict[str, Any]:
    """Return the same as the bare endpoint takes it."""
    whole = filed(number)
    return {
        **{key: whole[key] for key in ("provider", "regime", "grounds", "statements", "signature")},
        **whole["complainant"], "title": "The Harbour", "url": whole["items"][0]["url"],
    }  # fmt: skip


class Filing:
    """One run."""

    def __init__(self, port: int, tokens: list[str], kind: str) -> None:
        self.port, self.tokens = port, tokens
        self.path, self.make = ("/api/v1/complaints", filed) if kind == "filing" else ("/bench/bare", bare)
        self.numbers, self.done, self.taken = itertools.count(), 0, list[float]()
        self.until = float("inf")

    async def call(self, place: int) -> None:
        """File one after the other."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while time.perf_counter() < self.until:
            number = next(self.numbers)
            body = json.dumps(self.make(number)).encode()
            token = self.tokens[(number + place) % len(self.tokens)]
            began = time.perf_counter()
            writer.write(
                f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                f"{token}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(
                int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
            )
            answer = await reader.readexactly(size)
            if not head.startswith(b"HTTP/1.1 201"):
                raise SystemExit(f"bench: {self.path} answered {head[:40]!r} {answer[:300]!r}")
            self.done += 1
            self.taken.append(time.perf_counter() - began)
        writer.close()

    async def run(self, seconds: float, watched: list[int]) -> dict[str, float]:
        """Run and return the figures."""
        callers = [asyncio.create_task(self.call(place)) for place in range(CALLERS)]
        while self.done < 3 * CALLERS:  # the first answers come after the start, and fill what is kept
            await asyncio.sleep(0.01)
            if any(caller.done() for caller in callers):
                await asyncio.gather(*callers)
        await asyncio.sleep(WARM_UP)
        cpu, done, began = await asyncio.to_thread(seconds_of_all, watched), self.done, time.perf_counter()
        self.taken.clear()
        await asyncio.sleep(seconds)
        cpu, done, took = (
            await asyncio.to_thread(seconds_of_all, watched) - cpu,
            self.done - done,
            time.perf_counter() - began,
        )
        self.until = 0.0
        await asyncio.gather(*callers)
        ordered = sorted(self.taken)
        return {
            "rate": done / took, "sent": self.done, "cpu_us": cpu / max(1, done) * 1e6,
            "p50_ms": ordered[len(ordered) // 2] * 1000, "p95_ms": ordered[int(len(ordered) * 0.95)] * 1000,
            "p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
        }  # fmt: skip


async def main(arguments: list[str]) -> None:
    """Run and print."""
    port, file, kind, seconds = arguments
    tokens = [pair["tokens"][0] for pair in pairs_in(Path(file))]
    watched = [int(pid) for pid in os.environ.get("WATCH", "").split(",") if pid]
    print(json.dumps(await Filing(int(port), tokens, kind).run(float(seconds), watched)))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
