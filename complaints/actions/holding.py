"""A notice waits because its sender misused notices: after all others, or (where the law allows it) for a time."""

import datetime as dt

from django.utils.translation import gettext as _

from complaints import access, regimes
from complaints.actions.notice import start_counting
from complaints.models import Complaint, HeldBack
from complaints.rules import Priority, Side, State
from core.actors import Actor
from core.errors import Conflict
from ledger.acts import action, record


def _locked(reference: str) -> Complaint:
    found = Complaint.objects.select_related("provider", "data_key", "complainant").select_for_update(of=("self",))
    return found.get(reference=reference)


@action("notice.held_back")
def hold_back(*, reference: str, by: Actor, now: dt.datetime) -> HeldBack:
    """Have a notice wait for what was ordered against its sender, as the portal; return what holds it.

    It is received and kept as any other. Raises Conflict where nothing holds it, or it is held already.
    """
    complaint = _locked(reference)
    restriction = access.restriction_to_hold_for(complaint)
    if restriction is None:
        raise Conflict(_("Nothing holds this notice back."), state=complaint.state)
    is_paused = access.is_paused(complaint, restriction)
    given = {"restriction": restriction, "is_paused": is_paused, "held_at": now}
    held, _is_new = HeldBack.objects.update_or_create(complaint=complaint, defaults=given)
    complaint.priority = Priority.LAST
    if is_paused:
        complaint.answer_due_at = None
    complaint.save(update_fields=["priority", "answer_due_at"])
    facts = {"as": Side.SYSTEM.value, "restriction": restriction.reference, "is_paused": is_paused}
    record(subject=f"misuse:{reference}", provider=complaint.provider.code, by=by, facts=facts, now=now)
    return held


@action("notice.taken_up")
def take_up(*, reference: str, by: Actor, now: dt.datetime) -> Complaint:
    """Have a notice be handled from now on, as the portal, because what held it has ended; return it."""
    complaint = _locked(reference)
    held = HeldBack.objects.select_for_update().filter(complaint=complaint, is_paused=True, resumed_at=None).first()
    if held is None:
        raise Conflict(_("Nothing holds this notice back."), state=complaint.state)
    held.resumed_at = now
    held.save(update_fields=["resumed_at"])
    if complaint.state == State.FILED:
        start_counting(complaint, regimes.at_version(complaint.regime, complaint.regime_version), now)
        complaint.save(update_fields=["complete_at", "answer_due_at"])
    facts = {"as": Side.SYSTEM.value, "state": complaint.state}
    record(subject=f"misuse:{reference}", provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint
