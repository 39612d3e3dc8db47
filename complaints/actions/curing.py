"""The cure of a notice that lacks something: what is asked for, reminded of once, mended, or lapses in the end."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import contact_of, get_for, require_handler, require_room_to_ask_for_link
from complaints.actions.deciding import require_reasons
from complaints.actions.mending import begin_cure, make_link, pause, stop_waiting
from complaints.models import Complaint, CureRequest
from complaints.regimes.shape import Regime
from complaints.rules import Side, State
from core.actors import SYSTEM, Actor
from core.errors import Invalid, Problem, invalid
from ledger.acts import action, record
from messaging import steps
from verification.models import Account


@action("complaint.cure_asked")
def ask_for_more(*, reference: str, by: Account, elements: Sequence[str], reasons: str, now: dt.datetime) -> Complaint:
    """Ask as a handler, with reasons, for more about elements that are there and are not enough; return the complaint.

    The provider's own time is paused until the complainant answers. Raises Invalid for elements that the regime does
    not know, Conflict unless the notice is complete and not yet decided on.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    rules.check_state(complaint.state, (State.FILED,))
    law = regimes.of(complaint)
    asked = _known(law, elements)
    require_reasons(reasons)
    pause(complaint, law, now)
    complaint.state, complaint.asked, complaint.changed_at = State.DEFECTIVE, asked, now
    complaint.save(update_fields=["state", "asked", "changed_at", "paused_at", "days_left", "answer_due_at"])
    request = CureRequest.objects.create(
        complaint=complaint, elements=asked, reasons=reasons, asked_at=now, asked_by=handler
    )
    begin_cure(complaint, now)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, "request": str(request.pk), "elements": asked}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _known(law: Regime, elements: Sequence[str]) -> list[str]:
    """Return the elements once each, in the order of the law; Invalid for none and for those it does not know."""
    known = [element.code for element in law.elements]
    text = _("This regime asks for: %(known)s.") % {"known": ", ".join(known)}
    problems = [
        Problem(f"/elements/{place}", "unknown_element", text)
        for place, code in enumerate(elements)
        if code not in known
    ]
    if problems:
        raise Invalid(problems)
    if not elements:
        raise invalid("/elements", "required", _("Name at least one element about which you need more."))
    return [code for code in known if code in elements]


@action("complaint.cure_reminded")
def remind_of_cure(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """Remind the complainant, as the portal itself and once, of what its notice still lacks; return the complaint."""
    complaint = _waiting(reference)
    facts = {"as": Side.SYSTEM.value, "state": complaint.state}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.lapsed")
def lapse(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """Close, as the portal itself, a notice that was not mended in time; return it. A new one can be filed."""
    complaint = _waiting(reference)
    rules.check_move(complaint.state, State.CLOSED)
    stop_waiting(complaint, because="lapsed", now=now)
    complaint.state, complaint.answer_due_at = State.CLOSED, None
    complaint.changed_at = complaint.ended_at = now
    complaint.save()
    steps.close(reference, now)
    facts = {
        "as": Side.SYSTEM.value,
        "state": complaint.state,
        "missing": [element for element, _pointer in complaint.missing],
        "asked": complaint.asked,
    }
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _waiting(reference: str) -> Complaint:
    """Return the complaint, locked, for its own clock; Conflict when it does not wait to be mended any more."""
    found = Complaint.objects.select_related("provider", "data_key").select_for_update(of=("self",))
    complaint = found.get(reference=reference)
    rules.check_state(complaint.state, (State.DEFECTIVE,))
    return complaint


@action("complaint.correction_link_asked")
def mail_correction_link(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """Make a new link for a sender without account, which goes to its own address and nowhere else; return the complaint.

    Whoever knows the tracking code may ask for it and learns nothing. Raises Conflict when nothing waits to be mended,
    TooFast when it was asked for too often.
    """
    complaint = _waiting(reference)
    require_room_to_ask_for_link(complaint, now)
    if complaint.complainant_id is None and contact_of(complaint)["email"]:
        make_link(complaint, now)
    facts = {"as": Side.COMPLAINANT.value if by is not SYSTEM else Side.SYSTEM.value, "state": complaint.state}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint
