"""The pages for everybody: they answer, in both languages, with the headers that browsers need, and nothing from elsewhere."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

PUBLIC_PAGES = [
    "/",
    "/about/",
    "/about/disclosure/",
    "/about/ledger/",
    "/problems/denied",
    "/problems/unheard_of",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/api/v1/docs/",
]
DEMO_PAGES = ["/demo/", "/demo/mail/", "/ui/"]


@pytest.fixture
def demo(settings: Any, tmp_path: Any) -> None:
    settings.PORTAL_DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path)


@pytest.mark.parametrize("address", PUBLIC_PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_public_page_answers_in_both_languages(client: Client, address: str, language: str) -> None:
    client.cookies["django_language"] = language

    answer = client.get(address)

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.parametrize("address", [*PUBLIC_PAGES, *DEMO_PAGES])
def test_a_page_brings_nothing_from_elsewhere_and_no_inline_style(client: Client, demo: None, address: str) -> None:
    text = client.get(address).content.decode()

    assert re.findall(r'(?:src|href|action)="(?:https?:)?//(?!127\.0\.0\.1|testserver)', text) == []
    assert " style=" not in text


def test_headers_keep_browsers_from_harm(client: Client) -> None:
    answer = client.get("/")

    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_start_page_asks_the_database_once(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # the providers
        client.get("/")


@pytest.mark.parametrize("address", [*DEMO_PAGES, "/demo/mail/x/"])
def test_the_demo_does_not_exist_outside_the_demo(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_nobody_is_signed_in_by_a_click_outside_the_demo(client: Client) -> None:
    answer = client.post("/demo/sign-in/", {"email": "handler@demo.example"})

    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", DEMO_PAGES)
def test_the_demo_pages_answer_in_the_demo(client: Client, demo: None, address: str) -> None:
    assert client.get(address).status_code == 200


def test_an_unknown_address_is_a_calm_page_for_people_and_a_problem_for_programs(client: Client) -> None:
    page, problem = client.get("/nowhere/"), client.get("/api/v1/nowhere")

    assert page.status_code == problem.status_code == 404
    assert "There is nothing here" in page.content.decode()
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["code"] == "not_found"


def test_a_form_without_its_token_is_refused_with_words(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/language/", {"language": "en"})

    assert answer.status_code == 403
    assert "reload" in answer.content.decode()


def test_a_language_is_remembered_and_one_goes_back(client: Client) -> None:
    answer = client.post("/language/", {"language": "zh-hans", "next": "/about/"})

    assert (answer.status_code, answer["Location"]) == (303, "/about/")
    assert '<html lang="zh-hans">' in client.get("/about/").content.decode()


def test_nobody_is_sent_to_another_site_after_choosing_a_language(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://evil.example/"})

    assert answer["Location"] == "/"


def test_security_txt_says_whom_to_tell_and_until_when_it_holds(client: Client) -> None:
    answer = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    expires = dt.datetime.fromisoformat(fields["Expires"])
    left = expires - dt.datetime.now(dt.UTC)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"].startswith(("mailto:", "https://"))
    assert fields["Canonical"].endswith("/.well-known/security.txt")
    assert dt.timedelta(days=30) < left < dt.timedelta(days=365)


def test_the_schema_is_openapi_3_1_and_knows_programs_only(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()

    assert schema["openapi"].startswith("3.1")
    assert [path for path in schema["paths"] if not path.startswith("/api/v1/")] == []


def test_the_readable_api_needs_no_exception_from_the_policy(client: Client) -> None:
    page = client.get("/api/v1/docs/try/")

    assert page.status_code == 200
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "<style" not in page.content.decode()


def test_the_readable_api_names_every_operation_of_the_schema(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()

    page = client.get("/api/v1/docs/").content.decode()

    operations = [inner["operationId"] for methods in schema["paths"].values() for inner in methods.values()]
    assert operations
    assert [key for key in operations if f'id="{key}"' not in page] == []


def test_home_sends_a_stranger_to_the_sign_in_and_back(client: Client) -> None:
    answer = client.get("/home/")

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=%2Fhome%2F"


def test_a_short_password_is_refused_in_chinese() -> None:
    client = Client()
    client.cookies["django_language"] = "zh-hans"
    given = {"email": "somebody@person.example", "password1": "short", "password2": "short"}

    page = client.post("/accounts/signup/", given).content.decode()

    assert "密码太短，至少须包含 10 个字符。" in page
    assert "too short" not in page


def test_who_looks_for_an_icon_where_browsers_look_is_led_to_it(client: Client) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (301, "/static/portal/mark.svg")
