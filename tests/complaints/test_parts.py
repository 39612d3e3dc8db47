"""Partial grants: a notice accepted for some items and rejected for others, and what each side can do about it."""

import datetime as dt

import pytest

from complaints import actions, rules
from complaints.access import acts_for, tracking_code_of, viewer_of
from complaints.models import Appeal, Complaint
from complaints.rules import State
from core.errors import Conflict, Denied, Invalid
from tests.complaints.world import NOW, World, content, follow, mails, subscriber
from tests.factories import people
from verification.models import Account

LATER = NOW + dt.timedelta(hours=1)


def several(world: World) -> Complaint:
    return world.accepted(items=[{"external_id": one.external_id} for one in world.content])


def refuse(world: World, made: Complaint, *places: int, reasons: str = "That is a review.") -> Complaint:
    names = [world.content[place].external_id for place in places]
    return actions.reject_items(reference=made.reference, by=world.handler, items=names, reasons=reasons, now=NOW)


def states(made: Complaint) -> list[str]:
    return [made.items.model.objects.get(pk=item.pk).state for item in made.items.order_by("position")]


def contest(made: Complaint, by: Account, reasons: str = "It is not.", now: dt.datetime = NOW) -> Appeal:
    return actions.appeal(reference=made.reference, by=by, reasons=reasons, now=now)


def answer(world: World, made: Complaint, outcome: str) -> Complaint:
    actions.decide_appeal(reference=made.reference, by=world.reviewer, outcome=outcome, reasons="Looked at.", now=NOW)
    return Complaint.objects.get(pk=made.pk)


def test_a_notice_is_rejected_for_some_items_and_goes_on_for_the_others(world: World) -> None:
    made = several(world)

    after = refuse(world, made, 0)
    world.measure(made)
    follow()

    assert after.state == State.ACCEPTED
    assert states(made) == ["rejected", "restricted", "restricted"]
    told = next(mail for mail in mails() if mail["template"] == "items_rejected")
    assert "That is a review." in told["body"]
    assert world.content[1].external_id not in told["body"]
    public = people.program().get(f"/api/v1/public/complaints/{tracking_code_of(made).reveal()}").json()
    assert [one["state"] for one in public["items"]] == ["rejected", "restricted", "restricted"]
    shown = people.program(world.rights_holder).get(f"/api/v1/complaints/{made.reference}").json()["items"]
    assert [one["reasons"] for one in shown] == ["That is a review.", "", ""]
    theirs = people.program(world.uploader).get(f"/api/v1/complaints/{made.reference}").json()["items"]
    assert len(theirs) == 2


def test_what_was_rejected_comes_under_no_measure_and_is_not_rejected_twice(world: World) -> None:
    made = refuse(world, several(world), 0)

    for act in (lambda: world.measure(made, items=[world.content[0].external_id]), lambda: refuse(world, made, 0)):
        with pytest.raises(Invalid) as refused:
            act()
        assert [(one.pointer, one.code) for one in refused.value.problems] == [("/items/0", "rejected")]
    with pytest.raises(Invalid):
        refuse(world, made, 1, reasons=" ")


def test_when_no_item_is_left_the_whole_notice_is_rejected(world: World) -> None:
    made = refuse(world, refuse(world, several(world), 0), 1, 2)

    assert (made.state, made.decision) == (State.REJECTED, "rejected")
    contest(made, world.rights_holder)
    assert answer(world, made, "granted").state == State.ACCEPTED
    assert states(made) == ["noticed"] * 3


def test_an_acceptance_for_some_items_rejects_the_others_with_its_reasons(world: World) -> None:
    made = world.filed(items=[{"external_id": one.external_id} for one in world.content])
    client = people.program(world.handler)
    body = {"items": [world.content[2].external_id], "reasons": "Only this one is the film."}

    client.post(f"/api/v1/complaints/{made.reference}/acceptance", {**body, "reasons": ""}, format="json")
    assert states(made) == ["noticed"] * 3
    shown = client.post(f"/api/v1/complaints/{made.reference}/acceptance", body, format="json").json()

    assert shown["state"] == "accepted"
    assert states(made) == ["rejected", "rejected", "noticed"]
    assert {one["reasons"] for one in shown["items"]} == {"", "Only this one is the film."}


@pytest.mark.parametrize(
    ("until", "after"),
    [("accepted", "accepted"), ("acted", "acted"), ("restored", "accepted"), ("upheld", "acted")],
)
def test_the_complainant_appeals_a_rejected_item_while_the_rest_goes_on_or_is_over(
    world: World, until: str, after: str
) -> None:
    made = refuse(world, several(world), 0)
    give = {"reference": made.reference, "by": world.handler, "reasons": "So.", "now": NOW}
    if until != "accepted":
        world.measure(made)
    if until == "restored":
        actions.restore(**give)
    if until == "upheld":
        actions.uphold(**give)

    filed = contest(made, world.rights_holder)

    assert filed.against == rules.AGAINST_ITEMS
    with pytest.raises(Denied):
        actions.decide_appeal(outcome="granted", **give)
    assert answer(world, made, "granted").state == after
    assert states(made)[0] == "noticed"
    world.measure(made)
    assert states(made)[0] == "restricted"


@pytest.mark.parametrize(("regime", "remains"), [("us", "authority"), ("eu", "DSA art. 21")])
def test_a_decision_is_appealed_once_and_then_it_is_said_what_remains(world: World, regime: str, remains: str) -> None:
    made = world.acted(regime)
    contest(made, world.uploader)
    answer(world, made, "dismissed")

    with pytest.raises(Conflict) as refused:
        contest(made, world.uploader)

    assert (refused.value.code, remains in str(refused.value.detail)) == ("appealed_already", True)
    assert "appeal" not in acts_for(viewer_of(world.uploader, made), made)
    actions.uphold(reference=made.reference, by=world.handler, reasons="It stays.", now=LATER)
    assert contest(made, world.uploader, now=LATER).against == "upheld"
    with pytest.raises(Denied):
        actions.decide_appeal(reference=made.reference, by=world.handler, outcome="granted", reasons="So.", now=NOW)


def test_each_uploader_appeals_for_itself_and_reads_no_other_appeal(world: World) -> None:
    second = people.account("second")
    theirs = content(subscriber(world.provider, second))
    made = world.acted(items=[{"external_id": one.external_id} for one in (world.content[0], theirs)])

    contest(made, world.uploader, "It is mine.")
    contest(made, second, "It is ours.")

    shown = people.program(second).get(f"/api/v1/complaints/{made.reference}/appeal").json()["results"]
    assert [one["reasons"] for one in shown] == ["It is ours."]
