"""What somebody can contest, whose appeals somebody sees, and who may not decide them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from complaints import rules
from complaints.access.matters import Viewer
from complaints.access.seeing import own_subscribers
from complaints.models import Appeal, Complaint, ComplaintItem, Measure, MeasureItem
from complaints.rules import HANDLED_BY, AppealOutcome, Effect, ItemState, Side, State
from core import clocks
from core.errors import Denied
from verification.access import accounts_of_person
from verification.models import Account


@dataclass(frozen=True)
class Contestable:
    """A decision against a side: what it is, and when it was made."""

    side: Side
    against: str
    decided_at: dt.datetime


def with_open_window(references: Iterable[str], now: dt.datetime) -> set[str]:
    """Return those of the complaints in which a side can still appeal by law; one query."""
    handler = HANDLED_BY[Effect.WINDOW_CLOSES]
    return {
        reference
        for reference, clock_handler, due_at in clocks.running_in(references)
        if clock_handler == handler and due_at > now
    }


def contestable(account: Account, complaint: Complaint, side: Side) -> Contestable | None:
    """Return the decision against the account on this side that could be appealed; None when there is none."""
    state = State(complaint.state)
    if side is Side.COMPLAINANT and state not in rules.OPEN_TO[side]:
        last = complaint.items.filter(state=ItemState.REJECTED).aggregate(at=Max("rejected_at"))["at"]
        is_open = last is not None and state in rules.ITEMS_OPEN_IN
        return Contestable(side, rules.AGAINST_ITEMS, last) if is_open else None
    if state not in rules.OPEN_TO[side]:
        return None
    decided_at = complaint.decided_at if side is Side.COMPLAINANT else _decided_against(account, complaint)
    return Contestable(side, state.value, decided_at or complaint.changed_at)


def _decided_against(account: Account, complaint: Complaint) -> dt.datetime | None:
    """Return when the last decision against the uploader was made: that the measure stays, or the newest measure."""
    if complaint.state == State.UPHELD:
        return complaint.upheld_at
    own = MeasureItem.objects.filter(
        measure__complaint=complaint, item__content__subscriber__in=own_subscribers(account)
    )
    at: dt.datetime | None = own.aggregate(at=Max("measure__ordered_at"))["at"]
    return at


def is_spent(account: Account, complaint: Complaint, decision: Contestable) -> bool:
    """Say whether the account has appealed this decision as often as it can be."""
    dismissed = complaint.appeals.filter(side=decision.side, filed_by=account, outcome=AppealOutcome.DISMISSED)
    return rules.is_spent(decision.decided_at, list(dismissed.values_list("filed_at", flat=True)))


def has_open_appeal(account: Account, complaint: Complaint) -> bool:
    """Say whether an appeal of the account waits to be decided."""
    return complaint.appeals.filter(filed_by=account, decided_at__isnull=True).exists()


def appeals_for(viewer: Viewer, complaint: Complaint) -> list[Appeal]:
    """Return the appeals that the viewer may see: all, but an uploader only its own."""
    found = complaint.appeals.order_by("pk")
    return list(found.filter(filed_by=viewer.account) if viewer.sides == {Side.UPLOADER} else found)


def require_other_decider(account: Account, complaint: Complaint, appeal: Appeal) -> None:
    """Raise Denied when the person decided, or ordered a measure, in what the appeal contests, or filed it.

    The natural person counts: another account of who decided is nobody else.
    """
    person = accounts_of_person(account)
    ordered = Measure.objects.filter(complaint=complaint, ordered_by__in=person)
    rejected = ComplaintItem.objects.filter(complaint=complaint, rejected_by__in=person)
    decided = (complaint.decided_by_id, complaint.upheld_by_id, appeal.filed_by_id)
    if person.intersection(decided) or ordered.exists() or rejected.exists():
        raise Denied(_("Somebody else than who decided must decide the appeal."), code="same_decider")
