"""The API of accounts, identities and rules, and who gets what at each address."""

import datetime as dt
import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.actors import SYSTEM
from tests.factories import people
from verification import actions
from verification.models import Account, Identity, Organisation
from verification.rules import Role

pytestmark = pytest.mark.django_db
API = "/api/v1"
INPUT: dict[str, Any] = {
    "kind": "natural_person",
    "legal_name": "Canary Quetzalcoatl",
    "document": {
        "type": "resident_identity_card",
        "number": "11010519491231002X",
        "country": "CN",
        "expires_on": "2099-12-31",
    },
    "postal_address": {"country": "CN", "lines": ["1 Canary Lane"], "postal_code": "100000", "locality": "Beijing"},
    "phone": "+86 10 1234 5678",
    "documents": [],
    "provider": "cloudhaven",
}
REVIEW = {"decision": "verify", "level": "basic", "method": "video call", "evidence": "original seen", "reasons": ""}


@pytest.fixture
def host() -> Organisation:
    return people.provider("cloudhaven")


@pytest.fixture
def person(host: Organisation) -> Account:
    return people.account("person")


@pytest.fixture
def reviewer(host: Organisation) -> APIClient:
    return people.program(people.member(Role.REVIEWER, host))


def handed_in(client: APIClient, **changes: Any) -> Any:
    return client.post(f"{API}/identities", {**INPUT, **changes}, format="json")


def test_me_tells_who_i_am(host: Organisation, person: Account):
    actions.grant_role(account=person, role=Role.UPLOADER, organisation=host, by=SYSTEM, now=people.NOW)
    client = people.program(person)

    told = client.get(f"{API}/me").json()

    assert told == {
        "id": str(person.pk),
        "email": person.email,
        "roles": [{"organisation": "cloudhaven", "role": "uploader"}],
        "identity": {"state": None, "level": None, "expires_at": None},
        "rules": [],
    }


def test_becoming_a_rights_holder_shows_at_once(person: Account):
    client = people.program(person)

    assert client.post(f"{API}/me/rights-holder", {}, format="json").status_code == 201

    assert client.get(f"{API}/me").json()["roles"] == [{"organisation": None, "role": "rights_holder"}]
    assert client.post(f"{API}/me/rights-holder", {}, format="json").status_code == 409


def test_an_identity_goes_from_the_person_to_the_reviewer_and_back(person: Account, reviewer: APIClient):
    client = people.program(person)

    answer = handed_in(client)
    identity = answer.json()["id"]
    queue = reviewer.get(f"{API}/identities").json()["results"]
    opened = reviewer.post(f"{API}/identities/{identity}/opening", {}, format="json")
    decided = reviewer.post(f"{API}/identities/{identity}/review", REVIEW, format="json")

    assert (answer.status_code, answer.json()["state"]) == (201, "submitted")
    assert [one["id"] for one in queue] == [identity]
    assert (opened.status_code, decided.status_code, decided.json()["state"]) == (200, 200, "verified")
    mine = client.get(f"{API}/identities/mine").json()
    assert (mine["state"], mine["level"], [one["id"] for one in mine["results"]]) == ("verified", "basic", [identity])
    assert client.get(f"{API}/me").json()["identity"]["state"] == "verified"
    (access,) = client.get(f"{API}/identities/mine/accesses").json()["results"]
    assert (access["by"], access["purpose"]) == ("reviewer, Cloudhaven", "identity review")


def test_what_was_handed_in_is_never_read_back_in_full(person: Account, reviewer: APIClient):
    client = people.program(person)
    identity = handed_in(client).json()["id"]

    answers = [
        client.get(f"{API}/identities/mine"),
        client.get(f"{API}/me"),
        client.get(f"{API}/identities/mine/accesses"),
        reviewer.get(f"{API}/identities"),
        reviewer.get(f"{API}/identities/{identity}"),
        reviewer.post(f"{API}/identities/{identity}/opening", {}, format="json"),
        reviewer.post(f"{API}/identities/{identity}/review", REVIEW, format="json"),
    ]

    for answer in answers:
        text = answer.content.decode()
        for canary in ("Quetzalcoatl", "11010519491231002X", "Canary Lane", "+861012345678"):
            assert canary not in text


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"document": {**INPUT["document"], "number": "110105194912310021"}}, "/document/number"),
        ({"document": {**INPUT["document"], "country": "ZZ"}}, "/document/country"),
        ({"document": {**INPUT["document"], "type": "library_card"}}, "/document/type"),
        ({"document": {**INPUT["document"], "expires_on": "2020-01-01"}}, "/document/expires_on"),
        ({"document": None}, "/document"),
        ({"kind": "organisation"}, "/document/type"),
        ({"kind": "robot"}, "/kind"),
        ({"phone": "12"}, "/phone"),
        ({"legal_name": ""}, "/legal_name"),
        ({"legal_name": 7}, "/legal_name"),
        ({"legal_name": "a" * 201}, "/legal_name"),
        ({"postal_address": {"country": "CN", "lines": []}}, "/postal_address/lines"),
        ({"postal_address": {"country": "CN", "lines": ["a"] * 7}}, "/postal_address/lines"),
        ({"documents": ["not-an-id"]}, "/documents/0"),
        ({"documents": [str(uuid.uuid4())]}, "/documents/0"),
        ({"provider": "nowhere"}, "/provider"),
        ({"favourite_colour": "blue"}, "/favourite_colour"),
    ],
)
def test_what_is_wrong_is_pointed_at(person: Account, change: dict[str, Any], pointer: str):
    answer = handed_in(people.program(person), **change)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert pointer in [problem["pointer"] for problem in answer.json()["errors"]]
    assert not Identity.objects.exists()


@pytest.mark.parametrize(
    "body", [b'{"kind": "\\u0000"}', b'{"kind": "\\ud800"}', b'{"a": 1, "a": 2}', b"[" * 100_000, b"\xff", b"[1]", b"{"]
)
def test_malformed_bodies_are_400(person: Account, body: bytes):
    answer = people.program(person).post(f"{API}/identities", body, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_the_same_key_and_body_hand_in_once(person: Account):
    client = people.program(person)

    first, second = (
        client.post(f"{API}/identities", INPUT, format="json", HTTP_IDEMPOTENCY_KEY="once") for _ in range(2)
    )
    other = client.post(
        f"{API}/identities", {**INPUT, "kind": "organisation"}, format="json", HTTP_IDEMPOTENCY_KEY="once"
    )

    assert first.json() == second.json()
    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 409)
    assert Identity.objects.count() == 1


def test_a_refusal_says_why(person: Account, reviewer: APIClient):
    client = people.program(person)
    identity = handed_in(client).json()["id"]
    address = f"{API}/identities/{identity}/review"

    bare = reviewer.post(address, {"decision": "refuse"}, format="json")
    told = reviewer.post(address, {"decision": "refuse", "level": None, "reasons": "Blurred."}, format="json")
    again = reviewer.post(address, REVIEW, format="json")

    assert bare.json()["errors"][0]["pointer"] == "/reasons"
    assert (told.status_code, told.json()["state"]) == (200, "refused")
    assert (again.status_code, again.json()["state"]) == (409, "refused")
    assert client.get(f"{API}/identities/mine").json()["reasons"] == "Blurred."


def test_erasing_is_final(person: Account):
    client = people.program(person)
    handed_in(client)

    erased = client.post(f"{API}/identities/mine/erasure", {}, format="json")

    assert (erased.status_code, erased.json()["state"]) == (200, "erased")
    assert client.get(f"{API}/identities/mine").json()["state"] == "erased"
    assert client.post(f"{API}/identities/mine/erasure", {}, format="json").status_code == 404


def test_rules_are_public_and_accepted_once(host: Organisation, person: Account):
    rules = actions.publish_rules(
        provider="cloudhaven", version="1", title="Rules", text="Be fair.", by=SYSTEM, now=people.NOW
    )
    client = people.program(person)
    address = f"{API}/rules/{rules.pk}/acceptance"

    listed = people.program().get(f"{API}/rules?provider=cloudhaven").json()["results"]
    accepted = client.post(address, {}, format="json")

    assert (listed[0]["id"], listed[0]["accepted_at"]) == (str(rules.pk), None)
    assert accepted.status_code == 201
    assert client.get(f"{API}/me").json()["rules"][0] == accepted.json()
    assert client.get(f"{API}/rules?provider=cloudhaven").json()["results"][0]["accepted_at"] is not None
    assert client.post(address, {}, format="json").status_code == 409
    assert client.post(f"{API}/rules/{uuid.uuid4()}/acceptance", {}, format="json").status_code == 404
    assert client.get(f"{API}/rules?provider=nowhere").status_code == 400
    assert client.get(f"{API}/rules").status_code == 400


def test_an_identity_that_was_erased_has_no_level_any_more(person: Account, reviewer: APIClient):
    client = people.program(person)
    identity = handed_in(client).json()["id"]
    reviewer.post(f"{API}/identities/{identity}/review", REVIEW, format="json")

    client.post(f"{API}/identities/mine/erasure", {}, format="json")

    told = client.get(f"{API}/me").json()["identity"]
    assert told == {"state": "erased", "level": None, "expires_at": None}


def test_who_is_no_reviewer_learns_nothing_from_a_wrong_body(person: Account, host: Organisation):
    identity = handed_in(people.program(person)).json()["id"]
    address = f"{API}/identities/{identity}/review"

    by_handler = people.program(people.member(Role.HANDLER, host)).post(address, {}, format="json")
    by_stranger = people.program(people.account("stranger")).post(address, {}, format="json")

    assert (by_handler.status_code, by_stranger.status_code) == (403, 404)


def test_the_queue_is_paged(host: Organisation, reviewer: APIClient):
    ids = [str(people.identity(people.account(), host).pk) for _ in range(5)]

    first = reviewer.get(f"{API}/identities?limit=2").json()
    second = reviewer.get(first["next"]).json()
    back = reviewer.get(second["previous"]).json()

    assert [one["id"] for one in first["results"]] == ids[:2:-1]
    assert [one["id"] for one in second["results"]] == ids[2:0:-1]
    assert back["results"] == first["results"]
    for query in ("limit=0", "limit=201", "limit=x", "cursor=x", "cursor=bm93OjE"):
        assert reviewer.get(f"{API}/identities?{query}").status_code == 400


# Who gets what: the public, somebody, the person, the provider's staff, another provider's reviewer.
ROLES = ("public", "stranger", "person", "reviewer", "handler", "authorizer", "auditor", "other_reviewer")
TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "me"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "identities"): (401, 403, 403, 200, 403, 403, 403, 200),
    ("POST", "identities"): (401, 400, 400, 400, 400, 400, 400, 400),
    ("GET", "identities/mine"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("GET", "identities/mine/accesses"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("POST", "identities/mine/erasure"): (401, 404, 200, 404, 404, 404, 404, 404),
    ("GET", "identities/{identity}"): (401, 404, 404, 200, 403, 403, 403, 404),
    ("POST", "identities/{identity}/opening"): (401, 404, 404, 200, 403, 403, 403, 404),
    ("POST", "identities/{identity}/review"): (401, 404, 404, 200, 403, 403, 403, 404),
    ("GET", "identities/{nothing}"): (401, 404, 404, 404, 404, 404, 404, 404),
    ("POST", "identities/{nothing}/review"): (401, 404, 404, 404, 404, 404, 404, 404),
    ("GET", "files/{file}"): (401, 404, 200, 200, 404, 404, 404, 404),
    ("GET", "files/{file}/content"): (401, 404, 200, 200, 404, 404, 404, 404),
    ("GET", "files/{nothing}"): (401, 404, 404, 404, 404, 404, 404, 404),
    ("GET", "rules?provider=cloudhaven"): (200, 200, 200, 200, 200, 200, 200, 200),
}


@pytest.mark.parametrize("role", ROLES)
def test_each_address_answers_each_role_as_the_table_says(role: str, host: Organisation, person: Account):
    file = actions.store_file(data=b"%PDF-1.4\n%%EOF\n", name="scan.pdf", by=person, now=people.NOW)
    accounts = {
        "public": None,
        "stranger": people.account("stranger"),
        "person": person,
        "reviewer": people.member(Role.REVIEWER, host),
        "handler": people.member(Role.HANDLER, host),
        "authorizer": people.member(Role.AUTHORIZER, host),
        "auditor": people.member(Role.AUDITOR, host),
        "other_reviewer": people.member(Role.REVIEWER, people.provider("otherhost")),
    }
    client = people.program(accounts[role])

    answered = {}
    for (method, address), expected in TABLE.items():
        identity = people.identity(person, host, file_ids=(file.pk,), now=dt.datetime.now(dt.UTC))
        path = f"{API}/{address}".format(identity=identity.pk, file=file.pk, nothing=uuid.uuid4())
        body = REVIEW if address.endswith("/review") else {}
        answer = client.generic(method, path) if method == "GET" else client.post(path, body, format="json")
        answered[method, address] = (answer.status_code, expected[ROLES.index(role)])
        if address.endswith("erasure") and answer.status_code == 200:
            file = actions.store_file(data=b"%PDF-1.4\n%%EOF\n", name="scan.pdf", by=person, now=people.NOW)

    assert {key: got for key, (got, _) in answered.items()} == {key: want for key, (_, want) in answered.items()}


@pytest.mark.parametrize("path", ["identities/mine/erasure", "files", "me/rights-holder"])
def test_other_methods_are_405(person: Account, path: str):
    assert people.program(person).put(f"{API}/{path}", {}, format="json").status_code == 405


def test_the_queue_asks_the_database_as_often_for_five_as_for_one(
    host: Organisation, reviewer: APIClient, django_assert_num_queries: Any
):
    for _ in range(5):
        people.identity(people.account(), host)

    # Token with account; the reviewer's providers; the identities with their provider.
    with django_assert_num_queries(3):
        reviewer.get(f"{API}/identities")
