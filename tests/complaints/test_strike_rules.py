"""What counts, how much and for how long; which step is due, and what a policy and an order must be: tables without rows."""

import contextlib
import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from complaints.rules import Side, State
from complaints.rules.policies import (
    COMPLAINANT_LADDER,
    HOUSE_POLICY,
    LADDERS,
    UPLOADER_LADDER,
    Numbers,
    Rung,
    Step,
    StrikeKind,
    check_numbers,
    end_of_days,
    numbers_as_data,
    numbers_of,
    takes_effect_from,
)
from complaints.rules.restrictions import (
    NEXT_IN_RESTRICTION,
    RESTRICTION_MOVES,
    Factor,
    RestrictionState,
    appeal_open_until,
    check_order,
    check_restriction_move,
    due_step,
)
from complaints.rules.strikes import (
    Counted,
    Standing,
    is_final_against_complainant,
    is_final_against_uploader,
    points_of,
    total_of,
    weight_of,
)
from core.errors import Conflict, Invalid

HOUSE = HOUSE_POLICY.numbers
SCALE = HOUSE.uploaders
NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
FILM, SONG = UUID(int=1), UUID(int=2)
WEIGHED = {factor.value: "Looked at." for factor in Factor}

# --- what is final


@pytest.mark.parametrize("state", State)
def test_only_a_measure_that_stands_counts_against_an_uploader(state: State):
    standing = Standing(state, has_restricted_items=True, is_contested=False, is_appealed=False)

    assert is_final_against_uploader(standing) == (state in (State.ACTED, State.CONTESTED, State.UPHELD, State.CLOSED))


@pytest.mark.parametrize(
    ("restricted", "contested", "appealed", "counts"),
    [
        (True, False, False, True),
        (False, False, False, False),  # forwarded only, or brought back
        (True, True, False, False),
        (True, False, True, False),
        (True, True, True, False),
    ],
)
def test_what_is_contested_or_under_no_measure_counts_for_nothing(
    restricted: bool, contested: bool, appealed: bool, counts: bool
):
    assert is_final_against_uploader(Standing(State.UPHELD, restricted, contested, appealed)) is counts


FOUND = {
    StrikeKind.MANIFESTLY_UNFOUNDED: {State.REJECTED, State.CLOSED},
    StrikeKind.BAD_FAITH: {State.RESTORED, State.CLOSED},
    StrikeKind.FALSE_IDENTITY: {State.REJECTED, State.RESTORED, State.WITHDRAWN, State.CLOSED},
}


@pytest.mark.parametrize("kind", FOUND)
def test_a_finding_of_misuse_stands_with_the_decision_that_it_rests_on(kind: StrikeKind):
    standing = {state: Standing(state, False, False, False) for state in State}

    assert {state for state in State if is_final_against_complainant(standing[state], kind)} == FOUND[kind]
    assert not is_final_against_complainant(Standing(State.REJECTED, False, False, is_appealed=True), kind)


# --- how much it weighs


@pytest.mark.parametrize(
    ("age", "points"),
    [(-1, 4), (0, 4), (89, 4), (90, 2), (179, 2), (180, 1), (269, 1), (270, 0), (359, 0), (360, 0), (5_000, 0)],
)
def test_a_strike_halves_and_ends(age: int, points: int):
    assert weight_of(SCALE, StrikeKind.INFRINGEMENT, age) == points


def test_a_strike_ends_on_its_day_even_where_halves_are_left():
    heavy = replace(SCALE, weights={StrikeKind.INFRINGEMENT: 100}, halves_after_days=366)

    assert [weight_of(heavy, StrikeKind.INFRINGEMENT, age) for age in (359, 360)] == [100, 0]


@pytest.mark.parametrize(
    ("counted_at", "zone", "still_whole", "halved"),
    [
        # A leap day is a day: 90 days after 1 December 2027 is 29 February 2028.
        ("2027-12-01T12:00", "UTC", "2028-02-28T23:59:59", "2028-02-29T00:00"),
        # The night that New York leaves out an hour, and the one that has it twice: days are counted, not hours.
        ("2027-01-01T12:00", "America/New_York", "2027-04-01T03:59:59", "2027-04-01T04:00"),
        ("2027-09-01T03:00", "America/New_York", "2027-11-29T04:59:59", "2027-11-29T05:00"),
        # Late in the evening in UTC it is the next day in Shanghai already.
        ("2027-01-01T20:00", "Asia/Shanghai", "2027-04-01T15:59:59", "2027-04-01T16:00"),
    ],
)
def test_days_are_counted_in_the_providers_time_zone(counted_at: str, zone: str, still_whole: str, halved: str):
    strike = Counted(StrikeKind.INFRINGEMENT, at(counted_at), dt.date(2027, 1, 1), frozenset(), SCALE)

    assert [points_of(strike, at(when), zone, SCALE) for when in (still_whole, halved)] == [4, 2]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(("then", "now", "points"), [(4, 4, 4), (4, 40, 4), (40, 4, 4)])
def test_of_two_versions_the_milder_one_holds(then: int, now: int, points: int):
    counted, present = (replace(SCALE, weights={StrikeKind.INFRINGEMENT: one}) for one in (then, now))
    strike = Counted(StrikeKind.INFRINGEMENT, NOON, NOON.date(), frozenset(), counted)

    assert points_of(strike, NOON, "UTC", present) == points


def strike(day: int, *content: UUID, kind: StrikeKind = StrikeKind.INFRINGEMENT) -> Counted:
    """Return a strike of a notice of that day of March, counted thirty days later."""
    noticed = dt.datetime(2027, 3, day, 12, tzinfo=dt.UTC)
    return Counted(kind, noticed + 30 * DAY, noticed.date(), frozenset(content), SCALE)


@pytest.mark.parametrize(
    ("strikes", "points"),
    [
        ((), 0),
        ((strike(1, FILM),), 4),
        ((strike(1, FILM), strike(2, SONG)), 8),
        ((strike(1, FILM), strike(2, FILM)), 4),  # the same content, complained about by two
        ((strike(1, FILM), strike(2, FILM, SONG)), 8),  # something new in it
        ((strike(1, FILM, SONG), strike(2, FILM), strike(3, SONG)), 4),
        ((strike(1, FILM), strike(1, SONG)), 4),  # a mass notice in many letters on one day
        ((strike(2, SONG), strike(1, FILM)), 8),  # in whatever order they come
        ((strike(1), strike(2), strike(3)), 12),  # misuse names no content
        ((strike(1), strike(1)), 4),
    ],
)
def test_each_matter_counts_once_and_the_same_thing_never_twice(strikes: tuple[Counted, ...], points: int):
    assert total_of(strikes, dt.datetime(2027, 4, 10, tzinfo=dt.UTC), "UTC", SCALE) == points


def test_what_is_forgotten_hides_nothing_newer():
    old = Counted(StrikeKind.INFRINGEMENT, NOON - 400 * DAY, NOON.date(), frozenset([FILM]), SCALE)
    new = Counted(StrikeKind.INFRINGEMENT, NOON, NOON.date(), frozenset([FILM]), SCALE)

    assert total_of([old, new], NOON, "UTC", SCALE) == 4


# --- which step is due

W, C, P, A = UPLOADER_LADDER


@pytest.mark.parametrize(
    ("points", "served", "in_force", "due"),
    [
        (0, (), (), None),
        (3, (), (), None),
        (4, (), (), W),
        (100, (), (), W),  # however many: the warning comes first
        (4, (W,), (W,), None),
        (4, (W,), (), W),  # the warning has ended, its time is over
        (8, (W,), (W,), C),
        (100, (W,), (W,), C),  # one step at a time
        (12, (W, C), (W,), P),
        (12, (W, C), (W, C), P),
        (8, (W, C), (W,), C),
        (8, (W, C), (W, C), None),
        (20, (W, C, P), (), A),
        (20, (W, C, P, A), (A,), None),
        (20, (W, C, P, A), (), A),
        (12, (C, P), (), W),  # a warning that was lifted was none
    ],
)
def test_the_ladder_is_climbed_step_by_step(
    points: int, served: tuple[Step, ...], in_force: tuple[Step, ...], due: Step | None
):
    assert due_step(points, Side.UPLOADER, SCALE, served, in_force) is due


def test_complainants_have_their_own_ladder():
    last, paused = COMPLAINANT_LADDER[1:]

    assert due_step(8, Side.COMPLAINANT, HOUSE.complainants, (Step.WARNING,), ()) is last
    assert due_step(16, Side.COMPLAINANT, HOUSE.complainants, (Step.WARNING, last), ()) is paused


# --- what an order must be


def pointers(**changes: object) -> list[str]:
    values: dict[str, object] = {
        "side": Side.UPLOADER, "step": C, "proposed": C, "served": (W,), "days": 30, "longest_days": 60,
        "weighing": WEIGHED, "skip_reasons": "",
    }  # fmt: skip
    try:
        check_order(**{**values, **changes})  # type: ignore[arg-type]  # the table changes one at a time
    except Invalid as refusal:
        return [problem.pointer for problem in refusal.problems]
    return []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"step": W, "served": ()}, []),
        ({"served": ()}, ["/step"]),  # no warning before it
        ({"served": (), "skip_reasons": "Because."}, ["/step"]),  # and no reason excuses that
        ({"step": P}, ["/step"]),  # harder than proposed
        ({"step": "handled_last"}, ["/step"]),  # of the other ladder
        ({"step": P, "proposed": P}, ["/skip_reasons"]),
        ({"step": P, "proposed": P, "skip_reasons": "Checking would come too late."}, []),
        ({"step": P, "proposed": P, "served": (W, C)}, []),
        ({"step": C, "proposed": A}, []),
        ({"days": 0}, ["/days"]),
        ({"days": 60}, []),
        ({"days": 61}, ["/days"]),
        ({"weighing": {}}, [f"/weighing/{factor.value}" for factor in Factor]),
        ({"weighing": {**WEIGHED, "intent": "  "}}, ["/weighing/intent"]),
    ],
)
def test_an_order_is_proportional_or_refused(changes: dict[str, object], wrong: list[str]):
    assert pointers(**changes) == wrong


@pytest.mark.parametrize("state", RestrictionState)
def test_a_restriction_moves_as_its_chart_says(state: RestrictionState):
    allowed = set()
    for new in RestrictionState:
        with contextlib.suppress(Conflict):
            check_restriction_move(state, new)
            allowed.add(new)

    assert allowed == set(RESTRICTION_MOVES[state])
    assert NEXT_IN_RESTRICTION[state]


@pytest.mark.parametrize(
    ("start", "days", "zone", "end"),
    [
        ("2028-02-28T12:00", 1, "UTC", "2028-03-01T00:00"),  # 29 February, whole
        ("2027-02-28T12:00", 1, "UTC", "2027-03-02T00:00"),
        ("2027-03-13T12:00", 1, "America/New_York", "2027-03-15T04:00"),  # the night with 23 hours
        ("2027-11-06T12:00", 1, "America/New_York", "2027-11-08T05:00"),  # and with 25
        ("2027-12-31T20:00", 30, "Asia/Shanghai", "2028-01-31T16:00"),  # the new year has begun there
    ],
)
def test_a_restriction_ends_when_its_last_day_is_over(start: str, days: int, zone: str, end: str):
    assert end_of_days(at(start), days, zone) == at(end)


def test_an_appeal_is_open_for_six_months():
    assert appeal_open_until(at("2027-08-31T12:00"), "UTC") == at("2028-03-01T00:00")


# --- what a policy may say


def policy_pointers(numbers: Numbers) -> list[str]:
    try:
        check_numbers(numbers)
    except Invalid as refusal:
        return [problem.pointer for problem in refusal.problems]
    return []


def climbing(*points: int, days: int = 30) -> Numbers:
    rungs = tuple(Rung(step, one, days) for step, one in zip(UPLOADER_LADDER, points, strict=True))
    return replace(HOUSE, uploaders=replace(SCALE, rungs=rungs))


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        (HOUSE, []),
        (climbing(4, 8, 12, 20), []),
        (climbing(1, 5, 6, 7), []),
        (climbing(4, 4, 12, 20), ["/uploaders/steps/1/from_points", "/uploaders/steps/1/from_points"]),
        (climbing(2, 4, 12, 20), ["/uploaders/steps/1/from_points"]),  # one matter would do more than warn
        (climbing(4, 12, 8, 20), ["/uploaders/steps/2/from_points"]),
        (climbing(0, 8, 12, 20), ["/uploaders/steps/0/from_points"]),
        (climbing(4, 8, 12, 20, days=0), [f"/uploaders/steps/{place}/longest_days" for place in range(4)]),
        (
            climbing(4, 8, 12, 20, days=150),
            ["/uploaders/steps/2/longest_days", "/uploaders/steps/3/longest_days"],
        ),
        (replace(HOUSE, final_after_days=13), ["/final_after_days"]),
        (replace(HOUSE, final_after_days=185), ["/final_after_days"]),
        (replace(HOUSE, uploaders=replace(SCALE, halves_after_days=1)), ["/uploaders/halves_after_days"]),
        (replace(HOUSE, uploaders=replace(SCALE, expires_after_days=9_999)), ["/uploaders/expires_after_days"]),
        (replace(HOUSE, uploaders=replace(SCALE, weights={})), ["/uploaders/weights"]),
        (replace(HOUSE, uploaders=replace(SCALE, weights={"infringement": 0})), ["/uploaders/weights/infringement"]),
        (replace(HOUSE, uploaders=replace(SCALE, rungs=SCALE.rungs[1:])), ["/uploaders/steps"]),
        (replace(HOUSE, complainants=replace(HOUSE.complainants, rungs=SCALE.rungs)), ["/complainants/steps"]),
    ],
)
def test_a_policy_goes_step_by_step_and_is_bounded(numbers: Numbers, wrong: list[str]):
    assert policy_pointers(numbers) == wrong


def test_numbers_read_as_they_were_written():
    assert numbers_of(numbers_as_data(HOUSE)) == HOUSE


def test_the_house_has_a_rung_for_every_step_of_both_ladders():
    for side, ladder in LADDERS.items():
        assert tuple(rung.step for rung in HOUSE.of(side).rungs) == ladder


def test_a_policy_holds_a_week_after_it_was_published():
    assert takes_effect_from(NOON) == NOON + 7 * DAY
