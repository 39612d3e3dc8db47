"""Which browsers want to be told of a conversation, and which are to be told now."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from core import sealing
from messaging.access.away import done_by_others, parties_with_unread, said_by_others
from messaging.access.places import HAS_NEWS, present_in
from messaging.models import Party, PushNotice, PushSubscription
from verification.models import Account

PUSH_TABLE = "messaging_pushsubscription"


def subscriptions_of(account: Account) -> QuerySet[PushSubscription]:
    """Return the browsers in which the account is told by push, the latest first."""
    return PushSubscription.objects.filter(account=account).select_related("data_key").order_by("-pk")


def browsers_to_tell(conversation_id: UUID) -> list[tuple[Party, PushSubscription]]:
    """Return the browsers of those who have not read all that others said in a conversation, each with its place."""
    waiting = parties_with_unread(conversation_id)
    found = PushSubscription.objects.filter(account__in=[account for _party, account in waiting]).order_by("pk")
    browsers: dict[Any, list[PushSubscription]] = {}
    for one in found:
        browsers.setdefault(one.account_id, []).append(one)
    return [(party, one) for party, account in waiting for one in browsers.get(account, [])]


# Conversations in which something was said lately, as the ledger does not cover it yet, to somebody who has a browser.
MOVED = """
SELECT DISTINCT party.conversation_id
FROM messaging_conversation conversation
JOIN messaging_party party ON party.conversation_id = conversation.id AND party.muted_at IS NULL
LEFT JOIN hosting_subscriber subscriber ON subscriber.id = party.subscriber_id
JOIN messaging_pushsubscription browser ON browser.account_id = COALESCE(party.account_id, subscriber.account_id)
LEFT JOIN messaging_pushnotice notice ON notice.subscription_id = browser.id AND notice.party_id = party.id
WHERE NOT conversation.is_covered AND conversation.last_seq > party.read_seq
AND (notice.id IS NULL OR notice.due_at IS NULL AND notice.pushed_seq < conversation.last_seq)
LIMIT %s
"""


def moved_before_browsers(limit: int) -> list[UUID]:
    """Return conversations in which something was said that browsers may not have been told of, ``limit`` at most."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, [limit])
        return [conversation for (conversation,) in cursor.fetchall()]


def has_more_for(notice: PushNotice) -> bool:
    """Say whether others said or did something there since the browser was last told of it."""
    place = (notice.party.conversation_id, notice.party_id)
    said = said_by_others(*place, after=notice.pushed_seq)
    return said.exists() or done_by_others(*place, after=notice.pushed_news).exists()


def due_pushes(now: dt.datetime) -> QuerySet[PushNotice]:
    """Return what is to be pushed, the longest due first."""
    found = PushNotice.objects.filter(due_at__lte=now).order_by("due_at", "pk")
    return found.select_related("subscription__account", "subscription__data_key", "party__conversation")


def still_waits(notice: PushNotice) -> bool:
    """Say whether the account still takes part there, wants to hear of it, and has not read all of it."""
    unread = Party.objects.filter(HAS_NEWS, pk=notice.party_id, muted_at__isnull=True)
    return present_in(unread, notice.subscription.account).exists()


def is_said_to(notice: PushNotice) -> bool:
    """Say whether messages of others are among what waits there, and not only other news."""
    return said_by_others(notice.party.conversation_id, notice.party_id, after=notice.party.read_seq).exists()


def browser_of(subscription: PushSubscription) -> dict[str, str]:
    """Return where a browser is told and with which keys: ``endpoint``, ``browser_key``, ``secret``."""
    row, sealed = (PUSH_TABLE, subscription.pk), bytes(subscription.content_sealed)
    found: dict[str, str] = sealing.open_json(subscription.data_key, row=row, field="content", sealed=sealed)
    return found
