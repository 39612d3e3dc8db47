"""What belongs together: filings of one sender, the same again while it is open, others about the same; what is not here."""

import datetime as dt
from typing import Any

import pytest

from complaints import access, actions, rules
from complaints.models import Complaint
from complaints.rules import Priority
from core.actors import PUBLIC
from hosting.models import Host
from tests.complaints.test_curing import corrected
from tests.complaints.test_models import changed, refused
from tests.complaints.test_views import browser
from tests.complaints.world import CONTACT, NOW, World, content, follow
from tests.factories import people
from verification.rules import Role

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("url", "hosts", "is_elsewhere"),
    [
        ("https://host.example/v/1", ["host.example"], False), ("https://HOST.example:443/v/1", ["host.example:443"], False),
        ("https://www.host.example/v/1", ["host.example"], False), ("https://host.example/1", ["cdn.host.example"], False),
        ("https://nothost.example/v/1", ["host.example"], True), ("https://other.example/", ["host.example"], True),
        ("https://a@other.example/", ["host.example"], True), ("https://other.example/", [], False),
        ("item-1", ["host.example"], False), ("https://[broken", ["host.example"], False),
    ],
)  # fmt: skip
def test_what_is_at_another_provider(url: str, hosts: list[str], is_elsewhere: bool) -> None:
    assert rules.is_elsewhere(url, hosts) is is_elsewhere


SAID: dict[str, Any] = {"sender": "a", "regime": "us", "thing": "item-1", "titles": ["The Harbour", "The Pier"]}


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True), ({"titles": ["the  PIER", "Ｔｈｅ harbour", " "]}, True), ({"titles": ["The Harbour"]}, False),
        ({"sender": "b"}, False), ({"regime": "eu"}, False), ({"thing": "item-2"}, False), ({"titles": []}, False),
    ],
)  # fmt: skip
def test_when_somebody_says_the_same_again(changes: dict[str, Any], is_same: bool) -> None:
    assert (rules.repeat_key(**SAID) == rules.repeat_key(**{**SAID, **changes})) is is_same


@pytest.mark.parametrize(("minutes", "is_one"), [(0, True), (30, True), (31, False)])
def test_what_is_filed_shortly_after_another_is_one_filing(minutes: int, is_one: bool) -> None:
    assert rules.is_one_filing(NOW, NOW + minutes * MINUTE) is is_one


def test_filings_in_a_short_time_are_one_group_for_the_handlers(world: World) -> None:
    first, second = world.filed(), world.filed(now=NOW + 20 * MINUTE, works=[{"title": "Another"}])
    third = world.filed(now=NOW + 45 * MINUTE, works=[{"title": "A third"}])
    later = world.filed(now=NOW + 90 * MINUTE, works=[{"title": "A fourth"}])
    of_another = world.filed(by=world.stranger)

    together = [first.reference, second.reference, third.reference]
    assert access.group_references(world.handler, first.reference) == together
    assert (later.group, of_another.group) == (later.reference, of_another.reference)
    assert access.group_references(world.other_handler, first.reference) == []
    listed = people.program(world.handler).get(f"/api/v1/complaints?group={first.reference}").json()["results"]
    assert [one["reference"] for one in listed] == together[::-1]
    assert (
        "3 notices were filed together"
        in browser(world.handler).get(f"/complaints/{first.reference}/").content.decode()
    )
    page = browser(world.handler).get(f"/desk/complaints/?group={first.reference}").content.decode()
    assert third.reference in page
    assert later.reference not in page


def again(world: World, **changes: Any) -> Complaint:
    """Return a second notice of the same sender about the same."""
    world.filed()
    return world.filed(**changes)


@pytest.mark.parametrize(
    ("changes", "goes_with"),
    [
        ({}, True),
        ({"works": [{"title": "THE HARBOUR"}]}, True),
        ({"works": [{"title": "The Pier"}]}, False),
        ({"regime": "cn"}, False),
        ({"items": [{"url": "https://host.example/elsewhere"}]}, False),
    ],
)
def test_the_same_again_goes_with_the_earlier_notice_and_comes_last(
    world: World, changes: dict[str, Any], goes_with: bool
) -> None:
    second = again(world, **changes)

    assert (second.goes_with is not None) is goes_with
    assert (second.priority == Priority.REPEATED) is goes_with
    assert second.answer_due_at is not None


def test_who_files_the_same_again_is_told_and_another_complainant_is_not(world: World) -> None:
    first = world.filed()
    program = people.program(world.rights_holder)
    body = {"regime": "us", "provider": world.provider.code, "works": [{"title": "The Harbour"}],
            "complainant": CONTACT, "items": [{"url": world.content[0].url}, {"url": world.content[1].url}],
            "statements": ["good_faith", "accuracy"], "signature": "F"}  # fmt: skip

    receipt = program.post("/api/v1/complaints", body, format="json").json()
    theirs = people.program(world.stranger).post("/api/v1/complaints", body, format="json").json()

    (note,) = receipt["notes"]
    assert (note["pointer"], note["code"]) == ("/items/0", "repeats")
    assert first.reference in note["detail"]
    assert receipt["goes_with"] is None  # the second item is new
    assert theirs["notes"] == []
    whole = program.get(f"/api/v1/complaints/{receipt['reference']}").json()
    assert [item["repeats"] for item in whole["items"]] == [first.reference, None]
    page = browser(world.handler).get(f"/complaints/{first.reference}/").content.decode()
    assert theirs["reference"] in page
    assert (
        theirs["reference"] not in browser(world.rights_holder).get(f"/complaints/{first.reference}/").content.decode()
    )


def test_what_went_with_a_notice_that_is_over_stands_by_itself_again(world: World) -> None:
    first, second = world.filed(), world.filed()
    follow()
    actions.accept(reference=first.reference, by=world.handler, now=NOW)
    follow()
    assert Complaint.objects.get(pk=second.pk).goes_with == first

    actions.withdraw(reference=first.reference, by=world.rights_holder, now=NOW)
    follow()
    follow()

    after = Complaint.objects.get(pk=second.pk)
    assert (after.goes_with, after.state, after.priority) == (None, "filed", Priority.USUAL)


def test_what_is_corrected_is_looked_at_anew(world: World) -> None:
    second = again(world)
    pier = corrected(world, second, works=[{"title": "The Pier"}])
    harbour = corrected(world, second, works=[{"title": "The Harbour"}])

    assert (pier.goes_with, pier.priority) == (None, Priority.USUAL)
    assert harbour.goes_with is not None


def test_who_has_no_account_is_known_by_the_address_once_it_is_confirmed(world: World) -> None:
    notices = []
    for _ in range(2):
        made = world.filed(by=PUBLIC)
        assert (made.group, made.goes_with) == ("", None)
        token = access.confirmation_token_of(made)
        assert token is not None
        notices.append(actions.confirm_complaint(token=token.reveal(), by=PUBLIC, now=NOW))
    other = world.filed(by=PUBLIC, contact={**CONTACT, "email": "another@films.example"})
    unconfirmed = world.filed(by=PUBLIC)

    assert notices[1].goes_with == notices[0]
    assert notices[1].group == notices[0].reference
    assert bytes(other.sender_index or b"") != bytes(unconfirmed.sender_index or b"")
    assert access.group_references(world.handler, notices[0].reference) == [one.reference for one in notices]


def test_an_item_that_is_not_here_is_pointed_out_and_the_notice_taken(world: World) -> None:
    service = people.member(Role.SERVICE, world.provider)
    url = "https://films.host.example/v/1"
    program = people.program(service)
    body = {
        "url": url,
        "title": "A film",
        "media": "video",
        "subscriber": {"external_id": world.subscriber.external_id},
    }
    for _ in range(2):
        assert program.put("/api/v1/content/item-of-host", body, format="json").status_code in (200, 201)
    assert list(Host.objects.values_list("name", flat=True)) == ["films.host.example"]
    refused("host_once", lambda: Host.objects.create(provider=world.provider, name="films.host.example"))

    made = world.filed(items=[{"url": url}, {"url": "https://host.example/gone"}, {"url": "https://other.example/v/1"}])

    told = people.program(world.rights_holder).get(f"/api/v1/complaints/{made.reference}").json()["items"]
    assert [item["place"] for item in told] == ["found", "not_found", "elsewhere"]
    assert made.state == "filed"


def test_what_belongs_together_is_never_in_between(world: World) -> None:
    again(world)
    changed(Complaint, "complaint_goes_with_comes_last", priority=2)


def test_filing_asks_the_database_the_same_however_many_items_it_repeats(world: World) -> None:
    items = [{"url": content(world.subscriber).url} for _ in range(20)]
    world.filed(items=items[:1])
    with_one = queries(world, items[:1])
    assert queries(world, items) <= with_one + 1  # the update of what is repeated


def queries(world: World, items: list[dict[str, Any]]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        world.filed(items=items)
    return len(asked)
