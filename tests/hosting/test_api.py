"""The API of a provider's service, and who gets what at each address."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.test import Client
from rest_framework.test import APIClient

from core import mail, times
from tests.factories import content as factory
from tests.factories import people
from tests.factories.content import CONTACT
from verification.models import Account, Organisation
from verification.rules import Role

pytestmark = pytest.mark.django_db
API = "/api/v1"
ITEM: dict[str, Any] = {
    "url": "https://host.example/v/1",
    "title": "A film",
    "media": "video",
    "subscriber": {"external_id": "sub-1"},
    "private": False,
    "shared_tenancy": True,
    "earning": False,
}
HOOK = {"url": "https://service.example/hook", "events": ["subscriber.claimed"]}


@pytest.fixture
def host() -> Organisation:
    return people.provider("cloudhaven")


@pytest.fixture
def service(host: Organisation) -> Account:
    return factory.service(host)


@pytest.fixture
def program(service: Account) -> APIClient:
    return people.program(service)


def test_content_is_201_when_new_and_200_when_changed(program: APIClient):
    first = program.put(f"{API}/content/item-1", ITEM, format="json")
    second = program.put(f"{API}/content/item-1", {**ITEM, "title": "Another title"}, format="json")

    assert (first.status_code, second.status_code) == (201, 200)
    assert {key: second.json()[key] for key in ITEM} == {**ITEM, "title": "Another title"}
    assert program.get(f"{API}/content/item-1").json() == second.json()
    assert [one["external_id"] for one in program.get(f"{API}/content").json()["results"]] == ["item-1"]


@pytest.mark.parametrize("media", ["video", "audio", "image", "text", "software", "other"])
def test_every_kind_of_media_is_taken(program: APIClient, media: str):
    assert program.put(f"{API}/content/{media}", {**ITEM, "media": media}, format="json").status_code == 201


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"url": "https://"}, "/url"),
        ({"url": "host.example/1"}, "/url"),
        ({"url": "https://host.example/" + "a" * 2000}, "/url"),
        ({"url": None}, "/url"),
        ({"media": "smell"}, "/media"),
        ({"subscriber": "sub-1"}, "/subscriber"),
        ({"subscriber": {}}, "/subscriber/external_id"),
        ({"subscriber": {"external_id": "a" * 121}}, "/subscriber/external_id"),
        ({"subscriber": {"external_id": "a/b"}}, "/subscriber/external_id"),
        ({"private": "perhaps"}, "/private"),
        ({"colour": "blue"}, "/colour"),
    ],
)
def test_what_is_wrong_is_pointed_at(program: APIClient, change: dict[str, Any], pointer: str):
    answer = program.put(f"{API}/content/item-1", {**ITEM, **change}, format="json")

    assert answer.status_code == 400
    assert [problem["pointer"] for problem in answer.json()["errors"]] == [pointer]
    assert program.get(f"{API}/content/item-1").status_code == 404


@pytest.mark.parametrize("external_id", ["a" * 121, "a%00b", "a%0Ab"])
def test_an_id_that_cannot_be_kept_is_4xx(program: APIClient, external_id: str):
    for path, body in (("content", ITEM), ("subscribers", {})):
        assert program.put(f"{API}/{path}/{external_id}", body, format="json").status_code in (400, 404)


def test_contact_details_go_in_and_never_come_out(program: APIClient):
    first = program.put(f"{API}/subscribers/sub-1", {"contact": CONTACT}, format="json")
    second = program.put(f"{API}/subscribers/sub-1", {"contact": CONTACT}, format="json")
    read = program.get(f"{API}/subscribers/sub-1")

    assert (first.status_code, second.status_code, read.json()["has_contact"]) == (201, 200, True)
    for answer in (first, second, read):
        assert not any(value.split("\n")[0] in answer.content.decode() for value in CONTACT.values())


@pytest.mark.parametrize(
    ("contact", "pointer"),
    [
        ({"email": "nobody"}, "/contact/email"),
        ({"name": "a" * 201}, "/contact/name"),
        ({"name": 7}, "/contact/name"),
        ({"shoe_size": "43"}, "/contact/shoe_size"),
        ("a text", "/contact"),
    ],
)
def test_a_wrong_contact_is_pointed_at(program: APIClient, contact: Any, pointer: str):
    answer = program.put(f"{API}/subscribers/sub-1", {"contact": contact}, format="json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_who_creates_an_account_first_comes_back_to_the_link_after_the_confirmation_by_mail(
    program: APIClient, service: Account, settings: Any
) -> None:
    factory.content(service)
    answer = program.post(f"{API}/subscribers/sub-1/claim-link", {}, format="json")
    path = answer.json()["url"].removeprefix(settings.PORTAL_URL)
    browser = Client()
    page = browser.get(path).content.decode()
    signup = re.search(r'href="(/accounts/signup/[^"]*)"', page)
    assert signup is not None
    given = {"email": "new@uploads.example", "password1": "a-long-pass-phrase", "password2": "a-long-pass-phrase"}
    browser.post(signup[1].replace("&amp;", "&"), given)
    mail.send_due(times.now())
    confirm = re.search(r"/accounts/confirm-email/\S+", str(outbox.outbox[-1].body))
    assert confirm is not None
    browser.post(confirm[0])

    signed_in = browser.post("/accounts/login/", {"login": given["email"], "password": given["password1"]})

    assert (signed_in.status_code, signed_in["Location"]) == (302, path)
    secret = path.rstrip("/").rpartition("/")[2]
    assert not any(secret in str(one.get_decoded()) for one in Session.objects.all())


def test_a_claim_link_leads_an_account_to_its_content(program: APIClient, service: Account, settings: Any):
    item = factory.content(service)
    answer = program.post(f"{API}/subscribers/sub-1/claim-link", {}, format="json")
    path = answer.json()["url"].removeprefix(settings.PORTAL_URL)
    uploader, browser = people.account("uploader"), Client()

    seen = browser.get(path)
    refused = browser.post(path)
    browser.force_login(uploader)
    before = browser.get("/my-content/")
    claimed = browser.post(path)
    after = browser.get("/my-content/")

    assert answer.status_code == 201
    assert (seen.status_code, refused.status_code, claimed.status_code) == (200, 302, 303)
    assert refused["Location"].startswith("/accounts/login/")
    assert (item.url in before.content.decode(), item.url in after.content.decode()) == (False, True)
    assert browser.get(path).status_code == 410
    assert browser.post(path).status_code == 410
    assert browser.get("/claim/guess/").status_code == 404


ROLES = ("public", "service", "other_service", "handler", "uploader", "stranger")
TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("PUT", "content/item-1"): (401, 200, 201, 403, 403, 403),
    ("GET", "content/item-1"): (401, 200, 200, 403, 403, 403),
    ("GET", "content/item-2"): (401, 200, 404, 403, 403, 403),
    ("GET", "content/none"): (401, 404, 404, 403, 403, 403),
    ("GET", "content"): (401, 200, 200, 403, 403, 403),
    ("PUT", "subscribers/sub-1"): (401, 200, 200, 403, 403, 403),
    ("GET", "subscribers/sub-1"): (401, 200, 200, 403, 403, 403),
    ("GET", "subscribers/sub-2"): (401, 200, 404, 403, 403, 403),
    ("POST", "subscribers/sub-2/claim-link"): (401, 201, 404, 403, 403, 403),
    ("GET", "webhooks"): (401, 200, 200, 403, 403, 403),
    ("POST", "webhooks"): (401, 201, 201, 403, 403, 403),
    ("GET", "webhooks/events"): (401, 200, 200, 403, 403, 403),
    ("GET", "webhooks/{webhook}"): (401, 200, 404, 403, 403, 403),
    ("GET", "webhooks/{webhook}/deliveries"): (401, 200, 404, 403, 403, 403),
    ("POST", "webhooks/{webhook}/rotation"): (401, 200, 404, 403, 403, 403),
    ("POST", "webhooks/{webhook}/replay"): (401, 200, 404, 403, 403, 403),
    ("POST", "webhooks/{webhook}/deliveries/replay"): (401, 200, 404, 403, 403, 403),
    ("POST", "webhooks/{webhook}/ending"): (401, 200, 404, 403, 403, 403),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_each_role_as_the_table_says(role: str, host: Organisation, service: Account):
    factory.content(service, "item-1", "sub-1")
    factory.content(service, "item-2", "sub-2")
    uploader = people.account("uploader")
    factory.claimed(service, uploader)
    accounts = {
        "public": None,
        "service": service,
        "other_service": factory.service(people.provider("otherhost")),
        "handler": people.member(Role.HANDLER, host),
        "uploader": uploader,
        "stranger": people.account("stranger"),
    }
    client, webhook = people.program(accounts[role]), str(factory.webhook(service).pk)
    bodies = {"content/item-1": ITEM, "webhooks": HOOK}

    answered = {}
    for (method, address), expected in TABLE.items():
        body = bodies.get(address, {})
        call = {"GET": client.get, "PUT": client.put, "POST": client.post}[method]
        answer = call(f"{API}/{address.format(webhook=webhook)}", *([] if method == "GET" else [body]), format="json")
        answered[method, address] = (answer.status_code, expected[ROLES.index(role)])

    assert {key: got for key, (got, _) in answered.items()} == {key: want for key, (_, want) in answered.items()}


@pytest.mark.parametrize("address", ["content/item-1", "subscribers/sub-1"])
def test_who_is_no_service_is_told_so_whatever_the_body_says(address: str, host: Organisation):
    answer = people.program(people.member(Role.HANDLER, host)).put(f"{API}/{address}", {"no": 1}, format="json")

    assert answer.status_code == 403


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    service: Account, program: APIClient, django_assert_num_queries: Any
):
    for number in range(5):
        factory.content(service, f"item-{number}")

    # Token with account; the service's provider; the content with its subscriber.
    with django_assert_num_queries(3):
        program.get(f"{API}/content")
