"""Restrictions: who may do what, step by step, for a time, never in one's own matter; and what the tables refuse."""

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from complaints import access, actions
from complaints.models import Finding, HeldBack, Policy, Restriction, RestrictionAppeal, Strike
from complaints.rules.policies import HOUSE_POLICY, Step
from core import clocks
from core.actors import SYSTEM
from core.errors import Conflict, Denied, Invalid, NotFound
from core.ids import uuid7
from ledger.models import Entry
from tests.complaints import penalties
from tests.complaints.penalties import DAY, FINAL, WHY, appealed, order, ordered, proposed, published, struck, warned
from tests.complaints.test_models import changed, refused
from tests.complaints.world import NOW, World
from tests.factories import people
from verification.rules import Role

pytestmark = pytest.mark.django_db
THEN = FINAL + 3 * DAY
EVERYBODY = (
    "handler", "reviewer", "auditor", "authorizer", "service", "rights_holder", "uploader", "stranger",
    "other_handler",
)  # fmt: skip
Act = Callable[[World, Restriction, Any], object]


def on(made: Restriction, by: Any, **given: Any) -> dict[str, Any]:
    return {"reference": made.reference, "by": by, "now": THEN, **given}


ROLES: dict[str, tuple[Callable[[World], Restriction], Act, dict[str, type[Exception] | None]]] = {
    "order": (
        proposed,
        lambda w, made, by: actions.order_restriction(**on(made, by, order=order())),
        {
            "handler": None, "reviewer": Denied, "auditor": Denied, "authorizer": Denied, "service": NotFound,
            "uploader": NotFound,  # nobody is told of what may come to nothing
        },
    ),
    "decline": (
        proposed,
        lambda w, made, by: actions.decline_restriction(**on(made, by, reasons=WHY)),
        {
            "handler": None, "reviewer": Denied, "auditor": Denied, "authorizer": Denied, "service": NotFound,
            "uploader": NotFound,
        },
    ),
    "lift": (
        ordered,
        lambda w, made, by: actions.lift_restriction(**on(made, by, reasons=WHY)),
        {
            "handler": None, "reviewer": Denied, "auditor": Denied, "authorizer": Denied, "service": Denied,
            "uploader": Denied,
        },
    ),
    "appeal": (
        ordered,
        lambda w, made, by: actions.appeal_restriction(**on(made, by, reasons=WHY)),
        {
            "uploader": None, "handler": Denied, "reviewer": Denied, "auditor": Denied, "authorizer": Denied,
            "service": Denied,
        },
    ),
    "decide the appeal": (
        appealed,
        lambda w, made, by: actions.decide_restriction_appeal(**on(made, by, outcome="dismissed", reasons=WHY)),
        {
            "reviewer": None, "handler": Denied,  # who ordered it
            "auditor": Denied, "authorizer": Denied, "service": Denied, "uploader": Denied,
        },
    ),
    "report": (
        ordered,
        lambda w, made, by: actions.report_restriction(**on(made, by)),
        {
            "service": None, "handler": Denied, "reviewer": Denied, "auditor": Denied, "authorizer": Denied,
            "uploader": Denied,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ROLES)
def test_who_may_do_what_and_for_whom_it_does_not_exist(world: World, act: str):
    prepare, do, expected = ROLES[act]
    made = prepare(world)

    for who in sorted(EVERYBODY, key=lambda one: expected.get(one, NotFound) is None):
        refusal = expected.get(who, NotFound)
        with pytest.raises(refusal) if refusal else nullcontext():
            do(world, made, getattr(world, who))


STATES: dict[str, tuple[Callable[[World], Restriction], tuple[str, ...]]] = {
    "proposed": (proposed, ("order", "decline")),
    "in force": (ordered, ("lift", "appeal", "report")),
    "declined": (
        lambda w: actions.decline_restriction(**on(proposed(w), w.handler, reasons=WHY)), (),
    ),
    "lifted": (lambda w: actions.lift_restriction(**on(ordered(w), w.handler, reasons=WHY)), ()),
    "expired": (lambda w: actions.expire_restriction(**on(ordered(w), SYSTEM)), ("appeal",)),
    "appealed": (appealed, ("lift", "decide the appeal", "report")),
}  # fmt: skip
WHO_DOES = {"appeal": "uploader", "decide the appeal": "reviewer", "report": "service"}


@pytest.mark.parametrize("state", STATES)
def test_what_is_possible_in_which_state(world: World, state: str):
    prepare, possible = STATES[state]
    made = prepare(world)
    refusal = NotFound if state in ("proposed", "declined") else Conflict  # to whom it was not told of

    for act in sorted(ROLES, key=lambda one: one in possible):
        if act in possible:
            continue
        who = WHO_DOES.get(act, "handler")
        with pytest.raises(refusal if who in ("uploader", "service") else Conflict):
            ROLES[act][1](world, made, getattr(world, who))


def test_a_handler_decides_nothing_that_rests_on_a_complaint_of_its_own(world: World):
    made = proposed(world)
    people.actions.grant_role(
        account=world.rights_holder, role=Role.HANDLER, organisation=world.provider, by=SYSTEM, now=NOW
    )
    people.actions.enrol_totp(account=world.rights_holder, secret=people.TOTP_SECRET, by=SYSTEM, now=NOW)

    with pytest.raises(Denied) as refusal:
        actions.order_restriction(**on(made, world.rights_holder, order=order()))
    assert refusal.value.code == "own_matter"


def test_an_order_keeps_its_reasons_its_weighing_and_its_end(world: World):
    made = ordered(world)

    assert made.state == "in_force"
    assert made.until_at == dt.datetime(2026, 5, 12, tzinfo=dt.UTC)  # thirty days after 11 April, the last one whole
    assert made.decided_by == world.handler
    assert set(made.weighing) == set(penalties.WEIGHED)


def test_a_milder_step_may_be_ordered_but_none_twice(world: World):
    made = proposed(world)

    with pytest.raises(Conflict):
        actions.order_restriction(**on(made, world.handler, order=order(step=Step.WARNING)))
    with pytest.raises(Invalid):
        actions.order_restriction(**on(made, world.handler, order=order(step=Step.ACCESS_PAUSED)))


def test_a_step_is_left_out_only_with_reasons(world: World):
    made = proposed(world, Step.PUBLISHING_PAUSED)

    with pytest.raises(Invalid):
        actions.order_restriction(**on(made, world.handler, order=order()))
    given = order(skip_reasons="Checking would come too late.")
    assert actions.order_restriction(**on(made, world.handler, order=given)).step == "publishing_paused"


def test_a_restriction_ends_by_its_clock_once(world: World):
    made = ordered(world)
    assert made.until_at is not None

    clocks.fire_due(made.until_at - dt.timedelta(seconds=1))
    early = Entry.objects.filter(act="restriction.expired").count()
    for _ in range(2):
        clocks.fire_due(made.until_at)

    made.refresh_from_db()
    assert (early, made.state, made.ended_because) == (0, "expired", "ran_out")
    assert Entry.objects.filter(act="restriction.expired").count() == 1


def test_an_appeal_that_is_granted_undoes_it_and_it_counts_for_no_later_step(world: World):
    made = appealed(world)
    before = access.served_steps(made, THEN)

    actions.decide_restriction_appeal(**on(made, world.reviewer, outcome="granted", reasons=WHY))

    made.refresh_from_db()
    assert (made.state, made.ended_because) == ("lifted", "appeal")
    assert (before, access.served_steps(made, THEN)) == ({"warning", "publishing_checked"}, {"warning"})
    with pytest.raises(Conflict):
        actions.appeal_restriction(**on(made, world.uploader, reasons=WHY))


def test_a_warning_of_the_portal_may_be_appealed_for_six_months(world: World):
    made = warned(world)
    given = {"reference": made.reference, "by": world.uploader, "reasons": WHY}

    with pytest.raises(Conflict):
        actions.appeal_restriction(now=FINAL + 184 * DAY, **given)
    assert actions.appeal_restriction(now=FINAL + 183 * DAY, **given).ordered_by is None


def test_execution_is_reported_once_each_way(world: World):
    made = ordered(world)
    actions.report_restriction(**on(made, world.service))
    with pytest.raises(Conflict):
        actions.report_restriction(**on(made, world.service))

    actions.lift_restriction(**on(made, world.handler, reasons=WHY))
    done = actions.report_restriction(**on(made, world.service))

    assert (done.executed_at, done.undone_at) == (THEN, THEN)
    with pytest.raises(Conflict):
        actions.report_restriction(**on(made, world.service))


# --- policies


def test_a_published_policy_holds_after_a_week_and_the_houses_own_until_then(world: World):
    strict = replace(HOUSE_POLICY.numbers, final_after_days=14)
    published(world, numbers=strict)

    held = [access.policy_in_force(world.provider, NOW + days * DAY) for days in (0, 6, 7)]

    assert [one.version for one in held] == ["house-2026.1", "house-2026.1", "1"]
    assert held[2].numbers == strict


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"effective_at": NOW + 7 * DAY}, None),
        ({"effective_at": NOW + 7 * DAY - dt.timedelta(seconds=1)}, Invalid),
        ({"en": actions.PolicyText(" ", ["One."])}, Invalid),
        ({"zh": actions.PolicyText("文", [])}, Invalid),
        ({"numbers": replace(HOUSE_POLICY.numbers, final_after_days=0)}, Invalid),
        ({"provider": "nobody"}, Invalid),
    ],
)
def test_a_policy_is_whole_and_in_time_or_refused(
    world: World, changes: dict[str, Any], refusal: type[Exception] | None
):
    with pytest.raises(refusal) if refusal else nullcontext():
        published(world, **changes)


def test_who_may_publish_a_policy(world: World):
    expected = {"authorizer": None, "handler": Denied, "reviewer": Denied, "auditor": Denied}

    for who in EVERYBODY:
        refusal = expected.get(who, NotFound)
        with pytest.raises(refusal) if refusal else nullcontext():
            published(world, by=getattr(world, who))
    with pytest.raises(Conflict):
        published(world)


# --- what the tables refuse


def test_a_policy_is_never_half_there(world: World):
    made = published(world)

    changed(Policy, "policy_published_a_week_before", effective_at=NOW + 6 * DAY)
    changed(Policy, "policy_in_both_languages", text_zh="")
    changed(Policy, "policy_in_both_languages", examples_en=[])
    made.pk = uuid7()
    refused("policy_version_once", lambda: made.save(force_insert=True))
    made.version = "2"
    refused("policy_one_at_a_time", lambda: made.save(force_insert=True))


def test_a_strike_is_of_one_holder_once(world: World):
    made = struck(world)

    changed(Strike, "strike_kind_of_its_side", kind="bad_faith")
    changed(Strike, "strike_holder_is_one", subscriber=None)
    changed(Strike, "strike_taken_back_says_why", taken_back_at=NOW)
    made.pk = uuid7()
    refused("strike_once", lambda: made.save(force_insert=True))


def test_a_finding_has_reasons_and_stands_alone(world: World):
    made = penalties.misused(world).findings.get()

    changed(Finding, "finding_kind_known", kind="infringement")
    changed(Finding, "finding_has_reasons", reasons="")
    made.pk = uuid7()
    refused("finding_one", lambda: made.save(force_insert=True))


def test_a_restriction_is_never_in_between(world: World):
    made = ordered(world)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("restriction_state_known", {"state": "invented", "until_at": None}),
        ("restriction_holder_is_one", {"side": "complainant", "step": "warning"}),
        ("restriction_step_of_its_ladder", {"step": "filing_paused"}),
        ("restriction_ordered_for_a_time", {"until_at": None}),
        ("restriction_ordered_for_a_time", {"until_at": THEN + 400 * DAY}),
        ("restriction_that_hurts_was_decided_by_somebody", {"decided_by": None}),
        ("restriction_that_hurts_was_decided_by_somebody", {"reasons": ""}),
        ("restriction_declined_says_why", {"state": "declined", "until_at": None, "reasons": ""}),
        ("restriction_over_says_why", {"ended_because": "lifted"}),
        ("restriction_over_says_why", {"state": "expired"}),
    ]

    for constraint, values in wrong:
        refused(constraint, partial(Restriction.objects.filter(pk=made.pk).update, **values))


def test_one_proposal_one_step_one_prompt(world: World):
    first, second = ordered(world), penalties.propose(struck(world, 2), Step.PUBLISHING_PAUSED)
    for number, made in enumerate((first, second)):
        made.pk, made.reference = uuid7(), f"R-{number}"

    first.step, second.prompted_by = Step.WARNING, uuid7()
    refused("restriction_prompted_once", lambda: Restriction.objects.update(prompted_by=first.prompted_by))
    first.prompted_by = uuid7()
    refused("restriction_step_once", lambda: first.save(force_insert=True))
    refused("restriction_one_proposal", lambda: second.save(force_insert=True))


def test_an_appeal_is_decided_whole_and_by_another(world: World):
    appealed(world)
    decided = {"outcome": "granted", "answer": WHY, "decided_at": THEN}

    changed(RestrictionAppeal, "restriction_appeal_has_reasons", reasons="")
    changed(RestrictionAppeal, "restriction_appeal_decided_all_or_nothing", outcome="granted")
    changed(RestrictionAppeal, "restriction_appeal_decided_by_another", decided_by=world.handler, **decided)
    changed(RestrictionAppeal, "restriction_appeal_decided_by_another", decided_by=world.uploader, **decided)


def test_only_what_was_paused_is_taken_up_again(world: World):
    made = warned(world)
    HeldBack.objects.create(complaint=world.filed(), restriction=made, is_paused=False, held_at=NOW)

    changed(HeldBack, "held_back_resumes_what_was_paused", resumed_at=NOW)
