"""What an upgrade leaves behind: matters decided, and measures ordered, before the portal counted and chased them."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from complaints import access, rules
from complaints.actions.counting import run_finality
from complaints.actions.watching import EXECUTION, expect, is_unexecuted
from complaints.models import Complaint, Measure
from complaints.rules import MeasureKind
from complaints.rules.strikes import FINAL_AGAINST_UPLOADER, MOVING
from core import clocks
from ledger.models import Entry


def left_behind() -> Iterator[str]:
    """Yield the references of the matters in which something may have been left behind, the oldest first."""
    held = Complaint.objects.filter(state__in=FINAL_AGAINST_UPLOADER, measures__isnull=False)
    unchased = Complaint.objects.filter(measures__lifted_at__isnull=True, measures__executed_at__isnull=True)
    found = (held | unchased.filter(measures__isnull=False)).distinct().order_by("reference")
    yield from found.values_list("reference", flat=True).iterator()


@transaction.atomic
def catch_up(*, reference: str, now: dt.datetime) -> tuple[int, int]:
    """Start the clocks that an older version did not; return how many of finality and of measures were started.

    A matter becomes final as if its acts had been followed when they happened, so that it counts from the day on which
    it became final and has faded since. A measure that nobody reported as carried out is waited for from now on, and
    overdue only after the usual time. Doing it twice changes nothing; the acts that follow are recorded when the clocks fire.
    """
    locked = Complaint.objects.select_related("provider", "data_key", "complainant").select_for_update(of=("self",))
    complaint = locked.get(reference=reference)
    before = clocks.running(access.clock_key(reference)).count()
    for entry in Entry.objects.filter(subject=reference, act__in=MOVING, at__lte=now).order_by("at", "pk"):
        anew_for = access.given_new_time(complaint, entry.act, entry.facts)
        run_finality(complaint, anew_for=anew_for, because=entry.act, since=entry.at)
    started = clocks.running(access.clock_key(reference)).count() - before
    return max(started, 0), sum(_chase(measure, complaint, now) for measure in _standing(complaint))


def _standing(complaint: Complaint) -> list[Measure]:
    held = complaint.measures.filter(covered__ended_at__isnull=True, execution_due_at__isnull=True)
    return [one for one in held.exclude(kind=MeasureKind.FORWARD_ONLY).distinct().order_by("pk") if is_unexecuted(one)]


def _chase(measure: Measure, complaint: Complaint, now: dt.datetime) -> int:
    if clocks.of_matter(access.matter_of(measure)).filter(name=EXECUTION).exists():
        return 0
    expect(measure, rules.executed_within(is_earning=complaint.is_earning), now)
    return 1
