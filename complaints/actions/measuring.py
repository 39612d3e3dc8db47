"""What the provider does on an accepted notice: order a measure for its items."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import free_items, get_for, require_handler
from complaints.actions import deadlines, inquiring, watching
from complaints.actions.deciding import require_reasons
from complaints.actions.items import named
from complaints.actions.notice import match_again
from complaints.actions.stating import state_reasons
from complaints.actions.terms import AS_THE_RULES_SAY, Terms, as_columns, as_facts, check_terms
from complaints.models import Complaint, ComplaintItem, Measure, MeasureItem
from complaints.rules import Event, ItemState, MeasureKind, RemovalGround, Side, State
from core.errors import Conflict, Invalid, Problem, invalid
from ledger.acts import action, record
from verification.models import Account


@action("complaint.measure_ordered")
def order_measure(
    *,
    reference: str,
    by: Account,
    kind: str,
    items: Sequence[str] | None = None,
    reasons: str,
    grounds: Sequence[str] = (),
    terms: Terms = AS_THE_RULES_SAY,
    now: dt.datetime,
) -> Measure:
    """Order a measure for items (all that are under none, without a choice) and let their uploaders know; return it.

    ``items`` are external ids, addresses or item ids. Raises Invalid without reasons, for items that are not in the
    complaint or under a measure already, for terms that the kind does not have, and for forwarding alone without all
    three of its grounds; Conflict when no item is left, and where an uploader that was asked is to be waited for.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    is_forwarding = kind == MeasureKind.FORWARD_ONLY
    to = _state_after(complaint, is_forwarding=is_forwarding)
    rules.check_state(complaint.state, (State.ACCEPTED, State.ACTED, State.FORWARDED, State.CONTESTED))
    rules.check_move(complaint.state, to)
    check_measure(kind, reasons, grounds, _grounds_of(complaint))
    check_terms(kind, terms, now)
    match_again(complaint)
    chosen = _chosen(complaint, items, is_forwarding=is_forwarding, now=now)
    grounds = inquiring.grounds_of_measure(complaint, kind, chosen, grounds, now)
    measure = Measure.objects.create(
        complaint=complaint, kind=kind, reasons=reasons, grounds=grounds, ordered_at=now, ordered_by=handler,
        **as_columns(kind, terms, now),
    )  # fmt: skip
    _cover(measure, chosen, now)
    watching.watch(measure, is_earning=any(item.content and item.content.is_earning for item in chosen), now=now)
    complaint.state, complaint.changed_at, complaint.answer_due_at = to, now, None
    complaint.save(update_fields=["state", "changed_at", "answer_due_at"])
    deadlines.happened(complaint, Event.APPLICANT_ANSWERED, now)
    deadlines.happened(complaint, Event.DECISION_INFORMED, now, whom=Side.UPLOADER)
    state_reasons(complaint, measure, now)
    facts = {
        "as": Side.HANDLER.value,
        "state": to.value,
        "measure": str(measure.pk),
        "kind": str(kind),
        "grounds": list(grounds),
        "items": [str(item.pk) for item in chosen[:100]],
        "item_count": len(chosen),
        **as_facts(measure),
    }
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return measure


def _state_after(complaint: Complaint, *, is_forwarding: bool) -> State:
    """Return where the complaint stands with one more measure; what is contested elsewhere in it stays contested."""
    if complaint.state == State.CONTESTED:
        return State.CONTESTED
    return State.FORWARDED if is_forwarding and complaint.state != State.ACTED else State.ACTED


def check_measure(
    kind: str, reasons: str, grounds: Sequence[str], may_be_given: Sequence[str] = rules.ALL_FORWARD_GROUNDS
) -> None:
    """Raise Invalid for a kind that is none, without reasons, and for grounds that do not fit the kind."""
    if kind not in MeasureKind.values:
        known = ", ".join(MeasureKind.values)
        raise invalid("/kind", "unknown", _("Choose one of: %(known)s.") % {"known": known})
    require_reasons(reasons)
    unknown = [place for place, ground in enumerate(grounds) if ground not in may_be_given]
    if unknown:
        known = ", ".join(may_be_given)
        raise Invalid(
            [
                Problem(f"/grounds/{place}", "unknown", _("Choose from: %(known)s.") % {"known": known})
                for place in unknown
            ]
        )
    if kind == MeasureKind.FORWARD_ONLY and set(grounds) != set(rules.ALL_FORWARD_GROUNDS):
        text = _("Forwarding alone is possible only on all three grounds; record each, or choose another measure.")
        raise invalid("/grounds", "forward_only_grounds", text)
    if kind != MeasureKind.FORWARD_ONLY and set(grounds).intersection(rules.ALL_FORWARD_GROUNDS):
        raise invalid("/grounds", "not_for_this_kind", _("These grounds belong to forwarding alone."))


def _grounds_of(complaint: Complaint) -> tuple[str, ...]:
    """Return the grounds that may be stated of a measure: those of forwarding alone, and where an inquiry is known its own."""
    if regimes.of(complaint).inquiry is None:
        return rules.ALL_FORWARD_GROUNDS
    return (*rules.ALL_FORWARD_GROUNDS, RemovalGround.REASONABLE_BELIEF.value)


def _chosen(
    complaint: Complaint, names: Sequence[str] | None, *, is_forwarding: bool, now: dt.datetime
) -> list[ComplaintItem]:
    """Return the items that are meant, locked; Invalid for those unknown or under a measure, Conflict when none is left."""
    items = list(complaint.items.select_for_update(of=("self",)).select_related("content").order_by("position", "pk"))
    free = _free_of(complaint, items, is_forwarding=is_forwarding, now=now)
    if names is None:
        if not free:
            raise Conflict(_("Every item is under a measure already."), state=complaint.state, code="nothing_free")
        return [item for item in items if item.pk in free]
    return named(items, names, free)


def _free_of(
    complaint: Complaint, items: list[ComplaintItem], *, is_forwarding: bool, now: dt.datetime
) -> frozenset[UUID]:
    free = free_items(complaint.items.filter(pk__in=[item.pk for item in items]), is_forwarding=is_forwarding, now=now)
    return frozenset(free.values_list("pk", flat=True))


def _cover(measure: Measure, items: list[ComplaintItem], now: dt.datetime) -> None:
    earlier = MeasureItem.objects.filter(item__in=items, ended_at__isnull=True)
    earlier.update(ended_at=now, ended_because="superseded")
    MeasureItem.objects.bulk_create(MeasureItem(measure=measure, item=item) for item in items)
    is_forwarding = measure.kind == MeasureKind.FORWARD_ONLY
    for item in items:
        item.state = ItemState.FORWARDED if is_forwarding else ItemState.RESTRICTED
        item.told_at = item.told_at or now
    ComplaintItem.objects.bulk_update(items, ["state", "told_at"])
    watching.forget_superseded(measure.complaint, now)
