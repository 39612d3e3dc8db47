"""What follows for whoever keeps infringing or misusing notices: a matter's way to being final, and what it leads to."""

from complaints import access, actions
from complaints.rules.policies import Step
from complaints.rules.restrictions import RestrictionState
from complaints.rules.strikes import MOVING
from core.actors import SYSTEM
from ledger.followers import follower
from ledger.models import Entry


@follower("complaints.finality", acts=MOVING, from_now=True)
def follow_finality(entry: Entry) -> None:
    """Have a matter become final in time against whoever does not contest it, and take back what does not stand."""
    complaint = access.for_follower(entry.subject.rpartition(":")[2])
    anew_for = access.given_new_time(complaint, entry.act, entry.facts)
    actions.run_finality(complaint, anew_for=anew_for, because=entry.act, since=entry.at)
    if access.has_something_to_take_back(complaint):
        actions.take_back_strikes(reference=complaint.reference, because=entry.act, by=SYSTEM, now=entry.at)


@follower("complaints.proposals", acts=("strike.counted",))
def propose(entry: Entry) -> None:
    """Warn, or propose the next step, where the strikes that were counted reach it.

    Everything is reckoned from the act: a worker that was down makes no warning last longer.
    """
    for strike in access.strikes_by_id(entry.facts["strikes"]):
        step = access.step_due(strike, entry.pk, entry.at)
        if step is Step.WARNING:
            actions.warn(strike=strike, prompted_by=entry.pk, by=SYSTEM, now=entry.at)
        elif step is not None:
            actions.propose_restriction(strike=strike, step=step, prompted_by=entry.pk, by=SYSTEM, now=entry.at)


@follower("complaints.lost_grounds", acts=("strike.taken_back",))
def end_without_ground(entry: Entry) -> None:
    """Drop what was proposed, and lift what is in force, where it would not have come so far without these strikes.

    What helps somebody waits for nobody.
    """
    for strike in access.strikes_by_id(entry.facts["strikes"]):
        for restriction in access.without_ground(strike):
            end = actions.drop_proposal if restriction.state == RestrictionState.PROPOSED else actions.lift_restriction
            end(reference=restriction.reference, by=SYSTEM, now=entry.at)


@follower("complaints.holding", acts=("complaint.filed", "complaint.confirmed", "complaint.corrected"), from_now=True)
def hold_back(entry: Entry) -> None:
    """Have a notice wait where something beyond a warning is in force against its sender."""
    if access.restriction_to_hold_for(access.for_follower(entry.subject)) is not None:
        actions.hold_back(reference=entry.subject, by=SYSTEM, now=entry.at)


@follower("complaints.taking_up", acts=("restriction.lifted", "restriction.expired", "restriction.appeal_decided"))
def take_up(entry: Entry) -> None:
    """Have what waited for the end of a step be handled."""
    restriction = access.restriction_of_act(entry.subject)
    if restriction.state != RestrictionState.IN_FORCE:
        for reference in access.waiting_for_end_of(restriction):
            actions.take_up(reference=reference, by=SYSTEM, now=entry.at)
