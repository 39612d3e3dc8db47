"""What the pages of a matter and the lists are filled with."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import access
from complaints.actions import place_words
from complaints.rules import MOVES, TONES, WORK_KINDS, ItemState, MeasureKind, Side, State
from complaints.serializers import acting, bases, curing, desks, grouping, letters_sent, mailed, readings, shown, words
from core.errors import Conflict, Invalid, Problem
from messaging.access import conversations_on

if TYPE_CHECKING:
    from uuid import UUID

    from complaints.access import Viewer
    from complaints.models import Complaint, ComplaintItem
    from complaints.regimes.shape import Regime

ACT_LABELS = {
    "acceptance": gettext_lazy("Accept it"),
    "rejection": gettext_lazy("Reject it"),
    "cure": gettext_lazy("Ask for more"),
    "measure": gettext_lazy("Order a measure"),
    "counter-notice": gettext_lazy("Contest it"),
    "forwarding": gettext_lazy("Record that it was sent by post"),
    "suit": gettext_lazy("Show a lawsuit or complaint"),
    "correction": gettext_lazy("Correct the notice"),
    "withdrawal": gettext_lazy("Take it back"),
    "restoration": gettext_lazy("Restore"),
    "upholding": gettext_lazy("Let the measure stay"),
    "closing": gettext_lazy("Close the matter"),
    "misuse": gettext_lazy("Find it to be a misuse"),
    "appeal": gettext_lazy("Appeal"),
    "appeal/decision": gettext_lazy("Decide the appeal"),
    "assignment": gettext_lazy("Take or give the matter"),
    "release": gettext_lazy("Give the matter back"),
    "unreached": gettext_lazy("Put aside that a party cannot be reached"),
    "letters": gettext_lazy("Write a letter"),
    "interest": gettext_lazy("Declare a conflict of interest"),
    "exception": gettext_lazy("Record an exception"),
    "inquiry": gettext_lazy("Ask for consent to a removal"),
    "inquiry/receipt": gettext_lazy("Record that the question was received"),
    "inquiry/answer": gettext_lazy("Answer the question"),
    "pause": gettext_lazy("Pause the clock"),
    "resumption": gettext_lazy("Let the clock go on"),
}
# Who of the staff joins conversations, or keeps them.
CONVERSATION_KEEPERS = (Side.HANDLER, Side.AUTHORIZER)
ITEM_TONES = {ItemState.RESTRICTED: "against", ItemState.RESTORED: "done", ItemState.FORWARDED: "waiting"}
# Open at any time: offered, and never what the page invites to.
NEVER_URGED = ("withdrawal", "unreached", "letters", "assignment", "release", "interest", "exception")
FREE = (ItemState.NOTICED, ItemState.FORWARDED)
UNDER = (ItemState.RESTRICTED, ItemState.FORWARDED)


def state_shown(complaint: Complaint) -> dict[str, str]:
    """Return the state in words and its tone."""
    return {"label": str(State(complaint.state).label), "tone": TONES.get(State(complaint.state), "waiting")}


def row(complaint: Complaint) -> dict[str, Any]:
    """Return a complaint as the lists of the pages show it."""
    return {
        "reference": complaint.reference,
        "url": reverse("complaints:matter", args=[complaint.reference]),
        "provider": complaint.provider.name,
        "regime": complaint.regime.upper(),
        "state": state_shown(complaint),
        "filed_at": complaint.filed_at,
        "changed_at": complaint.changed_at,
        "due_at": complaint.answer_due_at,
        "is_earning": complaint.is_earning,
        "is_trusted": complaint.is_trusted,
        "is_of_group": complaint.group not in ("", complaint.reference),
        "group": complaint.group,
    }


def desk_rows(complaints: list[Complaint]) -> list[dict[str, Any]]:
    """Return complaints as the desk shows them, each with who has it."""
    holders = access.holders_of(complaints)
    choose = _("Choose %(reference)s")
    return [
        {
            **row(one),
            "holder": holders[one.pk].handler.email if one.pk in holders else "",
            "choose": choose % {"reference": one.reference},
        }
        for one in complaints
    ]


def first_of(acts: list[str], state: State) -> str:
    """Return the act to which the page invites, or nothing.

    What is open at any time is offered and not urged: to take a notice back, and to change one that lacks nothing.
    """
    urged = (act for act in acts if act not in NEVER_URGED and (act != "correction" or state is State.DEFECTIVE))
    return next(urged, "")


def live(complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return what moves on the page of a matter."""
    acts, entries = access.acts_for(viewer, complaint), access.timeline_for(viewer, complaint)
    kept = access.clocks_of(complaint)
    clocks = words.clocks_shown(complaint, kept, now)
    page, first = reverse("complaints:matter", args=[complaint.reference]), first_of(acts, State(complaint.state))
    links = {act: {"label": ACT_LABELS[act], "url": f"{page}{act}/"} for act in acts}
    return {
        "complaint": complaint,
        "state": state_shown(complaint),
        "clocks": clocks,
        "lapses_at": curing.lapse_of(kept),
        "next_step": words.next_step_of(complaint, clocks),
        "primary": links.get(first),
        "others": [link for act, link in links.items() if act != first],
        "entries": entries,
        "timeline": words.timeline_shown(entries),
        "holder": desks.holder_for(viewer, complaint),
        "seen": f"{entries[-1].pk if entries else ''}-{now:%Y%m%d%H}",
    }


def matter(complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return everything on the page of a matter that the viewer may see."""
    items = access.items_for(viewer, complaint)
    measures, counters = shown.answers_for(complaint, items)
    law, moving = words.regime_of(complaint), live(complaint, viewer, now)
    lacks = curing.missing_of(complaint)
    return {
        **moving,
        **mailed.delivery(complaint, viewer, moving["entries"]),
        "viewer": viewer,
        "law": law,
        "works": [
            {"title": work.title or work.work, "kind": dict(WORK_KINDS).get(work.kind, work.kind) if work.kind else ""}
            for work in complaint.works.order_by("position")
        ],
        "items": [item_row(item, viewer) for item in items],
        "elements": words.elements_of(law, lacks),
        "cure": curing.cure_of(complaint, moving["lapses_at"]),
        **grouping.for_page(complaint, viewer, items),
        "complainant": shown.complainant_for(complaint, viewer, now),
        "capacity": complaint.get_capacity_display(),
        "powers": acting.powers_for(complaint, viewer, now),
        "statements": [one for one in law.statements if one.code in complaint.statements],
        "documents": documents(complaint, viewer),
        "letters": letters_sent.on_page(letters_sent.letters_for(viewer, complaint, now)),
        "decision": complaint.get_decision_display() if complaint.decision else "",
        "measures": [
            {**one, "kind_label": MeasureKind(one["kind"]).label, "place": place_words(one["territory"])}
            for one in measures
        ],
        "counters": counters,
        "may_read_contact": Side.COMPLAINANT in viewer.sides
        or (Side.HANDLER in viewer.sides and complaint.complainant_id is None),
        "suits": list(complaint.suits.order_by("pk")),
        "appeals": access.appeals_for(viewer, complaint),
        "inquiries": access.inquiries_for(viewer, complaint) if law.inquiry is not None else [],
        "tracking_code": access.tracking_code_of(complaint).reveal() if Side.COMPLAINANT in viewer.sides else "",
        "may_speak": bool(viewer.sides.intersection((Side.COMPLAINANT, Side.UPLOADER)))
        and complaint.complainant_id is not None
        and any(item.content_id for item in items),
        "letter": access.letter_of(complaint) if Side.HANDLER in viewer.sides else None,
        "conversations": conversations_on(complaint.reference)
        if viewer.sides.intersection(CONVERSATION_KEEPERS)
        else [],
    }


def item_row(item: ComplaintItem, viewer: Viewer) -> dict[str, Any]:
    """Return an item with its state in words."""
    return {
        **shown.item_shown(item, viewer),
        "title": _title_of(item, viewer),
        "label": ItemState(item.state).label,
        "tone": ITEM_TONES.get(ItemState(item.state), "neutral"),
    }


def _title_of(item: ComplaintItem, viewer: Viewer) -> str:
    """Return what the content is called, to its uploader and staff also where nobody else is shown it."""
    if item.content is None:
        return ""
    knows_it = viewer.is_staff or Side.UPLOADER in viewer.sides
    return item.content.title if knows_it else item.content.shown_title


def documents(complaint: Complaint, viewer: Viewer) -> list[dict[str, Any]]:
    """Return the files that the viewer may see, each with its address."""
    found = [shown.file_shown(file) for file in shown.evidence_for(complaint, viewer)]
    return [{**one, "url": reverse("complaints:file", args=[complaint.reference, one["id"]])} for one in found]


def needs_of(name: str, complaint: Complaint, viewer: Viewer, letter: UUID | None = None) -> dict[str, Any]:
    """Return what the form of an act is made with."""
    law = words.regime_of(complaint)
    if name == "measure":
        free = [item for item in access.items_for(viewer, complaint) if item.state in FREE]
        return {"items": free, "inquiry": law.inquiry, "zone": complaint.provider.time_zone}
    if name == "rejection":
        return _needs_of_rejection(complaint, viewer)
    if name == "counter-notice":
        return _needs_of_counter(complaint, viewer, letter)
    if name == "suit":
        return {"law": law.counter}
    if name == "cure":
        return {"law": law}
    if name == "misuse":
        return {"complaint": complaint}
    if name == "correction":
        return needs_of_correction(complaint)
    return desks.needs_of(name, complaint, viewer)


def needs_of_correction(complaint: Complaint) -> dict[str, Any]:
    """Return what the form of a correction is made with; for the complainant, or who has the link to mend the notice."""
    law = words.regime_of(complaint)
    works = list(complaint.works.order_by("position").values("title", "kind", "work"))
    items = list(complaint.items.order_by("position").values("url", "external_id"))
    return {"law": law, "initial": as_given(complaint), "works": works, "items": items}


def _needs_of_rejection(complaint: Complaint, viewer: Viewer) -> dict[str, Any]:
    """Return the items that can be chosen, and whether all of them are the whole notice; a defective one has no parts."""
    known = access.items_for(viewer, complaint)
    undecided = [item for item in known if item.state == ItemState.NOTICED]
    if complaint.state == State.DEFECTIVE:
        return {"items": [], "is_whole": True}
    is_whole = State.REJECTED in MOVES[State(complaint.state)] and len(undecided) == len(known)
    return {"items": undecided, "is_whole": is_whole}


def _needs_of_counter(complaint: Complaint, viewer: Viewer, letter: UUID | None) -> dict[str, Any]:
    law = words.regime_of(complaint).counter
    if law is None:
        raise Conflict(
            _("This regime knows no counter-notice; contest the decision by an appeal."), state=complaint.state
        )
    items = [i for i in access.items_for(viewer, complaint) if i.state in UNDER and i.contested_by_id is None]
    initial: dict[str, Any] = {}
    if letter is not None:
        read = readings.draft_of(access.reading_of(access.letter_for(viewer.account, letter)))
        initial = {name: read[name] for name in ("grounds", "name", "postal_address", "email", "phone", "signature")}
    return {"law": law, "items": items, "initial": initial}


def as_given(complaint: Complaint) -> dict[str, Any]:
    """Return the notice as the fields of its correction form; for its own complainant."""
    contact = {name: plain.reveal() for name, plain in access.contact_of(complaint).items()}
    works = list(complaint.works.order_by("position"))
    return {
        **contact,
        "capacity": complaint.capacity,
        "works": "\n".join(work.title or work.work for work in works),
        "kind": works[0].kind if works else "",
        "items": "\n".join(item.url or item.external_id for item in complaint.items.order_by("position")),
        "grounds": complaint.grounds,
        "statements": complaint.statements,
        "signature": access.signature_of(complaint).reveal(),
    }


def on_form(error: Invalid) -> Invalid:
    """Return the refusal with the pointers of nested fields put where the forms of pages have them."""
    moved = [
        Problem(one.pointer.removeprefix("/contact").removeprefix("/complainant"), one.code, one.detail)
        for one in error.problems
    ]
    return Invalid(moved, error.detail)


def explained(name: str, complaint: Complaint, viewer: Viewer) -> dict[str, Any]:
    """Return what stands beside the form of an act: elements and consequences, on which article."""
    law = words.regime_of(complaint)
    if name == "counter-notice" and law.counter is not None:
        return {
            "elements": law.counter.elements,
            "consequences": law.counter.consequences,
            "clock_rule": law.counter.clock,
            "discloses": law.counter.discloses_words,
            "discloses_source": law.counter.discloses_source,
        }
    if name == "suit" and law.counter is not None:
        stopped = _("The clock stops when %(what)s.") % {"what": law.counter.clock.stopped}
        return {"consequences": stopped, "clock_rule": law.counter.clock}
    if name == "correction":
        return curing.explained(complaint)
    if name == "appeal/decision":
        found = access.open_appeal(complaint)
        return {"appeal": found}
    if name == "misuse":
        return {"consequences": _("It counts against the sender once it is final. A rejection alone is no misuse.")}
    if name == "withdrawal":
        return {"consequences": _("What is under a measure returns. This cannot be undone.")}
    if name == "measure":
        items = access.items_for(viewer, complaint)
        basis = bases.basis_of(complaint, [item for item in items if item.state in FREE])
        return {"shared": any(_is_shared(item) for item in items), "basis": basis}
    return _explained_by_clock(name, law)


def _explained_by_clock(name: str, law: Regime) -> dict[str, Any]:
    """Return what stands beside the acts that are about a clock of the law: the inquiry, and a pause."""
    if name.startswith("inquiry") and law.inquiry is not None:
        return {"consequences": law.inquiry.asks, "clock_rule": law.inquiry.clock}
    if name in ("pause", "resumption") and law.counter is not None:
        stands = _("The clock stands still %(paused)s.") % {"paused": law.counter.clock.paused}
        return {"consequences": stands, "clock_rule": law.counter.clock}
    return {}


def _is_shared(item: ComplaintItem) -> bool:
    return item.content is not None and item.content.is_shared_tenancy
