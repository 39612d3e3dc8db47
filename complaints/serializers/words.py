"""What a complaint says to people: its clocks day by day, its acts by name, its steps by role."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from complaints import access, regimes, rules
from complaints.regimes import counting
from complaints.regimes.shape import CALENDAR_DAYS, HOURS, IMMEDIATE, MONTHS, WORKING_DAYS
from complaints.rules import LAPSE_CLOCK, REMINDER_CLOCK, Side, State, answer_within
from complaints.serializers.sentences import sentence_of, sentence_of_unstarted
from core.times import rfc3339
from messaging.rules import ProposalKind

if TYPE_CHECKING:
    from complaints.models import Complaint
    from complaints.regimes.shape import ClockRule, Regime
    from core.models import Clock
    from ledger.models import Entry
    from messaging.models import Conversation

HOUSE_CLOCK = "house-decision"
# In these the provider owes the complainant a decision or a measure; elsewhere the desk reminds of its own duties.
DECIDED_IN = (State.FILED, State.ACCEPTED)
UNITS = {
    WORKING_DAYS: gettext_lazy("working days"),
    CALENDAR_DAYS: gettext_lazy("days"),
    MONTHS: gettext_lazy("months"),
    HOURS: gettext_lazy("hours"),
    IMMEDIATE: gettext_lazy("at once"),
}
TITLES = {
    "complaint.filed": gettext_lazy("The notice was filed"),
    "complaint.filed_from_letter": gettext_lazy("The notice was filed from a letter"),
    "complaint.confirmed": gettext_lazy("The complainant confirmed the notice"),
    "complaint.corrected": gettext_lazy("The notice was corrected"),
    "complaint.confirmed_by_hand": gettext_lazy("A handler made sure whose notice it is"),
    "complaint.cure_asked": gettext_lazy("The provider asked for more; its clock is paused"),
    "complaint.cure_reminded": gettext_lazy("The complainant was reminded of what is missing"),
    "complaint.correction_link_asked": gettext_lazy("A new link to mend the notice was mailed"),
    "complaint.parted": gettext_lazy("It stands by itself again, because the earlier notice is over"),
    "complaint.lapsed": gettext_lazy("What was missing did not come in time; the notice was closed"),
    "complaint.adopted": gettext_lazy("The complainant took the notice into an account"),
    "complaint.accepted": gettext_lazy("The notice was accepted"),
    "complaint.rejected": gettext_lazy("The notice was rejected"),
    "complaint.items_rejected": gettext_lazy("The notice was rejected for some of its items"),
    "complaint.measure_ordered": gettext_lazy("A measure was ordered, and the uploader told"),
    "complaint.measure_executed": gettext_lazy("The provider's service carried it out"),
    "complaint.execution_overdue": gettext_lazy(
        "What was ordered was not carried out in time; the provider was reminded"
    ),
    "complaint.review_due": gettext_lazy("The forwarding is to be looked at again"),
    "complaint.measure_ended": gettext_lazy("The time of a measure was over, and it was lifted"),
    "complaint.counter_notice_filed": gettext_lazy("The uploader contested the notice"),
    "complaint.counter_notice_forwarded": gettext_lazy("The counter-notice reached the complainant"),
    "complaint.contact_code_asked": gettext_lazy(
        "A one-time code for the contact details of the counter-notice was mailed"
    ),
    "complaint.counter_contact_read": gettext_lazy("The contact details of the counter-notice were read"),
    "complaint.suit_shown": gettext_lazy("The complainant showed that it went further; the clock stopped"),
    "complaint.restored": gettext_lazy("The content was restored"),
    "complaint.upheld": gettext_lazy("The measure was upheld"),
    "complaint.settled": gettext_lazy("The two sides agreed"),
    "complaint.reopened": gettext_lazy("What was agreed was not done in time; the matter is open again"),
    "complaint.withdrawn": gettext_lazy("The complainant withdrew the notice"),
    "complaint.appealed": gettext_lazy("A decision was appealed"),
    "complaint.appeal_decided": gettext_lazy("The appeal was decided"),
    "complaint.closed": gettext_lazy("The complaint was closed"),
    "complaint.letter_sent": gettext_lazy("A letter was written to a party"),
    "complaint.assigned": gettext_lazy("A handler has the matter"),
    "complaint.released": gettext_lazy("The matter was given back"),
    "complaint.unreached_put_aside": gettext_lazy("That a party cannot be reached by e-mail was put aside"),
    "complaint.conflict_declared": gettext_lazy("A conflict of interest was declared"),
    "complaint.conflict_excepted": gettext_lazy("An exception was recorded, in spite of the conflict of interest"),
    "complaint.inquiry_sent": gettext_lazy("The uploader was asked whether it consents to the removal"),
    "complaint.inquiry_received": gettext_lazy("The question reached the uploader"),
    "complaint.inquiry_answered": gettext_lazy("The uploader answered the question"),
    "complaint.inquiry_lapsed": gettext_lazy(
        "The uploader's time to refuse the removal ended; the provider may remove"
    ),
    "complaint.appeal_window_closed": gettext_lazy("The time for an appeal ended"),
    "complaint.deadline_missed": gettext_lazy("The provider did not do in time what the law asks"),
    "complaint.clock_paused": gettext_lazy("The clock was paused"),
    "complaint.clock_resumed": gettext_lazy("The clock goes on"),
}


def instant(value: dt.datetime | None) -> str | None:
    """Return the instant as RFC 3339, or None."""
    return None if value is None else rfc3339(value)


def regime_of(complaint: Complaint) -> Regime:
    """Return the version of the regime that the complaint is stamped with."""
    return regimes.of(complaint)


def elements_of(law: Regime, lacks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the regime's elements, each with whether it is there and enough and how to mend it, for the checklist."""
    lacking: dict[str, list[str]] = {}
    for one in lacks:
        lacking.setdefault(one["element"], []).append(one["detail"])
    return [
        {
            "label": element.label,
            "source": element.source,
            "detail": " ".join(lacking.get(element.code, [str(element.asks)])),
            "is_missing": element.code in lacking,
        }
        for element in law.elements
    ]


def typed(code: str) -> str:
    """Return a one-time code in two halves, as it is easier to type; the hyphen need not be."""
    return f"{code[: len(code) // 2]}-{code[len(code) // 2 :]}"


def local_day(instant: dt.datetime, zone: str) -> str:
    """Return the day and hour of an instant where the provider is, in the reader's language."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{_day_in(get_language(), local.date())}, {local:%H:%M} ({zone})"


@lru_cache(maxsize=1024)
def _day_in(language: str | None, day: dt.date) -> str:  # noqa: ARG001 - the language is the active one
    return formats.date_format(day, "DATE_FORMAT")


def _rule_of(complaint: Complaint, clock: Clock) -> ClockRule | None:
    law = regime_of(complaint)
    known = {rule.code: rule for rule in law.clocks}
    return known.get(str(clock.basis.get("rule", clock.name)))


def clock_shown(complaint: Complaint, clock: Clock, now: dt.datetime) -> dict[str, Any]:
    """Return a clock as both sides see it: name, instants, day X of N, and the sentence."""
    rule, zone = _rule_of(complaint, clock), str(clock.basis.get("zone") or complaint.provider.time_zone)
    until = min(now, clock.paused_at or now, clock.ended_at or now)
    shown = {
        "name": clock.name,
        "state": clock.state,
        "started_at": clock.started_at,
        "earliest_at": clock.earliest_at,
        "due_at": clock.due_at,
        "latest_at": clock.latest_at,
        "day": _day_of(rule, clock, until, zone) if rule else None,
        "of": rule.length if rule else None,
        "unit": str(UNITS[rule.unit]) if rule else "",
        "source": rule.source if rule else "",
        "unsure": _unsure_of(rule, clock, zone) if rule else "",
        "whom": str(clock.basis.get("whom", "")),
    }
    length = (clock.due_at - clock.started_at).total_seconds() or 1
    shown["percent"] = max(0, min(100, int(100 * (until - clock.started_at).total_seconds() / length)))
    due = local_day(clock.capped_at if clock.state == "paused" and clock.capped_at else clock.due_at, zone)
    return shown | {"words": sentence_of(clock, rule, {**shown, "due": due})}


def _day_of(rule: ClockRule, clock: Clock, until: dt.datetime, zone: str) -> int:
    if rule.unit in (MONTHS, IMMEDIATE):
        return counting.day_of(rule, clock.started_at, until, zone)
    left = clock.rest.get("due_at", counting.left_until(rule, clock.due_at, until, zone))
    return counting.day_with_left(rule, left)


def _unsure_of(rule: ClockRule, clock: Clock, zone: str) -> str:
    """Return what is not certain of the clock: the law's own words, and days that no government has announced yet."""
    said = [str(rule.unsure)] if rule.unsure else []
    if clock.ended_at is None and not counting.is_announced(rule, clock.due_at, zone):
        said.append(_("The free days of that year are not announced yet; until then they are counted by the statute."))
    return " ".join(said)


def unstarted_shown(rule: ClockRule) -> dict[str, Any]:
    """Return a clock that the law knows and that nothing has started yet, shown like one that runs."""
    nothing = dict.fromkeys(("started_at", "earliest_at", "due_at", "latest_at", "day"))
    return {
        **nothing,
        "name": rule.code,
        "state": "not_started",
        "of": rule.length,
        "unit": str(UNITS[rule.unit]),
        "source": rule.source,
        "unsure": str(rule.unsure),
        "whom": "",
        "percent": 0,
        "words": sentence_of_unstarted(rule, str(UNITS[rule.unit])),
    }


def house_clock(complaint: Complaint, now: dt.datetime) -> dict[str, Any] | None:
    """Return until when the provider means to do its next step, shown like a clock; None when nothing waits for it."""
    if complaint.answer_due_at is None or complaint.state not in DECIDED_IN:
        return None
    length = answer_within(is_earning=complaint.is_earning)
    due = local_day(complaint.answer_due_at, complaint.provider.time_zone)
    whole = (complaint.answer_due_at - complaint.changed_at).total_seconds() or 1
    return {
        "name": HOUSE_CLOCK,
        "state": "running",
        "started_at": complaint.changed_at,
        "earliest_at": None,
        "due_at": complaint.answer_due_at,
        "latest_at": None,
        "day": None,
        "of": length,
        "unit": str(UNITS[WORKING_DAYS]),
        "source": _("This provider's own aim; the law says “promptly”."),
        "unsure": "",
        "whom": "",
        "percent": max(0, min(100, int(100 * (now - complaint.changed_at).total_seconds() / whole))),
        "words": _("The provider means to answer by %(due)s.") % {"due": due},
    }


def is_shown(clock: Clock) -> bool:
    """Say whether a clock is anybody's business: the one of a reminder is not, nor is the time that a mended notice had."""
    return clock.name != REMINDER_CLOCK and (clock.name != LAPSE_CLOCK or clock.state == "running")


def clocks_shown(complaint: Complaint, clocks: list[Clock], now: dt.datetime) -> list[dict[str, Any]]:
    """Return the complaint's clocks: the running ones first, the provider's own aim, those that may still start last."""
    house = house_clock(complaint, now)
    clocks = [one for one in clocks if is_shown(one)]
    running = [one for one in clocks if one.state in ("running", "paused")]
    others = [one for one in clocks if one not in running]
    shown = [clock_shown(complaint, one, now) for one in (*running, *others)]
    return [*shown, *([house] if house else []), *_unstarted(complaint, clocks)]


def _unstarted(complaint: Complaint, clocks: list[Clock]) -> list[dict[str, Any]]:
    if complaint.ended_at is not None:
        return []
    known = {str(one.basis.get("rule", one.name)) for one in clocks}
    return [unstarted_shown(rule) for rule in regime_of(complaint).clocks if not rule.kept and rule.code not in known]


def clocks_as_json(clocks: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return shown clocks for programs: those that were started, each with its due time, and apart those to come."""
    parted: dict[str, list[dict[str, Any]]] = {"clocks": [], "clocks_to_come": []}
    for clock in clocks:
        parted["clocks_to_come" if clock["state"] == "not_started" else "clocks"].append(as_json(clock))
    return parted


def next_step_of(complaint: Complaint, clocks: list[dict[str, Any]]) -> str:
    """Return what happens next in the complaint with these clocks, as they are shown.

    Where no address was given, it is a handler who confirms; where the uploader is asked, its answer is waited for.
    """
    if complaint.state == State.UNCONFIRMED and complaint.sender_index is None:
        return str(rules.WITHOUT_ADDRESS)
    law = regime_of(complaint)
    if law.inquiry is not None and complaint.state == State.ACCEPTED:
        code = law.inquiry.clock.code
        if any(clock["name"].startswith(code) and clock["state"] == "running" for clock in clocks):
            return str(rules.WHEN_ASKED)
    return str(rules.next_step(complaint.state, [clock["state"] for clock in clocks]))


def as_json(clock: dict[str, Any]) -> dict[str, Any]:
    """Return a shown clock with its instants as RFC 3339."""
    return {name: rfc3339(value) if isinstance(value, dt.datetime) else value for name, value in clock.items()}


def timeline_shown(entries: list[Entry]) -> list[dict[str, Any]]:
    """Return the recorded acts as steps for people: what, who by role, when, and where the proof is."""
    return [
        {
            "act": entry.act,
            "title": str(TITLES.get(entry.act, entry.act)),
            "who": str(Side(entry.facts["as"]).label) if entry.facts.get("as") in Side.values else "",
            "at": entry.at,
            "text": "",
            "entry": str(entry.pk),
            "proof_url": reverse("portal:ledger-entry", args=[entry.pk]),
        }
        for entry in entries
    ]


def settled_by(conversation: Conversation) -> str:
    """Return in a sentence what becomes of the complaint if the two sides agree in the conversation about it."""
    complaint = access.to_be_settled(conversation.subject, ProposalKind.CREDIT, conversation.ledger_reference)
    if complaint is None:
        return ""
    return _(
        "With it the complaint %(reference)s is settled: its deadlines end, what may stay returns, everything else stays as "
        "it is, and it counts for no strike."
    ) % {"reference": complaint.reference}
