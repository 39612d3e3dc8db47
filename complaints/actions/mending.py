"""Steps that the acts of the cure share: the time in which a notice can be mended, its link, the provider's own time."""

import datetime as dt
from zoneinfo import ZoneInfo

from complaints import rules
from complaints.access import contact_of
from complaints.access.opening import CORRECTION_LINK_TABLE
from complaints.models import Complaint, CorrectionLink, CureRequest
from complaints.regimes.shape import Regime
from complaints.rules import State
from core import calendars, clocks, sealing
from core.ids import hash_secret, new_secret

REMINDER = "complaint.cure_reminder_due"
LAPSE = "complaint.cure_lapse_due"


def begin_cure(complaint: Complaint, now: dt.datetime) -> None:
    """Let the time run in which the notice can be mended, and make the link by which a sender without account does it."""
    for name, does, due_at in (
        (rules.REMINDER_CLOCK, REMINDER, rules.reminded_at(now)),
        (rules.LAPSE_CLOCK, LAPSE, rules.lapses_at(now)),
    ):
        clocks.start(matter=complaint.reference, name=name, action=does, due_at=due_at, now=now)
    if complaint.complainant_id is None and contact_of(complaint)["email"]:
        make_link(complaint, now)


def stop_waiting(complaint: Complaint, *, because: str, now: dt.datetime) -> None:
    """Stop the time of a notice that waits to be mended, and its link; where nothing waits, nothing happens."""
    if complaint.state != State.DEFECTIVE:
        return
    for name in (rules.REMINDER_CLOCK, rules.LAPSE_CLOCK):
        clocks.stop(matter=complaint.reference, name=name, because=because, now=now)
    CorrectionLink.objects.filter(complaint=complaint, ended_at__isnull=True).update(ended_at=now)


def end_cure(complaint: Complaint, *, because: str, now: dt.datetime) -> None:
    """Let nobody wait any longer for the notice to be mended; where nothing waits, nothing happens."""
    stop_waiting(complaint, because=because, now=now)
    if complaint.asked:
        end_question(complaint, now)


def end_question(complaint: Complaint, now: dt.datetime) -> None:
    """Let nobody wait for more any longer."""
    complaint.asked, complaint.paused_at, complaint.days_left = [], None, None
    CureRequest.objects.filter(complaint=complaint, ended_at__isnull=True).update(ended_at=now)


def make_link(complaint: Complaint, now: dt.datetime) -> None:
    """Make the link by which the sender mends the notice; the one before is over."""
    CorrectionLink.objects.filter(complaint=complaint, ended_at__isnull=True).update(ended_at=now)
    token = new_secret()
    link = CorrectionLink(complaint=complaint, hash=hash_secret(token), made_at=now, expires_at=rules.lapses_at(now))
    row = (CORRECTION_LINK_TABLE, link.pk)
    link.token_sealed = sealing.seal(complaint.data_key, row=row, field="token", text=token)
    link.save(force_insert=True)


def pause(complaint: Complaint, law: Regime, now: dt.datetime) -> None:
    """Stand the provider's time to answer still, with the working days that are left of it: one at least."""
    left, zone = 1, ZoneInfo(complaint.provider.time_zone)
    if complaint.answer_due_at is not None:
        # It is due when its last day is over: in the first instant of the next.
        last_moment = complaint.answer_due_at - dt.timedelta(microseconds=1)
        today, last = (instant.astimezone(zone).date() for instant in (now, last_moment))
        left = max(left, calendars.working_days_between(today, last, law.calendar))
    complaint.paused_at, complaint.days_left, complaint.answer_due_at = now, left, None


def resume(complaint: Complaint, law: Regime, now: dt.datetime) -> None:
    """Let the provider's time to answer run on where it was paused; what nobody waits for any more is not asked."""
    today = now.astimezone(ZoneInfo(complaint.provider.time_zone)).date()
    last = calendars.add_working_days(today, complaint.days_left or 1, law.calendar)
    complaint.answer_due_at = calendars.end_of_day(last, complaint.provider.time_zone)
    end_question(complaint, now)
