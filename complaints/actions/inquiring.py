"""The sender is asked whether it consents to a removal: the question, its receipt, the answer, and the end of its time."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import (
    get_for,
    inquiries_about,
    open_inquiries,
    open_inquiries_for,
    require_handler,
    require_inquiry_answerer,
    unasked_uploaders,
)
from complaints.actions import deadlines
from complaints.actions.notice import decision_due
from complaints.models import Complaint, ComplaintItem, Inquiry
from complaints.regimes.shape import Inquiry as Law
from complaints.rules import Event, InquiryAnswer, InquiryState, MeasureKind, RemovalGround, Side
from core import clocks
from core.actors import SYSTEM, Actor
from core.errors import Conflict, invalid
from ledger.acts import action, record
from verification.models import Account

BY_ANSWER = {
    InquiryAnswer.CONSENTS: Event.SENDER_CONSENTED,
    InquiryAnswer.REFUSES: Event.SENDER_REFUSED,
}


def inquiry_law_of(complaint: Complaint) -> Law:
    """Return what the complaint's regime says of an inquiry; Conflict where it knows none."""
    law = regimes.of(complaint)
    if law.inquiry is None:
        raise Conflict(_("This regime knows no inquiry."), state=complaint.state, code="no_inquiry")
    return law.inquiry


def _mark(inquiry: Inquiry) -> str:
    return f"inquiry:{inquiry.pk}"


@action("complaint.inquiry_sent")
def send_inquiry(*, reference: str, by: Account, now: dt.datetime) -> list[Inquiry]:
    """Ask every known uploader of the complaint that was not asked yet, as a handler; return the inquiries.

    It is received at once by those who have an account. Raises Conflict when nobody is left to be asked.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    law = inquiry_law_of(complaint)
    rules.check_state(complaint.state, rules.MAY_BE_ASKED)
    uploaders = list(unasked_uploaders(complaint))
    if not uploaders:
        raise Conflict(_("No uploader is known that was not asked already."), state=complaint.state)
    asked = [Inquiry(complaint=complaint, subscriber=one, asked_at=now, asked_by=handler) for one in uploaders]
    Inquiry.objects.bulk_create(asked)
    items = ComplaintItem.objects.filter(complaint=complaint, content__subscriber__in=uploaders, told_at__isnull=True)
    items.update(told_at=now)
    for inquiry in asked:
        if inquiry.subscriber.account_id is not None:
            _receive(complaint, inquiry, law, now)
    deadlines.happened(complaint, Event.SENDER_ASKED, now)
    _put_aside(complaint, now)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, "inquiries": [str(one.pk) for one in asked]}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return asked


def _receive(complaint: Complaint, inquiry: Inquiry, law: Law, now: dt.datetime) -> None:
    clock = deadlines.start(complaint, law.clock, now, of=_mark(inquiry))
    inquiry.received_at, inquiry.due_at = now, clock.due_at
    inquiry.save(update_fields=["received_at", "due_at"])


def _put_aside(complaint: Complaint, now: dt.datetime) -> None:
    """Take the complaint from the handlers' desk while its uploaders have time, and put it back where one has not."""
    waits = open_inquiries(complaint).filter(received_at__isnull=False).exists()
    complaint.changed_at, complaint.answer_due_at = now, None
    if not waits or open_inquiries(complaint).filter(received_at__isnull=True).exists():
        law = regimes.of(complaint)
        complaint.answer_due_at = decision_due(complaint.provider, law, is_earning=complaint.is_earning, now=now)
    complaint.save(update_fields=["changed_at", "answer_due_at"])


@action("complaint.inquiry_received")
def record_inquiry_received(*, reference: str, by: Account, now: dt.datetime) -> Complaint:
    """Record, as a handler, that uploaders without an account have received the question; their time runs from now."""
    complaint = get_for(by, reference, lock=True)
    require_handler(by, complaint)
    law = inquiry_law_of(complaint)
    rules.check_state(complaint.state, rules.MAY_BE_ASKED)
    found = list(open_inquiries(complaint).filter(received_at__isnull=True).select_for_update(of=("self",)))
    if not found:
        raise Conflict(_("No inquiry waits to be received."), state=complaint.state)
    for inquiry in found:
        _receive(complaint, inquiry, law, now)
    _put_aside(complaint, now)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, "inquiries": [str(one.pk) for one in found]}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.inquiry_answered")
def answer_inquiry(*, reference: str, by: Account, answer: str, reasons: str = "", now: dt.datetime) -> Inquiry:
    """Say whether one consents to the removal, as the uploader that was asked, or as a handler for one without account.

    Raises Invalid for another answer, Conflict when nothing waits for one (any more): its time may be over.
    """
    complaint = get_for(by, reference, lock=True)
    side = require_inquiry_answerer(by, complaint)
    inquiry_law_of(complaint)
    if answer not in InquiryAnswer.values:
        raise invalid("/answer", "unknown", _("Choose: consents or refuses."))
    found = open_inquiries_for(by, complaint, frozenset({side})).select_for_update(of=("self",)).first()
    if found is None or (found.due_at is not None and found.due_at <= now):
        raise Conflict(_("No question waits for your answer (any more)."), state=complaint.state)
    if found.received_at is None:
        found.received_at = found.due_at = now
    found.answer, found.reasons, found.answered_at, found.answered_by = answer, reasons, now, by
    found.save()
    _stop_clock(complaint, found, BY_ANSWER[InquiryAnswer(answer)].value, now)
    _put_aside(complaint, now)
    facts = {"as": side.value, "state": complaint.state, "inquiry": str(found.pk), "answer": str(answer)}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return found


def _stop_clock(complaint: Complaint, inquiry: Inquiry, because: str, now: dt.datetime) -> None:
    for clock in clocks.running(complaint.reference).filter(basis__of=_mark(inquiry)):
        clocks.stop(matter=complaint.reference, name=clock.name, because=because, now=now)


@action("complaint.inquiry_lapsed")
def lapse_inquiries(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """End, as the portal, the inquiries whose time is over: the handlers may remove, and nothing is removed by itself.

    Raises Conflict when no inquiry is due.
    """
    assert by is SYSTEM
    found = Complaint.objects.select_related("provider").select_for_update(of=("self",))
    complaint = found.get(reference=reference)
    due = list(open_inquiries(complaint).filter(due_at__lte=now).select_for_update(of=("self",)))
    if not due:
        raise Conflict(_("No inquiry of this complaint is due."), state=complaint.state)
    for inquiry in due:
        inquiry.lapsed_at = now
        inquiry.save(update_fields=["lapsed_at"])
        _stop_clock(complaint, inquiry, "ran_out", now)
    _put_aside(complaint, now)
    facts = {"as": Side.SYSTEM.value, "state": complaint.state, "inquiries": [str(one.pk) for one in due]}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def grounds_of_measure(
    complaint: Complaint, kind: str, items: Sequence[ComplaintItem], grounds: Sequence[str], now: dt.datetime
) -> list[str]:
    """Return the grounds of a measure, with those on which the law lets it rest; open inquiries about it end.

    Raises Conflict where an uploader was asked and still has time, or does not consent, and no belief is stated.
    """
    law = regimes.of(complaint).inquiry
    if law is None or kind == MeasureKind.FORWARD_ONLY:
        return list(grounds)
    asked = inquiries_about(complaint, items)
    states = [None if one is None else one.state for one in asked]
    found = rules.removal_grounds(states, is_believed=RemovalGround.REASONABLE_BELIEF in grounds)
    if found is None:
        raise Conflict(_why_first(law, states), state=complaint.state, code="inquiry_first")
    _end(complaint, [one.pk for one in asked if one is not None], now)
    return found


def _why_first(law: Law, states: Sequence[str | None]) -> str:
    """Return why the inquiry bars a measure, and what to give for it to stand all the same."""
    if InquiryState.REFUSED in states:
        why = _("The uploader was asked and does not consent (%(source)s).")
    else:
        why = _("The uploader was asked: wait for its answer or the end of its time (%(source)s).")
    else_give = _("To order it all the same, give “grounds”: [“reasonable_belief”]: %(belief)s (%(belief_source)s).")
    words = {"source": law.source, "belief": law.belief, "belief_source": law.belief_source}
    return f"{why % words} {else_give % words}"


def _end(complaint: Complaint, of: list[UUID], now: dt.datetime) -> None:
    for inquiry in open_inquiries(complaint).filter(pk__in=of):
        inquiry.ended_at = now
        inquiry.save(update_fields=["ended_at"])
        _stop_clock(complaint, inquiry, "measure", now)
