"""Opening, posting, marking, covering: the rows, the refusals and the ledger's entries."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core.actors import SYSTEM
from core.errors import Conflict, Denied, Invalid, NotFound
from ledger.models import Entry
from messaging import access, actions, rules, steps, tasks
from messaging.models import Conversation, Message, Party
from messaging.storing import Draft
from tests.messaging import world

pytestmark = pytest.mark.django_db


def post(pair: world.Pair, body: str = "Hello", by: object = None, client_id: str = "") -> Draft:
    return actions.post_message(
        conversation_id=pair.conversation.pk, client_id=client_id or str(uuid.uuid4()), body=body, attachments=[],
        by=by or pair.rights_holder, now=world.now(),
    )  # fmt: skip


def test_opening_makes_two_parties_and_one_entry() -> None:
    pair = world.pair()

    sides = set(Party.objects.filter(conversation=pair.conversation).values_list("side", "account", "subscriber"))
    assert sides == {("rights_holder", pair.rights_holder.pk, None), ("uploader", None, pair.subscriber.pk)}
    entry = Entry.objects.get(subject=pair.conversation.ledger_reference)
    assert (entry.act, entry.provider) == ("conversation.opened", pair.provider.code)


def test_opening_again_gives_the_same_conversation_and_no_second_entry() -> None:
    pair = world.pair()

    again = actions.open_conversation(
        provider=pair.provider, subject=pair.conversation.subject, by=pair.rights_holder,
        subscriber=pair.subscriber, now=world.now(),
    )  # fmt: skip

    assert again.pk == pair.conversation.pk
    assert Entry.objects.filter(subject=pair.conversation.ledger_reference).count() == 1


def test_only_a_verified_rights_holder_opens() -> None:
    pair = world.pair()
    stranger = world.account()

    with pytest.raises(Denied):
        actions.open_conversation(
            provider=pair.provider, subject=pair.conversation.subject, by=stranger, subscriber=pair.subscriber,
            now=world.now(),
        )  # fmt: skip
    assert Conversation.objects.count() == 1


def test_nobody_talks_to_themselves() -> None:
    at = world.provider()
    holder = world.rights_holder(at)
    own = world.subscriber(at, holder)

    with pytest.raises(Invalid):
        actions.open_conversation(provider=at, subject="content:own", by=holder, subscriber=own, now=world.now())


def test_messages_are_numbered_from_one_without_gaps() -> None:
    pair = world.pair()

    numbers = [post(pair, f"{n}", by).seq for n, by in enumerate([pair.rights_holder, pair.uploader] * 3)]

    assert numbers == [1, 2, 3, 4, 5, 6]
    pair.conversation.refresh_from_db()
    assert (pair.conversation.last_seq, pair.conversation.is_covered) == (6, False)


def test_the_same_client_id_with_the_same_body_is_the_same_message() -> None:
    pair, client_id = world.pair(), str(uuid.uuid4())

    first, second = post(pair, "Once", client_id=client_id), post(pair, "Once", client_id=client_id)

    assert (first.id, first.seq, first.sent_at) == (second.id, second.seq, second.sent_at)
    assert Message.objects.count() == 1


def test_the_same_client_id_with_another_body_is_a_conflict() -> None:
    pair, client_id = world.pair(), str(uuid.uuid4())
    post(pair, "Once", client_id=client_id)

    with pytest.raises(Conflict):
        post(pair, "Twice", client_id=client_id)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("body", "refused"), [("Hello", None), ("Something else", Conflict)])
def test_the_same_client_id_at_the_same_moment_is_one_message(body: str, refused: type[Exception] | None) -> None:
    pair, client_id = world.pair(), str(uuid.uuid4())

    def again() -> Draft:
        try:
            return post(pair, body, client_id=client_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first = post(pair, client_id=client_id)
            second = other.submit(again)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)  # it waits for the first
        problem = second.exception(timeout=10)

    assert type(problem) is (refused or type(None))
    if refused is None:
        assert (second.result().seq, second.result().sent_at) == (first.seq, first.sent_at)
    assert Message.objects.count() == 1


def test_two_senders_may_use_one_client_id() -> None:
    pair, client_id = world.pair(), str(uuid.uuid4())

    assert post(pair, client_id=client_id).seq == 1
    assert post(pair, by=pair.uploader, client_id=client_id).seq == 2


def test_a_stranger_is_told_the_conversation_does_not_exist() -> None:
    pair, other = world.pair(), world.pair()

    with pytest.raises(NotFound):
        post(pair, by=other.rights_holder)
    with pytest.raises(NotFound):
        access.get_for(other.uploader, pair.conversation.pk)
    assert access.visible_to(other.uploader, conversation=pair.conversation) == []


def test_an_uploader_who_claims_the_subscriber_later_finds_the_conversation() -> None:
    at = world.provider()
    holder, unclaimed, newcomer = world.rights_holder(at), world.subscriber(at), world.account()
    conversation = actions.open_conversation(
        provider=at, subject="content:x", by=holder, subscriber=unclaimed, now=world.now()
    )
    assert access.page_for(newcomer, None, 50)[0] == []

    unclaimed.account, unclaimed.claimed_at = newcomer, world.now()
    unclaimed.save()

    assert access.get_for(newcomer, conversation.pk).pk == conversation.pk


def test_a_closed_conversation_is_readable_and_not_writable() -> None:
    pair = world.pair()
    post(pair)

    assert steps.close(pair.conversation.subject, world.now()) == 1

    with pytest.raises(Conflict) as refusal:
        post(pair)
    assert refusal.value.state == "closed"
    assert access.get_for(pair.uploader, pair.conversation.pk).last_seq == 1


@pytest.mark.parametrize("body", ["", "  \n ", "a\x00b", "\ud800", "x" * 8_001])
def test_bodies_that_are_refused(body: str) -> None:
    pair = world.pair()

    with pytest.raises(Invalid):
        post(pair, body)


def test_a_body_of_the_longest_length_is_taken() -> None:
    assert post(world.pair(), "語" * 8_000).seq == 1


def test_unread_counts_what_others_wrote_since_the_mark() -> None:
    pair = world.pair()
    for n in range(3):
        post(pair, f"{n}")
    post(pair, "answer", by=pair.uploader)

    assert access.get_for(pair.uploader, pair.conversation.pk).unread == 3
    assert actions.mark_read(conversation_id=pair.conversation.pk, seq=2, by=pair.uploader) == 2
    assert access.get_for(pair.uploader, pair.conversation.pk).unread == 1
    [waiting] = access.waiting_for(pair.uploader, world.now())
    assert waiting.url.endswith(f"/conversations/{pair.conversation.pk}/")


def test_a_read_mark_goes_neither_back_nor_past_the_end() -> None:
    pair = world.pair()
    post(pair)
    post(pair)

    assert actions.mark_read(conversation_id=pair.conversation.pk, seq=99, by=pair.uploader) == 2
    assert actions.mark_read(conversation_id=pair.conversation.pk, seq=1, by=pair.uploader) == 2


def test_what_moved_is_covered_by_one_entry_with_its_digest() -> None:
    pair = world.pair()
    for n in range(3):
        post(pair, f"{n}")

    assert tasks.cover_messages(world.now()) == 1
    assert tasks.cover_messages(world.now()) == 0

    entry = Entry.objects.get(act="conversation.covered")
    pair.conversation.refresh_from_db()
    said = [rules.Said(m.seq, m.pk, m.sender_id, m.sent_at, bytes(m.digest)) for m in Message.objects.order_by("seq")]
    digest = rules.coverage_digest(bytes(pair.conversation.salt), said)
    assert entry.facts == {"first": 1, "last": 3, "sha256": digest}
    assert (pair.conversation.covered_seq, pair.conversation.is_covered) == (3, True)


def test_what_is_covered_meanwhile_is_not_covered_twice() -> None:
    pair = world.pair()
    post(pair)
    [stale] = access.uncovered()
    tasks.cover_messages(world.now())

    with pytest.raises(Conflict):
        actions.cover(conversation=stale, by=SYSTEM, now=world.now())
    assert Entry.objects.filter(act="conversation.covered").count() == 1


def test_messages_after_an_entry_get_the_next_one() -> None:
    pair = world.pair()
    post(pair)
    tasks.cover_messages(world.now())
    post(pair)
    tasks.cover_messages(world.now())

    found = Entry.objects.filter(act="conversation.covered").order_by("id")
    assert [(e.facts["first"], e.facts["last"]) for e in found] == [(1, 1), (2, 2)]


def test_a_rights_holder_whose_role_ended_has_no_conversations_any_more() -> None:
    pair = world.pair()
    pair.rights_holder.memberships.update(ended_at=world.now())

    assert access.page_for(pair.rights_holder, None, 50)[0] == []


def test_no_party_is_shown_by_name() -> None:
    pair = world.pair()

    shown = {party.display for party in Party.objects.filter(conversation=pair.conversation)}

    assert shown == {"Rights holder", pair.subscriber.pseudonym}
