"""The list of conversations: a page is read by an index from its first row on, however many there are."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from hosting.models import Subscriber
from messaging import access, actions
from messaging.models import Message
from tests.messaging import world

pytestmark = pytest.mark.django_db


def another(pair: world.Pair) -> Any:
    """Give the pair one more conversation."""
    return actions.open_conversation(
        provider=pair.provider, subject=f"content:{world.content(pair.subscriber).pk}", by=pair.rights_holder,
        subscriber=pair.subscriber, now=world.now(),
    )  # fmt: skip


def test_every_conversation_stands_on_one_page_there_and_back() -> None:
    pair = world.pair()
    made = [pair.conversation, *(another(pair) for _ in range(4))]
    newest_first = [one.pk for one in made[::-1]]

    first, after, none = access.page_for(pair.uploader, None, 2)
    second, onward, before = access.page_for(pair.uploader, after, 2)
    third, end, _ = access.page_for(pair.uploader, onward, 2)
    back = access.page_for(pair.uploader, before, 2)[0]

    assert [one.pk for one in (*first, *second, *third)] == newest_first
    assert (none, end, [one.pk for one in back]) == (None, None, newest_first[:2])


def test_what_one_claimed_at_several_providers_stands_in_one_order_and_is_counted_together() -> None:
    pair = world.pair()
    at = world.provider()
    elsewhere = actions.open_conversation(
        provider=at, subject=f"content:{uuid4()}", by=pair.rights_holder,
        subscriber=world.subscriber(at, pair.uploader), now=world.now(),
    )  # fmt: skip
    newest = another(pair)

    for one in (pair.conversation, elsewhere):
        actions.post_message(
            conversation_id=one.pk, client_id=str(uuid4()), body="Hello", attachments=[], by=pair.rights_holder,
            now=world.now(),
        )  # fmt: skip

    found = access.page_for(pair.uploader, None, 50)[0]
    assert [one.pk for one in found] == [newest.pk, elsewhere.pk, pair.conversation.pk]
    assert [one.unread for one in found] == [0, 1, 1]
    assert access.unread_of(pair.uploader) == 2


# Six thousand conversations, every third or thirtieth of them one pair's, the others of people who have a few each. What
# PostgreSQL knows of the tables is then the same whatever ran before.
MANY = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS id,
    CASE n %% %(every)s WHEN 0 THEN %(holder)s ELSE (%(holders)s::uuid[])[1 + n %% 30] END AS holder,
    CASE n %% %(every)s WHEN 0 THEN %(mine)s ELSE (%(others)s::uuid[])[1 + n %% 300] END AS subscriber
FROM generate_series(1, 6000) AS n;
INSERT INTO messaging_conversation (id, provider_id, subject, title, rights_holder_id, state, last_seq, last_event,
    covered_seq, is_covered, salt, created_at)
SELECT id, %(provider)s, 'content:' || id, 'A film', holder, 'open', 1, 0, 1, true, '\\x00', now() FROM made;
INSERT INTO messaging_party (id, conversation_id, side, account_id, subscriber_id, pseudonym, read_seq, delivered_seq,
    told_seq, joined_at)
SELECT gen_random_uuid(), id, 'rights_holder', holder, NULL::uuid, 'rights-holder-1', 0, 0, 0, now() FROM made
UNION ALL SELECT gen_random_uuid(), id, 'uploader', NULL, subscriber, 'uploader-1', 0, 0, 0, now() FROM made;
INSERT INTO messaging_message (id, conversation_id, seq, sender_id, client_id, body, digest, sent_at)
SELECT gen_random_uuid(), id, 1, gen_random_uuid(), gen_random_uuid(), 'Hello', '\\x00', now() FROM made;
ANALYZE messaging_party; ANALYZE messaging_conversation; ANALYZE messaging_message; ANALYZE hosting_subscriber;
"""

# What a plan says where it reads or sorts all conversations, or all places or messages in them.
AS_MANY_AS_THERE_ARE = re.compile(
    r"Seq Scan on messaging_(party|conversation|message)\b|Sort  \(.*\n +Sort Key: \w+\.conversation_id"
)


def with_many(every: int) -> world.Pair:
    """Return a pair that has one in so many of six thousand conversations."""
    pair = world.pair()
    others = Subscriber.objects.bulk_create(
        Subscriber(
            provider=pair.provider, external_id=f"other-{n}", pseudonym=f"other-{n}",
            data_key_id=pair.subscriber.data_key_id, registered_at=world.NOW,
        )
        for n in range(300)
    )  # fmt: skip
    holders = [world.account("rights-holder").pk for _ in range(30)]
    given = {
        "provider": pair.provider.pk, "holder": pair.rights_holder.pk, "holders": holders,
        "mine": pair.subscriber.pk, "others": [one.pk for one in others], "every": every,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MANY, given)
    return pair


def plans_of(asked: CaptureQueriesContext) -> list[str]:
    """Return the plans of those statements that read places in their order."""
    with connection.cursor() as cursor:
        plans = []
        for statement in [one["sql"] for one in asked if "messaging_party" in one["sql"] and "LIMIT" in one["sql"]]:
            cursor.execute(f"EXPLAIN {statement}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans


@pytest.mark.parametrize(("who", "index"), [("rights_holder", "party_of_account"), ("uploader", "party_of_subscriber")])
def test_no_page_sorts_or_reads_more_than_its_rows(who: str, index: str) -> None:
    reader = getattr(with_many(every=30), who)
    _rows, after, _before = access.page_for(reader, None, 20)

    with CaptureQueriesContext(connection) as asked:
        access.page_for(reader, None, 20)
        access.page_for(reader, after, 20)

    paged = [plan for plan in plans_of(asked) if f"Backward using {index}" in plan]
    assert len(paged) == 2
    assert not [plan for plan in paged if AS_MANY_AS_THERE_ARE.search(plan)]


def test_the_number_of_what_is_unread_reads_the_newest_places_in_their_order_however_many_there_are() -> None:
    pair = with_many(every=3)  # So many PostgreSQL takes there to be of one that it does not know.

    with CaptureQueriesContext(connection) as asked:
        assert access.unread_of(pair.uploader) == 100

    (plan,) = plans_of(asked)
    assert "Backward using party_of_subscriber" in plan
    assert not AS_MANY_AS_THERE_ARE.search(plan)


def test_the_list_begins_with_what_is_unread_the_newest_first_and_shows_each_once() -> None:
    pair = world.pair()
    talks = [pair.conversation]
    for number in range(2):
        item = world.content(pair.subscriber)
        talks.append(
            actions.open_conversation(
                provider=pair.provider,
                subject=f"content:{item.pk}",
                by=pair.rights_holder,
                subscriber=pair.subscriber,
                title=f"Film {number}",
                now=world.now(),
            )
        )
    oldest, middle, newest = talks
    for one in (middle, oldest):
        actions.post_message(
            conversation_id=one.pk, client_id=str(uuid4()), body="Hello", attachments=[], by=pair.rights_holder,
            now=world.now(),
        )  # fmt: skip
        Message.objects.filter(conversation=one.pk).update(sent_at=world.now())
    reader = Browser()
    reader.force_login(pair.uploader)

    page = reader.get("/conversations/").content.decode()

    assert re.findall(r'href="/conversations/([0-9a-f-]{36})/"', page) == [
        str(one.pk) for one in (oldest, middle, newest)
    ]


def test_a_handler_finds_its_desks_beside_the_conversations_that_it_joined() -> None:
    pair = world.pair()
    reader = Browser()
    for account, is_handler in ((world.handler_of(pair.provider), True), (pair.uploader, False)):
        reader.force_login(account)
        page = reader.get("/conversations/").content.decode()
        assert ('href="/desk/reports/"' in page) == is_handler
        assert not is_handler or 'href="/conversations/"' in reader.get("/home/").content.decode()
