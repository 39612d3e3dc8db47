"""Proposals: what each kind needs, who does what in which state, the clock, and what was undertaken."""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from core import clocks
from core.errors import Conflict, Denied, DomainError, Invalid, NotFound
from core.models import Clock, ClockState
from ledger.models import Entry
from messaging import access, actions, rules, steps
from messaging.models import Conversation, Event, Party, Proposal, Undertaking
from messaging.rules import ProposalKind, ProposalState, Side, Terms
from tests.messaging import world
from verification.models import Account, Membership
from verification.rules import Role

SOON = timezone.now().date() + dt.timedelta(days=5)
TERMS = {
    ProposalKind.REMOVE_BY: Terms(ProposalKind.REMOVE_BY, due_on=SOON),
    ProposalKind.LICENSE: Terms(
        ProposalKind.LICENSE, text="Shown on one page", amount=Decimal("50.00"), currency="EUR", territory="DE, AT"
    ),
    ProposalKind.CREDIT: Terms(ProposalKind.CREDIT, text="Film by the studio"),
    ProposalKind.TRIM: Terms(ProposalKind.TRIM, from_ms=62_000, to_ms=90_500, due_on=SOON),
    ProposalKind.DISPUTE: Terms(ProposalKind.DISPUTE, text="I quote it in a review"),
}
GIVEN: dict[str, dict[str, Any]] = {
    "remove_by": {"date": SOON.isoformat()},
    "license": {
        "terms": "Shown on one page", "amount": "50", "currency": "EUR", "territory": "DE, AT",
        "until": (SOON + dt.timedelta(days=300)).isoformat(),
    },
    "credit": {"text": "Film by the studio"},
    "trim": {"from": "1:02", "to": "0:01:30.5", "date": SOON.isoformat()},
    "dispute": {"reasons": "I quote it in a review"},
}  # fmt: skip


def propose(pair: world.Pair, kind: ProposalKind = ProposalKind.CREDIT, by: Account | None = None) -> Proposal:
    by = by or pair.rights_holder
    return actions.propose(conversation_id=pair.conversation.pk, terms=TERMS[kind], by=by, now=world.now())


def staff_of(pair: world.Pair) -> Account:
    """Return a handler who takes part."""
    handler = world.account("handler")
    Membership.objects.create(
        account=handler, organisation=pair.provider, role=Role.HANDLER, granted_at=world.NOW, granted_by="system"
    )
    Party.objects.create(conversation=pair.conversation, side=Side.STAFF, account=handler, joined_at=world.NOW)
    return handler


ACTS: dict[str, Callable[[Proposal, Account], object]] = {
    "accept": lambda one, by: actions.accept(proposal_id=one.pk, by=by, now=world.now()),
    "decline": lambda one, by: actions.decline(proposal_id=one.pk, by=by, reasons="No", now=world.now()),
    "counter": lambda one, by: actions.counter(
        proposal_id=one.pk, terms=TERMS[ProposalKind.REMOVE_BY], by=by, now=world.now()
    ),
    "withdraw": lambda one, by: actions.withdraw_proposal(proposal_id=one.pk, by=by, now=world.now()),
}
LEADS_TO = {
    "accept": ProposalState.ACCEPTED,
    "decline": ProposalState.DECLINED,
    "counter": ProposalState.COUNTERED,
    "withdraw": ProposalState.WITHDRAWN,
}
BY_THE_OTHER_SIDE = ("accept", "decline", "counter")


def in_state(pair: world.Pair, state: ProposalState) -> Proposal:
    """Return a proposal of the rights holder in this state, brought there by its act."""
    made = propose(pair)
    for act, to in LEADS_TO.items():
        if to == state:
            ACTS[act](made, pair.uploader if act in BY_THE_OTHER_SIDE else pair.rights_holder)
    if state == ProposalState.EXPIRED:
        clocks.fire_due(made.expires_at)
    made.refresh_from_db()
    assert made.state == state
    return made


def refusal_of(state: ProposalState, act: str, who: str) -> type[DomainError] | None:
    """Return how somebody's act on a rights holder's proposal is refused, or None where it is done."""
    if who == "stranger":
        return NotFound
    allowed = "uploader" if act in BY_THE_OTHER_SIDE else "maker"
    if who != allowed:
        return Denied
    return None if state == ProposalState.OPEN else Conflict


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["maker", "uploader", "staff", "stranger"])
@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("state", ProposalState)
def test_only_the_other_side_answers_and_only_the_maker_withdraws_and_only_what_is_open(
    state: ProposalState, act: str, who: str
) -> None:
    pair = world.pair()
    one = in_state(pair, state)
    someone = {
        "maker": pair.rights_holder, "uploader": pair.uploader, "staff": staff_of(pair), "stranger": world.account(),
    }[who]  # fmt: skip
    expected = refusal_of(state, act, who)

    if expected is None:
        ACTS[act](one, someone)
    else:
        with pytest.raises(expected):
            ACTS[act](one, someone)

    one.refresh_from_db()
    assert one.state == (state if expected else LEADS_TO[act])


def test_the_chart_names_every_state() -> None:
    assert set(rules.PROPOSAL_MOVES) == set(ProposalState)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(GIVEN))
def test_a_program_proposes_each_kind_and_reads_it_as_it_was_given(client: Client, kind: str) -> None:
    pair = world.pair()

    made = post(client, pair, pair.rights_holder, "proposals", {"kind": kind, **GIVEN[kind]})

    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["kind"], told["state"], told["sender"]) == (kind, "open", str(pair.party("rights_holder").pk))
    expected = {"license": {"amount": "50.00"}, "trim": {"from": "0:01:02", "to": "0:01:30.5"}}.get(kind, {})
    assert told["terms"] == {**GIVEN[kind], **expected}
    listed = client.get(f"/api/v1/conversations/{pair.conversation.pk}/proposals", **bearer(pair.uploader))
    assert listed.json()["results"] == [told]


def bearer(account: Account) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {world.token(account)}"}


def post(client: Client, pair: world.Pair, by: Account, place: str, body: dict[str, Any]) -> Any:
    address = f"/api/v1/conversations/{pair.conversation.pk}/{place}"
    return client.post(address, body, content_type="application/json", **bearer(by))  # type: ignore[arg-type]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no kind": ({"text": "x"}, "/kind"),
    "an unknown kind": ({"kind": "apology"}, "/kind"),
    "no date": ({"kind": "remove_by"}, "/date"),
    "a date that is none": ({"kind": "remove_by", "date": "2026-02-30"}, "/date"),
    "a day that is over": ({"kind": "remove_by", "date": "2020-01-01"}, "/date"),
    "a day far away": ({"kind": "remove_by", "date": "2099-01-01"}, "/date"),
    "the last day of all": ({"kind": "remove_by", "date": "9999-12-31"}, "/date"),
    "a licence until the last day of all": (
        {"kind": "license", "terms": "t", "amount": "1", "currency": "EUR", "until": "9999-12-31"}, "/until"
    ),
    "a term of another kind": ({"kind": "remove_by", "date": SOON.isoformat(), "text": "x"}, "/text"),
    "a term that nobody knows": ({"kind": "credit", "text": "x", "colour": "red"}, "/colour"),
    "no amount": ({"kind": "license", "terms": "t", "currency": "EUR"}, "/amount"),
    "a negative amount": ({"kind": "license", "terms": "t", "amount": "-1", "currency": "EUR"}, "/amount"),
    "an amount that is no number": ({"kind": "license", "terms": "t", "amount": "NaN", "currency": "EUR"}, "/amount"),
    "a currency that is none": ({"kind": "license", "terms": "t", "amount": "1", "currency": "EUX"}, "/currency"),
    "half a yen": ({"kind": "license", "terms": "t", "amount": "0.5", "currency": "JPY"}, "/amount"),
    "a licence that is over": (
        {"kind": "license", "terms": "t", "amount": "1", "currency": "EUR", "until": "2020-01-01"}, "/until",
    ),
    "an empty credit": ({"kind": "credit", "text": " "}, "/text"),
    "a long credit": ({"kind": "credit", "text": "x" * 501}, "/text"),
    "an end before the beginning": ({"kind": "trim", "from": "2:00", "to": "1:00", "date": SOON.isoformat()}, "/to"),
    "a place that is none": ({"kind": "trim", "from": "a", "to": "1:00", "date": SOON.isoformat()}, "/from"),
    "a truth instead of a place": ({"kind": "trim", "from": True, "to": "1:00", "date": SOON.isoformat()}, "/from"),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_where_it_stands(client: Client, what: str) -> None:
    pair = world.pair()
    body, pointer = WRONG[what]

    refused = post(client, pair, pair.rights_holder, "proposals", body)

    assert refused.status_code == 400
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert not Proposal.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("decline", "declined")])
def test_a_program_answers(client: Client, answer: str, state: str) -> None:
    pair = world.pair()
    one = propose(pair)

    told = post(client, pair, pair.uploader, f"proposals/{one.pk}/answer", {"answer": answer})

    assert told.status_code == 200
    assert (told.json()["state"], told.json()["ended_by"]) == (state, str(pair.party("uploader").pk))


@pytest.mark.django_db
def test_a_counter_is_a_new_proposal_that_names_the_first(client: Client) -> None:
    pair = world.pair()
    first = propose(pair)
    body = {"answer": "counter", "kind": "license", "terms": "t", "amount": 12.5, "currency": "usd"}

    told = post(client, pair, pair.uploader, f"proposals/{first.pk}/answer", body).json()

    assert (told["counters"], told["state"], told["number"]) == (str(first.pk), "open", 2)
    assert told["terms"]["amount"] == "12.50"
    first.refresh_from_db()
    assert first.state == ProposalState.COUNTERED
    assert str(first.countered_by.pk) == told["id"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [{}, {"answer": "yes"}, {"answer": "counter"}, {"answer": "accept", "kind": "credit", "text": "x"}]
)
def test_an_answer_that_is_none_changes_nothing(client: Client, body: dict[str, Any]) -> None:
    pair = world.pair()
    one = propose(pair)

    assert post(client, pair, pair.uploader, f"proposals/{one.pk}/answer", body).status_code == 400
    one.refresh_from_db()
    assert one.is_open


@pytest.mark.django_db
def test_a_stranger_is_told_there_is_no_such_proposal(client: Client) -> None:
    pair, other = world.pair(), world.pair()
    one = propose(pair)

    for place in (f"proposals/{one.pk}/answer", f"proposals/{one.pk}/withdrawal"):
        body = {"answer": "accept"} if place.endswith("answer") else {}
        assert post(client, pair, other.rights_holder, place, body).status_code == 404
        # Nor under the address of a conversation of their own.
        assert post(client, other, other.rights_holder, place, body).status_code == 404


@pytest.mark.django_db
def test_a_closed_conversation_takes_no_proposal_and_no_answer() -> None:
    pair = world.pair()
    one = propose(pair)
    steps.close(pair.conversation.subject, world.now())

    for attempt in (lambda: propose(pair), lambda: ACTS["accept"](one, pair.uploader)):
        with pytest.raises(Conflict):
            attempt()


@pytest.mark.django_db
def test_a_side_has_only_so_many_proposals_waiting() -> None:
    pair = world.pair()
    for _ in range(rules.MOST_OPEN_PROPOSALS):
        propose(pair)

    with pytest.raises(Conflict):
        propose(pair)

    assert propose(pair, by=pair.uploader).is_open


@pytest.mark.django_db
def test_who_was_silenced_says_nothing_new_and_can_still_accept_decline_and_withdraw() -> None:
    pair = world.pair()
    first, second, third = propose(pair), propose(pair), propose(pair)
    own = propose(pair, by=pair.uploader)
    Party.objects.filter(pk=pair.party("uploader").pk).update(silenced_at=world.NOW)

    for attempt in (
        lambda: propose(pair, by=pair.uploader), lambda: ACTS["counter"](first, pair.uploader),
        lambda: ACTS["decline"](first, pair.uploader),
    ):  # fmt: skip
        with pytest.raises(Denied) as refused:
            attempt()
        assert refused.value.code == "silenced"
    ACTS["accept"](second, pair.uploader)
    actions.decline(proposal_id=third.pk, by=pair.uploader, now=world.now())
    ACTS["withdraw"](own, pair.uploader)

    states = Proposal.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["open", "accepted", "declined", "withdrawn"]


# --- the ledger and the happenings


@pytest.mark.django_db
def test_each_act_is_one_entry_without_terms_or_accounts_and_one_happening() -> None:
    pair = world.pair()
    one = propose(pair, ProposalKind.LICENSE)
    ACTS["accept"](one, pair.uploader)

    entries = Entry.objects.filter(subject=pair.conversation.ledger_reference, act__startswith="proposal.")
    acts = [(entry.act, entry.actor) for entry in entries.order_by("pk")]

    holder, uploader = pair.party("rights_holder"), pair.party("uploader")
    assert acts == [
        ("proposal.made", f"party:{holder.pk}"), ("proposal.accepted", f"party:{uploader.pk}"),
    ]  # fmt: skip
    text = "".join(entry.facts_text + entry.actor for entry in entries)
    assert "Shown on one page" not in text
    assert str(pair.uploader.pk) not in text
    assert [event.kind for event in Event.objects.filter(conversation=pair.conversation).order_by("number")] == [
        "proposal_made", "proposal_accepted",
    ]  # fmt: skip


# --- the clock


@pytest.mark.django_db
def test_a_proposal_waits_no_longer_than_the_day_on_which_it_would_be_due() -> None:
    pair = world.pair()

    short, long = propose(pair, ProposalKind.REMOVE_BY), propose(pair, ProposalKind.CREDIT)

    assert short.expires_at == dt.datetime.combine(SOON + dt.timedelta(days=1), dt.time(), dt.UTC)
    assert long.expires_at == long.made_at + dt.timedelta(days=14)


@pytest.mark.parametrize(
    ("zone", "over"),
    [("Europe/Berlin", "2026-03-29T22:00:00+00:00"), ("Asia/Shanghai", "2026-03-29T16:00:00+00:00")],
)
def test_a_day_is_over_where_the_provider_is_also_when_clocks_change(zone: str, over: str) -> None:
    assert rules.end_of_day(dt.date(2026, 3, 29), zone).isoformat() == over


@pytest.mark.django_db
def test_after_its_time_a_proposal_takes_no_answer_even_where_its_clock_has_not_fired() -> None:
    pair = world.pair()
    one = propose(pair)

    with pytest.raises(Conflict) as refused:
        actions.accept(proposal_id=one.pk, by=pair.uploader, now=one.expires_at)

    assert refused.value.state == "expired"


@pytest.mark.django_db
def test_an_answer_stops_the_clock() -> None:
    pair = world.pair()
    one = propose(pair)
    ACTS["decline"](one, pair.uploader)

    assert clocks.fire_due(one.expires_at) == 0
    assert Clock.objects.get(matter=one.clock_matter).state == ClockState.STOPPED


def in_threads(*calls: Callable[[], object]) -> list[object]:
    """Run the calls at once, each with a connection of its own; return what each gave or raised."""
    found: list[object] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(place: int) -> None:
        try:
            barrier.wait(10)
            found[place] = calls[place]()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.mark.django_db(transaction=True)
def test_two_workers_let_each_proposal_expire_exactly_once() -> None:
    made = [propose(world.pair()) for _ in range(6)]
    over = max(one.expires_at for one in made)

    fired = in_threads(*[lambda: clocks.fire_due(over)] * 2)

    assert sum(int(str(count)) for count in fired) == len(made)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"expired"}
    assert Entry.objects.filter(act="proposal.expired").count() == len(made)
    assert Event.objects.filter(kind="proposal_expired").count() == len(made)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_an_acceptance_and_a_withdrawal_at_once_one_wins(attempt: int) -> None:
    pair = world.pair()
    one = propose(pair, ProposalKind.REMOVE_BY)

    done = in_threads(lambda: ACTS["accept"](one, pair.uploader), lambda: ACTS["withdraw"](one, pair.rights_holder))

    refused = [what for what in done if isinstance(what, Exception)]
    assert [type(what) for what in refused] == [Conflict]
    one.refresh_from_db()
    ends = Entry.objects.filter(act__in=("proposal.accepted", "proposal.withdrawn")).values_list("act", flat=True)
    assert list(ends) == [f"proposal.{one.state}"]
    assert Undertaking.objects.exists() == (one.state == ProposalState.ACCEPTED)


@pytest.mark.django_db(transaction=True)
def test_of_two_acceptances_at_once_one_counts() -> None:
    pair = world.pair()
    one = propose(pair, ProposalKind.REMOVE_BY)

    done = in_threads(*[lambda: ACTS["accept"](one, pair.uploader)] * 3)

    assert sum(isinstance(what, Conflict) for what in done) == 2
    assert Entry.objects.filter(act="proposal.accepted").count() == 1
    assert Undertaking.objects.count() == 1


@pytest.mark.django_db
def test_a_proposal_waits_on_the_home_page_of_whoever_answers_it_until_it_is_over() -> None:
    pair = world.pair()
    one = propose(pair)

    [waiting] = access.waiting_for(pair.uploader, world.now())

    assert (waiting.due_at, str(one.pk) in waiting.url) == (one.expires_at, True)
    assert access.waiting_for(pair.rights_holder, world.now()) == []
    [staff] = access.waiting_for(staff_of(pair), world.now())
    assert (staff.title, staff.since) == ("Unread: 1", one.made_at)  # it answers nothing
    [unread] = access.waiting_for(pair.uploader, one.expires_at)
    assert (unread.title, unread.due_at) == ("Unread: 1", None)
    ACTS["decline"](one, pair.uploader)
    assert access.waiting_for(pair.uploader, world.now()) == []


# --- what was undertaken


@pytest.mark.django_db
def test_an_accepted_removal_is_undertaken_until_the_end_of_its_day() -> None:
    pair = world.pair()
    one = propose(pair, ProposalKind.REMOVE_BY)
    ACTS["accept"](one, pair.uploader)

    undertaken = Undertaking.objects.get()

    assert (undertaken.kind, undertaken.proposal_id) == ("removal", one.pk)
    assert clocks.fire_due(undertaken.due_at - dt.timedelta(seconds=1)) == 0
    assert clocks.fire_due(undertaken.due_at) == 1
    assert clocks.fire_due(undertaken.due_at + dt.timedelta(days=9)) == 0
    assert Entry.objects.filter(act="undertaking.overdue").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [ProposalKind.CREDIT, ProposalKind.LICENSE, ProposalKind.DISPUTE])
def test_what_needs_nothing_done_with_the_content_undertakes_nothing(kind: ProposalKind) -> None:
    pair = world.pair()

    ACTS["accept"](propose(pair, kind), pair.uploader)

    assert not Undertaking.objects.exists()


@pytest.mark.django_db
def test_the_uploader_removes_it_now_and_the_service_reports_it(client: Client) -> None:
    pair = world.pair()
    service = world.account("service")
    Membership.objects.create(
        account=service, organisation=pair.provider, role=Role.SERVICE, granted_at=world.NOW, granted_by="system"
    )

    made = post(client, pair, pair.uploader, "removal", {})
    again = post(client, pair, pair.uploader, "removal", {})
    address = f"/api/v1/undertakings/{made.json()['id']}/execution"
    by_uploader = client.post(address, {}, content_type="application/json", **bearer(pair.uploader))  # type: ignore[arg-type]
    by_stranger = client.post(address, {}, content_type="application/json", **bearer(world.account()))  # type: ignore[arg-type]
    done = client.post(address, {}, content_type="application/json", **bearer(service))  # type: ignore[arg-type]
    twice = client.post(address, {}, content_type="application/json", **bearer(service))  # type: ignore[arg-type]

    codes = [answer.status_code for answer in (made, again, by_uploader, by_stranger, done, twice)]
    assert codes == [201, 409, 403, 404, 200, 409]
    assert (done.json()["state"], done.json()["done_by"]) == ("done", "service")
    seen = client.get(f"/api/v1/conversations/{pair.conversation.pk}/undertakings", **bearer(pair.rights_holder))
    assert seen.json()["results"] == [done.json()]
    kinds = Event.objects.filter(conversation=pair.conversation).order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["removal_announced", "undertaking_done"]
    assert clocks.fire_due(world.now() + dt.timedelta(days=30)) == 0


@pytest.mark.django_db
def test_only_the_uploader_removes_and_the_rights_holder_may_confirm() -> None:
    pair = world.pair()
    with pytest.raises(Denied):
        actions.remove_now(conversation_id=pair.conversation.pk, by=pair.rights_holder, now=world.now())
    made = actions.remove_now(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    done = actions.report_done(undertaking_id=made.pk, by=pair.rights_holder, now=world.now())

    assert done.done_by == "rights_holder"


@pytest.mark.django_db
def test_a_removal_now_takes_the_agreed_one_along() -> None:
    pair = world.pair()
    ACTS["accept"](propose(pair, ProposalKind.REMOVE_BY), pair.uploader)

    now = actions.remove_now(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    assert Undertaking.objects.get().pk == now.pk
    assert now.proposal is not None


@pytest.mark.django_db
def test_a_later_agreement_on_the_removal_replaces_the_earlier() -> None:
    pair = world.pair()
    ACTS["accept"](propose(pair, ProposalKind.REMOVE_BY), pair.uploader)
    later = Terms(ProposalKind.REMOVE_BY, due_on=SOON + dt.timedelta(days=3))
    second = actions.propose(conversation_id=pair.conversation.pk, terms=later, by=pair.uploader, now=world.now())
    actions.accept(proposal_id=second.pk, by=pair.rights_holder, now=world.now())

    undertaken = Undertaking.objects.get()

    assert undertaken.proposal_id == second.pk
    assert undertaken.due_at.date() == SOON + dt.timedelta(days=4)
    assert clocks.fire_due(undertaken.due_at - dt.timedelta(days=1)) == 0


# --- the tables


def a_proposal(**changes: Any) -> Proposal:
    pair = world.pair()
    row = {
        "conversation": pair.conversation, "number": 1, "kind": "credit", "text": "x", "party": pair.party("uploader"),
        "made_at": world.NOW, "expires_at": world.NOW + dt.timedelta(days=1),
    }  # fmt: skip
    made = Proposal(**row | changes)
    for name in ("ended_by",):
        if changes.get(name) == "maker":
            made.ended_by = made.party
        if changes.get(name) == "other":
            made.ended_by = pair.party("rights_holder")
    return made


LICENCE = {"kind": "license", "text": "t", "amount": Decimal(1), "currency": "EUR"}
DAY = dt.date(2026, 5, 1)
BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("proposal_number_counts_from_one", {"number": 0}),
    ("proposal_kind_known", {"kind": "apology"}),
    ("proposal_state_known", {"state": "maybe", "ended_at": world.NOW}),
    ("proposal_remove_by_has_its_terms", {"kind": "remove_by", "text": ""}),
    ("proposal_license_has_its_terms", {**LICENCE, "amount": None}),
    ("proposal_license_has_its_terms", {**LICENCE, "due_on": DAY}),
    ("proposal_credit_has_its_terms", {"text": ""}),
    ("proposal_credit_has_its_terms", {"currency": "EUR"}),
    ("proposal_trim_has_its_terms", {"kind": "trim", "text": "", "from_ms": 0, "due_on": DAY}),
    ("proposal_dispute_has_its_terms", {"kind": "dispute", "until_on": DAY}),
    ("proposal_text_bounded", {"text": "x" * 8001}),
    ("proposal_amount_not_negative", {**LICENCE, "amount": Decimal(-1)}),
    ("proposal_currency_known", {**LICENCE, "currency": "EUX"}),
    ("proposal_trim_has_a_length", {"kind": "trim", "text": "", "from_ms": 5, "to_ms": 5, "due_on": DAY}),
    ("proposal_expires_later", {"expires_at": world.NOW}),
    ("proposal_over_has_time", {"state": "expired"}),
    ("proposal_over_has_time", {"ended_at": world.NOW}),
    ("proposal_accepted_is_recorded", {"ledger_entry": "01912345-0000-7000-8000-000000000000"}),
    ("proposal_reasons_of_a_refusal", {"reasons": "no"}),
    ("proposal_reasons_bounded", {"reasons": "x" * 2001}),
    ("proposal_forgotten_says_nothing", {"is_forgotten": True}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "changes"), BROKEN)
def test_a_proposal_that_cannot_be_is_refused_by_the_database(name: str, changes: dict[str, Any]) -> None:
    made = a_proposal(**changes)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        made.save(force_insert=True)

    assert name in str(refused.value) or name == "proposal_reasons_bounded"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "state", "whose"),
    [
        ("proposal_answered_by_the_other_side", "declined", "uploader"),
        ("proposal_answered_by_the_other_side", "countered", None),
        ("proposal_withdrawn_by_its_maker", "withdrawn", "rights_holder"),
        ("proposal_expired_by_nobody", "expired", "uploader"),
    ],
)
def test_the_database_knows_whose_an_end_can_be(name: str, state: str, whose: str | None) -> None:
    made = a_proposal()
    made.state, made.ended_at = state, world.NOW
    made.ended_by = Party.objects.get(conversation=made.conversation, side=whose) if whose else None

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.django_db
def test_a_proposal_does_not_counter_itself_and_numbers_are_given_once() -> None:
    made = a_proposal()
    made.counters_id = made.pk
    with pytest.raises(IntegrityError, match="proposal_counters_another"), transaction.atomic():
        made.save(force_insert=True)
    made.counters_id = None
    made.save(force_insert=True)

    made.pk = "01912345-0000-7000-8000-000000000001"
    with pytest.raises(IntegrityError, match="proposal_number_once"), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("undertaking_kind_known", {"kind": "apology", "asked_at": None}),
        ("undertaking_agreed_or_asked", {"asked_at": None}),
        ("undertaking_only_a_removal_is_asked", {"kind": "trim"}),
        ("undertaking_done_all_or_nothing", {"done_at": world.NOW}),
        ("undertaking_overdue_after_its_day", {"overdue_at": world.NOW - dt.timedelta(days=1)}),
    ],
)
def test_an_undertaking_that_cannot_be_is_refused_by_the_database(name: str, changes: dict[str, Any]) -> None:
    pair = world.pair()
    proposal = None
    if changes.get("kind") == "apology":
        proposal = propose(pair)
    row = {
        "conversation": pair.conversation, "proposal": proposal, "kind": "removal", "made_at": world.NOW,
        "due_at": world.NOW, "asked_at": world.NOW,
    }  # fmt: skip

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Undertaking.objects.create(**row | changes)


@pytest.mark.django_db
def test_one_removal_is_undertaken_at_a_time() -> None:
    pair = world.pair()
    row = {"conversation": pair.conversation, "kind": "removal", "made_at": world.NOW, "due_at": world.NOW}
    Undertaking.objects.create(**row, asked_at=world.NOW)

    with pytest.raises(IntegrityError, match="undertaking_one_removal_at_a_time"), transaction.atomic():
        Undertaking.objects.create(**row, asked_at=world.NOW)


@pytest.mark.django_db
def test_a_date_beyond_what_can_be_kept_is_refused_before_anything_is_written() -> None:
    pair = world.pair()
    far = Terms(ProposalKind.REMOVE_BY, due_on=dt.date(2099, 1, 1))

    with pytest.raises(Invalid):
        actions.propose(conversation_id=pair.conversation.pk, terms=far, by=pair.rights_holder, now=world.now())

    assert Conversation.objects.get(pk=pair.conversation.pk).last_event == 0


@pytest.mark.django_db
def test_a_proposal_is_answered_by_its_id_alone_and_by_no_stranger(client: Client) -> None:
    pair = world.pair()
    one = propose(pair)
    address, body = f"/api/v1/proposals/{one.pk}/answer", {"answer": "accept"}
    given: dict[str, Any] = {"content_type": "application/json"}

    refused = client.post(address, body, **given, **bearer(world.account("stranger")))
    told = client.post(address, body, **given, **bearer(pair.uploader))

    assert (refused.status_code, told.status_code, told.json()["state"]) == (404, 200, "accepted")
