"""The one place where the clock is read; called at edges, never in rules or actions."""

import datetime as dt


def now() -> dt.datetime:
    """Return the present instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def rfc3339(instant: dt.datetime) -> str:
    """Return the instant as RFC 3339 text in UTC, as in ``2026-11-23T09:30:00.000000Z``."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
