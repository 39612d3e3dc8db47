"""`make bench`: measures messages and acts beside a limit and a naive peer, in alternating rounds, and prints one table.

It fails when a message was lost, doubled, out of order or not delivered. Settings: PAIRS, SECONDS, ROUNDS,
and ROWS: among how many complaints lists and searches are measured (``bench.lists`` does that by itself).
"""

import json
import os
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import limits
from bench.naive_table import TABLE
from bench.stage import Stage, redis, seconds_of, stage

PAIRS = int(os.environ.get("PAIRS", "50"))
SECONDS = os.environ.get("SECONDS", "5")
ROUNDS = int(os.environ.get("ROUNDS", "3"))
RATE = 1_000
ROWS = int(os.environ.get("ROWS", "100000"))
LEAST_RATIO = 3.0
AIMED_RATIO = 12.0


@dataclass
class Figures:
    """The rounds of one thing that was measured."""

    name: str
    rounds: list[dict[str, Any]] = field(default_factory=list)

    def of(self, key: str) -> float:
        """Return the median of a figure."""
        return float(median(one[key] for one in self.rounds))


class Bench:
    """The run."""

    def __init__(self, on: Stage, redis_at: tuple[str, int] | None) -> None:
        self.on, self.redis_at = on, redis_at
        self.wrong: list[str] = []
        self.expected = 0

    def measure(self, kind: str, pairs: int, mode: str = "closed", *more: str) -> dict[str, Any]:
        """Measure one round and return its figures, CPU a message included."""
        file = self.on.pairs(PAIRS * 2)
        environment = {"REDIS_URL": self.redis_at[0]} if self.redis_at and kind == "naive" else {}
        with self.on.serving(kind, **environment) as serving:
            before = self._seconds(serving.seconds())
            mode = "naive" if kind == "naive" else mode
            told = json.loads(
                self.on.module("bench.load", str(serving.port), str(file), str(pairs), mode, SECONDS, *more)
            )
            used = self._seconds(serving.seconds()) - before
        told["cpu_us"] = used / max(1, told["sent"]) * 1e6
        if told["wrong_count"]:
            self.wrong.append(f"{kind}: {told['wrong_count']} wrong: {', '.join(told['wrong'])}")
        if kind == "ours":
            self.expected += told["sent"]
        return told

    def _seconds(self, web: float) -> float:
        broker = seconds_of(self.redis_at[1]) if self.redis_at else 0.0
        return web + self.on.postgres_seconds() + broker

    def check_rows(self) -> None:
        """Compare what was acked with what the tables hold."""
        [(stored, moved)] = self.on.rows(
            "SELECT (SELECT count(*) FROM messaging_message), (SELECT sum(last_seq) FROM messaging_conversation)"
        )
        if not stored == moved == self.expected:
            self.wrong.append(f"{self.expected} acked, {stored} stored, numbers up to {moved}")


def row(name: str, figures: Figures, limit: float | None, naive: Figures | None) -> str:
    """Return a line of the table."""
    rate = figures.of("rate")
    to_limit = f"{rate / limit:8.2f}" if limit else " " * 8
    to_naive = f"{rate / naive.of('rate'):8.1f}" if naive else " " * 8
    return (
        f"{name:44}{rate:10,.0f}{to_limit}{to_naive}"
        f"{figures.of('p50_ms'):9.1f}{figures.of('p99_ms'):9.1f}{figures.of('cpu_us'):10,.0f}"
    )


def machine() -> str:
    """Return what was measured on."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    load = os.getloadavg()[0]
    return f"{len(os.sched_getaffinity(0))} cores, {model}, Python {platform.python_version()}, load {load:.1f}"


def run(bench: Bench) -> int:
    """Measure everything, print the table, and return the exit code."""
    on = bench.on
    limits.make_table(on, TABLE)
    single, clients = limits.best_single_inserts(on)
    fifty = limits.rows_by_fifty(on)
    ours, naive = Figures("ours"), Figures("naive")
    for number in range(ROUNDS):
        for kind, figures in (
            (("ours", ours), ("naive", naive)) if number % 2 == 0 else (("naive", naive), ("ours", ours))
        ):
            figures.rounds.append(bench.measure(kind, PAIRS))
    many = Figures("many", [bench.measure("ours", PAIRS * 2)])
    steady = Figures("steady", [bench.measure("ours", PAIRS, "open", str(RATE))])
    acts = float(on.module("bench.acts", "3"))
    bench.check_rows()

    ratio = ours.of("rate") / naive.of("rate")
    layer = "Redis" if bench.redis_at else "PostgreSQL"
    print(f"\n{'work':44}{'a second':>10}{'/limit':>8}{'/naive':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU us':>10}")
    print(f"{f'limit: pgbench, single INSERTs, {clients} clients':44}{single:10,.0f}")
    print(f"{'limit: pgbench, 50 rows a transaction (rows)':44}{fifty:10,.0f}")
    print(row(f"messages, closed loop, {PAIRS} pairs", ours, single, naive))
    print(row(f"messages, closed loop, {PAIRS * 2} pairs", many, single, naive))
    print(row(f"messages, open loop, {RATE:,} a second", steady, None, None))
    print(row(f"naive consumer, {PAIRS} pairs ({layer} layer)", naive, single, None))
    print(f"{'acts of the ledger, 4 threads':44}{acts:10,.0f}{acts / single:8.2f}")
    print(
        f"\nmedian of {ROUNDS} rounds of {SECONDS} s, in turns; 200-byte messages; CPU is of web, database and broker"
    )
    print(machine())
    print(f"ours is {ratio:.1f} times the naive consumer (at least {LEAST_RATIO:.0f}, aim {AIMED_RATIO:.0f})")
    for text in bench.wrong:
        print(f"WRONG: {text}")
    return 1 if bench.wrong or ratio < LEAST_RATIO else 0


def main() -> None:
    """Set the stage and run."""
    with stage() as on, redis(on.folder) as redis_at:
        found = run(Bench(on, redis_at))
        sys.stdout.flush()
        sys.exit(on.shown("bench.listing", str(ROWS)) or found)


if __name__ == "__main__":
    main()
