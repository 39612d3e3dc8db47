"""The statements by which messages are stored, for a batch of any size, and read; it neither connects nor commits.

Everything a message depends on is checked where it is inserted: the conversation is locked and open, the sender is its
party and belongs to the account, the message is not there yet. So nothing can change between a check and its insert.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from messaging import rules

# What was locked is looked up by its key in one value: joined, each draft would be held against each conversation.
# Rows of other processes can be committed while this statement waits for a lock, unseen by its snapshot. Then the
# insert breaks a unique index, the whole batch is rolled back and tried again: a number is never left out.
STORE = """
WITH draft AS MATERIALIZED (
    SELECT * FROM ROWS FROM (
        unnest(%(id)s::uuid[], %(conversation)s::uuid[], %(sender)s::uuid[], %(account)s::uuid[],
            %(client_id)s::uuid[], %(digest)s::bytea[]),
        jsonb_array_elements(%(said)s::jsonb)
    ) WITH ORDINALITY AS draft(id, conversation, sender, account, client_id, digest, said, place)
), locked AS MATERIALIZED (
    SELECT id, last_seq FROM messaging_conversation
    WHERE id = ANY(%(conversation)s::uuid[]) AND state = 'open' ORDER BY id FOR NO KEY UPDATE
), held AS MATERIALIZED (
    SELECT jsonb_object_agg(id, last_seq) AS seqs FROM locked
), fresh AS MATERIALIZED (
    SELECT draft.*, (held.seqs->>draft.conversation::text)::bigint
        + row_number() OVER (PARTITION BY draft.conversation ORDER BY draft.place) AS seq
    FROM draft
    JOIN held ON held.seqs ? draft.conversation::text
    JOIN messaging_party party ON party.id = draft.sender AND party.conversation_id = draft.conversation
    LEFT JOIN hosting_subscriber subscriber ON subscriber.id = party.subscriber_id
    WHERE COALESCE(party.account_id, subscriber.account_id) = draft.account
    AND party.silenced_at IS NULL AND party.left_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM messaging_message said WHERE said.id = draft.id)
), stored AS (
    INSERT INTO messaging_message (
        id, conversation_id, seq, sender_id, client_id, body, attachments, quotes, digest, sent_at
    ) SELECT id, conversation, seq, sender, client_id, said->>0, NULLIF(said->1, 'null'), (said->>2)::uuid, digest, now()
    FROM fresh
), moved AS (
    UPDATE messaging_conversation SET last_seq = news.last_seq, is_covered = false
    FROM (SELECT conversation, max(seq) AS last_seq FROM fresh GROUP BY conversation) AS news
    WHERE messaging_conversation.id = news.conversation
)
SELECT place, seq, now() FROM fresh ORDER BY place
"""

# For whoever has no way to try again: what STORE sees after this is all there is until the transaction ends.
LOCK = "SELECT FROM messaging_conversation WHERE id = %s FOR NO KEY UPDATE"

# For the drafts that were not stored: were they stored before, and if not, why can't they be?
EXPLAIN = """
SELECT draft.place, said.seq, said.sent_at, said.digest, conversation.state,
    COALESCE(party.account_id, subscriber.account_id) = draft.account AND party.left_at IS NULL,
    party.silenced_at IS NOT NULL
FROM unnest(%(id)s::uuid[], %(conversation)s::uuid[], %(sender)s::uuid[], %(account)s::uuid[])
    WITH ORDINALITY AS draft(id, conversation, sender, account, place)
LEFT JOIN messaging_message said ON said.id = draft.id
LEFT JOIN messaging_conversation conversation ON conversation.id = draft.conversation
LEFT JOIN messaging_party party ON party.id = draft.sender AND party.conversation_id = draft.conversation
LEFT JOIN hosting_subscriber subscriber ON subscriber.id = party.subscriber_id
ORDER BY draft.place
"""

MOVED = """
SELECT conversation.id, conversation.last_seq, conversation.last_event
FROM unnest(%(conversations)s::uuid[], %(seqs)s::bigint[], %(events)s::bigint[]) AS given(id, seq, event)
JOIN messaging_conversation conversation ON conversation.id = given.id
WHERE conversation.last_seq > given.seq OR conversation.last_event > given.event
"""
# What a message says now. The revisions of a message are found by one look into an index that is nearly always empty.
# Several stretches at once, each of its own conversation; the place of each row's stretch comes first.
HISTORIES = """
SELECT given.place, found.*
FROM unnest(%(conversations)s::uuid[], %(afters)s::bigint[], %(limits)s::bigint[])
    WITH ORDINALITY AS given(conversation, after, most, place)
CROSS JOIN LATERAL (
    SELECT message.id, message.conversation_id, message.seq, message.sender_id, COALESCE(revised.body, message.body),
        CASE WHEN revised.withdrawn_at IS NULL THEN message.attachments END, message.sent_at,
        CASE WHEN revised.withdrawn_at IS NULL THEN message.quotes END, revised.edited_at, revised.withdrawn_at
    FROM messaging_message message
    LEFT JOIN LATERAL (
        SELECT (array_agg(body ORDER BY number DESC))[1] AS body,
            max(made_at) FILTER (WHERE kind = 'edited') AS edited_at,
            max(made_at) FILTER (WHERE kind = 'withdrawn') AS withdrawn_at
        FROM messaging_revision WHERE message_id = message.id
    ) AS revised ON true
    WHERE message.conversation_id = given.conversation AND message.seq > given.after
    ORDER BY message.seq LIMIT given.most
) AS found
ORDER BY given.place, found.seq
"""
EVENTS = """
SELECT event.number, event.kind, event.party_id, event.data, event.happened_at, conversation.subject
FROM messaging_event event JOIN messaging_conversation conversation ON conversation.id = event.conversation_id
WHERE event.conversation_id = %(conversation)s AND event.number > %(after)s ORDER BY event.number LIMIT %(limit)s
"""
# A mark never goes back and never past the last message, nor past the last of what happened. Who names no event, as
# a program that knows messages only, has read what happened with the last message.
MARK_READ = """
UPDATE messaging_party place SET read_seq = GREATEST(place.read_seq, now.seq), read_news = GREATEST(place.read_news, now.news),
    delivered_seq = GREATEST(place.delivered_seq, now.seq)
FROM unnest(%(parties)s::uuid[], %(seqs)s::bigint[], %(events)s::bigint[]) AS given(party, seq, event)
JOIN messaging_party party ON party.id = given.party
JOIN messaging_conversation conversation ON conversation.id = party.conversation_id
CROSS JOIN LATERAL (SELECT LEAST(given.seq, conversation.last_seq) AS seq, CASE
    WHEN given.event IS NOT NULL THEN LEAST(given.event, conversation.last_news)
    WHEN given.seq >= conversation.last_seq THEN conversation.last_news ELSE 0 END AS news) AS now
WHERE place.id = given.party AND (place.read_seq < now.seq OR place.read_news < now.news)
RETURNING place.id, place.conversation_id, place.read_seq
"""
MARK_DELIVERED = """
UPDATE messaging_party SET delivered_seq = given.seq
FROM unnest(%(parties)s::uuid[], %(seqs)s::bigint[]) AS given(party, seq)
WHERE messaging_party.id = given.party AND messaging_party.delivered_seq < given.seq
RETURNING messaging_party.id, messaging_party.conversation_id, messaging_party.delivered_seq
"""


@dataclass(eq=False, slots=True)
class Draft:
    """A message on its way into the database. ``client_id`` is in its usual writing, ``written_id`` as it came."""

    conversation: UUID
    sender: UUID
    account: UUID
    client_id: str
    body: str
    attachments: list[dict[str, Any]] | None = None
    quotes: UUID | None = None
    written_id: str = ""
    # Whoever waits for it, told once by ``settle``: the socket that sent it, or nobody.
    origin: Any = None
    settle: Callable[["Draft"], None] | None = None
    id: UUID = field(init=False)
    digest: bytes = field(init=False)
    # What became of it: either a number and an instant, or the code of the refusal.
    seq: int = 0
    sent_at: datetime | None = None
    refused: str = ""
    is_new: bool = False

    def __post_init__(self) -> None:
        self.id = rules.message_id(self.sender, self.client_id)
        quotes = str(self.quotes) if self.quotes is not None else ""
        self.digest = rules.content_digest(self.body, [str(file["id"]) for file in self.attachments or ()], quotes)


def parameters(drafts: Sequence[Draft]) -> dict[str, str]:
    """Return the parameters of STORE and EXPLAIN for these drafts, as text.

    Written here, because the driver's own arrays look at each element several times: it was a fifth of all the work.
    """
    return {
        "id": _array([draft.id.hex for draft in drafts]),
        "conversation": _array([draft.conversation.hex for draft in drafts]),
        "sender": _array([draft.sender.hex for draft in drafts]),
        "account": _array([draft.account.hex for draft in drafts]),
        "client_id": _array([draft.client_id for draft in drafts]),
        "digest": _array([f'"\\\\x{draft.digest.hex()}"' for draft in drafts]),
        "said": json.dumps([_said(draft) for draft in drafts], ensure_ascii=False),
    }


def _said(draft: Draft) -> tuple[Any, ...]:
    if draft.quotes is None:
        return draft.body, draft.attachments
    return draft.body, draft.attachments, str(draft.quotes)


def stretches(wanted: Sequence[tuple[UUID, int, int]]) -> dict[str, str]:
    """Return the parameters of HISTORIES for these conversations, numbers and limits."""
    return {
        "conversations": _array([conversation.hex for conversation, _after, _limit in wanted]),
        "afters": _array([str(after) for _conversation, after, _limit in wanted]),
        "limits": _array([str(limit) for _conversation, _after, limit in wanted]),
    }


def _array(elements: Sequence[str]) -> str:
    return "{" + ",".join(elements) + "}"


def note_stored(drafts: Sequence[Draft], rows: Iterable[Sequence[Any]]) -> list[Draft]:
    """Note in the drafts what STORE answered; return those that it did not store."""
    for place, seq, sent_at in rows:
        draft = drafts[place - 1]
        draft.seq, draft.sent_at, draft.is_new = seq, sent_at, True
    return [draft for draft in drafts if not draft.seq]


def note_explained(drafts: Sequence[Draft], rows: Iterable[Sequence[Any]]) -> None:
    """Note in the drafts what EXPLAIN answered: stored before, or why not."""
    for place, seq, sent_at, digest, state, is_party, is_silenced in rows:
        draft = drafts[place - 1]
        if not is_party:
            draft.refused = "not_found"
        elif seq is not None and bytes(digest) == draft.digest:
            draft.seq, draft.sent_at = seq, sent_at
        elif seq is not None:
            draft.refused = "conflict"
        elif state != rules.State.OPEN:
            draft.refused = "closed"
        elif is_silenced:
            draft.refused = "silenced"
        else:
            draft.refused = "unavailable"
