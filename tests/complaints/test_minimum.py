"""No more is asked than the statute asks: the least that each law wants is a notice, by program and by page."""

from typing import Any

import pytest

from complaints import access, actions, rules
from complaints.models import Complaint
from core.actors import PUBLIC
from core.errors import Conflict, Invalid, NotFound, TooFast
from core.models import Opening
from tests.complaints.test_models import changed
from tests.complaints.test_views import browser
from tests.complaints.world import NOW, World, follow, mails
from tests.factories import people

WHERE = "https://host.example/v/1"
# Each law's own minimum, and nothing beside it.
LEAST: dict[str, dict[str, Any]] = {
    "us: a telephone number": {
        "regime": "us", "complainant": {"phone": "+1 202 555 0100"}, "works": [{"title": "The Harbour"}],
        "items": [{"url": WHERE}], "statements": ["good_faith", "accuracy"], "signature": "F",
    },
    "us: a postal address": {
        "regime": "us", "complainant": {"postal_address": "1 Harbour Street"}, "works": [{"work": "W-0123456789ABCDEF"}],
        "items": [{"external_id": "item-1"}], "statements": ["good_faith", "accuracy"], "signature": "F",
    },
    "cn: a telephone number": {
        "regime": "cn", "complainant": {"name": "F", "postal_address": "1 Harbour Street", "phone": "+86 10 0000 0000"},
        "works": [{"title": "The Harbour"}], "items": [{"url": WHERE}], "grounds": "We made it.",
    },
    "eu": {
        "regime": "eu", "complainant": {"name": "F", "email": "f@films.example"}, "items": [{"url": WHERE}],
        "grounds": "We made it.", "statements": ["good_faith"],
    },
    "jp: nobody to be reached": {
        "regime": "jp", "works": [{"title": "The Harbour"}], "items": [{"url": WHERE}], "grounds": "We made it.",
    },
}  # fmt: skip


@pytest.mark.parametrize("least", LEAST)
def test_the_least_that_a_law_asks_is_a_whole_notice_by_program(world: World, least: str) -> None:
    body = {**LEAST[least], "provider": world.provider.code}

    by_account = people.program(world.rights_holder).post("/api/v1/complaints", body, format="json").json()
    by_anybody = people.program().post("/api/v1/complaints", body, format="json").json()

    assert (by_account["state"], by_account["missing"]) == ("filed", [])
    assert (by_anybody["state"], by_anybody["missing"]) == ("unconfirmed", [])
    assert by_anybody["is_mailed"] is ("email" in body.get("complainant", {}))


@pytest.mark.parametrize("least", LEAST)
def test_the_least_that_a_law_asks_is_a_whole_notice_by_page(world: World, least: str) -> None:
    said = LEAST[least]
    client = browser()
    answers: dict[str, dict[str, Any]] = {
        "where": {"provider": world.provider.code},
        "law": {"regime": said["regime"]},
        "works": {"works": "\n".join(w.get("title") or w["work"] for w in said.get("works", []))},
        "items": {"items": "\n".join(i.get("url") or i["external_id"] for i in said["items"])},
        "grounds": {"grounds": said.get("grounds", "")},
        "who": said.get("complainant", {}),
        "statements": {"statements": said.get("statements", []), "signature": said.get("signature", "")},
    }
    for step, given in answers.items():
        assert client.post(f"/complain/new/{step}/", given).status_code == 302, step

    assert client.post("/complain/new/review/", {}).status_code == 303

    made = Complaint.objects.get()
    assert (made.state, made.missing) == ("unconfirmed", [])
    done = client.get("/complain/done/").content.decode()
    assert ("follow the link" in done) is ("email" in said.get("complainant", {}))


def unreached(world: World) -> Complaint:
    return world.filed("us", by=PUBLIC, contact={"phone": "+1 202 555 0100"})


def test_what_no_link_can_confirm_counts_once_a_handler_has_made_sure(world: World) -> None:
    made = unreached(world)
    mailed = world.filed("us", by=PUBLIC)
    program = people.program(world.handler)
    assert program.get(f"/api/v1/complaints/{made.reference}").status_code == 404

    (row,) = program.get("/api/v1/unconfirmed-complaints").json()["results"]
    told = program.get(f"/api/v1/unconfirmed-complaints/{made.reference}").json()
    counted = program.post(f"/api/v1/unconfirmed-complaints/{made.reference}", {"how": "phone"}, format="json")

    assert row["reference"] == made.reference
    assert told["complainant"]["phone"] == "+1 202 555 0100"
    assert Opening.objects.get(data_key=made.data_key, purpose="making sure whose notice it is")
    assert (counted.status_code, counted.json()["state"]) == (201, "filed")
    after = Complaint.objects.get(pk=made.pk)
    assert (after.confirmed_how, after.confirmed_by) == ("phone", world.handler)
    assert after.answer_due_at is not None
    with pytest.raises(NotFound):
        actions.confirm_by_hand(reference=mailed.reference, by=world.handler, how="phone", now=NOW)
    changed(Complaint, "complaint_confirmed_by_hand_says_how", confirmed_by=None, confirmed_how="phone")


@pytest.mark.parametrize("who", ["reviewer", "auditor", "rights_holder", "stranger", "other_handler"])
def test_nobody_but_a_handler_of_the_provider_confirms_by_hand(world: World, who: str) -> None:
    made = unreached(world)

    with pytest.raises(NotFound):
        actions.confirm_by_hand(reference=made.reference, by=getattr(world, who), how="phone", now=NOW)


def test_an_unknown_way_confirms_nothing_and_nothing_is_confirmed_twice(world: World) -> None:
    made = unreached(world)
    with pytest.raises(Invalid):
        actions.confirm_by_hand(reference=made.reference, by=world.handler, how="telepathy", now=NOW)

    actions.confirm_by_hand(reference=made.reference, by=world.handler, how="post", now=NOW)

    with pytest.raises((NotFound, Conflict)):
        actions.confirm_by_hand(reference=made.reference, by=world.handler, how="post", now=NOW)
    follow()
    assert mails() == []  # there is nobody to write to


def test_the_page_of_what_waits_shows_how_to_reach_the_sender(world: World) -> None:
    made, client = unreached(world), browser(world.handler)

    assert made.reference in client.get("/desk/unconfirmed/").content.decode()
    assert "+1 202 555 0100" in client.get(f"/desk/unconfirmed/{made.reference}/").content.decode()
    assert client.post(f"/desk/unconfirmed/{made.reference}/", {}).status_code == 400
    assert client.post(f"/desk/unconfirmed/{made.reference}/", {"how": "phone"}).status_code == 303
    assert "Nothing waits" in client.get("/desk/unconfirmed/").content.decode()
    assert browser(world.rights_holder).get("/desk/unconfirmed/").status_code == 404


def test_nobody_buries_the_handlers_in_what_only_they_can_confirm(world: World) -> None:
    give: dict[str, Any] = {"email": "", "provider": world.provider.code, "now": NOW}
    for _ in range(rules.FILINGS_WITHOUT_EMAIL[0]):
        access.require_room_to_file(PUBLIC, address="192.0.2.1", **give)
    with pytest.raises(TooFast):
        access.require_room_to_file(PUBLIC, address="192.0.2.1", **give)

    # Who can be reached, and who comes from elsewhere, is held up by none of it.
    access.require_room_to_file(PUBLIC, address="192.0.2.1", **{**give, "email": "a@films.example"})
    access.require_room_to_file(PUBLIC, address="192.0.2.2", **give)
