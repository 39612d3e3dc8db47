"""Which notices wait because their sender misused notices, and for what."""

from complaints import regimes
from complaints.access.opening import address_of
from complaints.access.strikes import holder_of_complainant, holders_of_account
from complaints.models import Complaint, HeldBack, Restriction
from complaints.rules import Priority, Side, State
from complaints.rules.policies import Step
from complaints.rules.restrictions import RestrictionState
from complaints.rules.strikes import is_paused_by


def step_against_sender(complaint: Complaint) -> Restriction | None:
    """Return the hardest step in force against the sender of a notice, beyond a warning; None when there is none."""
    found = Restriction.objects.filter(
        provider=complaint.provider,
        side=Side.COMPLAINANT,
        holder__in=_holders(complaint),
        state=RestrictionState.IN_FORCE,
    ).exclude(step=Step.WARNING)
    order = list(Step)
    return max(found.order_by("pk"), key=lambda one: order.index(Step(one.step)), default=None)


def _holders(complaint: Complaint) -> list[str]:
    if complaint.complainant is not None:
        return holders_of_account(complaint.complainant)
    guest = holder_of_complainant(complaint, address_of(complaint).reveal())
    return [] if guest is None else [guest]


def is_paused(complaint: Complaint, restriction: Restriction) -> bool:
    """Say whether this step pauses the handling of the notice, under the law that it was filed under."""
    law = regimes.at_version(complaint.regime, complaint.regime_version)
    return is_paused_by(restriction.step, law.suspension_source)


def restriction_to_hold_for(complaint: Complaint) -> Restriction | None:
    """Return the step for which the notice is to be held back and is not yet; None where nothing is to be done."""
    if complaint.state != State.FILED or complaint.confirmed_at is None:
        return None
    restriction = step_against_sender(complaint)
    if restriction is None:
        return None
    was_taken_up = HeldBack.objects.filter(complaint=complaint, resumed_at__isnull=False).exists()
    is_held = (
        complaint.answer_due_at is None if is_paused(complaint, restriction) else complaint.priority == Priority.LAST
    )
    return None if was_taken_up or is_held else restriction


def waiting_for_end_of(restriction: Restriction) -> list[str]:
    """Return the references of the notices that wait for the end of this step, the first first."""
    found = HeldBack.objects.filter(restriction=restriction, is_paused=True, resumed_at__isnull=True)
    return list(found.order_by("pk").values_list("complaint__reference", flat=True))
