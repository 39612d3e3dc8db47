"""How a notice that lacks something is mended: when it is reminded of, when it lapses, what its clock does meanwhile."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from complaints.rules.states import BEFORE_IT_COUNTS, State

# The clocks of a notice that waits to be mended, by name.
REMINDER_CLOCK = "house-cure-reminder"
LAPSE_CLOCK = "house-cure"
CURE_CLOCKS = (REMINDER_CLOCK, LAPSE_CLOCK)
LINKS_ASKED_FOR = (3, dt.timedelta(days=1))


class NoticeClock(TextChoices):
    """What the provider's time to answer the complainant does."""

    NOT_STARTED = "not_started", _("not started")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("over")


def notice_clock(state: str, *, is_paused: bool) -> NoticeClock:
    """Return what the provider's time to answer does in a complaint of this state.

    House rule: it runs from the day on which the notice is complete; it has not started while something is missing,
    and is paused while the provider waits for what it asked about a complete notice.
    """
    if state in BEFORE_IT_COUNTS:
        return NoticeClock.NOT_STARTED
    if state == State.DEFECTIVE:
        return NoticeClock.PAUSED if is_paused else NoticeClock.NOT_STARTED
    return NoticeClock.RUNNING if state in (State.FILED, State.ACCEPTED) else NoticeClock.ENDED


def reminded_at(asked_at: dt.datetime) -> dt.datetime:
    """Return when the complainant is reminded, once, of what is still missing.

    House rule: after seven days; the laws name no time (17 USC 512(c)(3)(B)(ii) says "promptly" of the asking).
    """
    return asked_at + dt.timedelta(days=7)


def lapses_at(asked_at: dt.datetime) -> dt.datetime:
    """Return when a notice that was not mended is closed; a new one can be filed at any time.

    House rule: thirty days after the last word on it, in either direction, long enough for a holiday.
    """
    return asked_at + dt.timedelta(days=30)
