"""What the provider's service is told of complaints: when there is something to do, ids and states, and nothing else."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from complaints import actions
from complaints.models import Complaint
from core.actors import SYSTEM
from core.times import rfc3339
from hosting import actions as hosting_actions
from hosting.models import Delivery
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow
from tests.factories import content as factory

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=40)
EVENTS = [
    "complaint.measure_ordered", "complaint.counter_notice_filed", "complaint.suit_shown", "complaint.restored",
    "complaint.upheld", "complaint.withdrawn", "complaint.appeal_decided", "complaint.closed",
]  # fmt: skip


@pytest.fixture
def asked(world: World) -> World:
    """Give a world whose service asked for everything, before anything happened."""
    hosting_actions.make_webhook(url="https://service.example/hook", events=EVENTS, by=world.service, now=NOW)
    follow()
    return world


def told() -> list[dict[str, Any]]:
    follow(LATER)
    return [json.loads(one.body) for one in Delivery.objects.order_by("position")]


def test_a_measure_is_told_with_what_to_do_it_to(asked: World):
    complaint = asked.accepted()
    measure = asked.measure(complaint)

    [news] = told()

    assert news == {
        "type": "complaint.measure_ordered",
        "timestamp": rfc3339(NOW),
        "data": {
            "reference": complaint.reference,
            "state": "acted",
            "measure": str(measure.pk),
            "kind": "removal",
            "items": [{"external_id": asked.content[0].external_id, "state": "restricted"}],
        },
    }


def test_before_a_measure_the_service_hears_nothing(asked: World):
    complaint = asked.filed()
    actions.withdraw(reference=complaint.reference, by=asked.rights_holder, now=NOW)
    actions.close(reference=complaint.reference, by=asked.handler, now=NOW)

    assert told() == []


def restored_by_the_clock(w: World, complaint: Complaint) -> None:
    w.counter(complaint)
    actions.restore(reference=complaint.reference, by=SYSTEM, now=LATER)


def granted(w: World, complaint: Complaint) -> None:
    actions.appeal(reference=complaint.reference, by=w.uploader, reasons="It is mine.", now=NOW)
    actions.decide_appeal(
        reference=complaint.reference, by=w.reviewer, outcome="granted", reasons="It is theirs.", now=NOW
    )


ENDS: dict[str, Callable[[World, Complaint], object]] = {
    "complaint.restored": restored_by_the_clock,
    "complaint.withdrawn": lambda w, c: actions.withdraw(reference=c.reference, by=w.rights_holder, now=NOW),
    "complaint.appeal_decided": granted,
}


@pytest.mark.parametrize("event", ENDS)
def test_whatever_lifts_a_measure_says_that_the_item_is_restored(asked: World, event: str):
    complaint = asked.acted()

    ENDS[event](asked, complaint)

    last = told()[-1]
    assert last["type"] == event
    assert last["data"]["items"] == [{"external_id": asked.content[0].external_id, "state": "restored"}]
    assert last["data"]["state"] == Complaint.objects.get(pk=complaint.pk).state


def test_nothing_of_a_person_is_told(asked: World):
    complaint = asked.contested()
    actions.restore(reference=complaint.reference, by=SYSTEM, now=LATER)
    told()

    said = " ".join(one.body for one in Delivery.objects.all())
    assert said.count(complaint.reference) == 3
    assert not [word for word in (*CANARY.values(), *CONTACT.values(), asked.uploader.email) if word in said]
    assert asked.content[0].url not in said


def test_another_providers_service_hears_nothing(asked: World):
    theirs = factory.service(asked.other_handler.memberships.get().organisation)
    other = factory.webhook(theirs, "https://other.example/hook", *EVENTS)

    asked.acted()
    told()

    assert not Delivery.objects.filter(webhook=other).exists()
    assert Delivery.objects.count() == 1
