"""What follows for the desk: who may handle a matter no more does not keep it."""

from complaints import access, actions
from complaints.rules import AssignmentEnd
from core import times
from core.actors import SYSTEM
from ledger.followers import follower
from ledger.models import Entry
from verification.access import account_of_reference
from verification.rules import Role


@follower("complaints.desk_without_role", acts=("role.ended", "account.suspended"))
def give_back(entry: Entry) -> None:
    """Return to the desk what somebody has who is no handler (any more)."""
    if entry.facts.get("role", Role.HANDLER) != Role.HANDLER:
        return
    account = account_of_reference(entry.subject)
    for complaint in access.held_by(account):
        if not access.is_handler(account.pk, complaint.provider):
            _release(complaint.reference, AssignmentEnd.ROLE_ENDED)


@follower("complaints.desk_without_conflicts", acts=("complaint.conflict_declared",))
def give_back_the_partys(entry: Entry) -> None:
    """Return to the desk the other matters of the party in which somebody declared an interest."""
    account = account_of_reference(entry.actor)
    for complaint in access.held_by(account):
        if access.barred_by(account, complaint):
            _release(complaint.reference, AssignmentEnd.CONFLICT)


def _release(reference: str, because: AssignmentEnd) -> None:
    actions.release(reference=reference, by=SYSTEM, because=because, now=times.now())
