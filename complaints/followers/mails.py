"""Mails at each step, to the complainant and to the uploader. What each says stands in templates; none is sent here."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from complaints import access, regimes
from complaints.models import Complaint, ComplaintItem, Measure
from complaints.rules import CURE_CLOCKS, MeasureKind, State, next_step
from complaints.serializers import curing, receipts, words
from core.actors import SYSTEM
from core.mail import enqueue, one_line
from core.sealing import Plain
from hosting.access import notify_address
from hosting.models import Subscriber
from ledger.followers import follower
from ledger.models import Entry

MOST_LISTED = 50
WITH_REASONS = ("complaint.accepted", "complaint.rejected", "complaint.restored", "complaint.upheld")
TO_COMPLAINANT = {
    "complaint.filed_from_letter": "receipt",
    "complaint.confirmed": "receipt",
    "complaint.confirmed_by_hand": "receipt",
    "complaint.corrected": "receipt",
    "complaint.adopted": "step",
    "complaint.cure_asked": "deficient",
    "complaint.cure_reminded": "deficient",
    "complaint.correction_link_asked": "deficient",
    "complaint.lapsed": "lapsed",
    "complaint.parted": "step",
    "complaint.accepted": "accepted",
    "complaint.rejected": "rejected",
    "complaint.items_rejected": "items_rejected",
    "complaint.measure_ordered": "acted",
    "complaint.measure_executed": "step",
    "complaint.counter_notice_filed": "contested",
    "complaint.suit_shown": "step",
    "complaint.restored": "restored",
    "complaint.measure_ended": "measure_ended",
    "complaint.upheld": "upheld",
    "complaint.withdrawn": "withdrawn",
    "complaint.settled": "step",
    "complaint.reopened": "step",
    "complaint.appealed": "step",
    "complaint.appeal_decided": "appeal_decided",
    "complaint.closed": "closed",
    "complaint.inquiry_sent": "asked",
    "complaint.inquiry_received": "step",
    "complaint.inquiry_answered": "answered",
    "complaint.inquiry_lapsed": "unanswered",
    "complaint.clock_paused": "paused",
    "complaint.clock_resumed": "resumed",
}
TO_UPLOADER = {
    "complaint.measure_executed": "step",
    "complaint.counter_notice_filed": "counter_received",
    "complaint.counter_notice_forwarded": "step",
    "complaint.suit_shown": "suit",
    "complaint.measure_ended": "measure_ended",
    "complaint.restored": "restored",
    "complaint.upheld": "upheld",
    "complaint.withdrawn": "withdrawn",
    "complaint.settled": "step",
    "complaint.reopened": "step",
    "complaint.appealed": "step",
    "complaint.appeal_decided": "appeal_decided",
    "complaint.closed": "closed",
    "complaint.clock_paused": "paused",
    "complaint.clock_resumed": "resumed",
}
TO_ASKED = {
    "complaint.inquiry_sent": "asked",
    "complaint.inquiry_received": "asked_again",
    "complaint.inquiry_lapsed": "unanswered",
}
ON_WHAT_WAITS = ("receipt", "deficient")  # of a defective notice these are the letter on what it lacks
FOR_BOTH = ("step",)  # the mails that say the same to either side


@follower("complaints.confirmation", acts=("complaint.filed",))
def ask_or_confirm(entry: Entry) -> None:
    """Mail the link that confirms a notice without account (with nothing of the notice in it), or else the receipt."""
    complaint = access.for_follower(entry.subject)
    if entry.facts["state"] != State.UNCONFIRMED:
        _to_complainant(entry, complaint, "receipt")
        return
    token = access.confirmation_token_of(complaint)
    if token is not None:
        address = access.address_of(complaint)
        context = {"token": token.reveal()}
        _enqueue(entry, complaint, "confirm", address=address, language=complaint.language, context=context)


@follower("complaints.contact_code", acts=("complaint.contact_code_asked",))
def mail_code(entry: Entry) -> None:
    """Mail the one-time code that opens the contact of a counter-notice, with nothing of it; not one that is over."""
    complaint = access.for_follower(entry.subject)
    code = access.contact_code_of(complaint)
    if code is not None:
        context = {
            "code": words.typed(code.reveal()),
            "reference": complaint.reference,
            "tracking_code": access.tracking_code_of(complaint).reveal(),
        }
        address = access.address_of(complaint)
        _enqueue(entry, complaint, "contact_code", address=address, language=complaint.language, context=context)


@follower("complaints.to_complainant", acts=tuple(TO_COMPLAINANT))
def tell_complainant(entry: Entry) -> None:
    """Tell the complainant what was done, why, and what it can do."""
    _to_complainant(entry, access.for_follower(entry.subject), TO_COMPLAINANT[entry.act])


def _to_complainant(entry: Entry, complaint: Complaint, name: str) -> None:
    address = access.address_of(complaint)
    if complaint.confirmed_at is None or not address:
        return
    account = complaint.complainant
    language = account.language if account is not None and account.language else complaint.language
    context = _facts(complaint, language, entry) | {"is_uploader": False, "rejected": _rejected(complaint, entry)}
    if complaint.complainant is None:
        context["tracking_code"] = access.tracking_code_of(complaint).reveal()
    if entry.facts.get("state") == State.DEFECTIVE and name in ON_WHAT_WAITS:
        name = "deficient"
        context |= _deficiency(complaint, language) | {"is_reminder": entry.act == "complaint.cure_reminded"}
    if name == "receipt":
        context |= _receipt(complaint, language)
    _enqueue(entry, complaint, name, address=address, language=language, context=context)


def _receipt(complaint: Complaint, language: str) -> dict[str, Any]:
    """Return when exactly the notice was received, and the digest of it as it came."""
    with translation.override(language or None):
        received = receipts.exact(complaint.filed_at, complaint.provider.time_zone)
    return {"received": received, "digest": access.filing_of(complaint).facts["notice_digest"]}


@follower("complaints.notice_to_uploader", acts=("complaint.measure_ordered",))
def tell_uploader_of_measure(entry: Entry) -> None:
    """Send each uploader the notice together with the measure: works, its own items, grounds, reasons, how to answer."""
    complaint = access.for_follower(entry.subject)
    measure = access.measure_of(complaint, entry.facts["measure"])
    for subscriber, items in access.told_uploaders(complaint, measure):
        context = _notice(complaint, measure, items)
        _to_uploader(entry, complaint, subscriber, "told", context)


@follower("complaints.to_uploader", acts=tuple(TO_UPLOADER))
def tell_uploaders(entry: Entry) -> None:
    """Tell every uploader who knows of the complaint what became of it."""
    complaint = access.for_follower(entry.subject)
    for subscriber, items in access.told_uploaders(complaint):
        _to_uploader(entry, complaint, subscriber, TO_UPLOADER[entry.act], {"items": _named(items)})


@follower("complaints.inquiry_to_uploader", acts=tuple(TO_ASKED))
def tell_asked(entry: Entry) -> None:
    """Send those uploaders whom the act is about the question with the notice, or that its time began or ended."""
    complaint = access.for_follower(entry.subject)
    asked = {str(one.pk): one.subscriber_id for one in access.inquiries_of(complaint)}
    meant = {asked[one] for one in entry.facts["inquiries"]}
    law = regimes.of(complaint).inquiry
    for subscriber, items in access.told_uploaders(complaint):
        if subscriber.pk in meant and law is not None:
            context = {**_said(complaint), "items": _named(items), "asks": str(law.asks)}
            _to_uploader(entry, complaint, subscriber, TO_ASKED[entry.act], context)


def _to_uploader(
    entry: Entry, complaint: Complaint, subscriber: Subscriber, name: str, context: dict[str, Any]
) -> None:
    address = notify_address(subscriber, purpose=f"telling the uploader: {entry.act}", now=entry.at)
    if not address:
        return
    language = subscriber.account.language if subscriber.account is not None else ""
    facts = _facts(complaint, language, entry) | context | {"is_uploader": True}
    facts["has_account"] = subscriber.account is not None
    whole = name if name == "told" or name in FOR_BOTH else f"{name}_uploader"
    _enqueue(entry, complaint, whole, address=address, language=language, context=facts, subscriber=subscriber)


def _enqueue(
    entry: Entry,
    complaint: Complaint,
    name: str,
    *,
    address: Plain,
    language: str,
    context: dict[str, Any],
    subscriber: Subscriber | None = None,
) -> None:
    whom = access.party_of(subscriber)
    enqueue(
        dedupe=f"{entry.pk}:{whom}:{name}",
        party=whom,
        to=address,
        template=f"complaints/mail/{name}",
        context=context,
        language=language,
        subject_reference=complaint.reference,
        now=entry.at,
    )


def _has_own_reasons(entry: Entry) -> bool:
    """Say whether the act gave reasons of its own: what the clock did has none, and must not borrow older ones."""
    return entry.act in WITH_REASONS and entry.actor != SYSTEM.ledger_reference


def _facts(complaint: Complaint, language: str, entry: Entry) -> dict[str, Any]:
    """Return what every mail may say: reference, provider, state, what is missing, the clock; of no person anything."""
    law = regimes.of(complaint)
    with translation.override(language or None):
        known = [one for one in access.clocks_of(complaint) if one.name not in CURE_CLOCKS]
        clocks = [one for one in known if one.state in ("running", "paused")]
        return {
            "reference": complaint.reference,
            "provider": complaint.provider.name,
            "regime": str(law.title),
            "state": str(State(complaint.state).label),
            "filed_at": words.local_day(complaint.filed_at, complaint.provider.time_zone),
            "missing": [f"{one['detail']} ({gettext(one['source'])})" for one in curing.missing_of(complaint)],
            "reasons": one_line(complaint.reasons, 2000) if _has_own_reasons(entry) else "",
            "step": str(words.TITLES.get(entry.act, entry.act)),
            "next_step": str(next_step(complaint.state, [one.state for one in clocks])),
            "clock": words.clock_shown(complaint, clocks[0], entry.at)["words"] if clocks else "",
            "has_counter": law.counter is not None,
            "discloses": gettext(law.counter.discloses_source) if law.counter and law.counter.discloses else "",
            "counter_source": gettext(law.counter.source) if law.counter else "",
            "suit_stops": str(law.counter.clock.stopped) if law.counter else "",
            "outcome": str(entry.facts.get("outcome", "")),
            "answer": str(entry.facts.get("answer", "")),
            "accuracy": str(law.accuracy),
            "page": f"/complaints/{complaint.reference}/",
        }


def _deficiency(complaint: Complaint, language: str) -> dict[str, Any]:
    """Return the letter on what a notice lacks: each thing with its article and how to mend it, and what follows."""
    token = access.correction_token_of(complaint)
    with translation.override(language or None):
        lacks = [
            {**one, "detail": one_line(one["detail"], 2000), "source": gettext(one["source"])}
            for one in curing.missing_of(complaint)
        ]
        cure = curing.cure_of(complaint, curing.lapse_of(access.clocks_of(complaint)))
        defect = cure["defect"] and {**cure["defect"], "source": gettext(cure["defect"]["source"])}
    return {
        "lacks": lacks,
        "cure": {**cure, "defect": defect},
        "token": "" if token is None else token.reveal(),
    }


def _notice(complaint: Complaint, measure: Measure, items: Iterable[ComplaintItem]) -> dict[str, Any]:
    """Return the notice with the measure as the uploader gets them."""
    return {
        **_said(complaint),
        "kind": str(MeasureKind(measure.kind).label),
        "is_forwarding": measure.kind == MeasureKind.FORWARD_ONLY,
        "until": words.local_day(measure.ends_at, complaint.provider.time_zone) if measure.ends_at else "",
        "countries": ", ".join(measure.territory),
        "reasons": one_line(measure.reasons, 2000),
        "items": _named(items),
    }


def _said(complaint: Complaint) -> dict[str, Any]:
    """Return what the notice says, to an uploader: the complainant by name and capacity only, where the law names it."""
    law = words.regime_of(complaint)
    return {
        "complainant": one_line(access.contact_of(complaint)["name"].reveal())
        if law.names_complainant_to_uploader
        else "",
        "capacity": complaint.get_capacity_display(),
        "works": [one_line(work.title or work.work) for work in complaint.works.order_by("position")[:MOST_LISTED]],
        "grounds": one_line(complaint.grounds, 4000),
        "consequences": str(law.counter.consequences) if law.counter else "",
    }


def _rejected(complaint: Complaint, entry: Entry) -> list[dict[str, str]]:
    """Return the items for which this act rejected the notice, each with its reasons."""
    meant = set(entry.facts.get("rejected_items", ()))
    if not meant:
        return []
    items = [item for item in access.rejected_items(complaint) if str(item.pk) in meant]
    return [{"item": _named([item])[0], "reasons": one_line(item.reasons, 500)} for item in items[:MOST_LISTED]]


def _named(items: Iterable[ComplaintItem]) -> list[str]:
    return [one_line(item.url or item.external_id, 500) for item in list(items)[:MOST_LISTED]]
