"""What waits for somebody: the one shape in which every app says it, so that a home page can show it together."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for an account: what to do, where, until when, and in which role."""

    title: str | Promise
    url: str
    reference: str
    role: str
    since: dt.datetime
    due_at: dt.datetime | None = None
    detail: str | Promise = ""


def most_urgent_first(tasks: list[Waiting]) -> list[Waiting]:
    """Return the tasks by their clock, those without one after, the longest waiting first."""
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(tasks, key=lambda task: (task.due_at or far, task.since, task.reference))
