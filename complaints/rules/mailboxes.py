"""How often a provider's mailbox is looked into, and how long one is left alone that cannot be read."""

import datetime as dt

LOOKED_INTO_EVERY = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=1)
MOST_AT_ONCE = 50
# Longer than one look may take: whoever looked and died holds the mailbox no longer.
HELD_FOR = dt.timedelta(minutes=5)


def next_look_at(now: dt.datetime, *, failures: int, has_more: bool) -> dt.datetime:
    """Return when a mailbox is looked into again: at once while more lies there, ever later while it cannot be read.

    House rule: once a minute, so that a notice is on the desk when its clock starts; after failures two, four, eight
    minutes and so on, an hour at most.
    """
    if failures:
        return now + min(LOOKED_INTO_EVERY * (1 << min(failures, 10)), LONGEST_PAUSE)
    return now if has_more else now + LOOKED_INTO_EVERY
