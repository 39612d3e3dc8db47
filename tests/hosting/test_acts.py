"""Every act of this app leaves exactly one entry, under its own name."""

from collections.abc import Callable

import pytest

from core.actors import SYSTEM
from hosting import actions
from ledger.acts import ACTIONS
from ledger.models import Entry
from tests.factories import content as factory
from tests.factories import people
from tests.factories.people import NOW
from verification.models import Account


class World:
    """What the acts need, made before the entries are counted."""

    def __init__(self) -> None:
        self.service: Account = factory.service(people.provider())
        self.account: Account = people.account()
        factory.content(self.service)
        self.webhook = factory.webhook(self.service)
        self.link = actions.make_claim_link(external_id="sub-1", by=self.service, now=NOW)


ACTS: dict[str, Callable[[World], object]] = {
    "subscriber.registered": lambda w: factory.subscriber(w.service, "sub-2", factory.CONTACT),
    "content.registered": lambda w: factory.content(w.service, "item-2", "sub-3"),
    "subscriber.claim_offered": lambda w: actions.make_claim_link(external_id="sub-1", by=w.service, now=NOW),
    "subscriber.claimed": lambda w: actions.claim_subscriber(secret=w.link.secret, by=w.account, now=NOW),
    "webhook.made": lambda w: factory.webhook(w.service),
    "webhook.secret_rotated": lambda w: actions.rotate_secret(webhook_id=w.webhook.pk, by=w.service, now=NOW),
    "webhook.replayed": lambda w: actions.replay_deliveries(webhook_id=w.webhook.pk, by=w.service, now=NOW),
    "webhook.ended": lambda w: actions.end_webhook(webhook_id=w.webhook.pk, by=w.service, now=NOW),
    "webhook.gone": lambda w: actions.end_gone_webhook(webhook_id=w.webhook.pk, by=SYSTEM, now=NOW),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTS)
def test_an_act_leaves_one_entry_under_its_name(name: str):
    world = World()
    before = set(Entry.objects.values_list("pk", flat=True))

    ACTS[name](world)

    assert [entry.act for entry in Entry.objects.exclude(pk__in=before)] == [name]


def test_every_act_is_in_this_table():
    assert {name for name, act in ACTIONS.items() if act.__module__.startswith("hosting.")} == set(ACTS)
