"""Webhooks: what a service may ask for, what it is sent, signed how, in which order, and what happens when it is away."""

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from pytest_django import Settings
from rest_framework.test import APIClient

from core.errors import Conflict
from core.times import rfc3339
from hosting import actions, outbox, rules, sending, signing
from hosting.models import Delivery, Webhook
from ledger import sealing
from ledger.acts import ACTIONS
from ledger.models import Entry
from tests.factories import content as factory
from tests.factories import people
from tests.factories.people import NOW
from tests.hosting.receiver import Receiver, is_signed, receiving
from verification.models import Account
from verification.rules import Role

API = "/api/v1/webhooks"
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
CLAIMED = "subscriber.claimed"
ACTS = ("rotation", "ending", "replay")


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with receiving() as found:
        yield found


@pytest.fixture
def service(db: None) -> Account:
    return factory.service(people.provider("cloudhaven"))


@pytest.fixture
def program(service: Account) -> APIClient:
    return people.program(service)


def news(webhook: Webhook, subject: str = "sub-1") -> Entry:
    """Record something, seal it and put it into the outbox, as a follower would; return its entry."""
    service = Account.objects.get(memberships__role="service", memberships__organisation=webhook.provider)
    factory.subscriber(service, subject)
    sealing.seal(NOW)
    entry = Entry.objects.order_by("-pk").first()
    assert entry is not None
    entry.act = CLAIMED  # only in memory: what it was called does not matter here
    outbox.put(entry, {"external_id": subject})
    return entry


def send_all(now: dt.datetime = NOW) -> int:
    """Send what is due, one after the other."""
    found = sending.claim(now, room=100, busy=Counter())
    for delivery in found:
        sending.deliver(delivery, now)
    return len(found)


def states() -> list[tuple[str, int, int | None]]:
    return list(Delivery.objects.order_by("position").values_list("state", "attempts", "status"))


# --- asking for it


def test_a_service_asks_and_is_shown_its_secret_once(program: APIClient):
    wanted = {"url": "https://service.example/hook", "events": ["complaint.measure_ordered", "complaint.restored"]}
    made = program.post(API, wanted, format="json")
    read = program.get(f"{API}/{made.json()['id']}").json()

    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert (read["url"], read["events"]) == (wanted["url"], wanted["events"])
    assert "secret" not in read
    assert [one["id"] for one in program.get(API).json()["results"]] == [made.json()["id"]]
    assert made.json()["secret"].encode() not in bytes(Webhook.objects.get().secret_sealed)


def test_every_event_that_can_be_asked_for_is_an_act_and_says_what_it_means(program: APIClient):
    told = program.get(f"{API}/events").json()["results"]

    names = [one["name"] for one in told]
    assert {CLAIMED, "complaint.measure_ordered", "complaint.restored"} <= set(names) <= set(ACTIONS)
    assert all(one["meaning"] for one in told)
    wanted = {"url": "https://service.example/hook", "events": names}
    assert program.post(API, wanted, format="json").status_code == 201


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"url": "https://127.0.0.1/hook"}, "/url", "not_public"),
        ({"url": "https://localhost/hook"}, "/url", "not_public"),
        ({"url": "https://[::ffff:10.0.0.1]/hook"}, "/url", "not_public"),
        ({"url": "http://service.example/hook"}, "/url", "not_https"),
        ({"url": "https://user:word@service.example/"}, "/url", "malformed"),
        ({"url": "service.example"}, "/url", "url"),
        ({"url": 7}, "/url", "type"),
        ({"events": []}, "/events", "required"),
        ({"events": [CLAIMED, "complaint.sung"]}, "/events/1", "unknown"),
        ({"events": CLAIMED}, "/events", "not_a_list"),
        ({"secret": "whsec_mine"}, "/secret", "unknown"),
    ],
)
def test_what_is_wrong_is_pointed_at_and_nothing_is_made(
    program: APIClient, change: dict[str, Any], pointer: str, code: str
):
    answer = program.post(API, {"url": "https://service.example/hook", "events": [CLAIMED], **change}, format="json")

    assert answer.status_code == 400
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert not Webhook.objects.exists()


def test_who_is_no_service_learns_nothing_from_a_wrong_body(service: Account):
    address = f"{API}/{factory.webhook(service).pk}"
    handler = people.program(people.member(Role.HANDLER, service.memberships.get().organisation))
    other = people.program(factory.service(people.provider("otherhost")))

    told = [
        [one.post(f"{address}/{act}", {"x": 1}, format="json").status_code for act in ACTS] for one in (handler, other)
    ]

    assert told == [[403] * 3, [404] * 3]
    assert handler.post(API, {"x": 1}, format="json").status_code == 403


def test_there_are_not_more_than_anybody_can_mean(service: Account, program: APIClient):
    for _ in range(rules.MOST_WEBHOOKS):
        webhook = factory.webhook(service)
    wanted = {"url": "https://service.example/hook", "events": [CLAIMED]}

    refused = program.post(API, wanted, format="json")
    actions.end_webhook(webhook_id=webhook.pk, by=service, now=NOW)
    taken = program.post(API, wanted, format="json")

    assert (refused.status_code, refused.json()["state"], taken.status_code) == (409, "full", 201)


def test_an_ended_webhook_is_told_nothing_and_stays_ended(service: Account, program: APIClient, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    news(webhook)
    ended = program.post(f"{API}/{webhook.pk}/ending", {}, format="json")
    news(webhook, "sub-2")

    assert (ended.status_code, ended.json()["ended_because"]) == (200, "asked")
    assert (send_all(), receiver.came) == (0, [])
    assert [(one.state, one.error) for one in Delivery.objects.all()] == [("failed", "ended")]
    for act in ACTS:
        assert program.post(f"{API}/{webhook.pk}/{act}", {}, format="json").status_code == 409


# --- what is sent


def test_what_happened_comes_signed_with_ids_and_states_alone(service: Account, receiver: Receiver):
    made = actions.make_webhook(url=receiver.url, events=[CLAIMED], by=service, now=NOW)
    entry = news(made.webhook)

    assert send_all() == 1

    [(headers, body)] = receiver.came
    told = {"type": CLAIMED, "timestamp": rfc3339(entry.at), "data": {"external_id": "sub-1"}}
    assert json.loads(body) == told
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == str(Delivery.objects.get().pk)
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert is_signed(headers, body, made.secret)
    assert not is_signed(headers, body + b" ", made.secret)
    assert states() == [("delivered", 1, 204)]
    assert send_all(NOW + DAY) == 0


def test_the_signature_is_that_of_the_specification():
    headers = signing.headers(
        message="msg_loFOjxBNrRLzqYUf",
        at=dt.datetime.fromtimestamp(1731705121, dt.UTC),
        body=b'{"event_type":"ping","data":{"success":true}}',
        keys=["whsec_plJ3nmyCDGBKInavdOK15jsl"],
    )

    assert headers["webhook-signature"] == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


def test_for_a_day_after_a_rotation_both_secrets_sign(service: Account, program: APIClient, receiver: Receiver):
    made = actions.make_webhook(url=receiver.url, events=[CLAIMED], by=service, now=NOW)
    fresh = actions.rotate_secret(webhook_id=made.webhook.pk, by=service, now=NOW).secret

    for after in (dt.timedelta(), DAY - SECOND, DAY):
        news(made.webhook, f"sub-{after.total_seconds():.0f}")
        send_all(NOW + after)

    signed = [[is_signed(*one, secret) for secret in (made.secret, fresh)] for one in receiver.came]
    assert signed == [[True, True], [True, True], [False, True]]


def test_only_who_asked_is_told_and_only_of_its_own_provider(service: Account, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    factory.webhook(service, receiver.url, "complaint.restored")
    factory.webhook(factory.service(people.provider("otherhost")), receiver.url)
    later = factory.webhook(service, receiver.url)
    Webhook.objects.filter(pk=later.pk).update(made_at=NOW + SECOND)

    news(webhook)

    assert [one.webhook_id for one in Delivery.objects.all()] == [webhook.pk]


def test_the_same_news_is_put_into_the_outbox_once(service: Account):
    webhook = factory.webhook(service)
    entry = news(webhook)

    outbox.put(entry, {"external_id": "sub-1"})

    assert Delivery.objects.count() == 1


def test_a_claim_is_told_by_the_services_own_id(service: Account, receiver: Receiver):
    from hosting.followers import tell_service

    factory.webhook(service, receiver.url)
    factory.content(service)
    factory.claimed(service, people.account("uploader"))
    sealing.seal(NOW)

    tell_service(Entry.objects.get(act=CLAIMED))
    send_all()

    assert [body["data"] for body in receiver.bodies] == [{"external_id": "sub-1"}]


# --- when the receiver is away


def test_what_was_not_taken_is_tried_again_later_under_the_same_id(service: Account, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    receiver.answers = [500, 302, 204]
    news(webhook)

    waits = []
    now = NOW
    while not Delivery.objects.filter(state="delivered").exists():
        assert send_all(now) == 1
        assert send_all(now + SECOND) == 0
        waits.append(Delivery.objects.get().next_try_at - now)
        now = Delivery.objects.get().next_try_at

    assert len(set(receiver.ids)) == 1
    assert len(receiver.came) == 3
    assert [wait.total_seconds() for wait in waits[:2]] == [5, 15]
    assert states() == [("delivered", 3, 204)]


def test_after_three_days_it_is_given_up_and_the_next_has_its_turn(service: Account, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    receiver.answers = [500]
    entry = news(webhook)
    newer = news(webhook)
    assert entry.subject == newer.subject

    now, tries = NOW, 0
    while (first := Delivery.objects.order_by("position").first()) and first.state == "waiting":
        tries += send_all(now)
        now = max(now + SECOND, first.next_try_at)

    assert NOW + 3 * DAY - dt.timedelta(hours=4) < now < NOW + 3 * DAY + dt.timedelta(hours=4)
    assert 20 < tries < 40
    assert len(set(receiver.ids)) == 1
    receiver.answers = [204]
    send_all(now)
    assert [state for state, _, _ in states()] == ["failed", "delivered"]


def test_in_one_matter_the_newer_waits_for_the_older_and_in_others_it_does_not(service: Account, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    for subject in ("sub-1", "sub-1", "sub-2"):
        news(webhook, subject)
    receiver.answers = [500, 204]

    sent = [send_all(NOW), send_all(NOW + SECOND), send_all(NOW + 5 * SECOND), send_all(NOW + 6 * SECOND)]

    assert sent == [2, 0, 1, 1]
    assert [body["data"]["external_id"] for body in receiver.bodies] == ["sub-1", "sub-2", "sub-1", "sub-1"]
    assert [state for state, _, _ in states()] == ["delivered"] * 3


def test_who_answers_that_it_is_gone_is_left_in_peace(service: Account, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    receiver.answers = [410]
    news(webhook)
    news(webhook)

    send_all()

    webhook.refresh_from_db()
    assert (webhook.ended_because, len(receiver.came)) == ("gone", 1)
    assert {state for state, _, _ in states()} == {"failed"}
    [entry] = Entry.objects.filter(act="webhook.gone")
    assert (entry.subject, entry.actor, entry.provider) == (f"webhook:{webhook.pk}", "system", "cloudhaven")


def test_who_says_twice_at_once_that_it_is_gone_is_ended_once(service: Account, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    receiver.answers = [410]
    for subject in ("sub-1", "sub-2"):
        news(webhook, subject)

    assert send_all() == 2

    assert {state for state, _, _ in states()} == {"failed"}
    assert Entry.objects.filter(act="webhook.gone").count() == 1


def test_what_cannot_even_be_signed_is_tried_again_later_and_given_up_in_the_end(
    service: Account, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    webhook = factory.webhook(service, receiver.url)
    news(webhook)
    monkeypatch.setattr(sending, "secrets_of", lambda *_: (_ for _ in ()).throw(LookupError("no such key")))

    assert send_all() == 1
    waits = Delivery.objects.get()
    Delivery.objects.update(give_up_at=NOW + 5 * SECOND)
    assert send_all(NOW + 5 * SECOND) == 1

    assert (waits.state, waits.error, waits.next_try_at) == ("waiting", "unsigned", NOW + 5 * SECOND)
    assert (receiver.came, states()) == ([], [("failed", 2, None)])


def test_what_was_put_beside_an_ending_does_not_wait_for_ever(service: Account):
    webhook, other = (factory.webhook(service) for _ in range(2))
    news(webhook)
    Webhook.objects.filter(pk=webhook.pk).update(ended_at=NOW, ended_because="asked")

    outbox.forget_old(NOW)

    found = Delivery.objects.values_list("webhook", "state", "error")
    assert set(found) == {(webhook.pk, "failed", "ended"), (other.pk, "waiting", "")}


@pytest.mark.django_db(transaction=True)
def test_two_that_are_made_at_once_are_counted_both(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "MOST_WEBHOOKS", 1)
    service = factory.service(people.provider("cloudhaven"))

    def make() -> None:
        with suppress(Conflict):
            factory.webhook(service)

    def make_beside() -> None:
        try:
            make()
        finally:
            connection.close()

    with transaction.atomic():
        factory.webhook(service)
        other = Thread(target=make_beside)
        other.start()
        other.join(0.5)
    other.join(10)

    assert Webhook.objects.count() == 1


def test_nobody_there_is_noted_in_one_word(service: Account, settings: Settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    webhook = factory.webhook(service, "http://127.0.0.1:1/hook")
    news(webhook)

    send_all()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.error) == ("waiting", None, "no_answer")


def test_an_address_that_is_no_longer_allowed_is_not_called(service: Account, receiver: Receiver, settings: Settings):
    webhook = factory.webhook(service, receiver.url)
    settings.WEBHOOK_HOSTS = []
    news(webhook)

    send_all()

    assert (receiver.came, Delivery.objects.get().error) == ([], "not_https")


def test_whoever_died_with_a_delivery_holds_it_for_a_minute(service: Account, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    news(webhook)
    [held] = sending.claim(NOW, room=1, busy=Counter())

    assert send_all(NOW + dt.timedelta(seconds=59)) == 0
    assert send_all(NOW + dt.timedelta(seconds=60)) == 1

    # It comes back to life: what the other noted stands.
    sending.note(held, status=500, error="", now=NOW + 90 * SECOND)
    assert states() == [("delivered", 2, 204)]


def test_one_receiver_takes_no_more_than_its_share(service: Account, receiver: Receiver):
    slow, other = (factory.webhook(service, receiver.url) for _ in range(2))
    for number in range(10):
        news(slow, f"sub-{number}")

    first = sending.claim(NOW, room=100, busy=Counter())
    second = sending.claim(NOW, room=100, busy=Counter({slow.pk: rules.SENDERS_PER_WEBHOOK}))

    share = rules.SENDERS_PER_WEBHOOK
    assert Counter(one.webhook_id for one in first) == {slow.pk: share, other.pk: share}
    assert {one.webhook_id for one in second} == {other.pk}
    assert sending.claim(NOW, room=1, busy=Counter())[0].pk not in {one.pk for one in [*first, *second]}


def test_one_provider_takes_no_more_than_its_share(service: Account):
    slow = [factory.webhook(service) for _ in range(5)]
    other = factory.webhook(factory.service(people.provider("otherhost")))
    for number in range(3):
        news(slow[0], f"sub-{number}")
    news(other)
    share = rules.SENDERS_PER_PROVIDER

    first = sending.claim(NOW, room=100, busy=Counter())

    assert Counter(one.webhook.provider.code for one in first) == {"cloudhaven": share, "otherhost": 1}
    Delivery.objects.update(next_try_at=NOW)
    third = sending.claim(NOW, room=100, busy=Counter({slow[0].pk: 3, slow[1].pk: share - 4}))
    assert Counter(one.webhook.provider.code for one in third) == {"cloudhaven": 1, "otherhost": 1}


@pytest.mark.django_db(transaction=True)
def test_a_slow_receiver_delays_neither_the_worker_nor_another_receiver(settings: Settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    share, senders = rules.SENDERS_PER_WEBHOOK, sending.Senders(lambda: NOW)
    service = factory.service(people.provider("cloudhaven"))
    with receiving() as slow, receiving() as quick:
        slow.waits.clear()
        webhook, _ = (factory.webhook(service, receiver.url) for receiver in (slow, quick))
        for number in range(share + 1):
            news(webhook, f"sub-{number}")

        sweep_until(senders, lambda: len(quick.came) == share + 1 and len(slow.came) == share)
        while_it_slept = len(slow.came)
        slow.waits.set()
        sweep_until(senders, lambda: len(slow.came) == share + 1)
        senders.close()

    assert while_it_slept == share
    assert not Delivery.objects.exclude(state="delivered").exists()


def sweep_until(senders: sending.Senders, is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until, "not so after ten seconds"
        senders.sweep(NOW)
        time.sleep(0.02)


# --- looking at it, sending it again


def test_the_service_sees_what_became_of_each_delivery(service: Account, program: APIClient, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    receiver.answers = [503]
    entry = news(webhook)
    send_all()

    [shown] = program.get(f"{API}/{webhook.pk}/deliveries").json()["results"]

    assert (shown["event"], shown["subject"], shown["state"]) == (CLAIMED, entry.subject, "waiting")
    assert (shown["attempts"], shown["status"], shown["error"], shown["delivered_at"]) == (1, 503, "", None)
    assert dt.datetime.fromisoformat(shown["next_try_at"]) == NOW + 5 * SECOND


def replayed(program: APIClient, webhook: Webhook, **wanted: Any) -> list[str]:
    answer = program.post(f"{API}/{webhook.pk}/replay", wanted, format="json")
    assert answer.status_code == 200, answer.json()
    return [one["id"] for one in answer.json()["deliveries"]]


def test_what_was_given_up_is_sent_again_when_asked(service: Account, program: APIClient, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    for subject in ("sub-1", "sub-2"):
        news(webhook, subject)
    send_all()
    first, second = Delivery.objects.order_by("position")
    Delivery.objects.filter(pk=first.pk).update(state="failed", delivered_at=None)

    assert replayed(program, webhook) == [str(first.pk)]
    assert replayed(program, webhook, deliveries=[str(second.pk)]) == [str(second.pk)]
    send_all(dt.datetime.now(dt.UTC))

    assert receiver.ids == [str(first.pk), str(second.pk)] * 2
    assert replayed(program, webhook, since=(NOW + SECOND).isoformat()) == []
    assert replayed(program, webhook, since=NOW.isoformat()) == [str(first.pk), str(second.pk)]


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"deliveries": [str(uuid4())]}, "/deliveries/0"),
        ({"deliveries": ["seven"]}, "/deliveries/0"),
        ({"since": "yesterday"}, "/since"),
        ({"since": NOW.isoformat(), "deliveries": []}, "/since"),
        ({"all": True}, "/all"),
    ],
)
def test_what_cannot_be_sent_again_is_pointed_at(
    service: Account, program: APIClient, wanted: dict[str, Any], pointer: str
):
    webhook = factory.webhook(service)

    answer = program.post(f"{API}/{webhook.pk}/replay", wanted, format="json")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_more_than_can_be_sent_again_at_once_is_refused(
    service: Account, program: APIClient, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
):
    monkeypatch.setattr(rules, "MOST_REPLAYED", 1)
    webhook = factory.webhook(service, receiver.url)
    for subject in ("sub-1", "sub-2"):
        news(webhook, subject)
    send_all()

    answer = program.post(f"{API}/{webhook.pk}/replay", {"since": NOW.isoformat()}, format="json")

    assert answer.status_code == 400
    assert {state for state, _, _ in states()} == {"delivered"}


def test_what_is_long_over_is_forgotten_and_what_waits_is_not(service: Account, receiver: Receiver):
    webhook = factory.webhook(service, receiver.url)
    news(webhook)
    send_all()
    waiting = news(webhook, "sub-2")

    assert outbox.forget_old(NOW + 30 * DAY) == 0
    assert outbox.forget_old(NOW + 30 * DAY + SECOND) == 1

    assert [one.entry_id for one in Delivery.objects.all()] == [waiting.pk]


def test_the_ledger_keeps_neither_address_nor_secret(service: Account):
    made = actions.make_webhook(url="https://service.example/hook?word", events=[CLAIMED], by=service, now=NOW)

    facts = Entry.objects.get(act="webhook.made").facts_text

    assert "service.example" not in facts
    assert made.secret not in facts
    assert UUID(Entry.objects.get(act="webhook.made").subject.removeprefix("webhook:")) == made.webhook.pk
