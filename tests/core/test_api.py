"""What every API address has: strict JSON, problem answers, one act for one key, a rule of its own."""

import datetime as dt
import json
from typing import Any

import pytest
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import edges, idempotency
from core.access import Who
from core.api import ApiView, shaped
from core.errors import Conflict, DomainError, Gone, NotFound, TooFast
from core.ids import uuid7
from core.models import DataKey, Heartbeat, IdempotencyKey
from core.shapes import Shape, Text
from tests.factories import people
from tests.factories.people import NOW


class Inner(Shape):
    name = Text(max_length=5)


class Input(Shape):
    text = Text()
    lines = Text(lines=True, required=False)
    inner = Inner(required=False)
    many = serializers.ListField(child=Text(), required=False, max_length=2)


class Echo(ApiView):
    who = Who.PUBLIC
    refusals: dict[str, DomainError] = {
        "conflict": Conflict("Not now.", state="closed"),
        "gone": Gone(),
        "missing": NotFound(),
        "fast": TooFast(retry_after=7),
    }

    def post(self, request: Request) -> Response:
        given = shaped(Input, request)
        Heartbeat.objects.create(name=str(uuid7()), at=NOW)
        if given["text"] in self.refusals:
            raise self.refusals[given["text"]]
        if given["text"] == "break":
            raise RuntimeError("canary-Quetzalcoatl")
        return Response({"id": str(uuid7()), **given}, status=201)


class SignedIn(Echo):
    who = Who.SIGNED_IN


class WithoutRule(ApiView):
    def get(self, _request: Request) -> Response:
        return Response({})


urlpatterns = [
    path("api/v1/echo", Echo.as_view()),
    path("api/v1/mine", SignedIn.as_view()),
    path("api/v1/without", WithoutRule.as_view()),
]
handler404 = edges.page_not_found
handler500 = edges.server_error
pytestmark = [pytest.mark.urls("tests.core.test_api"), pytest.mark.django_db]


def post(body: Any, path: str = "/api/v1/echo", **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return people.program().post(path, content, content_type="application/json", **headers)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"text": "a", "text": "b"}',
        b'{"text": NaN}',
        b'{"text": 1e999}',
        b'{"text": "\\u0000"}',
        b'{"text": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"text": 9007199254740993}',
        b'{"a":' * 30 + b"1" + b"}" * 30,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"1" * 5000,
        b'{"text": ' + b"1" * 5000 + b"}",
    ],
)
def test_what_is_no_sound_json_is_a_problem_answer(body: bytes):
    answer = post(body)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["status"] == 400


def test_too_much_json_is_413():
    assert post(b'{"text": "' + b"a" * 2_200_000 + b'"}').status_code == 413


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_another_content_type_is_415(content_type: str):
    answer = people.program().post("/api/v1/echo", b"{}", content_type=content_type)

    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/text", "required"),
        ({"text": None}, "/text", "null"),
        ({"text": 1}, "/text", "type"),
        ({"text": True}, "/text", "type"),
        ({"text": ""}, "/text", "blank"),
        ({"text": "a\nb"}, "/text", "lines"),
        ({"text": "a\u2028b"}, "/text", "lines"),
        ({"text": "a\x85b"}, "/text", "lines"),
        ({"text": "a\x0b"}, "/text", "lines"),
        ({"text": "a" * 301}, "/text", "max_length"),
        ({"text": "a", "other": 1}, "/other", "unknown"),
        ({"text": "a", "a/b~c": 1}, "/a~1b~0c", "unknown"),
        ({"text": "a", "inner": {"name": "123456"}}, "/inner/name", "max_length"),
        ({"text": "a", "inner": {"name": "1", "x": 1}}, "/inner/x", "unknown"),
        ({"text": "a", "many": ["a", 2]}, "/many/1", "type"),
        ({"text": "a", "many": ["a", "b", "c"]}, "/many", "max_length"),
    ],
)
def test_a_wrong_value_is_pointed_at(body: dict[str, Any], pointer: str, code: str):
    answer = post(body)

    assert answer.status_code == 400
    assert [(problem["pointer"], problem["code"]) for problem in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [("conflict", 409, "conflict"), ("gone", 410, "gone"), ("missing", 404, "not_found"), ("fast", 429, "too_fast")],
)
def test_refusals_become_problem_answers(text: str, status: int, code: str):
    answer = post({"text": text})

    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert told["type"].endswith(f"/problems/{code}")
    assert told.get("state") == ("closed" if text == "conflict" else None)
    assert answer.headers.get("Retry-After") == ("7" if text == "fast" else None)


def test_an_error_of_ours_tells_nothing_of_the_request():
    answer = post({"text": "break"})

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "Quetzalcoatl" not in answer.content.decode()


def test_an_address_without_a_rule_lets_in_nobody():
    assert people.program(people.account()).get("/api/v1/without").status_code == 403


def test_who_is_not_signed_in_is_told_so_before_anything_else():
    assert post(b"{", "/api/v1/mine").status_code == 401


class TestIdempotencyKeys:
    def test_the_same_request_is_done_once_and_answered_alike(self):
        first, second = (post({"text": "a"}, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2))

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert second["Idempotency-Replayed"] == "true"
        assert Heartbeat.objects.count() == 1

    def test_another_body_is_409(self):
        post({"text": "a"}, HTTP_IDEMPOTENCY_KEY="k")

        answer = post({"text": "b"}, HTTP_IDEMPOTENCY_KEY="k")

        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")

    def test_the_order_of_names_in_the_body_does_not_matter(self):
        first = post(b'{"text": "a", "lines": "b"}', HTTP_IDEMPOTENCY_KEY="k")
        second = post(b'{"lines": "b", "text": "a"}', HTTP_IDEMPOTENCY_KEY="k")

        assert first.json() == second.json()

    def test_a_refused_request_keeps_nothing_and_can_be_put_right(self):
        refused = post({"text": "conflict"}, HTTP_IDEMPOTENCY_KEY="k")
        right = post({"text": "a"}, HTTP_IDEMPOTENCY_KEY="k")

        assert (refused.status_code, right.status_code) == (409, 201)
        assert Heartbeat.objects.count() == 1

    def test_a_key_is_its_accounts_own(self):
        one, other = (people.program(people.account()) for _ in range(2))

        answers = [
            client.post("/api/v1/mine", {"text": "a"}, format="json", HTTP_IDEMPOTENCY_KEY="k")
            for client in (one, other)
        ]

        assert answers[0].json() != answers[1].json()

    def test_the_kept_answer_is_sealed(self):
        post({"text": "canary-Quetzalcoatl"}, HTTP_IDEMPOTENCY_KEY="k")

        kept = IdempotencyKey.objects.get()
        assert kept.answer_sealed is not None
        assert b"Quetzalcoatl" not in bytes(kept.answer_sealed)

    def test_an_old_answer_is_forgotten_with_its_key_and_a_younger_one_is_not(self):
        post({"text": "a"}, HTTP_IDEMPOTENCY_KEY="old")
        old = IdempotencyKey.objects.get()
        post({"text": "b"}, HTTP_IDEMPOTENCY_KEY="young")
        IdempotencyKey.objects.exclude(pk=old.pk).update(created_at=old.created_at + dt.timedelta(seconds=1))

        assert idempotency.forget_old(old.created_at + idempotency.KEPT_FOR) == 0
        assert idempotency.forget_old(old.created_at + idempotency.KEPT_FOR + dt.timedelta(seconds=1)) == 1

        assert [one.key for one in IdempotencyKey.objects.all()] == ["young"]
        assert not DataKey.objects.filter(pk=old.data_key_id).exists()

    @pytest.mark.parametrize("key", ["a" * 201, "\x01"])
    def test_a_key_that_is_none_is_400(self, key: str):
        assert post({"text": "a"}, HTTP_IDEMPOTENCY_KEY=key).status_code == 400
