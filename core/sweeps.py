"""What the worker does again and again: named sweeps over rows, each in its place.

A sweep claims what is due, carries it out and returns how much that was. It must bear being run twice at once (row or
advisory locks) and being killed anywhere (a transaction for each thing).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

Sweep = Callable[[dt.datetime], int]
EVERY_TICK = dt.timedelta(seconds=1)
# What is recorded is sealed first; followers may start clocks and write mail, so these come after them.
RANKS = {"ledger.seal": 10, "ledger.followers": 20, "clocks": 30, "mail": 40}
USUAL_RANK = 50


@dataclass(frozen=True)
class Registered:
    """A sweep, how often it is due without being woken, and its place in the order (low first)."""

    name: str
    run: Sweep
    every: dt.timedelta = EVERY_TICK
    rank: int = USUAL_RANK


_registered: dict[str, Registered] = {}


def register(name: str, function: Sweep, every: dt.timedelta = EVERY_TICK) -> None:
    """Have the worker call ``function(now)`` whenever it is woken by news, and at least ``every`` so often.

    Sweeps that come less often than each tick are not woken by news. Raises ValueError for a name that is taken.
    """
    known = _registered.get(name)
    if known is not None and known.run is not function:
        raise ValueError(f"two sweeps are named {name}")
    _registered[name] = Registered(name, function, every, RANKS.get(name, USUAL_RANK))


def registered() -> list[Registered]:
    """Return the sweeps in the order in which they run."""
    return sorted(_registered.values(), key=lambda sweep: sweep.rank)
