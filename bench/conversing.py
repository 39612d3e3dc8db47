"""Fills the tables with many conversations by plain SQL: of whoever has many of them, and of all the others."""

from uuid import UUID

from django.db import connection

from bench.filling import BEGAN
from core import sealing
from hosting.models import Subscriber
from verification.models import Account

OTHERS = 2_000
ONE_IN = 20  # so many of all are the rights holder's who is measured; as many are the uploader's who is
STATEMENTS = (
    """
    CREATE TEMPORARY TABLE made AS
    SELECT n, bench_id(n, 1) AS id, bench_id(n, 2) AS mine, bench_id(n, 3) AS theirs,
        CASE n %% {one_in} WHEN 0 THEN %(holder)s ELSE (%(holders)s::uuid[])[1 + n %% {others}] END AS holder,
        CASE n %% {one_in} WHEN 1 THEN %(uploader)s ELSE (%(uploaders)s::uuid[])[1 + n %% {others}] END AS uploader,
        %(began)s + n * interval '1 minute' AS at
    FROM generate_series(%(first)s, %(last)s - 1) AS n
    """,
    """
    INSERT INTO messaging_conversation (id, provider_id, subject, title, rights_holder_id, state, last_seq, last_event,
        covered_seq, is_covered, salt, created_at)
    SELECT id, %(provider)s, 'content:' || bench_id(n, 4), 'A film', holder, 'open', 3, 0, 3, true, '\\x00', at FROM made
    """,
    """
    INSERT INTO messaging_party (id, conversation_id, side, account_id, subscriber_id, pseudonym, read_seq, delivered_seq,
        told_seq, joined_at)
    SELECT mine, id, 'rights_holder', holder, NULL::uuid, '', 3 - (n / {one_in}) %% 4, 3, 3, at FROM made
    UNION ALL
    SELECT theirs, id, 'uploader', NULL::uuid, uploader, 'uploader-1', 3 - (n / {one_in}) %% 4, 3, 3, at FROM made
    """,
    """
    INSERT INTO messaging_message (id, conversation_id, seq, sender_id, client_id, body, digest, sent_at)
    SELECT bench_id(n, 10 + seq), id, seq, CASE seq %% 2 WHEN 0 THEN mine ELSE theirs END, bench_id(n, 20 + seq),
        repeat('words ', 30), '\\x00', at
    FROM made CROSS JOIN generate_series(1, 3) AS seq
    """,
)
IDS = """
CREATE FUNCTION pg_temp.bench_id(n bigint, kind bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex({milliseconds} + n * 60000), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
        || '8000' || lpad(to_hex(n), 12, '0'))::uuid
$$
"""


def fill(first: int, last: int, accounts: dict[str, Account], mine: Subscriber) -> None:
    """Insert the conversations of these numbers with two parties and three messages each; a part of them is unread."""
    holders, uploaders = _known_others(mine) if first else _others(mine)
    given = {
        "first": first, "last": last, "began": BEGAN, "provider": mine.provider_id, "holder": accounts["holder"].pk,
        "holders": holders, "uploader": mine.pk, "uploaders": uploaders,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(IDS.format(milliseconds=int(BEGAN.timestamp() * 1000)))
        for statement in STATEMENTS:
            made = statement.format(one_in=ONE_IN, others=OTHERS)
            cursor.execute(made.replace("bench_id(", "pg_temp.bench_id("), given)
        cursor.execute("DROP TABLE made")
        cursor.execute("DROP FUNCTION pg_temp.bench_id")
        cursor.execute("VACUUM ANALYZE")


def _others(mine: Subscriber) -> tuple[list[UUID], list[UUID]]:
    """Make those who have the other conversations, some each, as they are where many people are."""
    numbers = range(OTHERS)
    key = sealing.new_data_key(now=BEGAN)
    Account.objects.bulk_create(Account(email=f"other-{n}@bench.example") for n in numbers)
    Subscriber.objects.bulk_create(
        Subscriber(
            provider=mine.provider, external_id=f"other-{n}", pseudonym=f"other-{n}", data_key=key, registered_at=BEGAN
        )
        for n in numbers
    )
    return _known_others(mine)


def _known_others(mine: Subscriber) -> tuple[list[UUID], list[UUID]]:
    accounts = Account.objects.filter(email__startswith="other-").order_by("pk")
    subscribers = Subscriber.objects.filter(provider=mine.provider, external_id__startswith="other-").order_by("pk")
    return list(accounts.values_list("pk", flat=True)), list(subscribers.values_list("pk", flat=True))
