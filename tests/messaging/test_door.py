"""Who is let in by the socket's door, and who is shown out again."""

import time
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client as Browser
from websockets.exceptions import ConnectionClosed

from tests.messaging import world
from tests.messaging.conftest import Client, Serving
from verification.models import Account, Membership, Token

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def signed_in(account: Account) -> Browser:
    browser = Browser()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def by_cookie(serving: Serving, browser: Browser, origin: str | None = "own") -> Client:
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    origin = f"http://127.0.0.1:{serving.port}" if origin == "own" else origin
    return Client(serving.port, origin=origin, additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"})


def test_a_page_of_ours_is_let_in_by_its_session(serving: Serving, pair: world.Pair) -> None:
    client = by_cookie(serving, signed_in(pair.rights_holder))

    assert client.open(pair)[-1]["type"] == "opened"


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", "https://[", None])
def test_a_page_of_another_site_is_not(serving: Serving, pair: world.Pair, origin: str | None) -> None:
    assert by_cookie(serving, signed_in(pair.rights_holder), origin).close_code() == 4403


def test_another_sites_page_is_refused_with_a_token_too(serving: Serving, pair: world.Pair) -> None:
    assert serving.as_account(pair.rights_holder, origin="https://evil.example").close_code() == 4403


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}, {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer " + "x" * 4_000}, {"Cookie": f"{settings.SESSION_COOKIE_NAME}=wrong",
        "Origin": "http://127.0.0.1:PORT"},
    ],
)  # fmt: skip
def test_nobody_is_told_so(serving: Serving, transactional_db: None, headers: dict[str, str]) -> None:
    given = {name: value.replace("PORT", str(serving.port)) for name, value in headers.items()}

    assert Client(serving.port, additional_headers=given).close_code() == 4401


def test_an_expired_or_revoked_token_is_nobody(serving: Serving, pair: world.Pair) -> None:
    bearer = {"Authorization": f"Bearer {world.token(pair.uploader)}"}
    Token.objects.filter(account=pair.uploader).update(revoked_at=world.now())
    assert Client(serving.port, additional_headers=bearer).close_code() == 4401

    Token.objects.filter(account=pair.uploader).update(revoked_at=None, expires_at=world.now())
    assert Client(serving.port, additional_headers=bearer).close_code() == 4401


def test_a_socket_without_the_subprotocol_is_taken(serving: Serving, pair: world.Pair) -> None:
    client = serving.as_account(pair.rights_holder, subprotocols=None)

    assert client.socket.subprotocol is None
    assert client.open(pair)[-1]["type"] == "opened"


def log_out(pair: world.Pair, browser: Browser) -> None:
    browser.logout()


def change_password(pair: world.Pair, browser: Browser) -> None:
    pair.rights_holder.set_password("quite-another-one")
    pair.rights_holder.save()


def suspend(pair: world.Pair, browser: Browser) -> None:
    Account.objects.filter(pk=pair.rights_holder.pk).update(suspended_at=world.now())


def deactivate(pair: world.Pair, browser: Browser) -> None:
    Account.objects.filter(pk=pair.rights_holder.pk).update(is_active=False)


def end_role(pair: world.Pair, browser: Browser) -> None:
    Membership.objects.filter(account=pair.rights_holder).update(ended_at=world.now())


def expire_session(pair: world.Pair, browser: Browser) -> None:
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    SessionStore().model.objects.filter(session_key=key).update(expire_date=world.now())


@pytest.mark.parametrize(
    "revoke", [log_out, change_password, suspend, deactivate, end_role, expire_session], ids=lambda f: f.__name__
)
def test_a_revoked_session_closes_its_socket_within_five_seconds(
    serving: Serving, pair: world.Pair, revoke: Any
) -> None:
    browser = signed_in(pair.rights_holder)
    client, other = by_cookie(serving, browser), serving.as_account(pair.uploader)
    client.open(pair)
    other.open(pair)

    revoke(pair, browser)
    began = time.monotonic()

    assert client.close_code() == 4440
    assert time.monotonic() - began < 5
    other.send(type="ping")
    assert other.next()["type"] == "pong"


def test_a_revoked_token_closes_its_socket_within_five_seconds(serving: Serving, pair: world.Pair) -> None:
    client = serving.as_account(pair.uploader)
    Token.objects.filter(account=pair.uploader).update(revoked_at=world.now())

    assert client.close_code(within=5) == 4440


def test_a_suspended_provider_silences_its_conversations(serving: Serving, pair: world.Pair) -> None:
    client = serving.as_account(pair.uploader)
    client.open(pair)
    pair.provider.suspended_at = world.now()
    pair.provider.save()

    assert client.next("error", within=5)["code"] == "not_found"
    assert client.say(pair)["code"] == "not_found"


def test_a_lost_place_is_refused_at_once_in_the_insert(serving: Serving, pair: world.Pair) -> None:
    client = serving.as_account(pair.uploader)
    client.open(pair)
    pair.subscriber.account = world.account()
    pair.subscriber.save()

    assert client.say(pair)["code"] == "not_found"


def test_a_busy_socket_is_closed_as_well(serving: Serving, pair: world.Pair) -> None:
    client = serving.as_account(pair.uploader)
    client.open(pair)
    Token.objects.filter(account=pair.uploader).update(revoked_at=world.now())
    until = time.monotonic() + 5
    code = None

    while code is None and time.monotonic() < until:
        try:
            client.say(pair)
            time.sleep(0.004)  # busy, and not so fast that it is closed for that
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 0

    assert code == 4440
