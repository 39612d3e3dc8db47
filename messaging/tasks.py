"""The worker's part: the ledger covers what was said, who is not here is called, proposals expire, promises fall due."""

import datetime as dt
from contextlib import suppress

from core import clocks
from core.actors import SYSTEM
from core.errors import Conflict
from core.sweeps import register
from messaging import access, actions, rules
from messaging.pushing import Pushers
from messaging.reply_box import Reader

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


def call_uploaders(now: dt.datetime) -> int:
    """Call the uploaders who are not here yet and whose call is due, and look what became of earlier calls."""
    return actions.run_calls(now) + actions.watch_calls(now)


register("messaging.away", actions.send_notices, every=dt.timedelta(seconds=20))
register("messaging.replies", Reader().sweep, every=dt.timedelta(seconds=10))
register("messaging.replies.old", actions.forget_replies, every=dt.timedelta(hours=1))
register("messaging.push.planned", actions.plan_pushes_soon, every=rules.PUSHED_WITHIN)
register("messaging.push", Pushers().sweep)
register("messaging.coverage", cover_messages, every=rules.COVERED_WITHIN)
register("messaging.calls", call_uploaders, every=rules.COVERED_WITHIN)


@clocks.handles(actions.EXPIRES)
def expire_proposal(matter: str, now: dt.datetime) -> None:
    """End the proposal that nobody has answered in its time."""
    actions.expire_proposal(proposal_id=access.proposal_of_clock(matter), now=now)


@clocks.handles(actions.FALLS_DUE)
def miss_undertaking(matter: str, now: dt.datetime) -> None:
    """Note that what was undertaken was not reported as done in time."""
    actions.miss_undertaking(undertaking_id=access.proposal_of_clock(matter), now=now)


def forget_old(now: dt.datetime) -> int:
    """Erase what was said in conversations that were closed long ago, and return how many those were."""
    forgotten = 0
    for conversation in access.to_forget(now):
        with suppress(Conflict):  # another worker was quicker, or somebody placed a hold
            actions.forget(conversation=conversation, by=SYSTEM, now=now)
            forgotten += 1
    return forgotten


register("messaging.forgetting", forget_old, every=dt.timedelta(hours=1))
