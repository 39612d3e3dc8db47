"""What a notice lacks and how to mend it, what it means till then, and what the provider's time does, in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import access, rules
from complaints.regimes import curing, engine
from complaints.rules import LAPSE_CLOCK, NoticeClock, State
from complaints.serializers import laws, words
from core.times import rfc3339

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from complaints.models import Complaint
    from complaints.regimes.shape import Regime
    from core.models import Clock

MISSING, INSUFFICIENT = "missing", "insufficient"
CLOCK_WORDS: dict[NoticeClock, str | Promise] = {
    NoticeClock.NOT_STARTED: gettext_lazy(
        "The provider's time has not started: it starts on the day on which all is there."
    ),
    NoticeClock.RUNNING: gettext_lazy("The provider's time runs. The day that counts is %(day)s."),
    NoticeClock.PAUSED: gettext_lazy(
        "The provider's time is paused until you answer what it asked. The day that counts stays %(day)s."
    ),
    NoticeClock.ENDED: gettext_lazy("The provider's time is over."),
}


def missing_of(complaint: Complaint) -> list[dict[str, Any]]:
    """Return what the notice lacks or has not enough of, in today's language, in the order of the law.

    ``{element, source, label, asks, detail, kind, is_curable}``: ``detail`` says how to mend it, ``kind`` is missing, or
    insufficient where the provider asked for more about what is there.
    """
    law = words.regime_of(complaint)
    lacks = [engine.lack_of(law.elements, element, pointer) for element, pointer in complaint.missing]
    found = [_lack(law, one.element, str(one.detail), MISSING) for one in lacks if one]
    question = access.open_question(complaint)
    if question is None:
        return found
    asked = _("The provider needs more: %(reasons)s") % {"reasons": question.reasons}
    return [*found, *(_lack(law, element, asked, INSUFFICIENT) for element in complaint.asked)]


def lacks_in(law: Regime, lacks: list[engine.Lack]) -> list[dict[str, Any]]:
    """Return what a notice lacks that is not filed yet, as ``missing_of`` does."""
    return [_lack(law, one.element, str(one.detail), MISSING) for one in lacks]


def _lack(law: Regime, code: str, detail: str, kind: str) -> dict[str, Any]:
    element = next(one for one in law.elements if one.code == code)
    return {
        "element": code,
        "source": element.source,
        "label": str(element.label),
        "asks": str(element.asks),
        "detail": detail,
        "kind": kind,
        "is_curable": curing.is_curable(law, code),
    }


def defect_of(complaint: Complaint) -> dict[str, Any] | None:
    """Return what the notice means while something of it is missing; None when nothing is, or it does not wait for it."""
    if complaint.state not in (State.DEFECTIVE, State.UNCONFIRMED):
        return None
    found = curing.defect_of(words.regime_of(complaint), [element for element, _at in complaint.missing])
    return None if found is None else laws.defect_shown(found)


def cure_of(complaint: Complaint, lapses_at: dt.datetime | None) -> dict[str, Any]:
    """Return what the provider's time does, which day counts, what the defect means, and until when it can be mended."""
    clock = rules.notice_clock(complaint.state, is_paused=complaint.paused_at is not None)
    zone = complaint.provider.time_zone
    # What was taken up by an appeal counts from then on, complete or not.
    day = words.local_day(complaint.complete_at or complaint.changed_at, zone)
    return {
        "clock": clock.value,
        "clock_label": str(clock.label),
        "words": str(CLOCK_WORDS[clock]) % {"day": day},
        "counts_from": complaint.complete_at,
        "paused_at": complaint.paused_at,
        "defect": defect_of(complaint),
        "lapses_at": lapses_at,
        "until": words.local_day(lapses_at, zone) if lapses_at else "",
    }


def lapse_of(clocks: list[Clock]) -> dt.datetime | None:
    """Return until when the notice can be mended; None when nothing waits for it."""
    return next((one.due_at for one in clocks if one.name == LAPSE_CLOCK and one.state == "running"), None)


def as_json(cure: dict[str, Any]) -> dict[str, Any]:
    """Return a shown cure for programs: its instants as RFC 3339, without the words that only pages need."""
    return {
        name: rfc3339(value) if isinstance(value, dt.datetime) else value
        for name, value in cure.items()
        if name not in ("until", "clock_label")
    }


def explained(complaint: Complaint) -> dict[str, Any]:
    """Return what stands beside the form of a correction: what is missing, what that means, what the law asks."""
    law = words.regime_of(complaint)
    cure = cure_of(complaint, lapse_of(access.clocks_of(complaint)))
    return {"missing": missing_of(complaint), "cure": cure, "elements": law.elements}
