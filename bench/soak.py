"""Hours in minutes: half of the load that is aimed at, for as long as one likes: ``python -m bench.soak --minutes 30``.

Prints a line a minute with the memory of the web process and how quick messages were, and fails when memory grew, when
the last part was slower than the first, or when a message was lost, doubled, out of order or not delivered.
"""

import argparse
import sys
import time

from bench.stage import Serving, Stage, stage
from bench.steady import Talk

PAIRS, RATE = 50, 500.0
WARM_UP = 20.0
MOST_GROWTH = 1.1  # of memory, from the end of the first part to the end
MOST_SLOWER = 1.2
A_MOMENT_MS = 5.0  # what is quicker than this is not called slower for its ratio


def p95_ms(talk: Talk, since: float, until: float) -> float:
    """Return how quick all but the slowest twentieth of the messages of a stretch were."""
    ordered = talk.latencies(since, until) or [float("inf")]
    return ordered[int(len(ordered) * 0.95)] * 1000


def parts(talk: Talk, serving: Serving, minutes: float) -> tuple[list[float], list[int]]:
    """Watch it for so long, in at least six parts, and return p95 and memory of each."""
    length = min(60.0, minutes * 10)
    speeds, memory = [], []
    for number in range(round(minutes * 60 / length)):
        since = time.perf_counter()
        time.sleep(length)
        speeds.append(p95_ms(talk, since, time.perf_counter()))
        memory.append(serving.memory_kib())
        print(f"{(number + 1) * length:6.0f} s  p95 {speeds[-1]:7.2f} ms  memory {memory[-1]:8,} KiB", flush=True)
    return speeds, memory


def soak(on: Stage, minutes: float, rate: float) -> int:
    """Run it and return the exit code."""
    from bench.stage import pairs_in

    with on.serving("ours") as serving:
        talk = Talk(pairs_in(on.pairs(PAIRS)), [lambda: ("127.0.0.1", serving.port)], rate)
        talk.start()
        talk.begin()
        time.sleep(WARM_UP)
        speeds, memory = parts(talk, serving, minutes)
        talk.fall_silent(60)
        problems, acked = talk.problems(), talk.acked()
        talk.stop()
    [(stored,)] = on.rows("SELECT count(*) FROM messaging_message")
    sixth = max(1, len(speeds) // 6)
    first, last = min(speeds[:sixth]), min(speeds[-sixth:])
    if stored != acked:
        problems.append(f"{acked} acked, {stored} stored")
    if memory[-1] > memory[sixth - 1] * MOST_GROWTH:
        problems.append(f"memory grew from {memory[sixth - 1]:,} to {memory[-1]:,} KiB")
    if last > max(first * MOST_SLOWER, A_MOMENT_MS):
        problems.append(f"p95 went from {first:.1f} to {last:.1f} ms")
    print(f"{acked:,} messages; p95 of the first part {first:.1f}, of the last {last:.1f} ms")
    for problem in problems:
        print(f"WRONG: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second")
    given = parser.parse_args()
    with stage() as made:
        sys.exit(soak(made, given.minutes, given.rate))
