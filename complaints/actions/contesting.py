"""The uploader's answer and what stops it: counter-notice, its way to the complainant, the complainant's suit."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import get_for, letter_for, own_items, require_handler, require_suitor
from complaints.actions import deadlines
from complaints.actions.items import names_of
from complaints.actions.letters import keep_enclosed
from complaints.actions.revealing import disclose
from complaints.models import Complaint, ComplaintItem, CounterNotice, Suit
from complaints.models.complaint import CONTACT_FIELDS
from complaints.regimes.engine import lacks_of
from complaints.regimes.shape import Counter
from complaints.rules import Event, ItemState, Side, State
from core import clocks, files, sealing
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Denied, Invalid, NotFound, Problem, invalid
from core.models import Clock
from ledger.acts import action, record
from verification.models import Account

TABLE = "complaints_counternotice"


@dataclass(frozen=True)
class CounterStatement:
    """What a counter-notice says, as its sender gave it. ``items`` None: all of the sender's items in the complaint."""

    contact: Mapping[str, str]
    items: Sequence[str] | None = None
    grounds: str = ""
    statements: Sequence[str] = ()
    signature: str = ""
    evidence: Sequence[UUID] = ()


def counter_of(complaint: Complaint) -> Counter:
    """Return what the complaint's regime asks of a counter-notice; Conflict where it knows none."""
    law = regimes.of(complaint)
    if law.counter is None:
        text = _("This regime knows no counter-notice; contest the decision by an appeal.")
        raise Conflict(text, state=complaint.state, code="no_counter_notice")
    return law.counter


@action("complaint.counter_notice_filed")
def file_counter_notice(
    *, reference: str, by: Account, counter: CounterStatement, letter: UUID | None = None, now: dt.datetime
) -> CounterNotice:
    """File the answer of an uploader, or as a handler the one that came as a letter; return it.

    It goes to the complainant and starts the regime's clock. Raises Invalid with each thing that it lacks: nothing of
    it is kept then, because its day of receipt counts only once it is complete; Conflict when nothing is left to
    contest.
    """
    complaint = get_for(by, reference, lock=True)
    items = _contestable(complaint, by, letter)
    law = counter_of(complaint)
    rules.check_move(complaint.state, State.CONTESTED)
    chosen = _chosen(complaint, items, counter.items)
    _check_complete(law, counter, chosen)
    one = _store(complaint, by, counter, chosen, now)
    files.attach(
        file_ids=list(counter.evidence),
        subject=reference,
        purpose="counter_evidence",
        by=by,
        pointer="/evidence",
        now=now,
    )
    if letter is not None:
        room = rules.MOST_FILES - len(counter.evidence)
        came = letter_for(by, letter)
        keep_enclosed(came, subject=reference, purpose="counter_evidence", room=room, by=by, now=now)
    complaint.state, complaint.changed_at = State.CONTESTED, now
    complaint.save(update_fields=["state", "changed_at"])
    if complaint.complainant_id is not None:
        # It stands in the complainant's own account from this moment: the system they chose to be reached in.
        one.forwarded_at = one.reached_at = now
    if law.clock.starts != Event.COUNTER_NOTICE_REACHED or one.reached_at is not None:
        start_clock(complaint, one, law, now)
    disclosed = disclose(complaint, law, [one], now) if one.reached_at is not None else {}
    one.save()
    facts = {
        "as": (Side.HANDLER if letter else Side.UPLOADER).value,
        "state": complaint.state,
        "counter_notice": str(one.pk),
        "items": [str(item.pk) for item in chosen[:100]],
        "clock": law.clock.code,
        **disclosed,
    }
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return one


def _contestable(complaint: Complaint, by: Account, letter: UUID | None) -> list[ComplaintItem]:
    """Return the items that may be contested by this sender: the uploader's own, or (by letter) all with an uploader."""
    if letter is not None:
        require_handler(by, complaint)
        if letter_for(by, letter).provider_id != complaint.provider_id:
            raise NotFound
        found = complaint.items.select_for_update(of=("self",)).filter(content__isnull=False, told_at__isnull=False)
        return list(found.select_related("content", "content__subscriber").order_by("position", "pk"))
    items = own_items(by, complaint)
    if not items:
        raise Denied(_("Only the uploader of the content may answer the notice."))
    return items


def _chosen(complaint: Complaint, items: list[ComplaintItem], names: Sequence[str] | None) -> list[ComplaintItem]:
    """Return the items that are named, of one uploader, under a measure and not yet contested."""
    under = (ItemState.RESTRICTED, ItemState.FORWARDED)
    free = [item for item in items if item.state in under and item.contested_by_id is None]
    if not free:
        raise Conflict(_("Nothing of it is under a measure that was not contested already."), state=complaint.state)
    if names is not None:
        problems = [
            Problem(f"/items/{place}", "unknown_item", _("No such item of yours is under a measure."))
            for place, name in enumerate(names)
            if not any(name in names_of(item) for item in free)
        ]
        if problems:
            raise Invalid(problems)
        free = [item for item in free if names_of(item).intersection(names)]
    if len({item.content.subscriber_id for item in free if item.content}) > 1:
        raise invalid("/items", "several_uploaders", _("Name the items of one uploader."))
    return free


def _check_complete(law: Counter, counter: CounterStatement, chosen: list[ComplaintItem]) -> None:
    said: dict[str, Any] = {
        "contact": counter.contact,
        "items": chosen,
        "grounds": counter.grounds,
        "statements": counter.statements,
        "signature": counter.signature,
        "evidence": counter.evidence,
    }
    known = [statement.code for statement in law.statements]
    problems = [
        Problem(
            f"/statements/{place}",
            "unknown_statement",
            _("This regime knows: %(known)s.") % {"known": ", ".join(known)},
        )
        for place, code in enumerate(counter.statements)
        if code not in known
    ]
    problems += [
        Problem(lack.pointer, f"missing.{lack.element}", f"{lack.detail} ({lack.source})")
        for lack in lacks_of(law.elements, said)
    ]
    if problems:
        raise Invalid(problems, _("The counter-notice lacks something that the law asks."))


def _store(
    complaint: Complaint, by: Account, counter: CounterStatement, chosen: list[ComplaintItem], now: dt.datetime
) -> CounterNotice:
    content = chosen[0].content
    assert content is not None
    open_one = CounterNotice.objects.filter(
        complaint=complaint, subscriber=content.subscriber_id, ended_at__isnull=True
    )
    if open_one.exists():
        raise Conflict(_("A counter-notice of this uploader is open already."), state=complaint.state)
    key = sealing.new_data_key(now=now)
    one = CounterNotice(
        complaint=complaint, subscriber_id=content.subscriber_id, filed_by=by, data_key=key, received_at=now
    )
    row = (TABLE, one.pk)
    contact = {name: str(counter.contact.get(name) or "") for name in CONTACT_FIELDS}
    one.contact_sealed = sealing.seal_json(key, row=row, field="contact", value=contact)
    if counter.signature:
        one.signature_sealed = sealing.seal(key, row=row, field="signature", text=counter.signature)
    one.grounds, one.statements = counter.grounds, list(dict.fromkeys(counter.statements))
    one.save(force_insert=True)
    for item in chosen:
        item.contested_by = one
    ComplaintItem.objects.bulk_update(chosen, ["contested_by"])
    return one


def start_clock(complaint: Complaint, one: CounterNotice, law: Counter, now: dt.datetime) -> Clock:
    """Start the regime's clock for the counter-notice and write into it when the content returns."""
    since = complaint.complete_at if law.clock.starts == Event.NOTICE_RECEIVED else None
    clock = deadlines.start(complaint, law.clock, now, of=deadlines.of_counter_notice(one.pk), since=since)
    one.restore_due_at = clock.due_at
    return clock


@action("complaint.counter_notice_forwarded")
def forward_counter_notice(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """Record that open counter-notices reached a complainant without account; start the clock where this starts it.

    By the portal when it wrote to the complainant, by a handler who sent it by post. Raises Conflict when none waits.
    """
    complaint = _locked_for(by, reference)
    law = counter_of(complaint)
    waiting = complaint.counter_notices.select_for_update().filter(reached_at__isnull=True, ended_at__isnull=True)
    found = list(waiting.order_by("pk"))
    if complaint.state != State.CONTESTED or not found:
        raise Conflict(_("No counter-notice waits to be forwarded."), state=complaint.state)
    disclosed = disclose(complaint, law, found, now)
    for one in found:
        one.forwarded_at = one.reached_at = now
        if law.clock.starts == Event.COUNTER_NOTICE_REACHED:
            start_clock(complaint, one, law, now)
        one.save()
    side = Side.SYSTEM if by is SYSTEM else Side.HANDLER
    ids = [str(one.pk) for one in found]
    facts = {"as": side.value, "state": complaint.state, "counter_notices": ids, **disclosed}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _locked_for(by: Actor, reference: str) -> Complaint:
    if by is SYSTEM:
        found = Complaint.objects.select_related("provider", "data_key").select_for_update(of=("self",))
        return found.get(reference=reference)
    complaint = get_for(by, reference, lock=True)
    require_handler(by, complaint)
    return complaint


@action("complaint.suit_shown")
def show_suit(
    *,
    reference: str,
    by: Account,
    kind: str,
    body: str = "",
    case_number: str = "",
    filed_on: dt.date | None = None,
    statement: str = "",
    documents: Sequence[UUID] = (),
    now: dt.datetime,
) -> Suit:
    """Show that the complainant has sued or complained to an authority: the clock stops; return it.

    By the complainant, or by a handler where it has no account. Raises Conflict when nothing is contested (any more),
    Invalid for what the regime does not let stop the clock, and when nothing says what was filed.
    """
    complaint = get_for(by, reference, lock=True)
    side = require_suitor(by, complaint)
    law = counter_of(complaint)
    rules.check_state(complaint.state, (State.CONTESTED,))
    if kind not in law.clock.stopped_by:
        text = _("Here the clock is stopped only when %(what)s (%(source)s).")
        if not law.clock.stopped_by:
            text = _("Here nothing stops the return of the content (%(source)s).")
        raise invalid("/kind", "does_not_stop", text % {"what": law.clock.stopped, "source": law.clock.source})
    if not (body or case_number or statement or documents):
        raise invalid("/body", "required", _("Say where it was filed, under which number, or add a document."))
    suit = Suit.objects.create(
        complaint=complaint, kind=kind, body=body, case_number=case_number, filed_on=filed_on, statement=statement,
        shown_at=now, shown_by=by,
    )  # fmt: skip
    files.attach(file_ids=list(documents), subject=reference, purpose="suit", by=by, pointer="/documents", now=now)
    clocks.stop(matter=reference, because="suit", now=now)
    complaint.counter_notices.filter(ended_at__isnull=True, stopped_at__isnull=True).update(stopped_at=now)
    complaint.changed_at = now
    complaint.save(update_fields=["changed_at"])
    facts = {"as": side.value, "state": complaint.state, "suit": str(suit.pk), "kind": str(kind)}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return suit
