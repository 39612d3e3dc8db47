"""The ledger's entries over stretches of messages."""

import datetime as dt

from django.db import connection

from core.actors import Actor
from core.errors import Conflict
from ledger.acts import action, record
from messaging import rules
from messaging.models import Conversation, Message
from messaging.rules import Said


@action("conversation.covered")
def cover(*, conversation: Conversation, by: Actor, now: dt.datetime) -> int:
    """Record the digest of the conversation's messages that no entry covers yet; return the number of the last.

    Raises Conflict when another process covered them meanwhile.
    """
    first = conversation.covered_seq + 1
    said = _said(conversation, first)
    if not said:
        raise Conflict
    last = said[-1].seq
    facts = {"first": first, "last": last, "sha256": rules.coverage_digest(bytes(conversation.salt), said)}
    record(subject=conversation.ledger_reference, provider=conversation.provider.code, by=by, facts=facts, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_conversation SET covered_seq = %s, is_covered = (last_seq = %s)"
            " WHERE id = %s AND covered_seq = %s",
            [last, last, conversation.pk, conversation.covered_seq],
        )
        if not cursor.rowcount:
            raise Conflict
    return last


def _said(conversation: Conversation, first: int) -> list[Said]:
    found = Message.objects.filter(conversation=conversation, seq__gte=first).order_by("seq")
    rows = found.values_list("seq", "id", "sender_id", "sent_at", "digest")[: rules.MOST_MESSAGES_COVERED_AT_ONCE]
    return [Said(seq, key, sender, at, bytes(digest)) for seq, key, sender, at, digest in rows]
