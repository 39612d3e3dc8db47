"""Every act of complaints, in every state, by every role: who succeeds, and how everybody else is refused.

What is expected is written here from the law and the rules of the house: who sees a matter in which state, and who may
do what in which. Each cell is really tried, and what it did is taken back. An act without a row fails a test.
"""

import datetime as dt
import gc
import pathlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

import complaints
from complaints import actions
from complaints.access import Wanted, seeing, tracking_code_of
from complaints.models import Batch, Complaint, Measure, PowersOfAttorney, Restriction, TrustedFlagger
from complaints.rules.policies import Step
from core.actors import PUBLIC, SYSTEM
from core.errors import Conflict, Denied, Gone, Invalid, NotFound
from core.ids import uuid7
from ledger.acts import ACTIONS
from tests.complaints import penalties
from tests.complaints import test_acts as acts
from tests.complaints.test_rules import STATES, make
from tests.complaints.world import NOW, World, counter_statement, fire
from verification.actions import grant_role, store_file
from verification.rules import Role

LATER, FINAL = acts.LATER, penalties.FINAL
WHY = "Because."
# Who is both auditor and authorizer, and who is both a rights holder without part and a handler of another provider:
# what is refused to both of them is refused to each of them.
STAFF = ("handler", "reviewer", "overseer")
PEOPLE = ("rights_holder", "uploader", *STAFF, "service", "outsider")
PORTAL, SOMEBODY = "portal", "somebody"  # acts to which no account has a door; and those for which none is needed
DONE = "done"
Who = str | tuple[str, ...]


@dataclass
class Peopled(World):
    """A world with those who hold two roles at once."""

    overseer: Any = None
    outsider: Any = None


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True)
class Row:
    """Who may do it in which situations. All others who see the thing are denied; in other situations it conflicts."""

    by: Mapping[str, frozenset[str]]
    call: Callable[[World, Any, Any, dt.datetime], object]
    # What is otherwise: by role and situation, or by role alone.
    but: Mapping[str, str] = field(default_factory=dict)
    now: dt.datetime | None = None
    roles: tuple[str, ...] = PEOPLE


@dataclass(frozen=True)
class Grid:
    """Things of one kind: the situations in which they can be, who sees them in which, and the acts on them."""

    situations: Mapping[str, Callable[[World], Any]]
    sees: Mapping[str, frozenset[str]]
    # Acts by name; one that is done in several ways has further rows, such as ``complaint.restored/portal``.
    rows: Mapping[str, Row]
    now: dt.datetime = NOW

    def expected(self, act: str, who: str, situation: str) -> str:
        row = self.rows[act]
        for key in (f"{who} {situation}", who, f"* {situation}", "*"):
            if key in row.but:
                return row.but[key]
        if who in PEOPLE and situation not in self.sees.get(who, frozenset()):
            return "NotFound"
        if who not in row.by:
            return "Denied"
        return DONE if situation in row.by[who] else "Conflict"

    def cells(self) -> Iterator[tuple[str, str]]:
        return ((act, who) for act, row in self.rows.items() for who in row.roles)


def by(who: str, situations: str = "") -> dict[str, frozenset[str]]:
    return dict.fromkeys(who.split(), words(situations))


def row(who: str, situations: str, call: Any, *, now: dt.datetime | None = None, **but: Any) -> Row:
    roles = (who,) if who in (PORTAL, SOMEBODY) else PEOPLE
    return Row(by(who, situations), call, but.get("but", {}), now, roles)


def on(act: Any, **given: Any) -> Callable[[World, Any, Any, dt.datetime], object]:
    """Return the call of an act on what has a reference."""
    return lambda w, made, who, now: act(reference=made.reference, by=who, now=now, **given)


def on_measure(act: Any) -> Callable[[World, Any, Any, dt.datetime], object]:
    def call(_w: World, made: Complaint, _who: Any, now: dt.datetime) -> object:
        one = Measure.objects.filter(complaint=made).first()
        return act(measure=one.pk if one else uuid7(), now=now)

    return call


# --- matters

ALL = frozenset(STATES)
COUNTS = ALL - {"unconfirmed"}
TOLD = words("forwarded acted contested restored upheld withdrawn closed")
SEES_MATTERS = {
    "rights_holder": COUNTS,  # what is unconfirmed was sent by somebody without account
    **dict.fromkeys(STAFF, COUNTS),
    "uploader": TOLD,
    "service": TOLD,
}
UNDER_MEASURE = "forwarded acted contested upheld closed"
NEVER = ""
WITHOUT_MEASURE = {f"portal {state}": "NotFound" for state in ALL - TOLD}


def item_of(w: World) -> list[str]:
    return [w.content[0].external_id]


MATTERS = {
    "complaint.accepted": row("handler", "filed", on(actions.accept)),
    "complaint.rejected": row("handler", "filed defective accepted", on(actions.reject, reasons=WHY)),
    "complaint.items_rejected": row(
        "handler", "filed accepted",
        lambda w, made, who, now: on(actions.reject_items, items=item_of(w), reasons=WHY)(w, made, who, now),
        # Something is decided on its one item already.
        but={f"handler {state}": "Invalid" for state in ("acted", "forwarded", "contested")},
    ),
    "complaint.cure_asked": row("handler", "filed", on(actions.ask_for_more, elements=["location"], reasons=WHY)),
    "complaint.cure_reminded": row("portal", "defective", on(actions.remind_of_cure)),
    "complaint.correction_link_asked": row("somebody", "defective", on(actions.mail_correction_link)),
    "complaint.contact_code_asked": row("somebody", NEVER, on(actions.mail_contact_code)),  # an account speaks here
    # The portal follows what the two sides agreed on, or did not keep.
    "complaint.settled": row(
        "portal", "defective filed accepted acted forwarded contested upheld",
        on(actions.settle, kind="license", proposal="p-1"),
    ),
    "complaint.reopened": row("portal", NEVER, on(actions.reopen, undertaking="u-1")),
    "complaint.lapsed": row("portal", "defective", on(actions.lapse), now=LATER),
    # Its sender has an account, or a link on the way to its address: nobody has to confirm it by hand.
    "complaint.confirmed_by_hand": row("", NEVER, on(actions.confirm_by_hand, how="phone"), but={"*": "NotFound"}),
    "complaint.corrected": row(
        "rights_holder", "filed defective", on(actions.correct_complaint, changes={"grounds": "More."})
    ),
    # Nobody here has the address that the notice names.
    "complaint.adopted": row(
        "", NEVER,
        lambda w, made, who, now: actions.adopt_complaint(
            tracking_code=tracking_code_of(made).reveal(), by=who, now=now
        ),
        but={"*": "Denied"},
    ),
    "complaint.parted": row("portal", NEVER, on(actions.part)),  # it goes with no other
    "complaint.measure_ordered": row(
        "handler", "accepted forwarded", on(actions.order_measure, kind="removal", reasons=WHY)
    ),
    "complaint.measure_executed": row("service", UNDER_MEASURE, on(actions.report_execution)),
    "complaint.execution_overdue": row(
        "portal", UNDER_MEASURE, on_measure(actions.chase_execution), now=LATER,
        but=WITHOUT_MEASURE,
    ),
    # Each measure has clocks of its own, which stop when it is lifted; whoever calls these then is refused.
    "complaint.review_due": row(
        "portal", UNDER_MEASURE, on_measure(actions.call_for_review), now=LATER, but=WITHOUT_MEASURE
    ),
    "complaint.measure_ended": row(
        "portal", UNDER_MEASURE, on_measure(actions.end_measure), now=LATER, but=WITHOUT_MEASURE
    ),
    "complaint.counter_notice_filed": row(
        "uploader", "acted forwarded",
        on(actions.file_counter_notice, counter=counter_statement("us")),
    ),
    # It stood in the complainant's own account at once.
    "complaint.counter_notice_forwarded": row("handler", NEVER, on(actions.forward_counter_notice)),
    "complaint.counter_contact_read": row("rights_holder", "contested", on(actions.read_counter_contact)),
    "complaint.suit_shown": row("rights_holder", "contested", on(actions.show_suit, kind="lawsuit", body="A court")),
    "complaint.withdrawn": row(
        "rights_holder", "defective filed accepted acted forwarded contested upheld", on(actions.withdraw)
    ),
    "complaint.restored": row("handler", "acted forwarded upheld", on(actions.restore, reasons=WHY)),
    "complaint.restored/portal": row("portal", "contested", on(actions.restore), now=LATER),
    "complaint.upheld": row("handler", "acted forwarded", on(actions.uphold, reasons=WHY)),
    "complaint.closed": row(
        "handler", "defective acted forwarded upheld restored rejected withdrawn", on(actions.close)
    ),
    "complaint.appealed": Row(
        {**by("uploader", "acted forwarded upheld"), **by("rights_holder", "rejected")},
        on(actions.appeal, reasons=WHY),
    ),
    "complaint.appeal_decided": row(
        "handler reviewer", NEVER, on(actions.decide_appeal, outcome="granted", reasons=WHY)
    ),
    "complaint.assigned": row("handler", " ".join(COUNTS - {"closed"}), on(actions.assign)),
    "complaint.released": row("handler", NEVER, on(actions.release)),
    # Nothing that was sent is lost.
    "complaint.unreached_put_aside": row("handler", NEVER, on(actions.put_unreached_aside, reasons=WHY)),
    "complaint.conflict_declared": row(
        "handler reviewer", " ".join(COUNTS), on(actions.declare_interest, about="matter", reasons=WHY)
    ),
    "complaint.conflict_excepted": row(
        "overseer", NEVER,
        lambda w, made, who, now: on(actions.except_interest, handler=w.handler.pk, reasons=WHY)(w, made, who, now),
        but={f"overseer {state}": "Invalid" for state in COUNTS},  # nobody declared anything
    ),
    "complaint.letter_sent": row(
        "handler", " ".join(COUNTS), on(actions.send_letter, to="complainant", subject="A word", body="A text.")
    ),
    "complaint.released/portal": row("portal", NEVER, on(actions.release)),
    "complaint.inquiry_sent": row("handler", NEVER, on(actions.send_inquiry)),
    "complaint.inquiry_received": row("handler", NEVER, on(actions.record_inquiry_received)),
    # Here the law asks no uploader, and only who was asked may answer.
    "complaint.inquiry_answered": row("handler", NEVER, on(actions.answer_inquiry, answer="refuses")),
    "complaint.inquiry_lapsed": row("portal", NEVER, on(actions.lapse_inquiries), now=LATER),
    "complaint.appeal_window_closed": row("portal", NEVER, on(actions.close_appeal_windows), now=LATER),
    "complaint.deadline_missed": row("portal", NEVER, on(actions.miss_deadline), now=LATER),
    "complaint.clock_paused": row("handler", NEVER, on(actions.pause_clock, reasons=WHY)),
    "complaint.clock_resumed": row("handler", NEVER, on(actions.resume_clock)),
    "misuse.found": row(
        "handler", "rejected withdrawn restored", on(actions.find_misuse, kind="false_identity", reasons=WHY)
    ),
    "notice.held_back": row("portal", NEVER, on(actions.hold_back)),
    "notice.taken_up": row("portal", NEVER, on(actions.take_up)),
    # To forward alone holds nothing against the uploader.
    "strike.counted": row("portal", "acted upheld closed", on(actions.count_strikes), now=FINAL),
    "strike.taken_back": row("portal", NEVER, on(actions.take_back_strikes, because="test"), now=FINAL),
}  # fmt: skip

# --- matters in situations that are no states of their own


def all_staff(situations: Any) -> dict[str, frozenset[str]]:
    return dict.fromkeys(STAFF, frozenset(situations))


def matters(
    situations: Mapping[str, Callable[[World], Any]], rows: Mapping[str, Row], told: str = "", **but: Any
) -> Grid:
    """Return the grid of matters that count, whose uploader was told in some of these situations."""
    every = frozenset(situations)
    sees = {"rights_holder": every, **all_staff(every), "uploader": words(told), "service": words(told), **but}
    return Grid(situations, sees, rows)


def excepted(w: Peopled) -> Complaint:
    made = acts.declared(w, w.filed())
    actions.except_interest(**acts.on(made, w.overseer, handler=w.handler.pk, reasons=WHY))
    return made


UNREACHED = matters(
    {"lost": acts.unreached},
    {"complaint.unreached_put_aside": row("handler", "lost", on(actions.put_unreached_aside, reasons=WHY))},
)

SETTLEMENTS = matters(
    {"settled": acts.settled},
    {"complaint.reopened": row("portal", "settled", on(actions.reopen, undertaking="u-1"))},
)
# Without an account, and under the law that makes the uploader's contact part of a counter-notice.
DISCLOSED = matters(
    {"disclosed": acts.disclosed},
    {"complaint.contact_code_asked": row(SOMEBODY, "disclosed", on(actions.mail_contact_code))},
)

HANDLING = matters(
    {"taken": acts.taken, "declared": lambda w: acts.declared(w, w.filed()), "excepted": excepted},
    {
        "complaint.assigned": row("handler", "excepted", on(actions.assign), but={"handler declared": "Denied"}),
        "complaint.released": row("handler", "taken", on(actions.release), but={"handler declared": "Denied"}),
        "complaint.released/portal": row("portal", "taken", on(actions.release)),
        "complaint.conflict_declared": Row(
            {**by("handler", "taken"), **by("reviewer", "taken declared excepted")},
            on(actions.declare_interest, about="matter", reasons=WHY),
            {"handler declared": "Denied"},
        ),
        "complaint.conflict_excepted": row(
            "overseer",
            "declared",
            lambda w, made, who, now: on(actions.except_interest, handler=w.handler.pk, reasons=WHY)(w, made, who, now),
            but={"overseer taken": "Invalid"},
        ),
        "complaint.accepted": row("handler", "taken excepted", on(actions.accept), but={"handler declared": "Denied"}),
        "complaint.letter_sent": row(
            "handler",
            "taken excepted",
            on(actions.send_letter, to="complainant", subject="A word", body="A text."),
            but={"handler declared": "Denied"},
        ),
    },
)


def appealed_rejection(w: World) -> Complaint:
    made = make(w, "rejected")
    actions.appeal(**acts.on(made, w.rights_holder, reasons=WHY))
    return made


def dismissed(w: World) -> Complaint:
    made = acts.appealed(w)
    actions.decide_appeal(**acts.on(made, w.reviewer, outcome="dismissed", reasons=WHY))
    return made


APPEALS = matters(
    {"by_uploader": acts.appealed, "by_complainant": appealed_rejection, "dismissed": dismissed},
    {
        "complaint.appealed": row("rights_holder uploader", NEVER, on(actions.appeal, reasons=WHY)),
        "complaint.appeal_decided": row(
            "reviewer handler",
            "by_uploader by_complainant",
            on(actions.decide_appeal, outcome="granted", reasons=WHY),
            # The handler decided what is contested.
            but={"handler by_uploader": "Denied", "handler by_complainant": "Denied"},
        ),
        "complaint.closed": row("handler", "dismissed", on(actions.close)),
    },
    told="by_uploader dismissed",
)


def answered(w: World, answer: str) -> Complaint:
    made = acts.asked(w)
    actions.answer_inquiry(**acts.on(made, w.uploader, answer=answer))
    return made


def lapsed(w: World) -> Complaint:
    made = acts.asked(w)
    actions.lapse_inquiries(**acts.on(made, SYSTEM, LATER))
    return made


INQUIRIES = matters(
    {
        "filed": lambda w: w.filed("jp"), "accepted": lambda w: w.accepted("jp"), "asked": acts.asked,
        "asked_by_post": lambda w: acts.asked(w, acts.asked_by_post(w)),
        "consents": lambda w: answered(w, "consents"), "refuses": lambda w: answered(w, "refuses"), "lapsed": lapsed,
    },
    {
        "complaint.inquiry_sent": row("handler", "accepted", on(actions.send_inquiry)),
        "complaint.inquiry_received": row("handler", "asked_by_post", on(actions.record_inquiry_received)),
        "complaint.inquiry_answered": Row(
            {**by("uploader", "asked"), **by("handler", "asked_by_post")}, on(actions.answer_inquiry, answer="refuses")
        ),
        "complaint.inquiry_lapsed": row(
            "portal", "asked", on(actions.lapse_inquiries), now=LATER
        ),
        # Who removes without having asked believes in the infringement; who asked waits for the answer and respects it.
        "complaint.measure_ordered": row(
            "handler", "accepted consents lapsed", on(actions.order_measure, kind="removal", reasons=WHY)
        ),
    },
    uploader=words("asked consents refuses lapsed"),
)  # fmt: skip

DELAYS = matters(
    {"contested": lambda w: w.contested("cn"), "paused": acts.paused},
    {
        "complaint.clock_paused": row("handler", "contested", on(actions.pause_clock, reasons=WHY)),
        "complaint.clock_resumed": row("handler", "paused", on(actions.resume_clock)),
        # By then the longest time that the law leaves, pauses included, is over.
        "complaint.restored/portal": row("portal", "contested paused", on(actions.restore), now=LATER),
        "complaint.suit_shown": row(
            "rights_holder", "contested paused", on(actions.show_suit, kind="lawsuit", body="A court")
        ),
    },
    told="contested paused",
)


def window_closed(w: World) -> Complaint:
    made = w.acted("eu")
    fire(acts.MUCH_LATER)
    return made


WINDOWS = Grid(
    {"open": lambda w: w.acted("eu"), "closed": window_closed},
    {"rights_holder": words("open closed"), **all_staff(words("open closed")), "uploader": words("open closed"),
     "service": words("open closed")},
    {
        "complaint.appeal_window_closed": row("portal", "open", on(actions.close_appeal_windows)),
        # The six months are over at this instant, whether that is recorded yet or not.
        "complaint.appealed": row("uploader rights_holder", NEVER, on(actions.appeal, reasons=WHY)),
        "complaint.closed": row("handler", "open closed", on(actions.close)),
    },
    now=acts.MUCH_LATER,
)  # fmt: skip


def missed(w: World) -> Complaint:
    made = acts.large_platform(w)
    actions.miss_deadline(**acts.on(made, SYSTEM, LATER))
    return made


DEADLINES = matters(
    {"waiting": acts.large_platform, "missed": missed, "decided": lambda w: actions.accept(
        **acts.on(acts.large_platform(w), w.handler))},
    {"complaint.deadline_missed": row("portal", "waiting decided", on(actions.miss_deadline), now=LATER)},
)  # fmt: skip

# --- notices of somebody without account

_tokens: dict[Any, str] = {}


def unconfirmed(w: World) -> Complaint:
    made, token = acts.unconfirmed(w)
    _tokens[made.pk] = token
    return made


def confirmed(w: World) -> Complaint:
    made = unconfirmed(w)
    return actions.confirm_complaint(token=_tokens[made.pk], by=PUBLIC, now=NOW)


def contested(w: World) -> Complaint:
    made = confirmed(w)
    actions.accept(**acts.on(made, w.handler))
    w.measure(made)
    w.counter(made)
    return made


def adopted(w: World) -> Complaint:
    code = tracking_code_of(confirmed(w)).reveal()
    return actions.adopt_complaint(tracking_code=code, by=w.rights_holder, now=NOW)


def confirm(w: World, made: Complaint, _who: Any, now: dt.datetime) -> object:
    return actions.confirm_complaint(token=_tokens.get(made.pk, "none"), by=PUBLIC, now=now)


SENDERS = {
    "unreached": lambda w: w.filed(by=PUBLIC, contact={"phone": "+1 202 555 0100"}), "unconfirmed": unconfirmed,
    "confirmed": confirmed, "contested": contested, "adopted": adopted,
}  # fmt: skip
COUNTED = words("confirmed contested adopted")
WITHOUT_ACCOUNT = Grid(
    SENDERS,
    {"rights_holder": words("adopted"), **all_staff(COUNTED), "uploader": words("contested"),
     "service": words("contested")},
    {
        "complaint.confirmed": row(
            SOMEBODY, "unconfirmed", confirm,
            but={"somebody unreached": "NotFound", **{f"somebody {one}": "Gone" for one in COUNTED}},
        ),
        # By a handler of the provider, and only where no link can be mailed.
        "complaint.confirmed_by_hand": row(
            "", NEVER, on(actions.confirm_by_hand, how="phone"), but={"handler unreached": DONE, "*": "NotFound"}
        ),
        # Whoever has the same confirmed address; to all others the code says nothing.
        "complaint.adopted": row(
            "", NEVER, MATTERS["complaint.adopted"].call,
            but={"rights_holder unreached": "Denied", "rights_holder unconfirmed": "Conflict",
                 "rights_holder adopted": "Conflict", "rights_holder": DONE, "*": "Denied"},
        ),
        "complaint.counter_notice_forwarded": row("handler", "contested", on(actions.forward_counter_notice)),
        "complaint.counter_notice_forwarded/portal": row(
            "portal", "contested", on(actions.forward_counter_notice)
        ),
        # In China no law makes the uploader's contact part of it.
        "complaint.counter_contact_read": Row(
            by("handler rights_holder"), on(actions.read_counter_contact),
            {"handler adopted": "Denied"},
        ),
        "complaint.contact_code_asked": row(SOMEBODY, NEVER, on(actions.mail_contact_code)),
        # The handler shows what came as a letter.
        "complaint.suit_shown": Row(
            by("handler rights_holder", "contested"), on(actions.show_suit, kind="lawsuit", body="A court"),
            {"handler adopted": "Denied"},
        ),
    },
)  # fmt: skip


def goes_with_one(w: World) -> Complaint:
    return acts.repeated(w)


GROUPED = matters(
    {"alone": World.filed, "goes_with_one": goes_with_one},
    {"complaint.parted": row("portal", "goes_with_one", on(actions.part))},
)
HELD = Grid(
    {"free": World.filed, "waiting": penalties.waiting, "held": penalties.held}, {},
    {
        # Held again it is only once it was taken up.
        "notice.held_back": row("portal", "waiting", on(actions.hold_back)),
        "notice.taken_up": row("portal", "held", on(actions.take_up)),
    },
    now=FINAL + penalties.DAY * 3,
)  # fmt: skip
COUNTED_MATTERS = Grid(
    {"counted": lambda w: penalties.struck(w).complaint, "undone": penalties.undone_matter}, {},
    {
        "strike.counted": row("portal", NEVER, on(actions.count_strikes)),
        "strike.taken_back": row("portal", "undone", on(actions.take_back_strikes, because="test")),
    },
    now=FINAL + penalties.DAY,
)  # fmt: skip

# --- steps against who keeps infringing

AFTER = FINAL + 3 * penalties.DAY


def declined(w: World) -> Restriction:
    return actions.decline_restriction(**penalties._on(penalties.proposed(w), w.handler, reasons=WHY))


RESTRICTED = words("in_force lifted expired appealed")
RESTRICTIONS = Grid(
    {
        "proposed": penalties.proposed, "in_force": penalties.ordered, "declined": declined,
        "dropped": lambda w: actions.drop_proposal(**penalties._on(penalties.proposed(w), SYSTEM)),
        "lifted": lambda w: actions.lift_restriction(**penalties._on(penalties.ordered(w), w.handler, reasons=WHY)),
        "expired": lambda w: actions.expire_restriction(**penalties._on(penalties.ordered(w), SYSTEM)),
        "appealed": penalties.appealed,
    },
    {**all_staff(RESTRICTED | words("proposed declined dropped")), "uploader": RESTRICTED, "service": RESTRICTED},
    {
        "restriction.ordered": row("handler", "proposed", on(actions.order_restriction, order=penalties.order())),
        "restriction.declined": row("handler", "proposed", on(actions.decline_restriction, reasons=WHY)),
        "restriction.dropped": row("portal", "proposed", on(actions.drop_proposal)),
        "restriction.lifted": row("handler", "in_force appealed", on(actions.lift_restriction, reasons=WHY)),
        "restriction.lifted/portal": row("portal", "in_force appealed", on(actions.lift_restriction)),
        "restriction.expired": row("portal", "in_force appealed", on(actions.expire_restriction)),
        "restriction.executed": row("service", "in_force appealed", on(actions.report_restriction)),
        "restriction.appealed": row("uploader", "in_force expired", on(actions.appeal_restriction, reasons=WHY)),
        "restriction.appeal_decided": Row(
            by("handler reviewer", "appealed"),
            on(actions.decide_restriction_appeal, outcome="granted", reasons=WHY),
            # Who ordered it, or ordered nothing, decides about it no more.
            {f"handler {one}": "Denied" for one in ("in_force", "declined", "lifted", "expired", "appealed")},
        ),
    },
    now=AFTER,
)  # fmt: skip
STRIKES = Grid(
    {"struck": penalties.struck}, {},
    {
        "restriction.warned": row(
            "portal", "struck",
            lambda w, one, who, now: actions.warn(strike=one, prompted_by=uuid7(), by=who, now=now),
        ),
        "restriction.proposed": row(
            "portal", "struck",
            lambda w, one, who, now: actions.propose_restriction(
                strike=one, step=Step.PUBLISHING_CHECKED, prompted_by=uuid7(), by=who, now=now
            ),
        ),
    },
    now=FINAL,
)  # fmt: skip

# --- powers of attorney


def on_id(act: Any, name: str, **given: Any) -> Callable[[World, Any, Any, dt.datetime], object]:
    """Return the call of an act on what is named by its id."""
    return lambda w, made, who, now: act(**{name: made.pk}, by=who, now=now, **given)


def decided_powers(w: World, act: Any) -> PowersOfAttorney:
    return act(powers_id=acts.powers(w).pk, by=w.reviewer, reasons=WHY, now=NOW)  # type: ignore[no-any-return]


POWERS_STATES = words("submitted checked refused withdrawn")
POWERS = Grid(
    {
        "submitted": acts.powers, "checked": lambda w: decided_powers(w, actions.check_powers),
        "refused": lambda w: decided_powers(w, actions.refuse_powers),
        "withdrawn": lambda w: actions.withdraw_powers(powers_id=acts.powers(w).pk, by=w.rights_holder, now=NOW),
    },
    {"rights_holder": POWERS_STATES, **all_staff(POWERS_STATES)},
    {
        "powers.checked": row("handler reviewer", "submitted", on_id(actions.check_powers, "powers_id", reasons=WHY)),
        "powers.refused": row("handler reviewer", "submitted", on_id(actions.refuse_powers, "powers_id", reasons=WHY)),
        "powers.withdrawn": row("rights_holder", "submitted checked", on_id(actions.withdraw_powers, "powers_id")),
    },
)  # fmt: skip

# --- what the provider's people keep: batches, flaggers, templates, mailboxes


def stopped(w: World) -> Batch:
    return actions.stop_batch(batch_id=acts.started(w, acts.prepared(w)).pk, by=w.handler, now=NOW)


def finished(w: World) -> Batch:
    return actions.finish_batch(batch_id=acts.worked_off(w).pk, now=NOW)


BATCH_STATES = words("prepared running worked_off stopped finished")
BATCHES = Grid(
    {
        "prepared": acts.prepared, "running": lambda w: acts.started(w, acts.prepared(w)),
        "worked_off": acts.worked_off, "stopped": stopped, "finished": finished,
    },
    {"handler": BATCH_STATES},
    {
        "batch.started": row(
            "handler", "prepared",
            lambda w, made, who, now: actions.start_batch(batch_id=made.pk, by=who, digest=made.digest, now=now),
        ),
        "batch.stopped": row("handler", "running worked_off", on_id(actions.stop_batch, "batch_id")),
        "batch.finished": row(
            "portal", "worked_off", lambda w, made, who, now: actions.finish_batch(batch_id=made.pk, now=now)
        ),
    },
)  # fmt: skip


def ended_flagger(w: Peopled) -> TrustedFlagger:
    return actions.end_flagger(flagger_id=acts.flagger(w).pk, by=w.overseer, now=NOW)


FLAGGERS = Grid(
    {"trusted": acts.flagger, "suspended": acts.suspended, "ended": ended_flagger},
    all_staff(words("trusted suspended ended")),
    {
        "flagger.suspended": row("overseer", "trusted", on_id(actions.suspend_flagger, "flagger_id", reasons=WHY)),
        "flagger.resumed": row("overseer", "suspended", on_id(actions.resume_flagger, "flagger_id")),
        "flagger.ended": row("overseer", "trusted suspended", on_id(actions.end_flagger, "flagger_id")),
    },
)


def retired(w: World) -> Any:
    return actions.retire_template(template_id=acts.saved_template(w).pk, by=w.handler, now=NOW)


TEMPLATES = Grid(
    {"in_use": acts.saved_template, "retired": retired},
    {"handler": words("in_use")},
    {"template.retired": row("handler", "in_use", on_id(actions.retire_template, "template_id"))},
)


def ended_mailbox(w: World) -> Any:
    acts.mailbox(w)
    return actions.end_mailbox(by=w.handler, provider=w.provider, now=NOW)


MAILBOXES = Grid(
    {"set": acts.mailbox, "ended": ended_mailbox},
    all_staff(words("set ended")),
    {
        "mailbox.ended": row(
            "handler overseer",
            "set",
            lambda w, _, who, now: actions.end_mailbox(by=who, provider=w.provider, now=now),
        ),
        "letter.fetched": row("portal", "set", lambda w, box, who, now: acts.fetched(box)),
    },
)


def filed_letter(w: World) -> Any:
    kept = acts.letter(w)
    actions.complaint_from_letter(letter_id=kept.pk, by=w.handler, regime="us", notice=w.notice(), now=NOW)
    return kept


LETTERS = Grid(
    {"kept": acts.letter, "filed": filed_letter},
    {"handler": words("kept filed")},
    {
        "complaint.filed_from_letter": row(
            "handler",
            "kept",
            lambda w, kept, who, now: actions.complaint_from_letter(
                letter_id=kept.pk, by=who, regime="us", notice=w.notice(), now=now
            ),
        ),
    },
)

# --- what begins something: it asks only who does it

EVERYBODY = {who: words("any_time") for who in PEOPLE}
OUTSIDE = ("rights_holder", "uploader", "service", "outsider")
TO_STRANGERS_NOTHING = dict.fromkeys(OUTSIDE, "NotFound")


def beginning(who: str, call: Any, **but: Any) -> Row:
    return row(who, "any_time", call, **but)


def contact(w: World, _: Any, who: Any, now: dt.datetime) -> object:
    given = {"name": "Host", "postal_address": "1 Host Street", "email": "copyright@host.example"}
    return actions.publish_contact_point(provider=w.provider.code, given=given, by=who, now=now)


def set_law(w: World, _: Any, who: Any, now: dt.datetime) -> object:
    return actions.change_law_setting(
        provider=w.provider.code, regime="cn", setting="reasonable_period", value=10, reasons=WHY, by=who, now=now
    )


def save_template(w: World, _: Any, who: Any, now: dt.datetime) -> object:
    given = {"name": "Wait", "purpose": "other", "language": "en", "subject": "Wait", "body": "Please."}
    return actions.save_template(by=who, provider=w.provider, now=now, **given)


def set_mailbox(w: World, _: Any, who: Any, now: dt.datetime) -> object:
    given = {"address": "imaps://mail.films.example", "user": "letters", "password": "a password"}
    return actions.set_mailbox(by=who, provider=w.provider, **given, now=now)


def record_flagger(w: World, made: Complaint, who: Any, now: dt.datetime) -> object:
    award = actions.Award(authority="Bundesnetzagentur", since_on=now.date(), complaint=made.reference)
    return actions.record_flagger(by=who, provider=w.provider, award=award, now=now)


def give_powers(w: World, _: Any, who: Any, now: dt.datetime) -> object:
    file = store_file(data=b"We let them act for us.", name="powers.txt", by=who, now=now).pk
    given = actions.PowersGiven("The owner", [file], now.date())
    return actions.submit_powers(by=who, provider=w.provider.code, given=given, now=now)


BEGINNINGS = Grid(
    {"any_time": lambda w: w.filed("eu")},
    EVERYBODY,
    {
        "complaint.filed": beginning(" ".join(PEOPLE), lambda w, _, who, now: w.filed(by=who)),
        "complaint.list_exported": beginning(
            "handler overseer",
            lambda w, _, who, now: actions.export_list(
                by=who, wanted=Wanted(provider=w.provider.code), asked={}, now=now
            ),
        ),
        "powers.submitted": beginning(" ".join(PEOPLE), give_powers),
        "letter.kept": beginning(
            "handler",
            lambda w, _, who, now: actions.keep_letter(by=who, provider=w.provider, content=b"Dear all", now=now),
            but=TO_STRANGERS_NOTHING,
        ),
        "mailbox.set": beginning("handler overseer", set_mailbox, but=TO_STRANGERS_NOTHING),
        "template.saved": beginning("handler", save_template),
        "flagger.recorded": beginning("overseer", record_flagger, but=TO_STRANGERS_NOTHING),
        "law_setting.changed": beginning("overseer", set_law),
        "policy.published": beginning(
            "overseer",
            lambda w, _, who, now: penalties.published(w, now, by=who),
            but=TO_STRANGERS_NOTHING,
        ),
        "channel.contact_published": beginning("handler overseer", contact, but=TO_STRANGERS_NOTHING),
    },
)  # fmt: skip

GRIDS = {
    "matter": Grid({state: (lambda w, state=state: make(w, state)) for state in STATES}, SEES_MATTERS, MATTERS),
    "handling": HANDLING, "unreached": UNREACHED, "settlement": SETTLEMENTS, "disclosed": DISCLOSED,
    "appeal": APPEALS, "inquiry": INQUIRIES, "delay": DELAYS, "window": WINDOWS,
    "deadline": DEADLINES, "sender": WITHOUT_ACCOUNT, "grouped": GROUPED, "held": HELD, "counted": COUNTED_MATTERS,
    "restriction": RESTRICTIONS, "strike": STRIKES, "powers": POWERS, "batch": BATCHES, "flagger": FLAGGERS,
    "template": TEMPLATES, "mailbox": MAILBOXES, "letter": LETTERS, "beginning": BEGINNINGS,
}  # fmt: skip


def test_every_act_of_complaints_has_a_row() -> None:
    rows = {name.partition("/")[0] for grid in GRIDS.values() for name in grid.rows}

    assert rows == {name for name, act in ACTIONS.items() if act.__module__.startswith("complaints.")}


def test_every_act_on_a_matter_is_tried_in_every_state() -> None:
    """What begins a matter has none before, and a link or a letter is its own thing."""
    elsewhere = {"complaint.filed", "complaint.filed_from_letter", "complaint.confirmed", "complaint.list_exported"}
    acts_on_matters = {name for name in ACTIONS if name.startswith("complaint.")} - elsewhere

    assert acts_on_matters <= set(MATTERS)


@pytest.fixture
def peopled(world: World) -> Peopled:
    made = Peopled(**vars(world), overseer=world.auditor, outsider=world.other_handler)
    grant_role(account=made.overseer, role=Role.AUTHORIZER, organisation=made.provider, by=SYSTEM, now=NOW)
    grant_role(account=made.outsider, role=Role.RIGHTS_HOLDER, by=SYSTEM, now=NOW)
    return made


def test_what_the_portal_does_by_itself_has_no_door_for_anybody() -> None:
    by_somebody = {
        name.partition("/")[0] for grid in GRIDS.values() for name, one in grid.rows.items() if one.roles != (PORTAL,)
    }
    alone = {act.__name__ for name, act in ACTIONS.items() if act.__module__.startswith("complaints.")} - {
        ACTIONS[name].__name__ for name in by_somebody
    }
    house = pathlib.Path(complaints.__file__).parent
    doors = "".join(path.read_text() for room in ("views", "api") for path in sorted((house / room).glob("*.py")))

    assert {"restore", "lift_restriction"}.isdisjoint(alone)
    assert len(alone) > 15
    assert not {name for name in alone if re.search(rf"actions\.{name}\b", doors)}


class Sight:
    """What each account sees, asked once in a situation and not for each of its cells: nothing in between stays done.

    The acts ask as ever, and are answered on the ground by which the account sees the matter, or on none.
    """

    def __init__(self) -> None:
        self.grounds_of, self.seen_on = seeing._grounds_of, seeing._seen_on
        self.found: dict[Any, list[tuple[Any, Any]]] = {}

    def look(self, w: World, made: object) -> None:
        self.found.clear()
        if not isinstance(made, Complaint):
            return
        for account in (getattr(w, who) for who in PEOPLE):
            asked = [(ground, self.seen_on(ground)) for ground in self.grounds_of(account)]
            self.found[account.pk] = [(ground, found) for ground, found in asked if found.filter(pk=made.pk).exists()]

    def grounds(self, account: Any) -> Iterable[Any]:
        if account.pk not in self.found:
            return self.grounds_of(account)
        return [ground for ground, _found in self.found[account.pk][:1]]

    def seen(self, ground: Any) -> Any:
        known = (found for pairs in self.found.values() for one, found in pairs if one is ground)
        found = next(known, None)
        return self.seen_on(ground) if found is None else found.all()


@pytest.fixture
def sight(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sight]:
    sight = Sight()
    monkeypatch.setattr(seeing, "_grounds_of", sight.grounds)
    monkeypatch.setattr(seeing, "_seen_on", sight.seen)
    gc.collect()
    gc.disable()
    yield sight
    gc.enable()


def outcome(call: Callable[..., object], *given: Any) -> str:
    """Try it, and return how it went."""
    try:
        call(*given)
    except ObjectDoesNotExist:
        return "NotFound"
    except (Conflict, Denied, NotFound, Invalid, Gone) as refused:
        return type(refused).__name__
    return DONE


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def surprises(grid: Grid, w: World, situation: str, sight: Sight) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Try every act by everybody, and return what went otherwise than expected: as it went, and as it should."""
    made, found = grid.situations[situation](w), {}
    sight.look(w, made)
    for act, who in grid.cells():
        one, expected = grid.rows[act], grid.expected(act, who, situation)
        account = {PORTAL: SYSTEM, SOMEBODY: PUBLIC}.get(who) or getattr(w, who)
        # An act that is refused takes back what it did itself.
        with taken_back() if expected == DONE else nullcontext():
            went = outcome(one.call, w, made, account, one.now or grid.now)
        if went != expected:
            found[situation, act, who] = went, expected
    return found


@pytest.mark.parametrize("name", GRIDS)
def test_each_act_succeeds_for_its_roles_in_its_states_and_is_refused_as_it_should_everywhere_else(
    peopled: Peopled, sight: Sight, name: str
) -> None:
    found: dict[tuple[str, str, str], tuple[str, str]] = {}

    for situation in GRIDS[name].situations:
        sight.found.clear()
        with taken_back():
            found |= surprises(GRIDS[name], peopled, situation, sight)

    assert found == {}
