"""Uploaders who are not here yet: called by mail and by the provider's service, seldom enough, and known to nobody."""

import datetime as dt
import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from core import mail
from core.errors import Conflict, Denied, NotFound
from core.models import BounceKind, MailState, OutgoingMail
from hosting import actions as hosting
from hosting import outbox, sending
from hosting.models import Delivery, Subscriber
from hosting.rules import DeliveryState
from ledger.models import Entry
from messaging import access, actions, shown, tasks
from messaging.models import Call, Conversation, Event
from messaging.rules import EventKind, ProposalKind, Reach, Terms
from tests.constraints import broken
from tests.messaging import world
from tests.messaging.world import handler_of
from tests.record import follow
from verification.models import Account, Membership
from verification.rules import Role

ADDRESS = "canary-uploader@nowhere.example"
EVENT = "conversation.uploader_called"


class Unreached:
    """A rights holder who writes about content whose uploader has no account here."""

    def __init__(self, *, email: str = ADDRESS, webhook: bool = False) -> None:
        self.provider = world.provider()
        self.holder = world.rights_holder(self.provider)
        self.service = self.staff(Role.SERVICE)
        if webhook:
            hosting.make_webhook(url="https://service.example/hook", events=[EVENT], by=self.service, now=world.now())
        contact = {"name": "Canary Name", "email": email} if email else None
        self.subscriber, _new = hosting.register_subscriber(
            external_id=f"sub-{uuid4()}", contact=contact, by=self.service, now=world.now()
        )
        follow(world.now())  # followers begin where the ledger ends when they first run
        self.conversation = self.talk()

    def staff(self, role: Role) -> Account:
        account = world.account(role.value)
        Membership.objects.create(
            account=account, role=role, organisation=self.provider, granted_at=world.NOW, granted_by="system"
        )
        return account

    def talk(self, holder: Account | None = None) -> Conversation:
        item = world.content(self.subscriber)
        return actions.open_conversation(
            provider=self.provider, subject=f"content:{item.pk}", by=holder or self.holder,
            subscriber=self.subscriber, title=item.title, now=world.now(),
        )  # fmt: skip

    def say(self, conversation: Conversation | None = None, by: Account | None = None) -> None:
        actions.post_message(
            conversation_id=(conversation or self.conversation).pk, client_id=str(uuid4()), body="Please take it down.",
            attachments=[], by=by or self.holder, now=world.now(),
        )  # fmt: skip

    def claim(self, link: str) -> Account:
        account = world.account("uploader")
        hosting.claim_subscriber(secret=link.rstrip("/").rpartition("/")[2], by=account, now=world.now())
        return account

    def reached(self) -> Any:
        return access.reached(access.get_for(self.holder, self.conversation.pk))


def work(now: dt.datetime | None = None) -> None:
    """Do what the worker does in a minute: cover, call, mail, look what became of it."""
    at = now or world.now()
    tasks.cover_messages(at)
    follow(at)
    tasks.call_uploaders(at)
    follow(at)
    mail.send_due(at)
    tasks.call_uploaders(at)


def link_in_mail() -> str:
    [sent] = [one for one in django_mail.outbox if ADDRESS in one.to]
    return next(line for line in sent.body.splitlines() if "/claim/" in line)


pytestmark = pytest.mark.django_db


def test_nobody_is_called_to_an_empty_conversation() -> None:
    Unreached()

    work()

    assert not Call.objects.exists()


def test_a_proposal_alone_calls_the_uploader_and_tells_when_it_came() -> None:
    one = Unreached()
    terms = Terms(ProposalKind.CREDIT, text="Name me in the title")
    actions.propose(conversation_id=one.conversation.pk, terms=terms, by=one.holder, now=world.now())

    work()
    one.claim(link_in_mail())
    follow(world.now())

    assert Event.objects.filter(conversation=one.conversation, kind=EventKind.UPLOADER_REACHED).count() == 1


def test_the_first_message_calls_the_uploader_at_the_sealed_address_once() -> None:
    one = Unreached()
    one.say()

    work()
    one.say()
    work()

    assert [sent.to for sent in django_mail.outbox] == [[ADDRESS]]
    assert one.reached().state == Reach.TOLD


def test_the_mail_says_nothing_of_who_wrote_or_what() -> None:
    one = Unreached()
    one.say()

    work()

    [sent] = django_mail.outbox
    assert "Please take it down" not in sent.body
    assert one.holder.email not in sent.body
    assert "Canary" not in sent.body


def test_without_an_account_the_link_of_the_mail_opens_the_conversation() -> None:
    one = Unreached()
    one.say()
    work()

    account = one.claim(link_in_mail())
    follow(world.now())

    found = access.get_for(account, one.conversation.pk)
    assert found.unread == 1
    assert one.reached().state == Reach.HERE
    kinds = Event.objects.filter(conversation=one.conversation).order_by("number").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.UPLOADER_TOLD, EventKind.UPLOADER_REACHED]


def test_reading_is_seen_by_the_other_side() -> None:
    one = Unreached()
    one.say()
    work()
    account = one.claim(link_in_mail())

    actions.mark_read(conversation_id=one.conversation.pk, seq=1, by=account)

    assert one.reached().state == Reach.READ


def test_who_was_here_before_the_conversation_did_not_come_to_it() -> None:
    one = Unreached()
    early = world.now() - dt.timedelta(days=3)
    one.say()

    assert actions.welcome(subscriber_id=one.subscriber.pk, now=early) == 0
    assert actions.welcome(subscriber_id=one.subscriber.pk, now=world.now()) == 1


def test_the_rights_holder_reads_on_page_and_api_how_far_the_uploader_is_reached() -> None:
    one = Unreached()
    one.say()
    before = shown.reached(access.get_for(one.holder, one.conversation.pk))

    work()

    after = shown.reached(access.get_for(one.holder, one.conversation.pk))
    assert before == "The uploader is not here yet and is being called; messages wait for it."
    assert "was told of this conversation on" in after


def test_one_subscriber_is_called_once_a_day_however_many_write() -> None:
    one = Unreached()
    another = world.rights_holder(one.provider)
    second = one.talk(another)
    one.say()
    one.say(second, another)

    work()
    work(world.now() + dt.timedelta(hours=13))

    assert len(django_mail.outbox) == 1

    work(world.now() + dt.timedelta(days=1, hours=7))

    assert len(django_mail.outbox) == 2


def test_three_calls_are_the_end_of_it() -> None:
    one = Unreached()
    one.say()

    for week in range(6):
        work(world.now() + dt.timedelta(days=8 * week))

    assert len(django_mail.outbox) == 3
    assert [call.number for call in Call.objects.order_by("number")] == [1, 2, 3]


def test_who_came_is_not_called_again() -> None:
    one = Unreached()
    one.say()
    work()
    one.claim(link_in_mail())
    follow(world.now())

    work(world.now() + dt.timedelta(days=8))

    assert [sent.to for sent in django_mail.outbox].count([ADDRESS]) == 1


def test_a_mail_that_came_back_is_no_telling_and_the_provider_sees_what_failed() -> None:
    one = Unreached()
    one.say()
    work()
    handler = handler_of(one.provider)

    OutgoingMail.objects.filter(template="messaging/mail/called").update(
        state=MailState.BOUNCED, bounced_at=world.now(), bounce_kind=BounceKind.HARD
    )
    tasks.call_uploaders(world.now())

    assert one.reached().state == Reach.NOT_YET
    [call] = access.failed_ones(access.unreached_for(handler))
    assert shown.ways(call) == {"mail": "bounced", "service": "none"}
    assert [str(task.title) for task in access.waiting_for(handler, world.now())] == [
        "Uploaders who could not be told of a message"
    ]


def test_the_service_is_told_with_a_link_that_works_once() -> None:
    one = Unreached(email="", webhook=True)
    one.say()

    work()

    delivery = Delivery.objects.get(event=EVENT)
    told = json.loads(outbox.body_of(delivery))
    assert told["data"]["external_id"] == one.subscriber.external_id
    account = one.claim(told["data"]["claim_url"])
    assert Subscriber.objects.get(pk=one.subscriber.pk).account == account


def test_the_link_lies_nowhere_in_clear_and_is_forgotten_once_delivered() -> None:
    one = Unreached(webhook=True)
    one.say()
    work()
    delivery = Delivery.objects.get(event=EVENT)
    link = json.loads(outbox.body_of(delivery))["data"]["claim_url"]
    secret = link.rstrip("/").rpartition("/")[2]

    rows = [*Delivery.objects.values(), *Call.objects.values(), *Entry.objects.values()]
    delivery.attempts, delivery.state = 1, DeliveryState.WAITING
    delivery.save()
    sending.note(delivery, status=200, error="", now=world.now())

    assert secret not in repr(rows)
    assert Delivery.objects.get(pk=delivery.pk).secret_sealed == ""
    assert Call.objects.get(number=1).secret_sealed == ""


def test_a_service_that_took_the_news_has_told_the_uploader() -> None:
    one = Unreached(email="", webhook=True)
    one.say()
    work()
    before = one.reached().state

    Delivery.objects.filter(event=EVENT).update(
        state=DeliveryState.DELIVERED, delivered_at=world.now(), secret_sealed=""
    )
    tasks.call_uploaders(world.now())

    assert (before, one.reached().state) == (Reach.NOT_YET, Reach.TOLD)


def test_nothing_that_the_others_read_says_by_which_way_or_what_failed() -> None:
    one = Unreached()
    one.say()
    work()

    facts = [entry.facts for entry in Entry.objects.filter(act=EVENT)]
    events = [event.data for event in Event.objects.all()]

    assert events == [{}]
    assert ADDRESS not in repr(facts)


def test_a_handler_calls_once_more_the_next_day() -> None:
    one = Unreached()
    one.say()
    work()
    handler = handler_of(one.provider)

    with pytest.raises(Conflict) as early:
        actions.call_again(conversation_id=one.conversation.pk, by=handler, now=world.now())
    actions.call_again(conversation_id=one.conversation.pk, by=handler, now=world.now() + dt.timedelta(days=1, hours=1))

    assert early.value.state == "early"
    assert [entry.actor for entry in Entry.objects.filter(act=EVENT).order_by("at")] == [
        "system", handler.ledger_reference,
    ]  # fmt: skip


def test_a_call_is_offered_again_once_it_can_be_made() -> None:
    one = Unreached()
    one.say()
    work()
    desk = Browser()
    desk.force_login(handler_of(one.provider))

    early = desk.get("/desk/unreached/").content.decode()
    Call.objects.filter(called_at__isnull=False).update(called_at=world.now() - dt.timedelta(days=2))
    later = desk.get("/desk/unreached/").content.decode()

    assert ("tomorrow at the earliest" in early, "Call again" in early) == (True, False)
    assert ("tomorrow at the earliest" in later, "Call again" in later) == (False, True)


def test_only_handlers_of_the_provider_see_and_call() -> None:
    one = Unreached()
    one.say()
    work()
    elsewhere = handler_of(world.provider())

    assert list(access.unreached_for(elsewhere)) == []
    with pytest.raises(NotFound):
        actions.call_again(conversation_id=one.conversation.pk, by=elsewhere, now=world.now())
    with pytest.raises(Denied):
        access.unreached_for(one.holder)


def test_the_providers_page_and_api_show_the_calls_and_nothing_that_was_said(client: Any) -> None:
    one = Unreached()
    one.say()
    work()
    handler = handler_of(one.provider)
    client.force_login(handler, backend=settings.AUTHENTICATION_BACKENDS[0])

    page, told = client.get("/desk/unreached/"), client.get("/api/v1/unreached-uploaders").json()

    assert one.subscriber.external_id in page.content.decode()
    assert "Please take it down" not in page.content.decode() + json.dumps(told)
    assert [(row["subscriber"], row["mail"], row["service"]) for row in told["results"]] == [
        (one.subscriber.external_id, "sent", "none")
    ]


def test_the_button_of_the_page_calls_again(client: Any) -> None:
    one = Unreached()
    one.say()
    client.force_login(handler_of(one.provider), backend=settings.AUTHENTICATION_BACKENDS[0])

    answer = client.post(f"/desk/unreached/{one.conversation.pk}/", follow=True)

    assert "said-success" in answer.content.decode()
    assert Call.objects.filter(called_at__isnull=False).count() == 1


def test_a_call_too_early_is_shown_as_a_refusal_and_never_as_done(client: Any) -> None:
    one = Unreached()
    one.say()
    work()
    client.force_login(handler_of(one.provider), backend=settings.AUTHENTICATION_BACKENDS[0])

    answer = client.post(f"/desk/unreached/{one.conversation.pk}/", follow=True)

    assert answer.status_code == 409
    assert "within the last day" in answer.content.decode()
    assert "said-success" not in answer.content.decode()


BROKEN: dict[str, dict[str, Any]] = {
    "call_number_once": {},
    "call_number_counts_from_one": {"number": 0},
    "call_made_has_link": {"number": 2, "called_at": world.NOW},
    "call_told_was_made": {"number": 2, "told_at": world.NOW},
    "call_ways_known_together": {"number": 2, "by_mail": True},
}


@pytest.mark.parametrize("name", BROKEN)
def test_calls_that_cannot_be(name: str) -> None:
    one = Unreached()
    given = {"conversation": one.conversation, "subscriber": one.subscriber, "number": 1, "due_at": world.NOW}
    Call.objects.create(**given)

    assert broken(lambda: Call.objects.create(**given | BROKEN[name])) == name


def test_a_delivered_webhook_keeps_no_secret() -> None:
    one = Unreached(webhook=True)
    one.say()
    work()

    with pytest.raises(IntegrityError, match="delivery_delivered_keeps_no_secret"), transaction.atomic():
        Delivery.objects.filter(event=EVENT).update(state=DeliveryState.DELIVERED, delivered_at=world.now())


def test_whoever_came_by_the_link_finds_the_conversation_beside_the_content(client: Any) -> None:
    one = Unreached()
    one.say()
    work()
    client.force_login(one.claim(link_in_mail()), backend=settings.AUTHENTICATION_BACKENDS[0])

    page = client.get("/my-content/").content.decode()

    assert f'<a href="/conversations/{one.conversation.pk}/">Unread: 1</a>' in page
