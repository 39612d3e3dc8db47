"""A complaint whose two sides agree is settled, counts against nobody, and is open again where they do not keep it."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from complaints import actions
from complaints.models import Complaint, ComplaintItem, Strike
from core import clocks
from core.actors import SYSTEM
from core.errors import Conflict
from core.models import Clock, ClockState, OutgoingMail
from hosting import actions as hosting_actions
from hosting.models import Delivery
from ledger.models import Entry
from messaging import actions as messaging
from messaging.models import Conversation, Proposal, Undertaking
from messaging.rules import ProposalKind, Terms
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow

pytestmark = pytest.mark.django_db
SOON = NOW.date() + dt.timedelta(days=5)
TERMS = {
    "remove_by": Terms(ProposalKind.REMOVE_BY, due_on=SOON),
    "license": Terms(ProposalKind.LICENSE, text="One page", amount=Decimal(50), currency="EUR"),
    "credit": Terms(ProposalKind.CREDIT, text="Film by the studio"),
    "trim": Terms(ProposalKind.TRIM, from_ms=0, to_ms=500, due_on=SOON),
    "dispute": Terms(ProposalKind.DISPUTE, text="I quote it"),
}
EVENTS = ["proposal.accepted", "removal.announced", "undertaking.done", "undertaking.overdue", "complaint.settled"]


@pytest.fixture
def asked(world: World) -> World:
    """Give a world whose service asked to be told what the two sides do."""
    hosting_actions.make_webhook(url="https://service.example/hook", events=EVENTS, by=world.service, now=NOW)
    follow()
    return world


def talk(world: World, complaint: Complaint) -> Conversation:
    return actions.conversation_for(world.uploader, complaint.reference, NOW)


def agree(world: World, complaint: Complaint, kind: str = "license") -> Proposal:
    """Have the two sides of the complaint agree on this."""
    made = messaging.propose(
        conversation_id=talk(world, complaint).pk, terms=TERMS[kind], by=world.rights_holder, now=NOW
    )
    accepted = messaging.accept(proposal_id=made.pk, by=world.uploader, now=NOW)
    follow()
    complaint.refresh_from_db()
    return accepted


def told() -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in Delivery.objects.order_by("position")]


@pytest.mark.parametrize("kind", ["remove_by", "license", "credit", "trim"])
def test_what_the_two_sides_agree_on_settles_their_complaint(world: World, kind: str):
    complaint = world.acted()

    agreed = agree(world, complaint, kind)

    assert (complaint.state, complaint.settled_at, complaint.ended_at) == ("settled", NOW, NOW)
    assert not clocks.running(complaint.reference).exists()
    entry = Entry.objects.get(act="complaint.settled")
    assert entry.facts == {"as": "system", "state": "settled", "kind": kind, "proposal": str(agreed.pk)}


def test_a_dispute_settles_nothing(world: World):
    complaint = world.acted()

    agree(world, complaint, "dispute")

    assert complaint.state == "acted"


@pytest.mark.parametrize(
    ("kind", "state"),
    [("license", "restored"), ("credit", "restored"), ("trim", "restored"), ("remove_by", "restricted")],
)
def test_what_may_stay_comes_back_and_what_is_removed_stays_under_its_measure(world: World, kind: str, state: str):
    complaint = world.acted()

    agree(world, complaint, kind)

    assert [item.state for item in complaint.items.all()] == [state]


def test_a_contested_complaint_is_settled_and_its_clock_stops(world: World):
    complaint = world.contested()

    agree(world, complaint)

    assert complaint.state == "settled"
    assert set(Clock.objects.filter(matter=complaint.reference).values_list("state", flat=True)) <= {
        ClockState.STOPPED, ClockState.FIRED,
    }  # fmt: skip


def test_a_complaint_in_a_state_that_cannot_be_settled_stays_as_it_is(world: World):
    complaint = world.acted()
    conversation = talk(world, complaint)
    actions.withdraw(reference=complaint.reference, by=world.rights_holder, now=NOW)
    made = messaging.propose(conversation_id=conversation.pk, terms=TERMS["credit"], by=world.rights_holder, now=NOW)

    messaging.accept(proposal_id=made.pk, by=world.uploader, now=NOW)
    follow()

    complaint.refresh_from_db()
    assert complaint.state == "withdrawn"
    with pytest.raises(Conflict):
        actions.settle(reference=complaint.reference, kind="credit", proposal=str(made.pk), by=SYSTEM, now=NOW)


def test_nobody_settles_for_another_uploader(world: World):
    complaint = world.acted()
    first = complaint.items.get()
    ComplaintItem.objects.create(complaint=complaint, position=2, url="https://elsewhere.example/1", content=None)

    agree(world, complaint)

    assert complaint.state == "acted"
    assert first.content is not None


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_settled_matter_counts_against_nobody_even_once_it_is_closed(world: World, is_closed: bool):
    complaint = world.acted()
    agree(world, complaint, "remove_by")
    if is_closed:
        actions.close(reference=complaint.reference, by=world.handler, now=NOW)
        follow()

    clocks.fire_due(NOW + dt.timedelta(days=200))
    follow(NOW + dt.timedelta(days=200))

    assert not Strike.objects.exists()


def test_both_sides_are_mailed_and_neither_mail_says_who_the_other_is(world: World):
    complaint = world.acted()
    agree(world, complaint)

    sent = OutgoingMail.objects.filter(subject_reference=complaint.reference, template="complaints/mail/step")

    assert sent.count() == 2


def test_the_service_is_told_what_to_do_by_its_own_ids(asked: World):
    complaint = asked.acted()
    agreed = agree(asked, complaint, "remove_by")
    undertaken = Undertaking.objects.get()

    news = {one["type"]: one["data"] for one in told()}

    items = [{"external_id": asked.content[0].external_id}]
    assert news["proposal.accepted"] == {
        "conversation": str(agreed.conversation_id), "complaint": complaint.reference, "proposal": str(agreed.pk),
        "kind": "remove_by", "undertaking": str(undertaken.pk), "items": items,
        "due_at": news["proposal.accepted"]["due_at"],
    }  # fmt: skip
    assert news["complaint.settled"]["state"] == "settled"
    whole = json.dumps(told())
    assert not [secret for secret in (*CANARY.values(), *CONTACT.values()) if secret in whole]


def test_the_uploader_removes_it_now_and_the_service_reports_it(asked: World):
    complaint = asked.acted()
    conversation = talk(asked, complaint)
    made = messaging.remove_now(conversation_id=conversation.pk, by=asked.uploader, now=NOW)
    follow()

    [news] = told()
    messaging.report_done(undertaking_id=made.pk, by=asked.service, now=NOW)
    follow()

    assert news["type"] == "removal.announced"
    assert news["data"]["items"] == [{"external_id": asked.content[0].external_id}]
    assert news["data"]["undertaking"] == str(made.pk)
    assert [one["type"] for one in told()] == ["removal.announced", "undertaking.done"]


def test_what_was_not_done_in_time_opens_the_complaint_again_and_everybody_is_told(asked: World):
    complaint = asked.acted()
    agree(asked, complaint, "remove_by")
    late = Undertaking.objects.get().due_at

    clocks.fire_due(late)
    follow(late)

    complaint.refresh_from_db()
    assert (complaint.state, complaint.settled_at, complaint.answer_due_at) == ("acted", None, late)
    mails = OutgoingMail.objects.filter(template="messaging/mail/overdue")
    assert mails.count() == 3, "the two sides and the handler"
    assert "undertaking.overdue" in [one["type"] for one in told()]
    assert Entry.objects.filter(act="complaint.reopened").count() == 1


def test_what_came_back_by_a_settlement_that_is_not_kept_can_be_taken_down_again(world: World):
    complaint = world.acted()
    agree(world, complaint, "trim")
    late = Undertaking.objects.get().due_at

    clocks.fire_due(late)
    follow(late)

    complaint.refresh_from_db()
    assert (complaint.state, [item.state for item in complaint.items.all()]) == ("accepted", ["noticed"])
    assert world.measure(complaint) is not None


def test_what_was_done_in_time_stays_settled(world: World):
    complaint = world.acted()
    agree(world, complaint, "remove_by")
    undertaken = Undertaking.objects.get()
    messaging.report_done(undertaking_id=undertaken.pk, by=world.service, now=NOW)

    clocks.fire_due(undertaken.due_at)
    follow(undertaken.due_at)

    complaint.refresh_from_db()
    assert complaint.state == "settled"


def test_only_a_settled_complaint_is_opened_again(world: World):
    complaint = world.acted()

    with pytest.raises(Conflict):
        actions.reopen(reference=complaint.reference, undertaking="x", by=SYSTEM, now=NOW)


@pytest.mark.parametrize("changes", [{"state": "settled"}, {"settled_at": NOW}])
def test_a_settled_complaint_has_its_time_and_no_open_one_has(world: World, changes: dict[str, Any]):
    complaint = world.acted()

    with pytest.raises(IntegrityError, match="complaint_settled_has_time"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(**changes)
