"""What the database refuses of subscribers and content, whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import sealing
from hosting.models import Content, Delivery, Subscriber, Webhook
from ledger.models import Entry
from tests.factories import content as factory
from tests.factories import people
from tests.factories.people import NOW
from verification.models import Organisation


def subscriber(
    at: Organisation, external_id: str = "sub-1", pseudonym: str = "uploader-1", **changes: Any
) -> Subscriber:
    key = sealing.new_data_key(now=NOW)
    values = {"provider": at, "external_id": external_id, "pseudonym": pseudonym, "data_key": key, "registered_at": NOW}
    return Subscriber.objects.create(**{**values, **changes})


def content(of: Subscriber, **changes: Any) -> Content:
    values = {"provider": of.provider, "subscriber": of, "external_id": "item-1", "url": "https://host.example/1"}
    return Content.objects.create(**{**values, "media": "video", "registered_at": NOW, "changed_at": NOW, **changes})


def webhook(at: Organisation, **changes: Any) -> Webhook:
    values = {"url": "https://service.example/hook", "events": ["subscriber.claimed"], "secret_sealed": b"-"}
    key = sealing.new_data_key(now=NOW)
    return Webhook.objects.create(**{**values, "provider": at, "data_key": key, "made_at": NOW, **changes})


def delivery(of: Webhook, **changes: Any) -> Delivery:
    factory.content(factory.service(of.provider))
    entry = Entry.objects.order_by("-pk").first()
    values = {"webhook": of, "entry": entry, "subject": "C-1", "position": 0, "event": "complaint.closed", "body": "{}"}
    times = dict.fromkeys(("next_try_at", "give_up_at", "made_at"), NOW)
    return Delivery.objects.create(**{**values, **times, **changes})


def twice(of: Webhook) -> None:
    first = delivery(of)
    first.pk = None
    Delivery.objects.create(
        webhook=of, entry=first.entry, subject="C-1", position=0, event=first.event, body="{}", next_try_at=NOW,
        give_up_at=NOW, made_at=NOW,
    )  # fmt: skip


REFUSED: dict[str, Callable[[Organisation], object]] = {
    "subscriber_once": lambda at: [subscriber(at, pseudonym=f"uploader-{n}") for n in range(2)],
    "subscriber_pseudonym_once": lambda at: [subscriber(at, f"sub-{n}") for n in range(2)],
    "subscriber_claimed_has_time": lambda at: subscriber(at, account=people.account()),
    "subscriber_contact_has_time": lambda at: subscriber(at, contact_sealed=b"-"),
    "content_once": lambda at: [content(one) for one in [subscriber(at)] * 2],
    "content_media_known": lambda at: content(subscriber(at), media="smell"),
    "webhook_has_events": lambda at: webhook(at, events=[]),
    "webhook_previous_has_time": lambda at: webhook(at, previous_sealed=b"-"),
    "webhook_ended_says_why": lambda at: webhook(at, ended_at=NOW),
    "delivery_once": lambda at: twice(webhook(at)),
    "delivery_state_known": lambda at: delivery(webhook(at), state="lost"),
    "delivery_delivered_has_time": lambda at: delivery(webhook(at), state="delivered"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses_what_cannot_be(name: str):
    host = people.provider()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        REFUSED[name](host)
