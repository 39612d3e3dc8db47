"""States, lengths and completeness, without a database."""

import datetime as dt

import pytest

from core.errors import Conflict
from investigations import bases, rules
from investigations.rules import MOVES, Given, State

DST_NIGHT = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)
WHOLE = Given(
    has_complaint=True,
    content=1,
    categories=2,
    documents=3,
    has_purpose=True,
    has_necessity=True,
    needs_approval_abroad=False,
)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("target", State)
def test_the_chart_says_for_every_pair_whether_it_is_a_move(state: State, target: State):
    if target in MOVES[state]:
        rules.check_move(state, target)
    else:
        with pytest.raises(Conflict) as refused:
            rules.check_move(state, target)
        assert refused.value.state == state


def test_every_state_can_be_reached_and_what_has_ended_stays_ended():
    reached = {target for targets in MOVES.values() for target in targets}

    assert set(MOVES) == set(State) == reached
    for ended in (State.REFUSED, State.REVOKED, State.WITHDRAWN):
        assert MOVES[ended] == ()


def test_nothing_is_authorized_but_from_a_recommendation():
    assert [state for state in State if State.AUTHORIZED in MOVES[state]] == [State.RECOMMENDED]
    assert State.COLLECTED not in {t for s, ts in MOVES.items() if s is not State.DISCLOSED for t in ts}


def test_a_receipt_is_due_at_the_end_of_the_second_working_day():
    friday = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)

    assert rules.acknowledge_by(friday, regime="us", zone="UTC") == dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


def test_lengths_are_counted_in_days_of_24_hours_through_the_change_of_clocks():
    assert rules.answer_by(DST_NIGHT) - DST_NIGHT == dt.timedelta(days=30)
    assert rules.hearing_ends(DST_NIGHT) - DST_NIGHT == dt.timedelta(days=14)
    assert rules.collection_ends(DST_NIGHT) - DST_NIGHT == dt.timedelta(days=7)
    assert rules.longest_delay(DST_NIGHT) - DST_NIGHT == dt.timedelta(days=366)


@pytest.mark.parametrize("basis", bases.ALL_BASES, ids=lambda basis: basis.code)
def test_a_whole_request_lacks_nothing_on_any_basis(basis: bases.Basis):
    assert rules.missing(basis, WHOLE) == []


def test_what_is_missing_is_named_with_its_source():
    basis = bases.known("us.512h")
    assert basis is not None
    given = Given(
        has_complaint=False,
        content=0,
        categories=0,
        documents=1,
        has_purpose=False,
        has_necessity=False,
        needs_approval_abroad=True,
    )

    lacking = rules.missing(basis, given)

    expected = ["content", "categories", "purpose", "necessity", "subpoena", "declaration", "approval_abroad"]
    assert [one.element for one in lacking] == expected
    assert all(one.source and one.detail for one in lacking)


def test_only_a_foreign_proceeding_against_data_in_the_prc_needs_approval():
    assert rules.needs_approval_abroad(regime="us", provider_country="CN")
    assert not rules.needs_approval_abroad(regime="cn", provider_country="CN")
    assert not rules.needs_approval_abroad(regime="us", provider_country="DE")


def test_bases_are_whole_and_their_codes_name_their_regime():
    for basis in bases.ALL_BASES:
        assert basis.code.startswith(f"{basis.regime}."), basis.code
        assert basis.article
        assert basis.telling_source
        assert basis.documents
        assert set(basis.categories) <= set(rules.Category)
        assert not basis.hears_subject or basis.hearing_source
        assert not (basis.needs_consent and basis.delay_grounds), "consent cannot be asked in secret"
        assert bases.stamped(basis.code, basis.version) is basis


def test_an_unknown_version_of_a_basis_is_an_error_and_not_another_version():
    with pytest.raises(LookupError):
        bases.stamped("cn.rcin.13", "1900-01-01")


def test_equal_records_have_equal_digests_whatever_their_order():
    assert rules.digest_of({"b": 1, "a": [None]}) == rules.digest_of({"a": [None], "b": 1})
    assert rules.digest_of({"a": 1}) != rules.digest_of({"a": 2})
    assert rules.in_order(["email", "name", "email"]) == ["name", "email"]
