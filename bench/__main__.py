"""`make bench`: measures messages, many sockets, filing, acts and lists beside limits and peers, in alternating rounds.

It prints one table and what performance asks, and fails when a message was lost, doubled, out of order or not delivered,
or when a must is missed. Settings: PEERS=1 (installs socket.io and ejabberd into a folder of the bench), PAIRS, SECONDS,
ROUNDS, SOCKETS, and ROWS: among how many complaints lists and searches are measured (0: not at all; ``bench.lists`` does
that by itself).
"""

import contextlib
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench import crowd, limits, peers
from bench.goals import Goals
from bench.naive_table import TABLE
from bench.stage import Stage, redis, stage

PAIRS = int(os.environ.get("PAIRS", "50"))
MANY = PAIRS * 4
SECONDS = os.environ.get("SECONDS", "4")
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SOCKETS = int(os.environ.get("SOCKETS", "2000"))
RATE = 1_000
ROWS = int(os.environ.get("ROWS", "100000"))
BARE_TABLE = "CREATE TABLE IF NOT EXISTS bench_bare_notice (id uuid PRIMARY KEY, said jsonb NOT NULL)"


@dataclass
class Figures:
    """The rounds of one thing that was measured."""

    name: str
    measure: Callable[[], dict[str, Any]]
    rounds: list[dict[str, Any]] = field(default_factory=list)

    def of(self, key: str) -> float:
        """Return the median of a figure."""
        return float(median(one[key] for one in self.rounds))


class Bench:
    """The run."""

    def __init__(self, on: Stage, redis_at: tuple[str, int] | None, others: list[str]) -> None:
        self.on, self.redis_at, self.others = on, redis_at, others
        self.wrong: list[str] = []
        self.expected = 0
        self.file = on.pairs(MANY)

    # --- one round of each

    def messages(self, kind: str, pairs: int, rate: int = 0, processes: int = 1) -> dict[str, Any]:
        """Measure one round of messages and return its figures, CPU a message included."""
        with contextlib.ExitStack() as stack:
            ports, pids, file = [], [self.on.postmaster()], self.file
            if kind in self.others:
                peer = stack.enter_context(peers.serving(kind, self.on, self.file))
                ports, file = [peer.port], peer.pairs
                pids.append(peer.pid)
            over_redis = self.redis_at is not None and (kind == "naive" or processes > 1)
            environment = {"REDIS_URL": self.redis_at[0]} if self.redis_at and over_redis else {}
            for _ in range(0 if ports else processes):
                serving = stack.enter_context(self.on.serving(kind, **environment))
                ports.append(serving.port)
                pids.append(serving.process.pid)
            if self.redis_at and over_redis:
                pids.append(self.redis_at[1])
            words = [kind, ",".join(map(str, ports)), str(file), str(pairs), SECONDS, *([str(rate)] if rate else [])]
            told: dict[str, Any] = json.loads(self.on.module("bench.load", *words, WATCH=",".join(map(str, pids))))
        if told["wrong_count"]:
            self.wrong.append(f"{kind}, {pairs} pairs: {told['wrong_count']} wrong: {', '.join(told['wrong'])}")
        if kind == "ours":
            self.expected += told["all_sent"]
        return told

    def filing(self, kind: str, what: str) -> dict[str, Any]:
        """Measure one round of notices, or of the bare endpoint, under one server."""
        with self.on.serving(kind, ALLOWED_HOSTS="127.0.0.1") as serving:
            watched = f"{serving.process.pid},{self.on.postmaster()}"
            words = [str(serving.port), str(self.file), what, SECONDS]
            told: dict[str, Any] = json.loads(self.on.module("bench.filing", *words, WATCH=watched))
        return told

    def pgbench(self) -> dict[str, Any]:
        """Measure what the database itself can do."""
        rate, clients = limits.best_single_inserts(self.on)
        return {"rate": rate, "clients": clients}

    def crowd(self) -> dict[str, Any]:
        """Measure many sockets, once."""
        found, acked = crowd.measure(self.on, SOCKETS, float(SECONDS) * 2)
        if found["wrong_count"]:
            self.wrong.append(f"{SOCKETS} sockets: {found['wrong_count']} wrong: {', '.join(found['wrong'])}")
        self.expected += acked
        return found

    def check_rows(self) -> None:
        """Compare what was acked with what the tables hold."""
        [(stored, moved)] = self.on.rows(
            "SELECT (SELECT count(*) FROM messaging_message), (SELECT sum(last_seq) FROM messaging_conversation)"
        )
        if not stored == moved == self.expected:
            self.wrong.append(f"{self.expected} acked, {stored} stored, numbers up to {moved}")

    # --- all of it

    def measured(self) -> dict[str, Figures]:
        """Return what is measured in rounds, by short names."""
        layer = "Redis" if self.redis_at else "PostgreSQL"
        found = {
            "limit": Figures("limit: pgbench, best of single INSERTs", self.pgbench),
            "ours": Figures(f"messages, {PAIRS} pairs", lambda: self.messages("ours", PAIRS)),
            "many": Figures(f"messages, {MANY} pairs", lambda: self.messages("ours", MANY)),
            "two": Figures(f"messages, two processes over {layer}", lambda: self.messages("ours", PAIRS, processes=2)),
            "open": Figures(f"messages, {RATE:,} a second", lambda: self.messages("ours", PAIRS, RATE)),
            "naive": Figures(f"naive consumer, {PAIRS} pairs ({layer})", lambda: self.messages("naive", PAIRS)),
        }
        for name in self.others:
            found[name] = Figures(f"peer: {name}, {PAIRS} pairs", lambda name=name: self.messages(name, PAIRS))  # type: ignore[misc]  # bound
        found["filing"] = Figures("filing a notice by API", lambda: self.filing("pages", "filing"))
        found["unrecorded"] = Figures("the same without the ledger's part", lambda: self.filing("unrecorded", "filing"))
        found["bare"] = Figures("bare endpoint with one INSERT", lambda: self.filing("pages", "bare"))
        return found

    def run(self) -> dict[str, Figures]:
        """Measure everything in rounds, each round the other way round than the one before."""
        found = self.measured()
        for number in range(ROUNDS):
            order = list(found.values())
            for figures in order if number % 2 == 0 else reversed(order):
                figures.rounds.append(figures.measure())
                print(f"round {number + 1} of {ROUNDS}: {figures.name}", file=sys.stderr, flush=True)
        return found


def row(figures: Figures, found: dict[str, Figures], others: list[str]) -> str:
    """Return a line of the table."""
    rate = figures.of("rate")
    is_message = "wrong_count" in figures.rounds[0]
    ratios = [rate / found[name].of("rate") if is_message else None for name in ("limit", "naive", *others)]
    times = [figures.of(key) if key in figures.rounds[0] else None for key in ("p50_ms", "p95_ms", "p99_ms")]
    cpu = f"{figures.of('cpu_us'):10,.0f}" if "cpu_us" in figures.rounds[0] else " " * 10
    cells = "".join(" " * 11 if ratio is None else f"{ratio:11.2f}" for ratio in ratios)
    return (
        f"{figures.name:42}{rate:10,.0f}{cells}"
        + "".join(f"{at:9.1f}" if at is not None else " " * 9 for at in times)
        + cpu
    )


def goals_of(found: dict[str, Figures], many: dict[str, Any]) -> Goals:
    """Return how the figures stand to what performance asks."""
    goals = Goals()

    def ratio(one: str, other: str, key: str = "rate") -> float:
        return found[one].of(key) / found[other].of(key)

    goals.at_least("messages, as a share of pgbench's single INSERTs", ratio("ours", "limit"), 0.35, 0.8)
    goals.at_least("messages, times the naive consumer", ratio("ours", "naive"), 12)
    if "socket.io" in found:
        goals.at_least("messages, times socket.io with pg", ratio("ours", "socket.io"), 1.2, 3)
    if "ejabberd" in found:
        goals.at_least("messages, times ejabberd", ratio("ours", "ejabberd"), 2)
    goals.at_least(f"{MANY} pairs, as a share of {PAIRS} pairs", ratio("many", "ours"), 0.85, 1)
    goals.at_least("two processes, as a share of one", ratio("two", "ours"), 0.9, 1.5)
    goals.at_most(f"{RATE:,} a second: p50", found["open"].of("p50_ms"), 4, unit="ms")
    goals.at_most(f"{RATE:,} a second: p99", found["open"].of("p99_ms"), 20, 5, unit="ms")
    goals.at_most("CPU of a message", found["ours"].of("cpu_us"), 300, 120, unit="us")
    if many:
        goals.at_most(f"{SOCKETS:,} sockets: memory of each", many["kib_each"], 100, unit="KiB")
        goals.at_most(f"{SOCKETS:,} sockets, 100 messages a second: p95", many["p95_ms"], 100, unit="ms")
        goals.at_most(f"{SOCKETS:,} sockets, 100 messages a second: p99", many["p99_ms"], 500, unit="ms")
        goals.at_most(f"{SOCKETS:,} sockets: all back after kill -9", many["back_s"], 30, unit="s")
    goals.at_least("filing, as a share of the bare endpoint (CPU)", ratio("bare", "filing", "cpu_us"), 0.5, 0.7)
    goals.at_most(
        "what the ledger adds to filing (CPU)", (ratio("filing", "unrecorded", "cpu_us") - 1) * 100, 15, unit="%"
    )
    return goals


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


def show(bench: Bench, found: dict[str, Figures], many: dict[str, Any], acts: float) -> Goals:
    """Print the table and the goals, and return those."""
    ratios = "".join(f"{'/' + name:>11}" for name in ("limit", "naive", *bench.others))
    print(f"\n{'work':42}{'a second':>10}{ratios}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU us':>10}")
    for figures in found.values():
        print(row(figures, found, bench.others))
    print(f"{'acts of the ledger, 4 threads':42}{acts:10,.0f}{acts / found['limit'].of('rate'):11.2f}")
    if many:
        kib, back = many["kib_each"], many["back_s"]
        print(
            f"{f'{SOCKETS:,} sockets, 100 messages a second':42}{100:10,}{'':{11 * (2 + len(bench.others))}}"
            f"{many['p50_ms']:9.1f}{many['p95_ms']:9.1f}{many['p99_ms']:9.1f}"
            f"   {kib:.0f} KiB each; all back {back:.1f} s after kill -9"
        )
    print(f"\nmedian of {ROUNDS} rounds of {SECONDS} s, in turns; 200-byte messages; ack after commit; CPU of server,")
    print(f"database and broker while it is measured, start and sign-in left out\n{machine()}\n")
    goals = goals_of(found, many)
    print("\n".join(goals.lines))
    return goals


@contextlib.contextmanager
def prepared() -> Iterator[Bench]:
    """Give the stage, with the peers if they are asked for."""
    others = peers.install() if os.environ.get("PEERS", "") not in ("", "0") else []
    with stage(peers.loopback() if others else "") as on, redis(on.folder) as redis_at:
        limits.make_table(on, TABLE)
        limits.make_table(on, BARE_TABLE)
        yield Bench(on, redis_at, others)


def main() -> None:
    """Set the stage and run."""
    with prepared() as bench:
        found = bench.run()
        many = bench.crowd() if SOCKETS else {}
        acts = float(bench.on.module("bench.acts", "3"))
        bench.check_rows()
        goals = show(bench, found, many, acts)
        for text in bench.wrong:
            print(f"WRONG: {text}")
        sys.stdout.flush()
        lists = bench.on.shown("bench.listing", str(ROWS)) if ROWS else 0
        sys.exit(1 if bench.wrong or goals.missed else lists)


if __name__ == "__main__":
    main()
