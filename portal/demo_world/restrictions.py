"""The demo's strikes: two matters are final, so that its uploader was warned and, by a handler, restricted for a month."""

import datetime as dt

from complaints import access, actions
from complaints.models import Complaint, Restriction, Strike
from complaints.rules.policies import Step
from complaints.rules.restrictions import Factor, RestrictionState
from core.actors import SYSTEM
from ledger.models import Entry
from portal.demo_world.people import People

DAY = dt.timedelta(days=1)
WEIGHED = {
    Factor.NUMBER: "Two films in two months.",
    Factor.LAWFUL_USE: "Eighteen of twenty items were never complained about.",
    Factor.GRAVITY: "Both were whole films, open to everybody.",
    Factor.INTENT: "The second was put up before the warning about the first; no intent to go on can be seen.",
}


def make(people: People, now: dt.datetime) -> None:
    """Count what is final, warn, and order what is proposed; each only where it was not done."""
    warned = _follow("Salt and Copper", people, now - 29 * DAY)
    second = _follow("The Glass Orchard", people, now)
    if warned is None or second is None or second.state != RestrictionState.PROPOSED:
        return
    order = actions.Order(
        days=30,
        reasons="What is put up is looked at for a month, because the warning alone came too late for the second film.",
        weighing={factor.value: text for factor, text in WEIGHED.items()},
    )
    actions.order_restriction(reference=second.reference, by=people.handler, order=order, now=now)


def _follow(title: str, people: People, now: dt.datetime) -> Restriction | None:
    """Return what follows from the final matter about this work: a warning, or the next step as a proposal."""
    complaint = access.visible_to(people.rights_holder).filter(works__title=title).first()
    if complaint is None:
        return None
    strike = _strike_of(complaint, now)
    entry = Entry.objects.filter(subject=f"strikes:{complaint.reference}", act="strike.counted").first()
    if strike is None or entry is None:
        return None
    found = Restriction.objects.filter(holder=strike.holder, prompted_by=entry.pk).first()
    step = access.step_due(strike, entry.pk, entry.at)
    if found is not None or step is None:
        return found
    if step is Step.WARNING:
        return actions.warn(strike=strike, prompted_by=entry.pk, by=SYSTEM, now=entry.at)
    return actions.propose_restriction(strike=strike, step=step, prompted_by=entry.pk, by=SYSTEM, now=entry.at)


def _strike_of(complaint: Complaint, now: dt.datetime) -> Strike | None:
    if access.will_count(complaint):
        actions.count_strikes(reference=complaint.reference, by=SYSTEM, now=now)
    return next(iter(access.standing_strikes(complaint)), None)
