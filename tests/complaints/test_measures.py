"""What a measure holds to: its term, its territory, its review, and the proof that it was carried out and undone."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from complaints import actions, rules
from complaints.actions import Proof, Terms
from complaints.models import Complaint, Measure
from complaints.rules import ALL_FORWARD_GROUNDS
from core import clocks
from core.errors import Conflict, Invalid
from core.models import Clock
from ledger.models import Entry
from tests.complaints.world import NOW, World, follow, mails
from tests.factories import people

DAY = dt.timedelta(days=1)
GROUNDS = list(ALL_FORWARD_GROUNDS)


def acts(made: Complaint, *names: str) -> list[tuple[str, dt.datetime]]:
    found = Entry.objects.filter(subject=made.reference, act__in=[f"complaint.{name}" for name in names])
    return [(entry.act.removeprefix("complaint."), entry.at) for entry in found.order_by("pk")]


def browser(account: Any) -> Client:
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def now_of(made: Complaint) -> Complaint:
    return Complaint.objects.get(pk=made.pk)


@pytest.mark.parametrize(
    ("kind", "terms", "pointer"),
    [
        ("removal", {"until": NOW}, "/until"),
        ("removal", {"until": NOW + dt.timedelta(days=3_661)}, "/until"),
        ("removal", {"territory": ["DE", "de"]}, "/territory/1"),
        ("removal", {"territory": ["XX"]}, "/territory/0"),
        ("removal", {"review_at": NOW + DAY}, "/review_at"),
        ("forward_only", {"until": NOW + DAY}, "/until"),
        ("forward_only", {"territory": ["DE"]}, "/territory"),
        ("forward_only", {"review_at": NOW + 91 * DAY}, "/review_at"),
        ("forward_only", {"review_at": NOW - DAY}, "/review_at"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_place(kind: str, terms: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.terms.check_terms(kind, Terms(**terms), NOW)

    assert [problem.pointer for problem in refused.value.problems] == [pointer]


@pytest.mark.parametrize(("chases", "days"), [(1, 1), (2, 2), (3, 4), (4, 7), (5, 7), (30_000, 7)])
def test_reminders_come_at_a_growing_distance_and_never_rarer_than_weekly(chases: int, days: int) -> None:
    assert rules.chased_again_after(chases) == days * DAY


def test_a_measure_ends_by_itself_and_what_was_under_it_is_awaited_back(world: World) -> None:
    made = world.accepted()
    until = NOW + 30 * DAY
    world.measure(made, terms=Terms(until=until, territory=["FR", "DE"]))
    actions.report_execution(reference=made.reference, by=world.service, now=NOW)

    assert clocks.fire_due(until - dt.timedelta(microseconds=1)) == 0
    assert clocks.fire_due(until) == 1

    after, measure = now_of(made), Measure.objects.get()
    assert (after.state, after.items.get().state) == ("restored", "restored")
    assert (measure.lifted_because, measure.territory) == ("ended", ["DE", "FR"])
    assert measure.execution_due_at == until + DAY
    follow(until)
    assert {"measure_ended", "measure_ended_uploader"} <= {mail["template"] for mail in mails()}
    told = next(mail for mail in mails() if mail["template"] == "told")
    assert "DE, FR" in told["body"]
    actions.report_execution(reference=made.reference, by=world.service, now=until + DAY)
    assert Measure.objects.get().undone_at == until + DAY
    assert clocks.fire_due(until + 90 * DAY) == 0


def test_a_measure_that_ends_in_a_closed_matter_is_lifted_and_the_matter_stays_closed(world: World) -> None:
    made = world.accepted()
    world.measure(made, terms=Terms(until=NOW + 3 * DAY))
    actions.report_execution(reference=made.reference, by=world.service, now=NOW)
    actions.close(reference=made.reference, by=world.handler, now=NOW)

    clocks.fire_due(NOW + 3 * DAY)

    assert (now_of(made).state, now_of(made).items.get().state) == ("closed", "restored")


def test_what_is_not_carried_out_in_time_is_chased_until_it_is(world: World) -> None:
    made = world.acted()

    for due in (1, 2, 4):
        clocks.fire_due(NOW + due * DAY)
        clocks.fire_due(NOW + due * DAY)

    at = [NOW + days * DAY for days in (1, 2, 4)]
    assert acts(made, "execution_overdue") == [("execution_overdue", one) for one in at]
    assert now_of(made).answer_due_at == at[0]
    follow(NOW + 4 * DAY)
    assert [mail["to"] for mail in mails() if mail["template"] == "overdue_handler"] == [world.handler.email] * 3
    shown = people.program(world.uploader).get(f"/api/v1/complaints/{made.reference}/measure").json()["results"][0]
    assert shown["is_overdue"]
    assert shown["execution"].startswith("Ordered on ")
    late = actions.report_execution(reference=made.reference, by=world.service, now=NOW + 5 * DAY)
    assert (late.executed_at, late.execution_due_at, late.chases) == (NOW + 5 * DAY, None, 0)
    assert now_of(made).answer_due_at is None
    assert clocks.fire_due(NOW + 60 * DAY) == 0


def test_an_item_that_earns_is_due_sooner(world: World) -> None:
    content = world.content[0]
    content.is_earning = True
    content.save()
    world.acted()

    assert Measure.objects.get().execution_due_at == NOW + dt.timedelta(hours=12)


def test_what_the_clock_restores_is_chased_until_the_proof_of_each_item(world: World) -> None:
    both = [{"external_id": one.external_id} for one in world.content[:2]]
    made = world.acted("us", items=both)
    actions.report_execution(reference=made.reference, by=world.service, now=NOW)
    world.counter(made, items=[world.content[0].external_id])
    due = clocks.running(made.reference).get().due_at

    clocks.fire_due(due)
    clocks.fire_due(due + DAY)

    assert acts(made, "restored", "execution_overdue") == [("restored", due), ("execution_overdue", due + DAY)]
    actions.report_execution(reference=made.reference, by=world.service, now=due + DAY)
    assert [one.undone_at for one in Measure.objects.get().covered.order_by("item__position")] == [due + DAY, None]
    assert Measure.objects.get().undone_at is None
    assert clocks.fire_due(due + 60 * DAY) == 0
    with pytest.raises(Conflict):
        actions.report_execution(reference=made.reference, by=world.service, now=due + DAY)


def test_forwarding_alone_comes_back_to_the_desk_and_can_then_be_renewed(world: World) -> None:
    made = world.accepted("cn")
    first = world.measure(made, "forward_only", grounds=GROUNDS)
    with pytest.raises(Conflict):
        world.measure(made, "forward_only", grounds=GROUNDS)

    assert first.review_at == NOW + 30 * DAY
    assert clocks.fire_due(first.review_at) == 1

    assert acts(made, "review_due") == [("review_due", first.review_at)]
    assert now_of(made).answer_due_at == first.review_at
    follow(first.review_at)
    assert [mail["to"] for mail in mails() if mail["template"] == "review_handler"] == [world.handler.email]
    again = world.measure(
        made, "forward_only", now=first.review_at, grounds=GROUNDS, terms=Terms(review_at=first.review_at + 60 * DAY)
    )
    assert now_of(made).answer_due_at is None
    assert [clock.matter for clock in Clock.objects.filter(state="running")] == [f"measure:{again.pk}"]


def test_a_stronger_measure_in_its_place_ends_the_review(world: World) -> None:
    made = world.accepted("cn")
    world.measure(made, "forward_only", grounds=GROUNDS)
    world.measure(made, "blocking")

    assert set(Clock.objects.filter(state="running").values_list("name", flat=True)) == {"execution"}


@pytest.mark.parametrize("at", [NOW - DAY, NOW + DAY])
def test_an_execution_at_an_impossible_time_is_refused(world: World, at: dt.datetime) -> None:
    made = world.acted()

    with pytest.raises(Invalid) as refused:
        actions.report_execution(reference=made.reference, by=world.service, proof=Proof(at=at), now=NOW)

    assert [problem.pointer for problem in refused.value.problems] == ["/at"]


def test_terms_and_proof_go_through_the_api_and_are_seen_by_both_sides(world: World) -> None:
    made = world.accepted(now=dt.datetime.now(dt.UTC))
    until = (dt.datetime.now(dt.UTC) + 9 * DAY).replace(microsecond=0)
    given = {"kind": "blocking", "reasons": "It is.", "until": until.isoformat(), "territory": ["DE"]}
    address = f"/api/v1/complaints/{made.reference}"

    ordered = people.program(world.handler).post(f"{address}/measure", given, format="json")
    proof = {"http_status": 451, "detail": "Taken from the shelf."}
    done = people.program(world.service).post(f"{address}/execution", proof, format="json")

    assert (ordered.status_code, done.status_code) == (201, 200)
    for who in (world.rights_holder, world.uploader, world.service):
        [shown] = people.program(who).get(f"{address}/measure").json()["results"]
        assert dt.datetime.fromisoformat(shown["until"]) == until
        assert shown["territory"] == ["DE"]
        assert [(one["what"], one["http_status"]) for one in shown["reports"]] == [("executed", 451)]
    page = browser(world.uploader).get(f"/complaints/{made.reference}/").content.decode()
    assert "in DE only" in page


@pytest.mark.parametrize("act", [actions.call_for_review, actions.end_measure], ids=["review", "end"])
def test_a_measure_that_was_lifted_is_not_looked_at_again_and_does_not_end_again(world: World, act: Any) -> None:
    made = world.acted()
    actions.restore(reference=made.reference, by=world.handler, reasons="It was licensed.", now=NOW + DAY)
    before = Entry.objects.count(), now_of(made).changed_at

    with pytest.raises(Conflict):
        act(measure=made.measures.get().pk, now=NOW + 2 * DAY)

    assert (Entry.objects.count(), now_of(made).changed_at) == before
    assert now_of(made).answer_due_at is None
