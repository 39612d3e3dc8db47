"""States of a restriction, the ladder and the next step on it, what an order must weigh: values and pure functions."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.rules.policies import LADDERS, Scale, Step, local_day
from core import calendars
from core.errors import Conflict, Invalid, Problem


class RestrictionState(TextChoices):
    """Where a restriction stands."""

    PROPOSED = "proposed", _("proposed, not decided")
    DECLINED = "declined", _("not ordered")
    DROPPED = "dropped", _("without ground any more")
    IN_FORCE = "in_force", _("in force")
    LIFTED = "lifted", _("lifted")
    EXPIRED = "expired", _("ended")


RESTRICTION_MOVES: dict[RestrictionState, tuple[RestrictionState, ...]] = {
    RestrictionState.PROPOSED: (RestrictionState.DECLINED, RestrictionState.DROPPED, RestrictionState.IN_FORCE),
    RestrictionState.DECLINED: (),
    RestrictionState.DROPPED: (),
    RestrictionState.IN_FORCE: (RestrictionState.LIFTED, RestrictionState.EXPIRED),
    RestrictionState.EXPIRED: (RestrictionState.LIFTED,),
    RestrictionState.LIFTED: (),
}
# What was ordered once. Whom it concerns is told of these; a proposal that came to nothing has hurt nobody.
WAS_ORDERED = (RestrictionState.IN_FORCE, RestrictionState.EXPIRED, RestrictionState.LIFTED)
RESTRICTION_TONES: dict[RestrictionState, str] = {
    RestrictionState.PROPOSED: "waiting",
    RestrictionState.IN_FORCE: "against",
    RestrictionState.LIFTED: "done",
}


class Factor(TextChoices):
    """What whoever orders a restriction must have weighed."""

    NUMBER = "number", _("How many matters, in how much time")
    LAWFUL_USE = "lawful_use", _("Their share in everything that was published or filed lawfully")
    GRAVITY = "gravity", _("How grave they are, and what came of them")
    INTENT = "intent", _("Whether intent can be seen")


class RestrictionEnd(TextChoices):
    """Why a restriction ended."""

    RAN_OUT = "ran_out", _("its time was over")
    LIFTED = "lifted", _("a handler lifted it")
    APPEAL = "appeal", _("an appeal was granted")
    STRIKES_TAKEN_BACK = "strikes_taken_back", _("what it rested on does not count any more")


LONGEST_FACTOR = 2_000


def check_restriction_move(state: str, new: RestrictionState) -> None:
    """Raise Conflict unless a restriction in this state may move to the new one.

    House rule: the chart above; nothing is ordered that was not proposed, and what is over stays over, except that an
    appeal may still undo what has ended by itself.
    """
    if new not in RESTRICTION_MOVES[RestrictionState(state)]:
        text = _("This restriction is in the state “%(state)s”; this act is not possible in it.")
        raise Conflict(text % {"state": RestrictionState(state).label}, state=str(state))


def due_step(points: int, side: str, scale: Scale, served: Collection[str], in_force: Collection[str]) -> Step | None:
    """Return the step that these points call for, or None: one more than what was ordered before, never two.

    Law: DSA art. 23(1) and (2): only after a prior warning. House rule: the ladder is climbed rung by rung; a step that
    is in force is not proposed again.
    """
    ladder = LADDERS[side]
    reached = [place for place, step in enumerate(ladder) if points >= scale.rung(step).from_points]
    if not reached:
        return None
    highest = max((place for place, step in enumerate(ladder) if step in served), default=-1)
    if Step.WARNING not in served:
        return Step.WARNING
    step = ladder[min(reached[-1], highest + 1)]
    return None if step in in_force else step


def check_order(
    *,
    side: str,
    step: str,
    proposed: str,
    served: Collection[str],
    days: int,
    longest_days: int,
    weighing: Mapping[str, str],
    skip_reasons: str,
) -> None:
    """Raise Invalid unless this order is proportional: after a warning, step by step, for a time, with every factor weighed.

    Law: DSA art. 23(1) to (3): a prior warning, a reasonable period, and the factors (a) to (d), case by case. House
    rule: for every regime; whoever leaves a step out says why; nothing harder than what was proposed is ordered.
    """
    problems = [*_problems_of_step(side, step, proposed, served, skip_reasons)]
    if not 1 <= days <= longest_days:
        text = _("Give a number from %(least)s to %(most)s.") % {"least": 1, "most": longest_days}
        problems.append(Problem("/days", "bounds", text))
    problems += [
        Problem(
            f"/weighing/{factor.value}", "required", _("Say what you found: %(factor)s.") % {"factor": factor.label}
        )
        for factor in Factor
        if not weighing.get(factor, "").strip()
    ]
    if problems:
        raise Invalid(problems)


def _problems_of_step(side: str, step: str, proposed: str, served: Collection[str], skip_reasons: str) -> list[Problem]:
    ladder = LADDERS[side]
    place = ladder.index(Step(step)) if step in ladder else len(ladder)
    if place > ladder.index(Step(proposed)):
        return [Problem("/step", "harder", _("Order what was proposed, or something milder."))]
    if place and Step.WARNING not in served:
        return [Problem("/step", "no_warning", _("A warning comes first."))]
    if place > 1 and ladder[place - 1] not in served and not skip_reasons.strip():
        return [Problem("/skip_reasons", "required", _("A step is left out: say why the milder one would not do."))]
    return []


def appeal_open_until(ordered_at: dt.datetime, zone: str) -> dt.datetime:
    """Return until when whom it concerns may appeal.

    Law: DSA art. 20(1): at least six months from the day of being informed. House rule: for every regime.
    """
    return calendars.end_of_day(calendars.add_months(local_day(ordered_at, zone), 6), zone)


NEXT_IN_RESTRICTION: dict[RestrictionState, str | Promise] = {
    RestrictionState.PROPOSED: _("A handler looks at it and orders it, something milder, or nothing."),
    RestrictionState.DECLINED: _("Nothing more happens."),
    RestrictionState.DROPPED: _("Nothing more happens."),
    RestrictionState.IN_FORCE: _(
        "It ends by itself. An appeal against it is decided by somebody else than who ordered it."
    ),
    RestrictionState.EXPIRED: _("It has ended. An appeal can still clear the record."),
    RestrictionState.LIFTED: _("It was lifted and counts for nothing."),
}
