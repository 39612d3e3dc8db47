"""Who has which matter, and who could take it."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from complaints.access.impartial import barred_by, interests_in
from complaints.access.mailed import can_put_unreached_aside
from complaints.models import Assignment, Complaint
from complaints.rules import Assigned, Side, State
from core.actors import Actor
from core.errors import Denied, NotFound, invalid
from verification.access import has_second_factor, require_staff, staff_of
from verification.models import Account, Organisation
from verification.rules import Role


def held(complaint: Complaint) -> Assignment | None:
    """Return the assignment by which somebody has the complaint now, or None."""
    found = Assignment.objects.filter(complaint=complaint, ended_at__isnull=True)
    return found.select_related("handler").first()


def assignments_of(complaint: Complaint) -> list[Assignment]:
    """Return who had the complaint, the first first. Whoever calls this has checked that staff asks."""
    return list(Assignment.objects.filter(complaint=complaint).select_related("handler").order_by("pk"))


def holders_of(complaints: Iterable[Complaint]) -> dict[UUID, Assignment]:
    """Return by complaint who has it now; one query for a whole page."""
    found = Assignment.objects.filter(complaint__in=list(complaints), ended_at__isnull=True)
    return {one.complaint_id: one for one in found.select_related("handler")}


def held_by(account: Account) -> list[Complaint]:
    """Return the complaints that the account has now, for what follows when it may handle them no more."""
    mine = Assignment.objects.filter(handler=account, ended_at__isnull=True)
    return [one.complaint for one in mine.select_related("complaint__provider").order_by("pk")]


def assigned(found: QuerySet[Complaint], account: Actor, whose: str) -> QuerySet[Complaint]:
    """Return those that the account has, or (``none``) nobody has; Invalid for another word."""
    if whose not in Assigned.values:
        raise invalid("/assigned", "unknown", ", ".join(Assigned.values))
    taken = Assignment.objects.filter(complaint=OuterRef("pk"), ended_at__isnull=True)
    if whose == Assigned.NONE:
        return found.exclude(Exists(taken))
    return found.filter(Exists(taken.filter(handler=account))) if isinstance(account, Account) else found.none()


def is_handler(account_id: UUID, provider: Organisation) -> bool:
    """Say whether the account is a handler of the provider now."""
    return staff_of(provider, Role.HANDLER).filter(pk=account_id).exists()


def can_take_matters(account_id: UUID, provider: Organisation) -> bool:
    """Say whether the account is a handler of the provider now, and with a second factor."""
    found = staff_of(provider, Role.HANDLER).filter(pk=account_id).first()
    return found is not None and has_second_factor(found)


def handlers_of(provider: Organisation) -> list[Account]:
    """Return the provider's handlers, by address; whether one may take a matter is asked when it is given."""
    return list(staff_of(provider, Role.HANDLER).order_by("email"))


def assignee(complaint: Complaint, account_id: UUID) -> Account:
    """Return the handler to whom the complaint is given; Invalid, without saying why, for who cannot take it."""
    found = staff_of(complaint.provider, Role.HANDLER).filter(pk=account_id).first()
    # A party among the handlers must not become known by this, so that all refusals are one.
    if found is None or not has_second_factor(found) or barred_by(found, complaint):
        raise invalid("/to", "cannot_handle", _("This is no handler who can take this matter. Choose somebody else."))
    return found


def require_authorizer(account: Actor, complaint: Complaint) -> Account:
    """Return the account as an authorizer of the complaint's provider; Denied for everybody else who sees it."""
    try:
        require_staff(account, complaint.provider, Role.AUTHORIZER)
    except NotFound:
        raise Denied(_("Only an authorizer of the provider may do this.")) from None
    assert isinstance(account, Account)
    return account


def desk_acts(account: Account, sides: Collection[Side], complaint: Complaint) -> list[str]:
    """Return what staff on these sides can do about who handles the complaint."""
    if complaint.state == State.CLOSED:
        return []
    found = ["interest"] if Side.REVIEWER in sides and Side.HANDLER not in sides else []
    if Side.HANDLER in sides:
        holder = held(complaint)
        is_mine = holder is not None and holder.handler_id == account.pk
        found += ["unreached"] if can_put_unreached_aside(complaint) else []
        found += ["letters", "assignment", *(["release"] if is_mine else []), "interest"]
    if Side.AUTHORIZER in sides and interests_in(complaint).exists():
        found.append("exception")
    return found
