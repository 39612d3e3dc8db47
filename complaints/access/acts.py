"""What a viewer can do in a complaint now, the most likely first; pages and programs show the same list."""

from collections.abc import Callable
from functools import cached_property

from complaints import regimes
from complaints.access.appeals import contestable, has_open_appeal, is_spent
from complaints.access.assigning import desk_acts
from complaints.access.impartial import barred_by
from complaints.access.inquiries import open_inquiries, open_inquiries_for, unasked_uploaders
from complaints.access.matters import Viewer
from complaints.access.strikes import may_be_found_misuse
from complaints.models import Complaint, Inquiry
from complaints.rules import HANDLED_BY, MOVES, PARTIES, Effect, ItemState, Side, State
from core import clocks
from core.models import ClockState

DECIDERS = (Side.HANDLER, Side.REVIEWER)
INQUIRY = ("inquiry", "inquiry/receipt", "inquiry/answer")
# Side and state to acts. The guards inside the actions decide; this only says what is worth offering.
OFFERED: dict[tuple[Side, State], tuple[str, ...]] = {
    (Side.COMPLAINANT, State.DEFECTIVE): ("correction", "withdrawal"),
    (Side.COMPLAINANT, State.FILED): ("correction", "appeal", "withdrawal"),
    (Side.COMPLAINANT, State.ACCEPTED): ("appeal", "withdrawal"),
    (Side.COMPLAINANT, State.ACTED): ("appeal", "withdrawal"),
    (Side.COMPLAINANT, State.FORWARDED): ("appeal", "withdrawal"),
    (Side.COMPLAINANT, State.CONTESTED): ("suit", "appeal", "withdrawal"),
    (Side.COMPLAINANT, State.UPHELD): ("appeal", "withdrawal"),
    (Side.COMPLAINANT, State.RESTORED): ("appeal",),
    (Side.COMPLAINANT, State.REJECTED): ("appeal",),
    (Side.UPLOADER, State.ACCEPTED): ("inquiry/answer",),
    (Side.UPLOADER, State.ACTED): ("inquiry/answer", "counter-notice", "appeal"),
    (Side.UPLOADER, State.FORWARDED): ("inquiry/answer", "counter-notice", "appeal"),
    (Side.UPLOADER, State.CONTESTED): ("counter-notice",),
    (Side.UPLOADER, State.UPHELD): ("appeal",),
    (Side.HANDLER, State.FILED): ("acceptance", "cure", "rejection"),
    (Side.HANDLER, State.DEFECTIVE): ("rejection", "closing"),
    (Side.HANDLER, State.ACCEPTED): (*INQUIRY, "measure", "rejection"),
    (Side.HANDLER, State.ACTED): (*INQUIRY, "measure", "rejection", "upholding", "restoration", "closing"),
    (Side.HANDLER, State.FORWARDED): (*INQUIRY, "measure", "rejection", "upholding", "restoration", "closing"),
    (Side.HANDLER, State.CONTESTED): (
        "suit",
        "forwarding",
        "upholding",
        "restoration",
        "measure",
        "rejection",
        "pause",
        "resumption",
    ),
    (Side.HANDLER, State.UPHELD): ("closing",),
    (Side.HANDLER, State.RESTORED): ("closing", "misuse"),
    (Side.HANDLER, State.REJECTED): ("closing", "misuse"),
    (Side.HANDLER, State.WITHDRAWN): ("closing", "misuse"),
    (Side.HANDLER, State.SETTLED): ("closing",),
}


def acts_for(viewer: Viewer, complaint: Complaint) -> list[str]:
    """Return what the viewer can do now, as the names of the sub-resources, the most likely first."""
    state = State(complaint.state)
    # Nobody decides in a matter of their own, whatever else they are at the provider.
    sides = viewer.sides.intersection(PARTIES) or viewer.sides
    if sides.intersection(DECIDERS) and barred_by(viewer.account, complaint):
        sides -= frozenset(DECIDERS)
    offered = [act for side in Side if side in sides for act in OFFERED.get((side, state), ())]
    asked = _Asked(complaint)
    checks: dict[str, Callable[[Complaint], bool]] = {
        "inquiry": _may_be_asked,
        "inquiry/receipt": lambda _matter: asked.waits_for_receipt(),
        "inquiry/answer": lambda _matter: asked.waits_for_answer(viewer, sides),
        "measure": _has_free_items,
        "counter-notice": _may_be_contested,
        "suit": _may_be_stopped,
        "forwarding": _waits_for_forwarding,
        "upholding": _is_undisturbed,
        "appeal": lambda matter: _may_appeal(viewer, matter) and not _is_past_appeal(matter, sides),
        "rejection": _may_be_rejected,
        "closing": lambda matter: not _may_be_appealed_by_law(matter),
        "pause": lambda matter: _has_clock(matter, ClockState.RUNNING),
        "resumption": lambda matter: _has_clock(matter, ClockState.PAUSED),
        "misuse": may_be_found_misuse,
    }
    # Where the complainant has an account, it speaks for itself.
    if complaint.complainant_id is not None and Side.COMPLAINANT not in sides:
        offered = [act for act in offered if act != "suit"]
    found = [act for act in dict.fromkeys(offered) if act not in checks or checks[act](complaint)]
    decisions = ["appeal/decision"] if sides.intersection(DECIDERS) and _has_open_appeal(complaint) else []
    return [*decisions, *found, *desk_acts(viewer.account, sides, complaint)]


def _may_be_contested(complaint: Complaint) -> bool:
    law = regimes.of(complaint)
    return law.counter is not None and _has_uncontested(complaint)


def _may_be_asked(complaint: Complaint) -> bool:
    return regimes.of(complaint).inquiry is not None and unasked_uploaders(complaint).exists()


class _Asked:
    """The open inquiries of a complaint, asked for once and only where some act depends on them."""

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint

    @cached_property
    def open_ones(self) -> list[Inquiry]:
        law = regimes.of(self.complaint)
        return [] if law.inquiry is None else list(open_inquiries(self.complaint))

    def waits_for_receipt(self) -> bool:
        return any(one.received_at is None for one in self.open_ones)

    def waits_for_answer(self, viewer: Viewer, sides: frozenset[Side]) -> bool:
        # Most have none open; whose an open one is, the place that answers it says.
        return bool(self.open_ones) and open_inquiries_for(viewer.account, self.complaint, sides).exists()


def _windows(complaint: Complaint, state: ClockState) -> list[str]:
    """Return the sides whose time to appeal is in this state; none, and no query, where no law bounds it."""
    if not any(rule.does == Effect.WINDOW_CLOSES for rule in regimes.of(complaint).clocks):
        return []
    found = clocks.of_matter(complaint.reference).filter(handler=HANDLED_BY[Effect.WINDOW_CLOSES], state=state)
    return [str(clock.basis.get("whom", "")) for clock in found]


def _is_past_appeal(complaint: Complaint, sides: frozenset[Side]) -> bool:
    over = sides.intersection(_windows(complaint, ClockState.FIRED))
    return bool(over) and not sides.intersection(_windows(complaint, ClockState.RUNNING))


def _may_be_appealed_by_law(complaint: Complaint) -> bool:
    return bool(_windows(complaint, ClockState.RUNNING))


def _has_clock(complaint: Complaint, state: ClockState) -> bool:
    counter = regimes.of(complaint).counter
    if counter is None or not counter.clock.paused_by:
        return False
    return clocks.running(complaint.reference).filter(basis__rule=counter.clock.code, state=state).exists()


def _is_undisturbed(complaint: Complaint) -> bool:
    return not _waits_for_suit(complaint)


def _may_appeal(viewer: Viewer, complaint: Complaint) -> bool:
    if has_open_appeal(viewer.account, complaint):
        return False
    found = (contestable(viewer.account, complaint, side) for side in PARTIES if side in viewer.sides)
    return any(one is not None and not is_spent(viewer.account, complaint, one) for one in found)


def _may_be_rejected(complaint: Complaint) -> bool:
    """Say whether the whole can be rejected, or some item on which nothing was decided."""
    is_whole = State.REJECTED in MOVES[State(complaint.state)]
    return is_whole or complaint.items.filter(state=ItemState.NOTICED).exists()


def _may_be_stopped(complaint: Complaint) -> bool:
    counter = regimes.of(complaint).counter
    return counter is not None and bool(counter.clock.stopped_by) and _waits_for_suit(complaint)


def _has_free_items(complaint: Complaint) -> bool:
    return complaint.items.filter(state__in=("noticed", "forwarded"), contested_by__isnull=True).exists()


def _has_uncontested(complaint: Complaint) -> bool:
    return complaint.items.filter(state__in=("restricted", "forwarded"), contested_by__isnull=True).exists()


def _waits_for_suit(complaint: Complaint) -> bool:
    return complaint.counter_notices.filter(ended_at__isnull=True, stopped_at__isnull=True).exists()


def _waits_for_forwarding(complaint: Complaint) -> bool:
    return complaint.counter_notices.filter(ended_at__isnull=True, reached_at__isnull=True).exists()


def _has_open_appeal(complaint: Complaint) -> bool:
    return complaint.appeals.filter(decided_at__isnull=True).exists()
