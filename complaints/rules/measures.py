"""How long a measure may last, when forwarding alone is looked at again, by when what was ordered is carried out."""

import datetime as dt

LONGEST_TERM = dt.timedelta(days=3_660)
REVIEWED_AFTER = dt.timedelta(days=30)
LONGEST_UNREVIEWED = dt.timedelta(days=90)
LONGEST_CHASE = dt.timedelta(days=7)
LONGEST_DETAIL = 1_000
MOST_COUNTRIES = 300
# How far a service's clock may run ahead of the portal's.
CLOCK_SKEW = dt.timedelta(minutes=5)


def lasts_until_at_most(ordered_at: dt.datetime) -> dt.datetime:
    """Return the latest end that a measure can be ordered with.

    House rule: some ten years; what shall last longer is ordered without an end.
    """
    return ordered_at + LONGEST_TERM


def reviewed_by_default(ordered_at: dt.datetime) -> dt.datetime:
    """Return when forwarding alone is looked at again, unless the handler says when.

    House rule: thirty days, because its three grounds (nothing can be cut out, others would be hurt, the server cannot
    be shut down) are facts that change; the law asks for the necessary measures (Civil Code art. 1195(2)).
    """
    return ordered_at + REVIEWED_AFTER


def reviewed_at_latest(ordered_at: dt.datetime) -> dt.datetime:
    """Return the latest day on which forwarding alone can be looked at again.

    House rule: ninety days, so that "for now" cannot become "for good".
    """
    return ordered_at + LONGEST_UNREVIEWED


def executed_within(*, is_earning: bool) -> dt.timedelta:
    """Return within what time the provider's service carries out what was ordered, and brings back what was lifted.

    House rule: a day, half a day where the provider earns directly from the item, because more care is owed there; the
    laws say "promptly", "immediately" and "expeditiously" (Civil Code art. 1195(2); Regulation arts. 15 and 17;
    17 USC 512(c)(1)(C)).
    """
    return dt.timedelta(hours=12 if is_earning else 24)


def chased_again_after(chases: int) -> dt.timedelta:
    """Return after what time the service is reminded once more, when it was reminded so many times.

    House rule: a day, then twice as long each time, at most a week; and it goes on until the execution is reported,
    because nobody else can make the order come true.
    """
    return min(LONGEST_CHASE, dt.timedelta(days=2 ** min(chases - 1, 10)))
