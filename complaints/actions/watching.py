"""The clocks of one measure: when it ends by itself, when a forwarding is looked at again, by when it is carried out.

They run beside the clocks of the law, which are the complaint's own: what stops those does not stop these.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from complaints import rules
from complaints.access import matter_of
from complaints.models import Complaint, Measure, MeasureItem
from complaints.rules import ItemState, MeasureKind, State
from core import clocks

END, REVIEW, EXECUTION = "end", "review", "execution"
ENDS, REVIEWS, CHASES = "complaint.measure_ends", "complaint.review_falls_due", "complaint.execution_falls_due"
# In these nothing is waited for but what the measures themselves still need.
AFTER_MEASURES = (
    State.ACTED, State.FORWARDED, State.CONTESTED, State.RESTORED, State.UPHELD, State.WITHDRAWN, State.SETTLED,
    State.CLOSED,
)  # fmt: skip
REVIEWED_IN = (State.ACTED, State.FORWARDED, State.CONTESTED)


def watch(measure: Measure, *, is_earning: bool, now: dt.datetime) -> None:
    """Start the clocks of a measure that has just been ordered."""
    matter = matter_of(measure)
    if measure.ends_at is not None:
        clocks.start(matter=matter, name=END, action=ENDS, due_at=measure.ends_at, now=now)
    if measure.review_at is not None:
        clocks.start(matter=matter, name=REVIEW, action=REVIEWS, due_at=measure.review_at, now=now)
    if measure.kind != MeasureKind.FORWARD_ONLY:
        expect(measure, rules.executed_within(is_earning=is_earning), now)


def expect(measure: Measure, within: dt.timedelta, now: dt.datetime) -> None:
    """Wait for the report that the measure was carried out or undone, and remember until when."""
    measure.execution_due_at = now + within
    measure.save(update_fields=["execution_due_at", "chases"])
    due = measure.execution_due_at
    clocks.start(matter=matter_of(measure), name=EXECUTION, action=CHASES, due_at=due, now=now)


def expect_again(measure: Measure, within: dt.timedelta, now: dt.datetime) -> None:
    """Wait once more for a report that did not come; the clock that has just run out makes way."""
    clocks.stop(matter=matter_of(measure), name=EXECUTION, because="chased", now=now)
    expect(measure, within, now)


def expect_no_more(measure: Measure, *, because: str, now: dt.datetime) -> None:
    """Stop waiting for a report about the measure."""
    clocks.stop(matter=matter_of(measure), name=EXECUTION, because=because, now=now)
    measure.execution_due_at, measure.chases = None, 0
    measure.save(update_fields=["execution_due_at", "chases"])


def is_unexecuted(measure: Measure) -> bool:
    """Say whether the measure stands and was not reported as carried out."""
    return measure.lifted_at is None and measure.executed_at is None


def not_yet_back(measure: Measure) -> list[MeasureItem]:
    """Return what the measure had taken down, was to be brought back, and was not reported as back."""
    if measure.executed_at is None or measure.undone_at is not None:
        return []
    ended = measure.covered.filter(undone_at__isnull=True, item__state=ItemState.RESTORED)
    down = ended.filter(ended_at__gte=measure.executed_at)
    return list(down.select_related("item__content").order_by("pk"))


def waits(measure: Measure) -> bool:
    """Say whether a report about the measure is waited for."""
    return is_unexecuted(measure) or bool(not_yet_back(measure))


def follow_lifting(complaint: Complaint, touched: Iterable[UUID], *, because: str, now: dt.datetime) -> None:
    """Have the clocks of measures follow, of which items were just lifted: from now on their return is waited for."""
    for measure in Measure.objects.filter(pk__in=list(touched)).order_by("pk"):
        if measure.lifted_at is not None:
            clocks.stop(matter=matter_of(measure), because=because, now=now)
            measure.execution_due_at, measure.chases = None, 0
            measure.save(update_fields=["execution_due_at", "chases"])
        is_awaited = measure.kind != MeasureKind.FORWARD_ONLY and bool(not_yet_back(measure))
        if is_awaited and measure.execution_due_at is None:
            expect(measure, rules.executed_within(is_earning=complaint.is_earning), now)


def forget_superseded(complaint: Complaint, now: dt.datetime) -> None:
    """Stop the clocks of measures in whose place others have come for every item."""
    held = MeasureItem.objects.filter(measure__complaint=complaint, ended_at__isnull=True)
    over = Measure.objects.filter(complaint=complaint, lifted_at__isnull=True).exclude(pk__in=held.values("measure"))
    for measure in over.order_by("pk"):
        clocks.stop(matter=matter_of(measure), because="superseded", now=now)
        measure.execution_due_at, measure.chases = None, 0
        measure.save(update_fields=["execution_due_at", "chases"])


def stop_reviews(complaint: Complaint, *, because: str, now: dt.datetime) -> None:
    """Stop waiting for a new look at what was forwarded alone: the handler has decided."""
    for measure in complaint.measures.filter(review_at__isnull=False).order_by("pk"):
        clocks.stop(matter=matter_of(measure), name=REVIEW, because=because, now=now)


def put_on_desk(complaint: Complaint, now: dt.datetime) -> None:
    """Have the matter wait for a handler from now on, if it does not already."""
    complaint.answer_due_at = min(complaint.answer_due_at or now, now)
    complaint.changed_at = now
    complaint.save(update_fields=["answer_due_at", "changed_at"])


def take_off_desk(complaint: Complaint, now: dt.datetime) -> None:
    """Take the matter off the desk when no measure of it waits for a handler any more."""
    measures = complaint.measures.filter(lifted_at__isnull=True, covered__ended_at__isnull=True)
    to_review = measures.filter(review_at__lte=now) if complaint.state in REVIEWED_IN else measures.none()
    is_chased = complaint.measures.filter(chases__gt=0).exists()
    if complaint.state in AFTER_MEASURES and not is_chased and not to_review.exists():
        complaint.answer_due_at = None
        complaint.save(update_fields=["answer_due_at"])
