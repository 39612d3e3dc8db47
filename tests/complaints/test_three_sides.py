"""The status by tracking code shows three sides; the receipt says when exactly the notice came and proves it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from complaints import access, actions, rules
from complaints.models import Complaint
from complaints.rules import PROVIDER, THREE_SIDES, Side, State
from core.actors import PUBLIC
from ledger.models import Entry
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow, mails

# In each state: whom the matter waits for, and who may act without being waited for.
AWAITED: dict[State, tuple[set[Side], set[Side]]] = {
    State.DRAFT: ({Side.COMPLAINANT}, set()),
    State.UNCONFIRMED: ({Side.COMPLAINANT}, set()),
    State.FILED: ({PROVIDER}, set()),
    State.DEFECTIVE: ({Side.COMPLAINANT}, set()),
    State.ACCEPTED: ({PROVIDER}, set()),
    State.ACTED: (set(), {Side.UPLOADER}),
    State.FORWARDED: (set(), {Side.UPLOADER}),
    State.CONTESTED: ({Side.COMPLAINANT}, set()),
    State.RESTORED: (set(), {Side.COMPLAINANT}),
    State.UPHELD: (set(), {Side.UPLOADER}),
    State.REJECTED: (set(), {Side.COMPLAINANT}),
    State.WITHDRAWN: (set(), set()),
    State.SETTLED: (set(), set()),
    State.CLOSED: (set(), set()),
}
IDLE = ("Nothing to do now.", "Is not told of a notice before a measure; nothing to do now.")


@pytest.mark.parametrize("state", State)
def test_each_side_is_told_in_every_state_what_is_waited_for(state: State) -> None:
    duties = {side: rules.duty_of(state, side) for side in THREE_SIDES}

    awaited = {side for side, duty in duties.items() if duty.is_awaited}
    may = {side for side, duty in duties.items() if not duty.is_awaited and str(duty.text) not in IDLE}
    assert (awaited, may) == AWAITED[state]


@pytest.mark.parametrize("changes", [{"clock_states": ["stopped"]}, {"has_appeal": True}])
def test_a_stopped_clock_and_an_appeal_wait_for_the_provider(changes: Any) -> None:
    assert [rules.duty_of(State.CONTESTED, side, **changes).is_awaited for side in THREE_SIDES] == [False, False, True]


@pytest.mark.parametrize(
    ("acted_as", "side"),
    [("complainant", Side.COMPLAINANT), ("uploader", Side.UPLOADER), ("handler", PROVIDER), ("service", PROVIDER),
     ("system", PROVIDER), ("", PROVIDER)],
)  # fmt: skip
def test_who_is_no_party_acts_for_the_provider(acted_as: str, side: Side) -> None:
    assert rules.side_of(acted_as) == side


def code_of(made: Complaint) -> str:
    return access.tracking_code_of(made).reveal()


def test_the_three_sides_show_deeds_duties_and_the_one_clock_and_nobody(world: World) -> None:
    made = world.contested()
    answer = Client().get(f"/api/v1/public/complaints/{code_of(made)}")

    complainant, uploader, provider = answer.json()["sides"]

    assert [one["act"] for one in complainant["did"]] == ["complaint.filed"]
    assert [one["act"] for one in uploader["did"]] == ["complaint.counter_notice_filed"]
    assert {"complaint.accepted", "complaint.measure_ordered"} <= {one["act"] for one in provider["did"]}
    assert complainant["is_awaited"]
    assert complainant["clock"] == uploader["clock"]
    assert complainant["clock"]["of"] == 10
    assert "unless" in complainant["clock"]["words"]
    text = answer.content.decode() + Client().get(f"/track/{code_of(made)}/").content.decode()
    people = (world.rights_holder, world.uploader, world.handler)
    assert not any(value in text for value in (*CONTACT.values(), *CANARY.values(), *(str(one.pk) for one in people)))


def test_the_page_shows_each_side_with_what_is_waited_for(world: World) -> None:
    made = world.filed()

    text = Client().get(f"/track/{code_of(made)}/").content.decode()

    for side in ("complainant", "uploader", "provider"):
        assert f'id="side-{side}"' in text
    assert "Checks the notice and accepts or rejects it" in text
    assert text.count("it is waited for") == 1
    assert "We could not reach the complainant" not in text


def test_the_receipt_says_the_second_in_both_zones_the_digest_and_the_place_in_the_ledger(db: None) -> None:
    from tests.complaints.world import world as new_world

    world = new_world(time_zone="Asia/Shanghai")
    at = dt.datetime(2026, 3, 10, 18, 5, 7, tzinfo=dt.UTC)
    made = world.filed("cn", now=at)
    address = f"/track/{code_of(made)}/receipt/"
    assert "It is sealed within seconds" in Client().get(address).content.decode()
    follow(at)

    page, text = (Client().get(f"{address}{rest}") for rest in ("", "text/"))
    told = Client().get(f"/api/v1/public/complaints/{code_of(made)}/receipt").json()

    entry = Entry.objects.get(subject=made.reference, act="complaint.filed")
    for answer in (page, text):
        shown = answer.content.decode()
        assert "18:05:07 UTC" in shown
        assert "02:05:07 (Asia/Shanghai, UTC+08:00)" in shown
        for said in (
            made.reference,
            code_of(made),
            entry.facts["notice_digest"],
            str(entry.pk),
            told["ledger"]["leaf_hash"],
        ):
            assert said in shown
        assert "no-store" in answer["Cache-Control"]
    assert text["Content-Disposition"] == f'attachment; filename="{made.reference}.txt"'
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert told["ledger"]["checkpoint"] in text.content.decode()
    assert (told["received_at"], told["digest"]) == ("2026-03-10T18:05:07.000000Z", entry.facts["notice_digest"])
    (mail,) = (one for one in mails() if one["template"] == "receipt")
    assert "18:05:07 UTC" in mail["body"]
    assert entry.facts["notice_digest"] in mail["body"]


def test_the_receipt_of_who_filed_without_account_says_when_it_was_confirmed(world: World) -> None:
    made = world.filed("us", by=PUBLIC)
    follow()
    address = f"/track/{code_of(made)}/receipt/"
    assert "Confirmed" not in Client().get(address).content.decode()
    token = mails()[-1]["body"].split("/complain/confirm/")[1].split("/")[0]

    actions.confirm_complaint(token=token, by=PUBLIC, now=NOW + dt.timedelta(seconds=65))

    assert "09:31:05 UTC" in Client().get(address).content.decode()


def test_a_code_that_is_typed_in_leads_to_its_page(world: World, client: Client) -> None:
    code = access.tracking_code_of(world.filed()).reveal()

    answer = client.post("/track/", {"tracking_code": f" {code} "})

    assert (answer.status_code, answer["Location"]) == (302, f"/track/{code}/")


@pytest.mark.parametrize(
    "address", ["/track/{}/receipt/", "/track/{}/receipt/text/", "/api/v1/public/complaints/{}/receipt"]
)
def test_without_the_code_there_is_no_receipt(world: World, address: str) -> None:
    made = world.filed()

    for wrong in (made.reference, "0" * 30):
        assert Client().get(address.format(wrong)).status_code == 404
