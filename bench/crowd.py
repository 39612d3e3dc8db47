"""Many sockets at once: what each costs while it is idle, how quick a few messages are among them, and all coming back."""

import json
import resource
import time
from typing import Any

from bench.stage import Stage, pairs_in
from bench.steady import Talk

RATE = 100.0
SETTLED_WITHIN = 60.0


def lift_the_limit_of_open_files() -> None:
    """Let this process and those that it starts have as many sockets open as the machine allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def measure(on: Stage, sockets: int, seconds: float) -> tuple[dict[str, Any], int]:
    """Return the figures and how many messages were acked.

    The process is killed while they talk; they all come back at once, and what the two sides then hold is compared.
    """
    lift_the_limit_of_open_files()
    given = pairs_in(on.pairs(sockets // 2))[: sockets // 2]
    with on.serving("ours") as serving:
        where = [lambda: ("127.0.0.1", serving.port)]
        first = Talk(given[:1], where, RATE)
        first.start()
        before = serving.memory_kib()
        first.stop()
        talk = Talk(given, where, RATE)
        talk.start()
        time.sleep(2.5)  # until everything was looked at once
        each = (serving.memory_kib() - before) / sockets
        talk.begin()
        since = time.perf_counter()
        time.sleep(seconds)
        ordered = talk.latencies(since, time.perf_counter()) or [float("inf")]
        began = time.monotonic()
        serving.restart()
        talk.wait_for(lambda: not all(side.is_open for side in talk.sides), 10)
        talk.wait_for(talk.is_whole, SETTLED_WITHIN)
        back = time.monotonic() - began
        talk.fall_silent(SETTLED_WITHIN)
        wrong, acked = talk.problems(), talk.acked()
        talk.stop()
    p50, p95, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.95, 0.99))
    figures = {
        "sockets": sockets, "kib_each": each, "p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "back_s": back,
        "wrong": wrong[:5], "wrong_count": len(wrong),
    }  # fmt: skip
    return figures, acked


if __name__ == "__main__":
    import sys

    from bench.stage import stage

    with stage() as alone:
        print(json.dumps(measure(alone, int(sys.argv[1]) if len(sys.argv) > 1 else 2_000, 10)[0]))
