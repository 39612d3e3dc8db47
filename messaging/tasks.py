"""The worker's part: within a minute the ledger covers what was said."""

import datetime as dt

from core.actors import SYSTEM
from core.errors import Conflict
from core.sweeps import register
from messaging import access, actions, rules

MOST_AT_ONCE = 2_000


def cover_messages(now: dt.datetime) -> int:
    """Record an entry for each conversation that moved, and return how many those were."""
    covered = 0
    for conversation in access.uncovered()[:MOST_AT_ONCE]:
        try:
            actions.cover(conversation=conversation, by=SYSTEM, now=now)
        except Conflict:  # another worker was quicker
            continue
        covered += 1
    return covered


register("messaging.coverage", cover_messages, every=rules.COVERED_WITHIN)
