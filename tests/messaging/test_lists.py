"""The list of conversations: a page is read by an index from its first row on, however many there are."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.models import Subscriber
from messaging import access, actions
from tests.messaging import world

pytestmark = pytest.mark.django_db


def another(pair: world.Pair) -> Any:
    """Give the pair one more conversation."""
    return actions.open_conversation(
        provider=pair.provider, subject=f"content:{world.content(pair.subscriber).pk}", by=pair.rights_holder,
        subscriber=pair.subscriber, now=world.now(),
    )  # fmt: skip


def plans_of(asked: CaptureQueriesContext, table: str) -> list[str]:
    """Return the plans of those statements that read the table first, as PostgreSQL would make them among many rows."""
    plans = []
    with connection.cursor() as cursor:
        # Among so few rows it is as quick to read and sort them all; among many it is not.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        for statement in [one["sql"] for one in asked if f'FROM "{table}"' in one["sql"]]:
            cursor.execute(f"EXPLAIN {statement}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans


@pytest.mark.parametrize("who", ["rights_holder", "uploader"])
def test_no_page_sorts_or_reads_more_than_its_rows(who: str) -> None:
    pair = world.pair()
    for _ in range(4):
        another(pair)
    reader = getattr(pair, who)
    _rows, after, _before = access.page_for(reader, None, 2)

    with CaptureQueriesContext(connection) as asked:
        access.page_for(reader, None, 2)
        access.page_for(reader, after, 2)

    index = {"rights_holder": "party_of_account", "uploader": "party_of_subscriber"}[who]
    paged = [plan for plan in plans_of(asked, "messaging_party") if f"Backward using {index}" in plan]
    assert len(paged) == 2
    assert not [plan for plan in paged if "Sort" in plan or "Seq Scan on messaging" in plan]


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


# An uploader who has a third of all conversations, among subscribers who have a few each: so many PostgreSQL takes there
# to be of one that it does not know.
MANY = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS id,
    CASE n %% 3 WHEN 0 THEN %(mine)s ELSE (%(others)s::uuid[])[1 + n %% 300] END AS subscriber
FROM generate_series(1, 6000) AS n;
INSERT INTO messaging_conversation (id, provider_id, subject, title, rights_holder_id, state, last_seq, last_event,
    covered_seq, is_covered, salt, created_at)
SELECT id, %(provider)s, 'content:' || id, 'A film', %(holder)s, 'open', 1, 0, 1, true, '\\x00', now() FROM made;
INSERT INTO messaging_party (id, conversation_id, side, subscriber_id, pseudonym, read_seq, delivered_seq, told_seq,
    joined_at)
SELECT gen_random_uuid(), id, 'uploader', subscriber, 'uploader-1', 0, 0, 0, now() FROM made;
INSERT INTO messaging_message (id, conversation_id, seq, sender_id, client_id, body, digest, sent_at)
SELECT gen_random_uuid(), id, 1, gen_random_uuid(), gen_random_uuid(), 'Hello', '\\x00', now() FROM made;
ANALYZE messaging_party; ANALYZE messaging_conversation; ANALYZE hosting_subscriber;
"""


def test_the_number_of_what_is_unread_reads_the_newest_places_in_their_order_however_many_there_are() -> None:
    pair = world.pair()
    others = Subscriber.objects.bulk_create(
        Subscriber(
            provider=pair.provider, external_id=f"other-{n}", pseudonym=f"other-{n}",
            data_key_id=pair.subscriber.data_key_id, registered_at=world.NOW,
        )
        for n in range(300)
    )  # fmt: skip
    given = {"provider": pair.provider.pk, "holder": pair.rights_holder.pk, "mine": pair.subscriber.pk}
    with connection.cursor() as cursor:
        cursor.execute(MANY, given | {"others": [one.pk for one in others]})

    with CaptureQueriesContext(connection) as asked:
        assert access.unread_of(pair.uploader) == 100

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + next(one["sql"] for one in asked if "messaging_party" in one["sql"]))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Backward using party_of_subscriber" in plan
    assert "->  Sort" not in plan
    assert "Seq Scan on messaging" not in plan
