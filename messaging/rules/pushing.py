"""How a browser is told by push that a message waits: how often, and when one gives up."""

import datetime as dt

MOST_SUBSCRIPTIONS = 10  # browsers of one account
LONGEST_ENDPOINT = 1_000
PUSHERS = 4  # threads of one process
MOST_TRIES = 6
GONE = (404, 410)  # what a push service says of a browser that is there no more
# Who reads it within this time, with the conversation before its eyes, hears nothing.
PUSHED_WITHIN = dt.timedelta(seconds=5)
PUSHED_AGAIN_AFTER = dt.timedelta(minutes=10)


def next_push_at(now: dt.datetime, *, pushed_at: dt.datetime | None, has_read: bool) -> dt.datetime:
    """Return when a browser may be told of a conversation in which something was said.

    House rule: at once for whoever has read what it was told of before, and otherwise ten minutes after the last
    time at the earliest, so that a lively conversation is not a string of noises.
    """
    return now if pushed_at is None or has_read else max(now, pushed_at + PUSHED_AGAIN_AFTER)


def next_try_of_push(now: dt.datetime, *, attempts: int) -> dt.datetime | None:
    """Return when a push that failed so often is tried again; None when it is given up.

    House rule: after a minute, two, four, … six times in all; the mail comes anyway.
    """
    return now + dt.timedelta(minutes=2 ** (attempts - 1)) if attempts < MOST_TRIES else None
