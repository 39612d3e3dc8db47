"""Who handles a matter: taken, given on, given back; and who must not, because they have an interest in it."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import (
    INTEREST_TABLE,
    assignee,
    can_put_unreached_aside,
    get_for,
    held,
    interests_in,
    is_excepted,
    require_authorizer,
    require_decider,
    require_handler,
    viewer_of,
)
from complaints.actions.deciding import require_reasons
from complaints.models import Assignment, Complaint, DeclaredInterest, InterestException, UnreachedAside
from complaints.rules import AssignmentEnd, Interest, Side, State
from core import sealing
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Denied, invalid
from ledger.acts import action, record
from verification.access import accounts_of_person
from verification.models import Account


def _require_open(complaint: Complaint) -> None:
    if complaint.state == State.CLOSED:
        raise Conflict(_("This complaint is closed; there is nothing to handle."), state=complaint.state)


@action("complaint.assigned")
def assign(*, reference: str, by: Account, to: UUID | None = None, now: dt.datetime) -> Assignment:
    """Give the complaint to a handler of the provider, or (without ``to``) take it; return the assignment.

    Whoever has it loses it. Raises Invalid for who cannot handle it, Conflict for who has it already.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    _require_open(complaint)
    chosen = handler if to in (None, handler.pk) else assignee(complaint, to)
    before = held(complaint)
    if before is not None:
        if before.handler_id == chosen.pk:
            raise Conflict(_("This handler has the matter already."), state=complaint.state)
        end_assignment(before, rules.assignment_end(before.handler_id, handler.pk, chosen.pk), now)
    made = Assignment.objects.create(complaint=complaint, handler=chosen, assigned_at=now, assigned_by=handler)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, "to": chosen.ledger_reference}
    if before is not None:
        facts |= {"from": before.handler.ledger_reference, "because": before.ended_because}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made


def end_assignment(held_before: Assignment, because: AssignmentEnd, now: dt.datetime) -> None:
    """Write that whoever had the matter has it no more, and why."""
    held_before.ended_at, held_before.ended_because = now, because
    held_before.save(update_fields=["ended_at", "ended_because"])


@action("complaint.released")
def release(
    *, reference: str, by: Actor, because: AssignmentEnd = AssignmentEnd.RELEASED, now: dt.datetime
) -> Complaint:
    """Give the complaint back, as the handler who has it, or as the portal because that is a handler no more.

    Raises Conflict where nobody, or somebody else, has it.
    """
    if by is SYSTEM:
        complaint = (
            Complaint.objects.select_related("provider").select_for_update(of=("self",)).get(reference=reference)
        )
    else:
        complaint = get_for(by, reference, lock=True)
        require_handler(by, complaint)
    before = held(complaint)
    if before is None or by not in (SYSTEM, before.handler):
        raise Conflict(_("You do not have this matter."), state=complaint.state)
    end_assignment(before, because, now)
    side = Side.SYSTEM if by is SYSTEM else Side.HANDLER
    facts = {
        "as": side.value,
        "state": complaint.state,
        "from": before.handler.ledger_reference,
        "because": because.value,
    }
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.conflict_declared")
def declare_interest(*, reference: str, by: Account, about: str, reasons: str, now: dt.datetime) -> DeclaredInterest:
    """Declare, as who handles or decides there, an interest in the matter or a party; return it.

    From then on that person can neither act in what it concerns nor be given it; what it has returns to the desk.
    """
    complaint = get_for(by, reference, lock=True)
    require_decider(by, complaint)
    if about not in Interest.values:
        known = ", ".join(Interest.values)
        raise invalid("/about", "unknown", _("Choose one of: %(known)s.") % {"known": known})
    require_reasons(reasons)
    if about == Interest.COMPLAINANT and complaint.complainant_id is None:
        text = _("The complainant has no account, so that other matters of the same cannot be told. Choose the matter.")
        raise invalid("/about", "no_account", text)
    if complaint.interests.filter(account=by, about=about).exists():
        raise Conflict(_("You declared this already."), state=complaint.state)
    key = sealing.new_data_key(now=now)
    made = DeclaredInterest(complaint=complaint, account=by, about=about, data_key=key, declared_at=now)
    made.reasons_sealed = sealing.seal(key, row=(INTEREST_TABLE, made.pk), field="reasons", text=reasons)
    made.save(force_insert=True)
    before = held(complaint)
    if before is not None and before.handler_id in accounts_of_person(by):
        end_assignment(before, AssignmentEnd.CONFLICT, now)
    facts = {"as": _side(by, complaint), "state": complaint.state, "interest": str(made.pk), "about": about}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made


def _side(by: Account, complaint: Complaint) -> str:
    sides = viewer_of(by, complaint).sides
    return (Side.HANDLER if Side.HANDLER in sides else Side.REVIEWER).value


@action("complaint.conflict_excepted")
def except_interest(*, reference: str, by: Account, handler: UUID, reasons: str, now: dt.datetime) -> InterestException:
    """Let a handler act in this matter in spite of the interest it declared, as an authorizer, with reasons.

    Nobody excepts themselves, by whatever account. Raises Invalid for who declared none, Conflict the second time.
    """
    complaint = get_for(by, reference, lock=True)
    authorizer = require_authorizer(by, complaint)
    require_reasons(reasons)
    declared = interests_in(complaint).filter(account=handler).last()
    if declared is None:
        raise invalid("/handler", "unknown", _("This person declared no interest that concerns this matter."))
    if handler in accounts_of_person(authorizer):
        raise Denied(_("Somebody else must decide whether you may act here."), code="same_person")
    if is_excepted(declared, declared.account, complaint):
        raise Conflict(_("The exception is recorded already."), state=complaint.state)
    made = InterestException.objects.create(
        complaint=complaint, account=declared.account, reasons=reasons, made_at=now, made_by=authorizer
    )
    facts = {"as": Side.AUTHORIZER.value, "state": complaint.state, "for": declared.account.ledger_reference}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made


@action("complaint.unreached_put_aside")
def put_unreached_aside(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> UnreachedAside:
    """Take the matter off the list of those in which a party cannot be reached by mail, as a handler, with reasons.

    The next mail that is lost brings it back. Raises Conflict where nothing was lost since it was last put aside.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    require_reasons(reasons)
    if not can_put_unreached_aside(complaint):
        raise Conflict(_("No mail to a party was lost, or that was put aside already."), state=complaint.state)
    made = UnreachedAside.objects.create(complaint=complaint, reasons=reasons, made_at=now, made_by=handler)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, "aside": str(made.pk)}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made
