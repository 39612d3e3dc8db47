"""Rate limits counted in the database, so that they hold over all processes and survive restarts."""

import datetime as dt

from core import prepared
from core.errors import TooFast
from core.models import RateCount
from core.sweeps import register

KEPT_FOR = dt.timedelta(days=2)  # longer than any window


def _window(within: dt.timedelta, now: dt.datetime) -> dt.datetime:
    seconds = int(within.total_seconds())
    return dt.datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, dt.UTC)


def count_within(bucket: str, *, within: dt.timedelta, now: dt.datetime) -> int:
    """Count one more in the bucket's present window and return how many that makes."""
    with prepared.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_ratecount (bucket, window_at, count) VALUES ($1, $2, 1)"
            " ON CONFLICT (bucket, window_at) DO UPDATE SET count = core_ratecount.count + 1 RETURNING count",
            [bucket[:120], _window(within, now)],
        )
        return int(cursor.fetchone()[0])


def give_back(bucket: str, *, within: dt.timedelta, now: dt.datetime) -> None:
    """Take back one that was counted, where only failures are to count."""
    with prepared.cursor() as cursor:
        cursor.execute(
            "UPDATE core_ratecount SET count = count - 1 WHERE bucket = $1 AND window_at = $2 AND count > 0",
            [bucket[:120], _window(within, now)],
        )


def require_room(bucket: str, *, limit: int, within: dt.timedelta, now: dt.datetime) -> None:
    """Count one more, and raise TooFast when that is more than ``limit`` in one window of this length."""
    if count_within(bucket, within=within, now=now) > limit:
        seconds = int(within.total_seconds())
        raise TooFast(retry_after=seconds - int(now.timestamp()) % seconds)


def forget_old(now: dt.datetime) -> int:
    """Delete the counts of windows that are long over, and return how many."""
    return RateCount.objects.filter(window_at__lt=now - KEPT_FOR).delete()[0]


register("limits", forget_old, every=dt.timedelta(hours=1))
