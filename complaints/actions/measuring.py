"""What the provider decides and does on a notice: accept, reject, order a measure; its service reports what was done."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import get_for, require_handler, require_service
from complaints.actions.notice import content_of, found_content
from complaints.models import Complaint, ComplaintItem, Measure, MeasureItem
from complaints.rules import Decision, ItemState, MeasureKind, Side, State
from core.errors import Conflict, Invalid, Problem, invalid
from ledger.acts import action, record
from verification.models import Account


def require_reasons(reasons: str) -> None:
    """Raise Invalid for a decision without reasons."""
    if not reasons.strip():
        raise invalid("/reasons", "required", _("Give the reasons; they are told to whom the decision concerns."))


@action("complaint.accepted")
def accept(*, reference: str, by: Account, reasons: str = "", now: dt.datetime) -> Complaint:
    """Accept a complete notice as valid, as a handler; return it."""
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    rules.check_move(complaint.state, State.ACCEPTED)
    if complaint.state == State.REJECTED:
        raise Conflict(_("A rejected notice is taken up again by an appeal only."), state=complaint.state)
    decide(complaint, Decision.ACCEPTED, reasons, handler, now)
    complaint.state = State.ACCEPTED
    complaint.save()
    facts = {"as": Side.HANDLER.value, "state": complaint.state}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def decide(complaint: Complaint, decision: Decision, reasons: str, by: Account, now: dt.datetime) -> None:
    """Write into the row what was decided, by whom and why."""
    complaint.decision, complaint.reasons = decision, reasons
    complaint.decided_at = complaint.changed_at = now
    complaint.decided_by = by


@action("complaint.rejected")
def reject(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> Complaint:
    """Reject a notice with reasons, as a handler; return it."""
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    rules.check_move(complaint.state, State.REJECTED)
    require_reasons(reasons)
    decide(complaint, Decision.REJECTED, reasons, handler, now)
    complaint.state, complaint.ended_at, complaint.answer_due_at = State.REJECTED, now, None
    complaint.save()
    facts = {"as": Side.HANDLER.value, "state": complaint.state}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.measure_ordered")
def order_measure(
    *,
    reference: str,
    by: Account,
    kind: str,
    items: Sequence[str] | None = None,
    reasons: str,
    grounds: Sequence[str] = (),
    now: dt.datetime,
) -> Measure:
    """Order a measure for items (all that are under none, without a choice) and let their uploaders know; return it.

    ``items`` are external ids, addresses or item ids. Raises Invalid without reasons, for items that are not in the
    complaint or under a measure already, and for forwarding alone without all three of its grounds; Conflict when no
    item is left.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    is_forwarding = kind == MeasureKind.FORWARD_ONLY
    to = _state_after(complaint, is_forwarding=is_forwarding)
    rules.check_state(complaint.state, (State.ACCEPTED, State.ACTED, State.FORWARDED, State.CONTESTED))
    rules.check_move(complaint.state, to)
    _check_measure(kind, reasons, grounds)
    _match_again(complaint)
    chosen = _chosen(complaint, items, is_forwarding=is_forwarding)
    measure = Measure.objects.create(
        complaint=complaint, kind=kind, reasons=reasons, grounds=list(grounds), ordered_at=now, ordered_by=handler
    )
    _cover(measure, chosen, now)
    complaint.state, complaint.changed_at, complaint.answer_due_at = to, now, None
    complaint.save(update_fields=["state", "changed_at", "answer_due_at"])
    facts = {
        "as": Side.HANDLER.value,
        "state": to.value,
        "measure": str(measure.pk),
        "kind": str(kind),
        "grounds": list(grounds),
        "items": [str(item.pk) for item in chosen[:100]],
        "item_count": len(chosen),
    }
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return measure


def _state_after(complaint: Complaint, *, is_forwarding: bool) -> State:
    """Return where the complaint stands with one more measure; what is contested elsewhere in it stays contested."""
    if complaint.state == State.CONTESTED:
        return State.CONTESTED
    return State.FORWARDED if is_forwarding and complaint.state != State.ACTED else State.ACTED


def _check_measure(kind: str, reasons: str, grounds: Sequence[str]) -> None:
    if kind not in MeasureKind.values:
        known = ", ".join(MeasureKind.values)
        raise invalid("/kind", "unknown", _("Choose one of: %(known)s.") % {"known": known})
    require_reasons(reasons)
    unknown = [place for place, ground in enumerate(grounds) if ground not in rules.ALL_FORWARD_GROUNDS]
    if unknown:
        known = ", ".join(rules.ALL_FORWARD_GROUNDS)
        raise Invalid(
            [
                Problem(f"/grounds/{place}", "unknown", _("Choose from: %(known)s.") % {"known": known})
                for place in unknown
            ]
        )
    if kind == MeasureKind.FORWARD_ONLY and set(grounds) != set(rules.ALL_FORWARD_GROUNDS):
        text = _("Forwarding alone is possible only on all three grounds; record each, or choose another measure.")
        raise invalid("/grounds", "forward_only_grounds", text)
    if kind != MeasureKind.FORWARD_ONLY and grounds:
        raise invalid("/grounds", "not_for_this_kind", _("These grounds belong to forwarding alone."))


def _match_again(complaint: Complaint) -> None:
    """Find content that the provider's service registered after the notice came."""
    unmatched = list(complaint.items.filter(content__isnull=True))
    names = [{"url": item.url, "external_id": item.external_id} for item in unmatched]
    found = found_content(complaint.provider, names)
    for item, name in zip(unmatched, names, strict=True):
        item.content = content_of(name, found)
    ComplaintItem.objects.bulk_update([item for item in unmatched if item.content is not None], ["content"])


def _chosen(complaint: Complaint, names: Sequence[str] | None, *, is_forwarding: bool) -> list[ComplaintItem]:
    """Return the items that are meant, locked; Invalid for those unknown or under a measure, Conflict when none is left."""
    items = list(complaint.items.select_for_update(of=("self",)).select_related("content").order_by("position", "pk"))
    free = (ItemState.NOTICED,) if is_forwarding else (ItemState.NOTICED, ItemState.FORWARDED)
    if names is None:
        chosen = [item for item in items if item.state in free and item.contested_by_id is None]
        if not chosen:
            raise Conflict(_("Every item is under a measure already."), state=complaint.state)
        return chosen
    return _named(items, names, free)


def _named(items: list[ComplaintItem], names: Sequence[str], free: tuple[ItemState, ...]) -> list[ComplaintItem]:
    chosen: dict[UUID, ComplaintItem] = {}
    problems = []
    for place, name in enumerate(names):
        item = next((one for one in items if name and name in names_of(one)), None)
        if item is None:
            problems.append(Problem(f"/items/{place}", "unknown_item", _("The complaint has no such item.")))
        elif item.state not in free or item.contested_by_id is not None:
            problems.append(
                Problem(f"/items/{place}", "under_measure", _("This item is under a measure already, or restored."))
            )
        else:
            chosen[item.pk] = item
    if not names:
        problems.append(Problem("/items", "required", _("Name at least one item, or leave the list out for all.")))
    if problems:
        raise Invalid(problems)
    return list(chosen.values())


def names_of(item: ComplaintItem) -> set[str]:
    """Return the texts by which an item may be named: its id, address, external id, and those of its content."""
    names = {str(item.pk), item.url, item.external_id}
    if item.content is not None:
        names |= {item.content.external_id, item.content.url}
    return names - {""}


def _cover(measure: Measure, items: list[ComplaintItem], now: dt.datetime) -> None:
    MeasureItem.objects.filter(item__in=items, ended_at__isnull=True).update(ended_at=now)
    MeasureItem.objects.bulk_create(MeasureItem(measure=measure, item=item) for item in items)
    is_forwarding = measure.kind == MeasureKind.FORWARD_ONLY
    for item in items:
        item.state = ItemState.FORWARDED if is_forwarding else ItemState.RESTRICTED
        item.told_at = item.told_at or now
    ComplaintItem.objects.bulk_update(items, ["state", "told_at"])


@action("complaint.measure_executed")
def report_execution(
    *,
    reference: str,
    by: Account,
    measure: UUID | None = None,
    kind: str = "",
    items: Sequence[str] | None = None,
    now: dt.datetime,
) -> Measure:
    """Record that the provider's service carried out a measure, or brought back what was lifted; return the measure.

    It is the oldest one that waits for it, is of that kind and covers these items, as far as they are given. Raises
    Conflict when there is none.
    """
    complaint = get_for(by, reference, lock=True)
    service = require_service(by, complaint)
    waiting = [one for one in complaint.measures.select_for_update().order_by("pk") if _is_waited_for(one)]
    chosen = next((one for one in waiting if _is_meant(one, measure, kind, items or ())), None)
    if chosen is None:
        raise Conflict(_("No measure of this complaint waits to be carried out."), state=complaint.state)
    what = "undone" if chosen.lifted_at is not None else "executed"
    if what == "undone":
        chosen.undone_at = now
    else:
        chosen.executed_at, chosen.executed_by = now, service
    chosen.save()
    facts = {"as": Side.SERVICE.value, "state": complaint.state, "measure": str(chosen.pk), "what": what}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return chosen


def _is_meant(one: Measure, measure: UUID | None, kind: str, items: Sequence[str]) -> bool:
    if measure not in (None, one.pk) or kind not in ("", one.kind):
        return False
    covered = one.covered.select_related("item__content") if items else ()
    names = set().union(*(names_of(cover.item) for cover in covered))
    return names.issuperset(items)


def _is_waited_for(measure: Measure) -> bool:
    if measure.lifted_at is not None:
        return measure.executed_at is not None and measure.undone_at is None
    return measure.executed_at is None
