"""The sentences of clocks: what each says to both sides while it runs, stands still, and after it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.regimes.shape import IMMEDIATE
from complaints.rules import LAPSE_CLOCK, Effect, Event, Side

if TYPE_CHECKING:
    from complaints.regimes.shape import ClockRule
    from core.models import Clock

# What is still to happen before a clock starts.
STARTS: dict[str, str | Promise] = {
    Event.NOTICE_RECEIVED: gettext_lazy("when the notice lacks nothing"),
    Event.SENDER_RECEIVED_INQUIRY: gettext_lazy("when the uploader has received the question"),
    Event.RESTRICTION_IMPOSED: gettext_lazy("when a measure is ordered"),
    Event.DECISION_INFORMED: gettext_lazy("when a side is told a decision against it"),
    Event.COUNTER_NOTICE_RECEIVED: gettext_lazy("when the provider receives a counter-notice"),
    Event.COUNTER_NOTICE_REACHED: gettext_lazy("when a counter-notice has reached the complainant"),
}
RUNNING: dict[str, str | Promise] = {
    Effect.RESTORATION: gettext_lazy(
        "Day %(day)s of %(of)s %(unit)s; the content returns on %(due)s unless %(stopped)s."
    ),
    Effect.MAY_REMOVE: gettext_lazy(
        "Day %(day)s of %(of)s %(unit)s; the uploader can say until %(due)s that it does not consent to a removal."
    ),
    Effect.WINDOW_CLOSES: gettext_lazy("The %(side)s can appeal until %(due)s."),
    Effect.ANSWER_APPLICANT: gettext_lazy(
        "Day %(day)s of %(of)s %(unit)s; the provider answers the complainant by %(due)s."
    ),
}
FIRED: dict[str, str | Promise] = {
    Effect.RESTORATION: gettext_lazy("The clock has run out; the content returned on %(due)s."),
    Effect.MAY_REMOVE: gettext_lazy(
        "The uploader did not say until %(due)s that it does not consent; a removal makes the provider liable to nobody."
    ),
    Effect.WINDOW_CLOSES: gettext_lazy("The time in which the %(side)s could appeal ended on %(due)s."),
    Effect.ANSWER_APPLICANT: gettext_lazy("The provider had to answer the complainant by %(due)s and had not."),
}
STOPPED = gettext_lazy("The clock was stopped on day %(day)s of %(of)s %(unit)s.")
PAUSED = gettext_lazy("The clock stands still on day %(day)s of %(of)s %(unit)s, %(paused)s.")
PAUSED_UNTIL = gettext_lazy(
    "The clock stands still on day %(day)s of %(of)s %(unit)s, %(paused)s; it runs out on %(due)s at the latest."
)
AT_ONCE = gettext_lazy("The content returns at once.")


def length_in_words(rule: ClockRule, unit: str) -> str:
    """Return how long a clock runs, with the bounds of the law where it gives some."""
    if rule.earliest is not None and rule.latest is not None:
        return _("%(least)s to %(most)s %(unit)s; the portal acts after %(of)s") % {
            "least": rule.earliest,
            "most": rule.latest,
            "of": rule.length,
            "unit": unit,
        }
    if rule.unit == IMMEDIATE:
        return _("at once")
    if rule.latest not in (None, rule.length):
        return _("%(of)s %(unit)s, and never more than %(most)s") % {
            "of": rule.length,
            "unit": unit,
            "most": rule.latest,
        }
    return f"{rule.length} {unit}"


def sentence_of(clock: Clock, rule: ClockRule | None, shown: dict[str, Any]) -> str:
    """Return what the clock says; ``shown`` holds its day, length and unit, and ``due``, its last day in words."""
    if clock.name == LAPSE_CLOCK:
        text = _("It is kept until %(day)s for what is missing; then it is closed, and can be filed anew.")
        return text % {"day": shown["due"]}
    values = {**shown, "side": str(Side(shown["whom"]).label) if shown["whom"] else ""}
    values |= {"stopped": str(rule.stopped) if rule else "", "paused": str(rule.paused) if rule else ""}
    effect = rule.does if rule else Effect.RESTORATION
    if clock.state == "stopped":
        return str(STOPPED) % values
    if clock.state == "paused":
        return str(PAUSED_UNTIL if clock.capped_at else PAUSED) % values
    if clock.state == "fired":
        return str(FIRED[effect]) % values
    if effect == Effect.RESTORATION and not values["stopped"]:
        return str(AT_ONCE)
    return str(RUNNING[effect]) % values


def sentence_of_unstarted(rule: ClockRule, unit: str) -> str:
    """Return what is said of a clock that has not started: what it is for, how long it will run, and from when on."""
    values = {"label": rule.label, "of": rule.length, "unit": unit, "starts": STARTS[rule.starts]}
    if not rule.length:
        return _("Not started: %(label)s; it runs out at once %(starts)s.") % values
    return _("Not started: %(label)s; %(of)s %(unit)s, %(starts)s.") % values
