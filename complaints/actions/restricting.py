"""Steps against somebody who keeps infringing or misusing notices: the portal proposes, a person decides what hurts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import access
from complaints.access import require_orderer, require_service_of, restriction_for, restriction_of_act
from complaints.actions.deciding import require_reasons
from complaints.models import Restriction, Strike
from complaints.rules import Side
from complaints.rules.policies import Step, end_of_days
from complaints.rules.restrictions import (
    RestrictionEnd,
    RestrictionState,
    check_order,
    check_restriction_move,
)
from core import clocks
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from core.ids import new_reference
from ledger.acts import action, record
from verification.models import Account

ENDING = "restriction.end_due"
CLOCK = "ends"


@dataclass(frozen=True)
class Order:
    """What a handler orders: for how many days, what of each factor, and (other than proposed) which milder step."""

    days: int
    reasons: str
    weighing: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    skip_reasons: str = ""


def _new(strike: Strike, step: Step, prompted_by: UUID, now: dt.datetime) -> Restriction:
    policy, holders = access.policy_in_force(strike.provider, now), access.same_holders(strike)
    return Restriction(
        reference=new_reference("R"), provider=strike.provider, side=strike.side, holder=strike.holder,
        subscriber=strike.subscriber, policy=policy.policy, policy_version=policy.version, step=step,
        proposed_step=step, points=access.points_at(strike.provider, holders, strike.side, now),
        prompted_by=prompted_by, proposed_at=now, state=RestrictionState.PROPOSED,
    )  # fmt: skip


def _rest_on(made: Restriction, strike: Strike) -> None:
    resting = access.strikes_of(strike.provider, access.same_holders(strike)).filter(side=strike.side)
    made.strikes.set(resting)


def _recorded(restriction: Restriction, by: Actor, side: Side, now: dt.datetime, **more: object) -> Restriction:
    facts = {"as": side.value, "state": restriction.state, "step": restriction.step, **more}
    record(subject=restriction.reference, provider=restriction.provider.code, by=by, facts=facts, now=now)
    return restriction


@action("restriction.proposed")
def propose_restriction(*, strike: Strike, step: Step, prompted_by: UUID, by: Actor, now: dt.datetime) -> Restriction:
    """Propose a step against the holder of a strike, as the portal; nothing happens to anybody yet; return it."""
    made = _new(strike, step, prompted_by, now)
    made.save(force_insert=True)
    _rest_on(made, strike)
    return _recorded(made, by, Side.SYSTEM, now, points=made.points, policy=made.policy_version)


@action("restriction.warned")
def warn(*, strike: Strike, prompted_by: UUID, by: Actor, now: dt.datetime) -> Restriction:
    """Warn the holder of a strike, as the portal, for as long as the policy says; return the warning.

    It is the only step that nobody has to confirm: it takes nothing away, and without it nothing harder can follow.
    """
    made = _new(strike, Step.WARNING, prompted_by, now)
    longest = access.numbers_under(made).of(made.side).rung(Step.WARNING).longest_days
    _put_in_force(made, longest, None, now)
    made.save(force_insert=True)
    _rest_on(made, strike)
    return _recorded(made, by, Side.SYSTEM, now, points=made.points, policy=made.policy_version)


def _put_in_force(restriction: Restriction, days: int, by: Account | None, now: dt.datetime) -> None:
    check_restriction_move(restriction.state, RestrictionState.IN_FORCE)
    until = end_of_days(now, days, restriction.provider.time_zone)
    restriction.state, restriction.until_at = RestrictionState.IN_FORCE, until
    restriction.decided_at, restriction.decided_by = now, by
    clocks.start(matter=restriction.reference, name=CLOCK, action=ENDING, due_at=until, now=now)


@action("restriction.ordered")
def order_restriction(*, reference: str, by: Account, order: Order, now: dt.datetime) -> Restriction:
    """Order what was proposed, or something milder, as a handler: until a day, with reasons and every factor weighed.

    Raises NotFound for strangers, Denied for others and for a party, Conflict when it was decided or the step is in
    force already, Invalid for a step without a warning before it, for too long, and for a factor without a word.
    """
    restriction = restriction_for(by, reference, lock=True)
    handler = require_orderer(by, restriction)
    check_restriction_move(restriction.state, RestrictionState.IN_FORCE)
    require_reasons(order.reasons)
    step = order.step or restriction.proposed_step
    ladder = {rung.step: rung for rung in access.numbers_under(restriction).of(restriction.side).rungs}
    check_order(
        side=restriction.side,
        step=step,
        proposed=restriction.proposed_step,
        served=access.served_steps(restriction, now),
        days=order.days,
        longest_days=ladder[Step(step)].longest_days if step in ladder else 0,
        weighing=order.weighing,
        skip_reasons=order.skip_reasons,
    )
    if step in access.steps_in_force(restriction):
        raise Conflict(_("This step is in force already."), state=restriction.state)
    restriction.step, restriction.reasons = step, order.reasons
    restriction.weighing, restriction.skip_reasons = dict(order.weighing), order.skip_reasons
    _put_in_force(restriction, order.days, handler, now)
    restriction.save()
    return _recorded(restriction, by, Side.HANDLER, now, days=order.days, is_skip=bool(order.skip_reasons))


@action("restriction.declined")
def decline_restriction(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> Restriction:
    """Order nothing of what was proposed, as a handler and with reasons; return the proposal. Errors as above."""
    restriction = restriction_for(by, reference, lock=True)
    handler = require_orderer(by, restriction)
    check_restriction_move(restriction.state, RestrictionState.DECLINED)
    require_reasons(reasons)
    restriction.state, restriction.reasons = RestrictionState.DECLINED, reasons
    restriction.decided_at, restriction.decided_by = now, handler
    restriction.save()
    return _recorded(restriction, by, Side.HANDLER, now)


@action("restriction.dropped")
def drop_proposal(*, reference: str, by: Actor, now: dt.datetime) -> Restriction:
    """Drop a proposal, as the portal, because strikes that it rested on were taken back; return it."""
    restriction = restriction_of_act(reference, lock=True)
    check_restriction_move(restriction.state, RestrictionState.DROPPED)
    restriction.state = RestrictionState.DROPPED
    restriction.save()
    return _recorded(restriction, by, Side.SYSTEM, now)


def end(restriction: Restriction, state: RestrictionState, because: RestrictionEnd, now: dt.datetime) -> None:
    """End the restriction and its clock. The act that calls this saves it."""
    check_restriction_move(restriction.state, state)
    clocks.stop(matter=restriction.reference, because=because.value, now=now)
    restriction.state, restriction.ended_because = state, because
    restriction.ended_at = now


@action("restriction.lifted")
def lift_restriction(*, reference: str, by: Actor, reasons: str = "", now: dt.datetime) -> Restriction:
    """Lift what is in force: as a handler with reasons, as the portal when what it rested on was taken back; return it."""
    if by is SYSTEM:
        restriction, side = restriction_of_act(reference, lock=True), Side.SYSTEM
        because = RestrictionEnd.STRIKES_TAKEN_BACK
    else:
        restriction, side = restriction_for(by, reference, lock=True), Side.HANDLER
        require_orderer(by, restriction)
        require_reasons(reasons)
        because = RestrictionEnd.LIFTED
    _require_in_force(restriction)
    end(restriction, RestrictionState.LIFTED, because, now)
    restriction.end_reasons = reasons
    restriction.save()
    return _recorded(restriction, by, side, now, because=because.value)


def _require_in_force(restriction: Restriction) -> None:
    if restriction.state != RestrictionState.IN_FORCE:
        check_restriction_move(restriction.state, RestrictionState.IN_FORCE)
        raise Conflict(_("Nothing of it is in force."), state=restriction.state)


@action("restriction.expired")
def expire_restriction(*, reference: str, by: Actor, now: dt.datetime) -> Restriction:
    """End the restriction because its time is over, as the portal; return it."""
    restriction = restriction_of_act(reference, lock=True)
    end(restriction, RestrictionState.EXPIRED, RestrictionEnd.RAN_OUT, now)
    restriction.save()
    return _recorded(restriction, by, Side.SYSTEM, now)


@action("restriction.executed")
def report_restriction(*, reference: str, by: Account, now: dt.datetime) -> Restriction:
    """Record that the provider's service carries the restriction out, or has undone one that is over; return it.

    Raises Denied for others, Conflict when nothing of it waits to be reported.
    """
    restriction = restriction_for(by, reference, lock=True)
    require_service_of(by, restriction)
    if not access.waits_for_service(restriction):
        raise Conflict(_("Nothing of this restriction waits to be carried out."), state=restriction.state)
    is_over = restriction.state != RestrictionState.IN_FORCE
    if is_over:
        restriction.undone_at = now
    else:
        restriction.executed_at = now
    restriction.save()
    return _recorded(restriction, by, Side.SERVICE, now, what="undone" if is_over else "executed")
