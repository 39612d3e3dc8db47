"""The pages of one's account, of an identity and of its review."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.actors import SYSTEM
from core.desk import Waiting
from core.models import Opening, StoredFile
from tests.factories import people
from verification import access, actions
from verification.models import Account, Identity, Organisation
from verification.rules import IdentityState, Role

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "provider": "cloudhaven",
    "kind": "natural_person",
    "legal_name": "Canary Quetzalcoatl",
    "document_type": "resident_identity_card",
    "document_country": "cn",
    "document_number": "11010519491231002X",
    "document_expires_on": "",
    "address_lines": "1 Canary Lane\n\nSecond floor",
    "postal_code": "100000",
    "locality": "Beijing",
    "address_country": "CN",
    "phone": "010 1234 5678",
}


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def host() -> Organisation:
    return people.provider("cloudhaven")


@pytest.fixture
def person(host: Organisation) -> Account:
    return people.account("person")


def browser(account: Account | None = None) -> Client:
    client = Client()
    if account is not None:
        client.force_login(account)
    return client


@pytest.mark.parametrize(
    "path", ["/account/", "/account/identity/", "/account/identity/erasure/", "/identities/", "/my-content/"]
)
def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(path: str):
    answer = browser().get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


def test_an_identity_is_handed_in_with_its_scan(host: Organisation, person: Account):
    client = browser(person)
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.4\n%%EOF\n")

    assert client.get("/account/identity/").status_code == 200
    answer = client.post("/account/identity/", {**FORM, "documents": [scan]})

    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    identity = Identity.objects.get()
    assert access.plain_of(identity)["postal_address"].reveal() == "1 Canary Lane\nSecond floor\n100000 Beijing\nCN"
    assert len(access.documents_of(identity)) == 1
    page = client.get("/account/").content.decode()
    assert "submitted" in page
    assert "Quetzalcoatl" not in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"document_number": "110105194912310021"}, "document_number"),
        ({"document_country": "ZZ"}, "document_country"),
        ({"phone": "12"}, "phone"),
        ({"legal_name": ""}, "legal_name"),
        ({"document_type": "unified_social_credit_code"}, "document_type"),
        ({"address_lines": "a\nb\nc\nd\ne\nf\ng"}, "address_lines"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    host: Organisation, person: Account, change: dict[str, str], field: str
):
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.4\n%%EOF\n")

    answer = browser(person).post("/account/identity/", {**FORM, **change, "documents": [scan]})

    assert answer.status_code == 400
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Identity.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_reviewer_opens_and_decides(host: Organisation, person: Account):
    browser(person).post("/account/identity/", FORM)
    identity = Identity.objects.get()
    client = browser(people.member(Role.REVIEWER, host))
    page = f"/identities/{identity.pk}/"

    queue = client.get("/identities/").content.decode()
    closed = client.get(page).content.decode()
    opened = client.post(f"{page}opened/")
    bare = client.post(page, {"decision": "verify"})
    decided = client.post(page, {"decision": "verify", "level": "high", "method": "in person", "evidence": "card"})

    assert str(identity.pk) in queue
    for page_of_it in (queue, closed):
        assert "resident identity card (PRC), CN" in page_of_it
    assert "Quetzalcoatl" not in closed
    assert "Canary Quetzalcoatl" in opened.content.decode()
    assert "11010519491231002X" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    assert bare.status_code == 400
    assert "Quetzalcoatl" not in bare.content.decode()
    assert (decided.status_code, decided["Location"]) == (303, "/identities/")
    identity.refresh_from_db()
    assert identity.state == IdentityState.VERIFIED
    assert "confirmed with the issuer or in person" in browser(person).get("/account/").content.decode()
    assert Opening.objects.count() == 1
    account = browser(person).get("/account/").content.decode()
    assert "reviewer, Cloudhaven" in account
    assert "identity review" in account


def test_looking_at_the_page_opens_nothing(host: Organisation, person: Account):
    identity = people.identity(person, host)
    client = browser(people.member(Role.REVIEWER, host))

    assert client.get(f"/identities/{identity.pk}/").status_code == 200
    assert client.get(f"/identities/{identity.pk}/opened/").status_code == 405

    assert not Opening.objects.exists()


@pytest.mark.parametrize("role", [None, Role.HANDLER])
def test_others_see_no_review_page(host: Organisation, person: Account, role: Role | None):
    identity = people.identity(person, host)
    client = browser(people.member(role, host) if role else people.account())
    code = 403 if role else 404

    assert client.get(f"/identities/{identity.pk}/").status_code == code
    assert client.post(f"/identities/{identity.pk}/opened/").status_code == code
    assert client.get("/identities/").status_code == 403


def test_withdrawing_and_erasing(host: Organisation, person: Account):
    people.verified(person, host)
    client = browser(person)

    assert client.post("/account/identity/withdrawal/").status_code == 303
    assert access.verified_identity(person, people.NOW) is None
    assert client.get("/account/identity/erasure/").status_code == 200
    assert client.post("/account/identity/erasure/").status_code == 303
    assert client.post("/account/identity/erasure/").status_code == 404
    assert "erased" in client.get("/account/").content.decode()


def test_a_token_is_shown_once_and_can_be_revoked(person: Account):
    client = browser(person)

    shown = re.search(r'<code id="token">([^<]+)</code>', client.post("/account/tokens/").content.decode())
    assert shown is not None
    secret = shown[1]
    program = people.program()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert program.get("/api/v1/me").status_code == 200
    page = client.get("/account/").content.decode()
    assert secret not in page
    address = re.search(r'action="(/account/tokens/[^"]+/revocation/)"', page)
    assert address is not None
    assert client.post(address[1]).status_code == 303
    assert program.get("/api/v1/me").status_code == 401


def test_a_token_of_staff_needs_a_fresh_code(host: Organisation):
    answer = browser(people.member(Role.HANDLER, host)).post("/account/tokens/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_becoming_a_rights_holder_on_the_page(person: Account):
    client = browser(person)

    assert "I am a rights holder" in client.get("/account/").content.decode()
    assert client.post("/account/rights-holder/").status_code == 303
    assert client.post("/account/rights-holder/").status_code == 409


def test_rules_are_read_by_everybody_and_accepted_once(host: Organisation, person: Account):
    rules = actions.publish_rules(
        provider="cloudhaven", version="1", title="Be fair", text="Be fair.\n\nAlways.", by=SYSTEM, now=people.NOW
    )
    address = f"/rules/cloudhaven/{rules.pk}/acceptance/"

    assert "Be fair" in browser().get("/rules/cloudhaven/").content.decode()
    assert browser().get("/rules/nowhere/").status_code == 404
    client = browser(person)
    assert client.post(address).status_code == 303
    assert client.post(address).status_code == 409
    assert "accepted by you" in client.get("/rules/cloudhaven/").content.decode()


def waiting(account: Account) -> list[Waiting]:
    return access.waiting_for(account, access.current_identity(account, people.NOW), people.NOW)


def test_what_waits_for_whom(host: Organisation, person: Account):
    reviewer = people.member(Role.REVIEWER, host)
    identity = people.identity(person, host)

    assert [one.url for one in waiting(reviewer)] == [f"/identities/{identity.pk}/"]
    assert waiting(person) == []
    people.review(identity, reviewer, decision="refuse", reasons="Blurred.")
    assert waiting(reviewer) == []
    assert [one.url for one in waiting(person)] == ["/account/identity/"]
