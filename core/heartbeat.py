"""Signs of life of processes that nobody talks to."""

import datetime as dt

from core.models import Heartbeat


def beat(name: str, now: dt.datetime) -> None:
    """Note that ``name`` is alive at this instant."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def age(name: str, now: dt.datetime) -> dt.timedelta | None:
    """Return how long ago ``name`` was last seen alive; None when it never was."""
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return None if at is None else now - at
