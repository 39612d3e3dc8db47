"""Which browsers want to be told of a conversation, and which are to be told now."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core import sealing
from messaging.access.away import parties_with_unread
from messaging.access.places import HAS_NEWS, present_in
from messaging.models import Message, Party, PushNotice, PushSubscription
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
    said = Message.objects.filter(conversation=notice.party.conversation_id, seq__gt=notice.party.read_seq)
    return said.exclude(sender=notice.party_id).exists()


def browser_of(subscription: PushSubscription) -> dict[str, str]:
    """Return where a browser is told and with which keys: ``endpoint``, ``browser_key``, ``secret``."""
    row, sealed = (PUSH_TABLE, subscription.pk), bytes(subscription.content_sealed)
    found: dict[str, str] = sealing.open_json(subscription.data_key, row=row, field="content", sealed=sealed)
    return found
