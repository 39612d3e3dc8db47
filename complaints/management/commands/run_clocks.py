"""The command that fires the clocks that are due; the worker does it by itself."""

import datetime as dt
import time
from collections import Counter
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from core import clocks, times

ANOTHER_LOOK_WITHIN = dt.timedelta(milliseconds=100)
MOST_LOOKS = 100


class Command(BaseCommand):
    help = (
        "Fires the clocks that are due, in the order in which they are due, each as of its own due time (for drills)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--until", metavar="ISO_TIME", help="Up to this time, as in 2026-12-24T00:00:00Z; else now."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        until = _instant(options["until"]) if options["until"] else times.now()
        fired, failed, looks = 0, set[UUID](), Counter[UUID]()
        while (clock := clocks.due(until).exclude(pk__in=failed).first()) is not None:
            # Room for those that failed before and are tried again first; what cannot fire holds up no other.
            at = max(clock.runs_out_at, clock.next_try_at or clock.runs_out_at)
            fired += clocks.fire_due(at, limit=len(failed) + 1)
            left = clocks.running(clock.matter).filter(pk=clock.pk).first()
            if left is None:
                continue
            looks[clock.pk] += 1
            if left.attempts > clock.attempts or looks[clock.pk] == MOST_LOOKS:
                failed.add(clock.pk)
            else:
                # The worker or another run holds it, and fires it just now.
                time.sleep(ANOTHER_LOOK_WITHIN.total_seconds())
        self.stdout.write(f"{fired} fired")
        if failed:
            raise CommandError(f"{len(failed)} could not fire; the log says why")


def _instant(text: str) -> dt.datetime:
    """Return the aware instant; CommandError for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError("--until: give an ISO time, as in 2026-12-24T00:00:00Z")
    return found if found.tzinfo is not None else found.replace(tzinfo=dt.UTC)
