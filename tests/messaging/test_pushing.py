"""A browser that wants it is told that a message waits, through a push service that learns nothing of it."""

import base64
import datetime as dt
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings as site
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from core import push
from core.errors import Conflict, Invalid
from core.models import DataKey
from messaging import access, actions, pushing, rules
from messaging.models import PushNotice, PushSubscription
from messaging.tasks import cover_messages
from tests.messaging import world
from tests.messaging.test_away import MINUTE
from tests.messaging.test_models import broken
from verification.models import Account

pytestmark = pytest.mark.django_db


class Service(ThreadingHTTPServer):
    """A push service of the world outside: it notes what comes and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.taken = 201, list[tuple[str, dict[str, str], bytes]]()


class Answering(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    settings.WEB_PUSH_KEY = base64.b64encode(os.urandom(31) + b"\x01").decode()
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    running = Service()
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


class Tab:
    """A browser with a subscription; it opens what comes as RFC 8291 says, in its own way."""

    def __init__(self, service: Service) -> None:
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.endpoint = f"http://127.0.0.1:{service.server_port}/{uuid4()}"

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": push.text_of(self.point), "auth": push.text_of(self.secret)}

    def subscribe(self, by: Account) -> PushSubscription:
        return actions.subscribe(
            endpoint=self.endpoint, browser_key=self.keys["p256dh"], secret=self.keys["auth"], by=by, now=world.now()
        )

    def opened(self, body: bytes) -> dict[str, str]:
        salt, theirs, sealed = body[:16], body[21:86], body[86:]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))

        def derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
            return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

        agreed = derive(shared, self.secret, b"WebPush: info\x00" + self.point + theirs, 32)
        key = derive(agreed, salt, b"Content-Encoding: aes128gcm\x00", 16)
        text = AESGCM(key).decrypt(derive(agreed, salt, b"Content-Encoding: nonce\x00", 12), sealed, None)
        assert text[-1:] == b"\x02"
        found: dict[str, str] = json.loads(text[:-1])
        return found


def say(pair: world.Pair, at: dt.datetime | None = None) -> Any:
    said = actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body="A secret", attachments=[],
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip
    cover_messages(world.now())
    actions.plan_pushes(conversation_id=pair.conversation.pk, now=at or world.now())
    return said


def push_now(at: dt.datetime | None = None) -> int:
    """Push what is due, as the threads of a worker do."""
    when = at or world.now()
    found = actions.claim_pushes(room=10, now=when)
    for notice in found:
        pushing.deliver(notice, when)
    return len(found)


def test_a_browser_is_told_that_a_message_waits_and_nothing_else(service: Service) -> None:
    pair, tab = world.pair(), Tab(service)
    tab.subscribe(pair.uploader)
    say(pair)

    assert push_now() == 1

    [(path, headers, body)] = service.taken
    assert path == tab.endpoint.removeprefix(f"http://127.0.0.1:{service.server_port}")
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=")
    assert int(headers["TTL"]) > 0
    assert len(headers["Topic"]) <= 32
    path_of = reverse("messaging:conversation", args=[pair.conversation.pk])
    assert tab.opened(body) == {"title": "A message waits for you", "body": site.PORTAL_NAME, "path": path_of}
    assert push_now() == 0


def test_it_speaks_the_language_of_the_account(service: Service) -> None:
    pair, tab = world.pair(), Tab(service)
    Account.objects.filter(pk=pair.uploader.pk).update(language="zh-hans")
    tab.subscribe(pair.uploader)
    say(pair)
    push_now()

    assert tab.opened(service.taken[0][2])["title"] == "有一条消息等待您阅读"


def test_the_writer_the_reader_and_who_muted_it_are_told_nothing(service: Service) -> None:
    pair, muted = world.pair(), world.pair()
    for account in (pair.rights_holder, pair.uploader, muted.uploader):
        Tab(service).subscribe(account)
    actions.mute(conversation_id=muted.conversation.pk, is_muted=True, by=muted.uploader, now=world.now())
    say(muted)
    said = say(pair)
    actions.mark_read(conversation_id=pair.conversation.pk, seq=said.seq, by=pair.uploader)

    assert push_now() == 0
    assert service.taken == []
    assert PushNotice.objects.filter(due_at__isnull=False).count() == 0


def test_a_lively_conversation_is_told_every_ten_minutes_and_at_once_after_it_was_read(service: Service) -> None:
    pair, at = world.pair(), world.now()
    Tab(service).subscribe(pair.uploader)
    say(pair, at)
    push_now(at)
    said = say(pair, at + MINUTE)

    assert push_now(at + 9 * MINUTE) == 0
    assert push_now(at + 10 * MINUTE) == 1
    actions.mark_read(conversation_id=pair.conversation.pk, seq=said.seq, by=pair.uploader)
    say(pair, at + 11 * MINUTE)
    assert push_now(at + 11 * MINUTE) == 1


def test_what_is_said_while_a_push_is_under_way_is_told_later(service: Service) -> None:
    pair, at = world.pair(), world.now()
    Tab(service).subscribe(pair.uploader)
    say(pair, at)
    [notice] = actions.claim_pushes(room=1, now=at)
    say(pair, at)

    pushing.deliver(notice, at)

    assert PushNotice.objects.get().due_at == at + rules.PUSHED_AGAIN_AFTER


def test_a_service_that_fails_is_tried_again_and_given_up(service: Service) -> None:
    pair, at = world.pair(), world.now()
    Tab(service).subscribe(pair.uploader)
    say(pair, at)
    service.status = 503
    tries = 0
    for minute in range(120):
        tries += push_now(at + minute * MINUTE)

    assert (tries, len(service.taken)) == (rules.MOST_TRIES, rules.MOST_TRIES)
    notice = PushNotice.objects.get()
    assert (notice.due_at, notice.pushed_at) == (None, None)
    service.status = 201
    say(pair, at + 121 * MINUTE)
    assert push_now(at + 121 * MINUTE) == 1


def test_nobody_at_the_address_is_a_failure_like_others(service: Service) -> None:
    pair, tab, at = world.pair(), Tab(service), world.now()
    tab.endpoint = "http://127.0.0.1:1/none"
    tab.subscribe(pair.uploader)
    say(pair, at)

    assert push_now(at) == 1
    assert PushNotice.objects.get().due_at == at + MINUTE


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service: Service, status: int) -> None:
    pair = world.pair()
    key = Tab(service).subscribe(pair.uploader).data_key_id
    say(pair)
    service.status = status
    push_now()

    assert (PushSubscription.objects.count(), PushNotice.objects.count()) == (0, 0)
    assert DataKey.objects.get(pk=key).wrapped is None


def test_a_claimed_push_is_nobody_elses_for_a_minute_and_then_somebodys(service: Service) -> None:
    pair, at = world.pair(), world.now()
    Tab(service).subscribe(pair.uploader)
    say(pair, at)

    claims = [len(actions.claim_pushes(room=5, now=at + n * MINUTE / 2)) for n in (0, 1, 2)]

    assert claims == [1, 0, 1]


def test_a_subscription_is_sealed_and_belongs_to_who_subscribed_last(service: Service) -> None:
    tab, first, second = Tab(service), world.account(), world.account()
    tab.subscribe(first)
    made = tab.subscribe(second)

    assert list(PushSubscription.objects.values_list("account", flat=True)) == [second.pk]
    assert tab.endpoint.encode() not in bytes(made.content_sealed)
    assert access.browser_of(made)["endpoint"] == tab.endpoint
    assert (
        actions.unsubscribe(endpoint=tab.endpoint, by=first, now=world.now()),
        actions.unsubscribe(endpoint=tab.endpoint, by=second, now=world.now()),
    ) == (0, 1)


def test_of_many_browsers_the_oldest_goes(service: Service) -> None:
    account = world.account()
    made = [Tab(service).subscribe(account).pk for _ in range(rules.MOST_SUBSCRIPTIONS + 1)]

    assert set(PushSubscription.objects.values_list("pk", flat=True)) == set(made[1:])


@pytest.mark.parametrize(
    "endpoint",
    ["https://10.0.0.7/push", "http://push.example/", "https://localhost/", "push", "https://u:p@push.example/"],
)
def test_a_push_service_inside_is_not_called(service: Service, endpoint: str) -> None:
    tab = Tab(service)
    tab.endpoint = endpoint

    with pytest.raises(Invalid):
        tab.subscribe(world.account())


def test_a_browser_subscribes_and_ends_it_by_the_api(service: Service) -> None:
    account, tab = world.account(), Tab(service)
    browser, address = Browser(headers={"Authorization": f"Bearer {world.token(account)}"}), "/api/v1/me/messaging/push"

    def post(to: str, given: Any) -> Any:
        return browser.post(to, given, content_type="application/json")

    subscription = {"endpoint": tab.endpoint, "expirationTime": None, "keys": tab.keys}
    added = post(address, subscription)
    shown = browser.get(address)
    wrong = [post(address, given).status_code for given in ({}, subscription | {"keys": {"p256dh": "x", "auth": "y"}})]
    ended = post(f"{address}/removal", {"endpoint": tab.endpoint})

    assert (added.status_code, added.json()) == (201, {"public_key": push.public_key(), "browsers": 1})
    assert shown.json() == added.json()
    assert wrong == [400, 400]
    assert (ended.status_code, ended.json()["browsers"]) == (200, 0)
    assert Browser().get(address).status_code == 401


def test_without_a_key_nothing_is_offered_and_nothing_taken(service: Service, settings: Settings) -> None:
    account, tab = world.account(), Tab(service)
    browser = Browser()
    browser.force_login(account, backend=site.AUTHENTICATION_BACKENDS[0])
    page = reverse("messaging:preferences")
    assert push.public_key() in browser.get(page).content.decode()
    settings.WEB_PUSH_KEY = ""

    assert "push.js" not in browser.get(page).content.decode()
    assert pushing.Pushers().sweep(world.now()) == 0
    with pytest.raises(Conflict):
        tab.subscribe(account)


def test_a_message_that_is_covered_plans_the_push_and_an_index_finds_it(service: Service) -> None:
    from ledger.models import Entry
    from messaging.followers.away import plan_push

    pair = world.pair()
    Tab(service).subscribe(pair.uploader)
    actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body="A secret", attachments=[],
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip
    cover_messages(world.now())

    plan_push(Entry.objects.get(act="conversation.covered", subject=pair.conversation.ledger_reference))

    assert PushNotice.objects.filter(due_at__isnull=False).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "push_notice_due" in PushNotice.objects.filter(due_at__lte=world.now()).order_by("due_at").explain()


@pytest.mark.django_db(transaction=True)
def test_the_threads_of_a_worker_push(service: Service) -> None:
    pairs = [world.pair() for _ in range(3)]
    for pair in pairs:
        Tab(service).subscribe(pair.uploader)
        say(pair)
    pushers = pushing.Pushers()

    handed = pushers.sweep(world.now())
    pushers.close()

    assert (handed, len(service.taken)) == (3, 3)
    assert PushNotice.objects.filter(due_at__isnull=True, pushed_seq=1).count() == 3


def test_rows_of_pushes(service: Service) -> None:
    pair, tab = world.pair(), Tab(service)
    made = tab.subscribe(pair.uploader)
    row = {"subscription": made, "party": pair.party("uploader")}
    PushNotice.objects.create(**row)

    assert broken(lambda: PushNotice.objects.create(**row)) == "push_notice_once"
    assert broken(lambda: PushNotice.objects.update(pushed_seq=1)) == "push_notice_pushed_has_time"
    again = PushSubscription(
        account=pair.rights_holder, endpoint_index=made.endpoint_index, data_key=made.data_key, content_sealed=b"-",
        made_at=world.now(),
    )  # fmt: skip
    assert broken(lambda: again.save(force_insert=True)) == "push_subscription_once"


def unheard(pair: world.Pair) -> Any:
    """Say something that the ledger does not cover yet."""
    return actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body="A secret", attachments=[],
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip


def test_a_browser_is_told_within_seconds_and_does_not_wait_for_the_ledger(service: Service) -> None:
    pair = world.pair()
    Tab(service).subscribe(pair.uploader)
    unheard(pair)

    assert actions.plan_pushes_soon(world.now()) == 1
    assert push_now() == 1
    # Neither the next look nor the ledger's entry tells it of the same again.
    assert actions.plan_pushes_soon(world.now()) == 0
    cover_messages(world.now())
    actions.plan_pushes(conversation_id=pair.conversation.pk, now=world.now())
    assert not PushNotice.objects.filter(due_at__isnull=False).exists()
    unheard(pair)
    assert actions.plan_pushes_soon(world.now()) == 1
    later = PushNotice.objects.get()
    assert later.pushed_at is not None
    assert later.due_at == later.pushed_at + rules.PUSHED_AGAIN_AFTER


def test_who_reads_within_seconds_wrote_it_muted_it_or_has_no_browser_is_not_looked_for(service: Service) -> None:
    for case in range(4):
        pair = world.pair()
        if case != 3:
            Tab(service).subscribe(pair.rights_holder if case == 1 else pair.uploader)
        if case == 2:
            actions.mute(conversation_id=pair.conversation.pk, is_muted=True, by=pair.uploader, now=world.now())
        said = unheard(pair)
        if case == 0:
            actions.mark_read(conversation_id=pair.conversation.pk, seq=said.seq, by=pair.uploader)

    actions.plan_pushes_soon(world.now())

    assert not PushNotice.objects.exists()


def test_where_push_is_off_nothing_is_looked_for(service: Service, settings: Settings) -> None:
    pair = world.pair()
    Tab(service).subscribe(pair.uploader)
    unheard(pair)
    settings.WEB_PUSH_KEY = ""

    assert actions.plan_pushes_soon(world.now()) == 0
    assert not PushNotice.objects.exists()
