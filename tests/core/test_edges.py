"""What the edges refuse before any view is asked."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
DEEP = b"[" * 50_000


@pytest.mark.parametrize("address", ["login", "signup", "password/request"])
@pytest.mark.parametrize("body", [DEEP, b"{", b'{"email": "a", "email": "b"}', b'{"email": "\\u0000"}', b"\xff"])
def test_signing_in_by_program_refuses_a_body_that_cannot_be_read(client: Client, address: str, body: bytes):
    client.raise_request_exception = False

    answer = client.post(f"/_allauth/app/v1/auth/{address}", body, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["code"] == "malformed"


def test_signing_in_by_program_still_takes_what_can_be_read(client: Client):
    given = {"email": "nobody@films.example", "password": "wrong"}

    answer = client.post("/_allauth/app/v1/auth/login", given, content_type="application/json")

    assert answer.json()["errors"][0]["code"] == "email_password_mismatch"
