"""What happens in a conversation besides messages is unread until it is seen, and told to who is away, as messages are."""

import datetime as dt
import importlib
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.urls import reverse

from ledger.models import Entry
from messaging import access, actions, happenings, rules
from messaging.followers.away import ACTS, plan, plan_push
from messaging.models import Conversation, Event, Party, Proposal, PushNotice, Undertaking
from messaging.rules import EventKind, ProposalKind, Reach
from tests.messaging import world
from tests.messaging.test_away import MINUTE, tell
from tests.messaging.test_models import broken
from tests.messaging.test_proposals import TERMS, propose
from tests.messaging.test_pushing import Tab, push_now, service  # noqa: F401 - a fixture
from tests.messaging.test_reaching import Unreached, link_in_mail, work
from verification.models import Account

pytestmark = pytest.mark.django_db


def follow_up(pair: world.Pair) -> None:
    """Let what follows from the recorded acts of the conversation follow, as the worker does."""
    for entry in Entry.objects.filter(subject=pair.conversation.ledger_reference, act__in=ACTS).order_by("pk"):
        plan(entry)
        plan_push(entry)


def unread(pair: world.Pair, account: Account) -> int:
    """Return the account's number of unread, which is the same on every page, in the list and for programs."""
    whole = access.unread_of(account)
    assert access.get_for(account, pair.conversation.pk).unread == whole
    assert access.page_for(account, None, 10)[0][0].unread == whole
    return whole


def expire(proposal: Proposal) -> None:
    actions.expire_proposal(proposal_id=proposal.pk, now=proposal.expires_at)


def accept(proposal: Proposal, by: Account) -> None:
    actions.accept(proposal_id=proposal.pk, by=by, now=world.now())


def test_a_proposal_is_unread_to_the_other_side_until_it_has_seen_it() -> None:
    pair = world.pair()
    propose(pair)

    assert (unread(pair, pair.uploader), unread(pair, pair.rights_holder)) == (1, 0)
    browser = Client()
    browser.force_login(pair.uploader)
    assert "1 unread" in browser.get(reverse("messaging:list")).content.decode()

    browser.get(reverse("messaging:conversation", args=[pair.conversation.pk]))

    assert unread(pair, pair.uploader) == 0


def test_looking_for_something_or_at_earlier_messages_is_not_seeing_it() -> None:
    pair = world.pair()
    propose(pair)
    browser = Client()
    browser.force_login(pair.uploader)
    place = reverse("messaging:conversation", args=[pair.conversation.pk])

    browser.get(place, {"q": "Film"})
    browser.get(place, {"before": 1})

    assert unread(pair, pair.uploader) == 1


def test_a_proposal_alone_is_told_to_who_is_away_by_mail_and_by_push(service: Any) -> None:  # noqa: F811
    pair, tab = world.pair(), Tab(service)
    tab.subscribe(pair.uploader)
    propose(pair)
    follow_up(pair)

    assert push_now() == 1
    [(_path, _headers, body)] = service.taken
    assert tab.opened(body)["title"] == "There is news for you in a conversation"
    assert tell(4 * MINUTE) == []
    [written] = tell(6 * MINUTE)
    assert written.to == [pair.uploader.email]
    assert written.subject == f"There is news for you at {site.PORTAL_NAME}"
    assert "  A proposal was made\n" in written.body
    assert reverse("messaging:conversation", args=[pair.conversation.pk]) in written.body
    assert "Film by the studio" not in written.body


def test_who_proposed_is_told_what_became_of_it() -> None:
    pair = world.pair()
    one, other = propose(pair), propose(pair, ProposalKind.DISPUTE)
    accept(one, pair.uploader)
    actions.decline(proposal_id=other.pk, by=pair.uploader, now=world.now())
    follow_up(pair)

    told = {written.to[0]: written.body for written in tell(6 * MINUTE)}

    assert list(told) == [pair.rights_holder.email]
    assert "  A proposal was accepted\n" in told[pair.rights_holder.email]
    assert "  A proposal was declined\n" in told[pair.rights_holder.email]


def test_each_happening_is_told_once_and_reading_keeps_the_mail_away() -> None:
    pair = world.pair()
    propose(pair)
    follow_up(pair)
    tell(6 * MINUTE)

    assert tell(6 * MINUTE) == []

    propose(pair)
    follow_up(pair)
    actions.mark_read(conversation_id=pair.conversation.pk, seq=0, event=2, by=pair.uploader)
    assert tell(10 * 60 * MINUTE) == []


def test_what_was_withdrawn_before_the_mail_is_told_no_more() -> None:
    pair = world.pair()
    one = propose(pair)
    follow_up(pair)
    actions.withdraw_proposal(proposal_id=one.pk, by=pair.rights_holder, now=world.now())

    assert tell(6 * MINUTE) == []


def test_that_a_proposal_lapsed_is_news_to_both() -> None:
    pair = world.pair()
    one = propose(pair)
    actions.mark_read(conversation_id=pair.conversation.pk, seq=0, by=pair.uploader)
    expire(one)

    assert (unread(pair, pair.uploader), unread(pair, pair.rights_holder)) == (1, 1)


def test_a_muted_conversation_tells_nothing_of_proposals(service: Any) -> None:  # noqa: F811
    pair = world.pair()
    Tab(service).subscribe(pair.uploader)
    actions.mute(conversation_id=pair.conversation.pk, is_muted=True, by=pair.uploader, now=world.now())
    propose(pair)
    follow_up(pair)

    assert (access.unread_of(pair.uploader), tell(6 * MINUTE), push_now()) == (0, [], 0)


def test_a_push_of_what_was_seen_meanwhile_is_not_sent(service: Any) -> None:  # noqa: F811
    pair = world.pair()
    Tab(service).subscribe(pair.uploader)
    propose(pair)
    follow_up(pair)
    actions.mark_read(conversation_id=pair.conversation.pk, seq=0, by=pair.uploader)

    assert push_now() == 0
    assert not PushNotice.objects.filter(due_at__isnull=False).exists()


def test_what_happens_while_a_push_is_under_way_is_told_later(service: Any) -> None:  # noqa: F811
    pair = world.pair()
    Tab(service).subscribe(pair.uploader)
    propose(pair)
    follow_up(pair)
    now = world.now()
    [notice] = actions.claim_pushes(room=1, now=now)
    propose(pair)

    actions.note_push(notice=notice, status=201, now=now)

    assert PushNotice.objects.get().due_at == now + rules.PUSHED_AGAIN_AFTER


# Each act behind a happening that is news: done by one side, so that the other hears of it.
DONE: dict[str, Callable[[world.Pair], Any]] = {
    "proposal.made": propose,
    "proposal.accepted": lambda pair: accept(propose(pair), pair.uploader),
    "proposal.declined": lambda pair: actions.decline(proposal_id=propose(pair).pk, by=pair.uploader, now=world.now()),
    "proposal.countered": lambda pair: actions.counter(
        proposal_id=propose(pair).pk, terms=TERMS[ProposalKind.DISPUTE], by=pair.uploader, now=world.now()
    ),
    "proposal.expired": lambda pair: expire(propose(pair)),
    "removal.announced": lambda pair: actions.remove_now(
        conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now()
    ),
    "undertaking.done": lambda pair: actions.report_done(
        undertaking_id=actions.remove_now(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now()).pk,
        by=pair.rights_holder,
        now=world.now(),
    ),
}


@pytest.mark.parametrize("act", DONE)
def test_each_act_of_the_kind_is_followed_and_numbered_as_news(act: str) -> None:
    pair = world.pair()

    DONE[act](pair)

    assert Entry.objects.filter(subject=pair.conversation.ledger_reference, act=act).exists()
    assert act in ACTS
    newest = Event.objects.filter(conversation=pair.conversation, kind__in=rules.NEWS).order_by("-number")[0]
    assert Conversation.objects.get(pk=pair.conversation.pk).last_news == newest.number


def test_the_acts_followed_are_those_tried_here_and_the_covering_of_messages() -> None:
    assert set(ACTS) == {*DONE, "conversation.covered"}


def test_an_edit_is_no_news() -> None:
    pair = world.pair()
    propose(pair)
    conversation = Conversation.objects.get(pk=pair.conversation.pk)
    happenings.note(conversation, EventKind.MESSAGE_EDITED, by=None, now=world.now())

    assert (conversation.last_event, conversation.last_news) == (2, 1)


def test_a_program_that_knows_messages_only_has_seen_what_happened_with_the_last_one() -> None:
    pair = world.pair()
    actions.post_message(
        conversation_id=pair.conversation.pk, client_id="00000000-0000-4000-8000-000000000001", body="Hello",
        attachments=[], by=pair.rights_holder, now=world.now(),
    )  # fmt: skip
    propose(pair)

    actions.mark_read(conversation_id=pair.conversation.pk, seq=0, by=pair.uploader)
    before = unread(pair, pair.uploader)
    actions.mark_read(conversation_id=pair.conversation.pk, seq=1, by=pair.uploader)

    assert (before, unread(pair, pair.uploader)) == (2, 0)


def test_a_program_names_how_far_it_has_seen_what_happened() -> None:
    pair = world.pair()
    propose(pair)
    propose(pair)
    browser = Client()
    browser.force_login(pair.uploader)
    address = reverse("messaging-api:read", args=[pair.conversation.pk])

    def read(event: Any) -> int:
        answer = browser.post(address, {"seq": 0, "event": event}, content_type="application/json")
        return answer.status_code

    assert (read(1), unread(pair, pair.uploader)) == (200, 1)
    assert (read(0), unread(pair, pair.uploader)) == (200, 1)  # never back
    assert (read(-1), read("two"), unread(pair, pair.uploader)) == (400, 400, 1)
    assert (read(99), unread(pair, pair.uploader)) == (200, 0)
    propose(pair)
    assert unread(pair, pair.uploader) == 1  # a mark beyond the end marked nothing of what came later


def test_who_answers_has_read_what_was_proposed_whatever_way_it_came() -> None:
    pair = world.pair()
    accept(propose(pair), pair.uploader)

    assert unread(pair, pair.uploader) == 0
    assert access.reached(access.get_for(pair.rights_holder, pair.conversation.pk)).state == Reach.READ


def test_an_uploader_who_saw_a_proposal_has_read() -> None:
    one = Unreached()
    actions.propose(
        conversation_id=one.conversation.pk, terms=TERMS[ProposalKind.CREDIT], by=one.holder, now=world.now()
    )
    work()
    account = one.claim(link_in_mail())
    assert one.reached().state == Reach.HERE
    browser = Client()
    browser.force_login(account)

    browser.get(reverse("messaging:conversation", args=[one.conversation.pk]))

    assert one.reached().state == Reach.READ


def test_a_conversation_that_holds_a_proposal_alone_waits_beside_its_content() -> None:
    pair = world.pair()
    content = UUID(pair.conversation.subject.partition(":")[2])
    assert access.pending_at(pair.uploader, [content], world.now()) == {}
    propose(pair)

    [waiting] = access.pending_at(pair.uploader, [content], world.now())[content]

    assert waiting.title == "Unread: 1"


def test_rows_of_news() -> None:
    pair = world.pair()

    assert broken(lambda: Conversation.objects.filter(pk=pair.conversation.pk).update(last_news=1)) == (
        "conversation_news_in_range"
    )
    assert broken(lambda: Party.objects.update(read_news=-1)) == "party_news_in_range"
    assert broken(lambda: Party.objects.update(told_news=-1)) == "party_news_in_range"


def test_what_happened_before_is_told_to_nobody_and_is_unread_to_who_is_not_here_yet() -> None:
    pair, one = world.pair(), Unreached()
    propose(pair)
    actions.propose(
        conversation_id=one.conversation.pk, terms=TERMS[ProposalKind.CREDIT], by=one.holder, now=world.now()
    )
    Conversation.objects.update(last_news=0)
    migration = importlib.import_module("messaging.migrations.0014_news_besides_messages")

    with connection.cursor() as cursor:
        cursor.execute(migration.NEWS + migration.READ)

    assert unread(pair, pair.uploader) == 0
    follow_up(pair)
    assert tell(dt.timedelta(hours=1)) == []
    assert Party.objects.get(subscriber=one.subscriber).read_news == 0
    assert Conversation.objects.get(pk=one.conversation.pk).last_news == 1


def said(pair: world.Pair, count: int) -> None:
    for number in range(1, count + 1):
        actions.post_message(
            conversation_id=pair.conversation.pk, client_id=str(uuid4()), body=f"Number {number}", attachments=[],
            by=pair.rights_holder, now=world.now(),
        )  # fmt: skip


def test_all_that_is_new_stands_on_the_page_that_counts_it_as_read_and_where_it_begins() -> None:
    pair = world.pair()
    said(pair, 20)
    actions.mark_read(conversation_id=pair.conversation.pk, seq=15, by=pair.uploader)
    said(pair, 70)
    browser = Client()
    browser.force_login(pair.uploader)
    place = reverse("messaging:conversation", args=[pair.conversation.pk])

    page = browser.get(place).content.decode()

    assert 'id="message-16"' in page
    assert page.index('id="message-15"') < page.index('id="new"') < page.index('id="message-16"')
    assert unread(pair, pair.uploader) == 0
    again = browser.get(place).content.decode()
    assert 'id="new"' not in again
    assert 'id="message-40"' not in again


def test_what_is_undertaken_waits_at_home_until_it_is_done_and_is_news_when_it_is_not() -> None:
    pair = world.pair()
    accept(propose(pair, ProposalKind.REMOVE_BY), pair.uploader)
    undertaken = Undertaking.objects.get()

    [waiting] = access.waiting_for(pair.uploader, world.now())

    assert (waiting.title, waiting.due_at) == ("You undertook: Removal", undertaken.due_at)
    assert [one.title for one in access.waiting_for(pair.rights_holder, world.now())] == ["Unread: 1"]
    actions.mark_read(conversation_id=pair.conversation.pk, seq=0, by=pair.rights_holder)
    actions.miss_undertaking(undertaking_id=undertaken.pk, now=undertaken.due_at)
    assert (unread(pair, pair.rights_holder), unread(pair, pair.uploader)) == (1, 1)
    actions.report_done(undertaking_id=undertaken.pk, by=pair.rights_holder, now=undertaken.due_at)
    assert not [one for one in access.waiting_for(pair.uploader, world.now()) if one.due_at]
