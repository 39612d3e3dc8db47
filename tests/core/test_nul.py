"""Addresses with a NUL, which no row can hold."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/v1/complaints/%00", "/track/%00/"])
def test_a_path_with_a_nul_names_nothing(client: Client, path: str):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/api/v1/ledger/entries?subject=%00", "/subject"),
        ("/api/v1/rules?provider=cloud%00haven", "/provider"),
        ("/api/v1/rules?provider=a&x%00=1", "/x\x00"),
    ],
)
def test_a_question_with_a_nul_is_pointed_at(client: Client, path: str, pointer: str):
    answer = client.get(path)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_page_that_is_asked_with_a_nul_says_so(client: Client):
    assert client.get("/track/?code=%00").status_code == 400
