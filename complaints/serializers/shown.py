"""What a complaint shows to whom: the same facts to both sides, nobody's private contact to the other."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from complaints import access, rules
from complaints.access import Viewer
from complaints.rules import ItemState, Side, State
from complaints.serializers import acting, curing, desks, grouping, words
from complaints.serializers import measures as measures_shown
from complaints.serializers import sides as three_sides
from complaints.serializers.words import instant
from core import files

if TYPE_CHECKING:
    from complaints.models import Appeal, Complaint, ComplaintItem, CounterNotice, Suit
    from complaints.regimes.shape import Regime
    from core.models import StoredFile


def receipt(complaint: Complaint, now: dt.datetime) -> dict[str, Any]:
    """Return what whoever files a notice gets: reference, code, time, state, what is missing. No further queries."""
    house = words.house_clock(complaint, now)
    lapses_at = rules.lapses_at(now) if complaint.state == State.DEFECTIVE else None
    return {
        **row(complaint),
        "tracking_code": access.tracking_code_of(complaint).reveal(),
        "is_mailed": complaint.sender_index is not None,
        "missing": curing.missing_of(complaint),
        "cure": curing.as_json(curing.cure_of(complaint, lapses_at)),
        "notes": grouping.notes_on(list(complaint.stored_items)),
        "group": complaint.group,
        "goes_with": None if complaint.goes_with is None else complaint.goes_with.reference,
        "clocks": [words.as_json(house)] if house else [],
        "next_step": words.next_step_of(complaint, []),
    }


def row(complaint: Complaint) -> dict[str, Any]:
    """Return a complaint as lists show it."""
    return {
        "reference": complaint.reference,
        "provider": complaint.provider.code,
        "regime": complaint.regime,
        "regime_version": complaint.regime_version,
        "state": complaint.state,
        "filed_at": instant(complaint.filed_at),
        "changed_at": instant(complaint.changed_at),
        "answer_due_at": instant(complaint.answer_due_at),
        "is_earning": complaint.is_earning,
    }


def public(complaint: Complaint, now: dt.datetime) -> dict[str, Any]:
    """Return what a tracking code shows: state, dates, next step; nobody's name and no address."""
    kept = access.clocks_of(complaint)
    clocks = words.clocks_shown(complaint, kept, now)
    entries = access.timeline_of(complaint)
    dates = [
        {"act": step["act"], "title": step["title"], "at": instant(step["at"])}
        for step in words.timeline_shown(entries)
    ]
    return {
        "state": complaint.state,
        "state_label": str(State(complaint.state).label),
        "provider": complaint.provider.code,
        "regime": complaint.regime,
        "filed_at": instant(complaint.filed_at),
        "confirmed_at": instant(complaint.confirmed_at),
        "changed_at": instant(complaint.changed_at),
        "missing": curing.missing_of(complaint),
        "cure": curing.as_json(curing.cure_of(complaint, curing.lapse_of(kept))),
        # By their place in the notice: an address may say more than whoever holds the code should read.
        "items": [
            {"position": place, "state": state, "state_label": str(ItemState(state).label)}
            for place, state in enumerate(complaint.items.order_by("position").values_list("state", flat=True), 1)
        ],
        **words.clocks_as_json(clocks),
        "dates": dates,
        "sides": three_sides.sides_of(complaint, clocks, entries),
        "is_unreached": access.complainant_is_unreached(complaint),
        "next_step": words.next_step_of(complaint, clocks),
    }


def whole(complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return all that this viewer may see of the complaint."""
    kept = access.clocks_of(complaint)
    clocks = words.clocks_shown(complaint, kept, now)
    items = access.items_for(viewer, complaint)
    measures, counters = answers_for(complaint, items)
    return {
        **row(complaint),
        "confirmed_at": instant(complaint.confirmed_at),
        "capacity": complaint.capacity,
        "complainant": complainant_for(complaint, viewer, now),
        "powers": acting.powers_for(complaint, viewer, now),
        "works": list(complaint.works.order_by("position").values("title", "kind", "work")),
        "items": [item_shown(item, viewer) for item in items],
        "grounds": complaint.grounds,
        "statements": complaint.statements,
        "evidence": [file_shown(file) for file in evidence_for(complaint, viewer)],
        "missing": curing.missing_of(complaint),
        "cure": curing.as_json(curing.cure_of(complaint, curing.lapse_of(kept))),
        **words.clocks_as_json(clocks),
        "decision": decision_shown(complaint),
        "measures": measures,
        "counter_notices": counters,
        "suits": [suit_shown(one) for one in complaint.suits.order_by("pk")],
        "appeals": [appeal_shown(one) for one in access.appeals_for(viewer, complaint)],
        "inquiries": inquiries_shown(complaint, viewer),
        "law_settings": complaint.law_settings,
        "sides": sorted(viewer.sides),
        "acts": access.acts_for(viewer, complaint),
        "next_step": words.next_step_of(complaint, clocks),
        **grouping.together(complaint, viewer),
        **_own(complaint, viewer),
    }


def answers_for(complaint: Complaint, items: list[ComplaintItem]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the measures and counter-notices that concern these items; those of other uploaders stay theirs."""
    seen = {item.pk for item in items}
    ordered = access.measures_of(complaint)
    measures = [measures_shown.shown(one, seen) for one in ordered]
    counters = [
        counter_shown(one, words.regime_of(complaint))
        # What is contested is a measure.
        for one in (access.counter_notices_of(complaint) if ordered else ())
        if not one.items.all() or seen.intersection(item.pk for item in one.items.all())
    ]
    return [one for one in measures if one["items"]], counters


def _own(complaint: Complaint, viewer: Viewer) -> dict[str, Any]:
    own: dict[str, Any] = {}
    if Side.COMPLAINANT in viewer.sides:
        own["tracking_code"] = access.tracking_code_of(complaint).reveal()
    if viewer.is_staff and not viewer.sides.intersection(rules.PARTIES):
        own["assignment"] = desks.assignment_shown(access.held(complaint), viewer)
    if Side.HANDLER in viewer.sides:
        letter = access.letter_of(complaint)
        own["is_trusted"] = complaint.is_trusted
        own["name_claim"] = complaint.name_claim
        own["letter"] = None if letter is None else str(letter.pk)
    return own


def complainant_for(complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, str] | None:
    """Return what the viewer may know of the complainant.

    Itself and the handler: the contact (the handler's look is recorded). The uploader: the name where the regime makes
    it part of what is forwarded, and never how to reach it. Others: nothing.
    """
    if Side.COMPLAINANT in viewer.sides:
        contact = access.contact_of(complaint)
        return {name: plain.reveal() for name, plain in contact.items()}
    if Side.HANDLER in viewer.sides:
        contact = access.opened_contact(complaint, by=viewer.account, purpose="handling the complaint", now=now)
        return {name: plain.reveal() for name, plain in contact.items()}
    if Side.UPLOADER in viewer.sides and words.regime_of(complaint).names_complainant_to_uploader:
        return {"name": access.contact_of(complaint)["name"].reveal()}
    return None


def evidence_for(complaint: Complaint, viewer: Viewer) -> list[StoredFile]:
    """Return the files that the viewer may see: its own side's, or all for staff."""
    if viewer.is_staff:
        return files.attached_to(complaint.reference)
    found = []
    if Side.COMPLAINANT in viewer.sides:
        found += files.attached_to(complaint.reference, "evidence", "suit")
    if Side.UPLOADER in viewer.sides:
        own = viewer.account.ledger_reference
        found += [file for file in files.attached_to(complaint.reference, "counter_evidence") if file.owner == own]
    return found


def item_shown(item: ComplaintItem, viewer: Viewer) -> dict[str, Any]:
    """Return an item; the uploader by its pseudonym, to whoever looks."""
    content = item.content
    return {
        "id": str(item.pk),
        "url": item.url,
        "external_id": item.external_id or (content.external_id if content is not None else ""),
        "state": item.state,
        "reasons": item.reasons,
        "rejected_at": instant(item.rejected_at),
        "is_found": content is not None,
        **grouping.item_known(item, viewer),
        "uploader": content.subscriber.pseudonym if content is not None else None,
        "is_contested": item.contested_by_id is not None,
        "told_at": instant(item.told_at),
        "media": content.media if content is not None and viewer.is_staff else None,
        "is_shared_tenancy": content.is_shared_tenancy if content is not None and viewer.is_staff else None,
    }


def file_shown(file: StoredFile) -> dict[str, Any]:
    """Return a file as it is listed."""
    return {
        "id": str(file.pk),
        "name": files.name_of(file),
        "size": file.size_bytes,
        "size_bytes": file.size_bytes,
        "sha256": files.sha256_of(file),
        "media_type": file.media_type,
        "state": file.state,
    }


def decision_shown(complaint: Complaint) -> dict[str, Any] | None:
    """Return what was decided, when and why; not by whom."""
    if not complaint.decision:
        return None
    return {"decision": complaint.decision, "decided_at": instant(complaint.decided_at), "reasons": complaint.reasons}


def counter_shown(one: CounterNotice, law: Regime) -> dict[str, Any]:
    """Return a counter-notice as both sides see it: without the uploader's contact.

    That needs an authorization, or a law that makes it part of what is forwarded; then it is said what was disclosed.
    """
    return {
        "id": str(one.pk),
        "uploader": one.subscriber.pseudonym,
        "grounds": one.grounds,
        "statements": one.statements,
        "items": [str(item.pk) for item in one.items.all()],
        "received_at": instant(one.received_at),
        "forwarded_at": instant(one.forwarded_at),
        "reached_at": instant(one.reached_at),
        "disclosure": disclosure_shown(one, law),
        "restore_due_at": instant(one.restore_due_at),
        "stopped_at": instant(one.stopped_at),
        "ended_at": instant(one.ended_at),
    }


def disclosure_shown(one: CounterNotice, law: Regime) -> dict[str, Any] | None:
    """Return which of the uploader's details went to whom, when and on what basis; None when none did."""
    if one.disclosed_at is None or law.counter is None:
        return None
    return {
        "at": instant(one.disclosed_at),
        "basis": law.counter.discloses_source,
        "fields": list(law.counter.discloses),
        "to": Side.COMPLAINANT.value,
    }


def suit_shown(suit: Suit) -> dict[str, Any]:
    """Return what stopped the clock."""
    return {
        "id": str(suit.pk),
        "kind": suit.kind,
        "body": suit.body,
        "case_number": suit.case_number,
        "filed_on": None if suit.filed_on is None else suit.filed_on.isoformat(),
        "statement": suit.statement,
        "shown_at": instant(suit.shown_at),
    }


def inquiries_shown(complaint: Complaint, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the questions to the uploaders that the viewer may see; no query where the law knows none."""
    if words.regime_of(complaint).inquiry is None:
        return []
    return [
        {
            "id": str(one.pk),
            "uploader": one.subscriber.pseudonym,
            "state": one.state.value,
            "answer": one.answer or None,
            "reasons": one.reasons,
            "asked_at": instant(one.asked_at),
            "received_at": instant(one.received_at),
            "due_at": instant(one.due_at),
            "answered_at": instant(one.answered_at),
            "lapsed_at": instant(one.lapsed_at),
        }
        for one in access.inquiries_for(viewer, complaint)
    ]


def appeal_shown(appeal: Appeal) -> dict[str, Any]:
    """Return an appeal and what became of it."""
    return {
        "id": str(appeal.pk),
        "side": appeal.side,
        "against": appeal.against,
        "reasons": appeal.reasons,
        "filed_at": instant(appeal.filed_at),
        "outcome": appeal.outcome or None,
        "answer": appeal.answer,
        "decided_at": instant(appeal.decided_at),
    }
