"""What the worker does for complaints: what their clocks do when they run out, the batches, the mailboxes."""

import datetime as dt

from complaints import access, actions
from complaints.actions.mending import LAPSE, REMINDER
from complaints.fetching import Readers
from complaints.rules import HANDLED_BY, Effect
from core import clocks, sweeps
from core.actors import SYSTEM

RESTORATION = HANDLED_BY[Effect.RESTORATION]
ENDS, REVIEWS, CHASES = "complaint.measure_ends", "complaint.review_falls_due", "complaint.execution_falls_due"


@clocks.handles(RESTORATION)
def restore_contested(matter: str, now: dt.datetime) -> None:
    """Restore what was contested in this complaint and is due."""
    actions.restore(reference=matter, by=SYSTEM, now=now)


@clocks.handles(ENDS)
def end_measure(matter: str, now: dt.datetime) -> None:
    """Lift the measure whose time is over."""
    actions.end_measure(measure=access.measure_id_of(matter), now=now)


@clocks.handles(REVIEWS)
def call_for_review(matter: str, now: dt.datetime) -> None:
    """Have a handler look again at what was forwarded alone."""
    actions.call_for_review(measure=access.measure_id_of(matter), now=now)


@clocks.handles(CHASES)
def chase_execution(matter: str, now: dt.datetime) -> None:
    """Remind the provider of what was ordered and not reported as done."""
    actions.chase_execution(measure=access.measure_id_of(matter), now=now)


@clocks.handles(REMINDER)
def remind_of_cure(matter: str, now: dt.datetime) -> None:
    """Remind the complainant of what this notice still lacks."""
    actions.remind_of_cure(reference=matter, by=SYSTEM, now=now)


@clocks.handles(LAPSE)
def lapse(matter: str, now: dt.datetime) -> None:
    """Close this notice, which was not mended in time."""
    actions.lapse(reference=matter, by=SYSTEM, now=now)


@clocks.handles(HANDLED_BY[Effect.MAY_REMOVE])
def end_inquiries(matter: str, now: dt.datetime) -> None:
    """End the inquiries of this complaint whose time is over: the handlers may remove now."""
    actions.lapse_inquiries(reference=matter, by=SYSTEM, now=now)


@clocks.handles(HANDLED_BY[Effect.WINDOW_CLOSES])
def close_windows(matter: str, now: dt.datetime) -> None:
    """Record that the time in which a side of this complaint could appeal is over."""
    actions.close_appeal_windows(reference=matter, by=SYSTEM, now=now)


@clocks.handles(HANDLED_BY[Effect.ANSWER_APPLICANT])
def miss(matter: str, now: dt.datetime) -> None:
    """Record that the provider has not answered in time."""
    actions.miss_deadline(reference=matter, by=SYSTEM, now=now)


@clocks.handles(access.FINALITY)
def count_final(matter: str, now: dt.datetime) -> None:
    """Count the matter against those whose time is over, where it stands uncontested; else it begins anew with what ends that."""
    reference = matter.partition(":")[2]
    complaint = access.for_follower(reference)
    over = access.run_out(complaint, now)
    if over.keys() & access.to_count(complaint).keys():
        actions.count_strikes(reference=reference, holders=over, by=SYSTEM, now=now)


@clocks.handles(actions.ENDING)
def end_restriction(matter: str, now: dt.datetime) -> None:
    """End the restriction whose time is over."""
    actions.expire_restriction(reference=matter, by=SYSTEM, now=now)


sweeps.register("complaints.batches", actions.run_batches)
sweeps.register("complaints.batches.old", actions.forget_prepared, every=dt.timedelta(hours=1))
sweeps.register("letters.mailboxes", Readers().sweep, every=dt.timedelta(seconds=5))
