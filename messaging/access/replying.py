"""The answers by mail that an account may look at and decide on, and at which address one comes in."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from core import sealing
from core.errors import NotFound
from messaging.models import MailedReply, Party, ReplyAddress
from verification.models import Account

REPLY_TABLE = "messaging_mailedreply"


def replies_of(account: Account) -> QuerySet[MailedReply]:
    """Return the answers that the account sent by mail lately, newest first, wherever it takes or took part."""
    mine = Q(party__account=account) | Q(party__subscriber__account=account)
    return MailedReply.objects.filter(mine).select_related("party__conversation", "data_key").order_by("-pk")


def reply_for(account: Account, reply_id: UUID, *, lock: bool = False) -> MailedReply:
    """Return one of the account's answers by mail; NotFound for another's."""
    found = replies_of(account).filter(pk=reply_id)
    reply = (found.select_for_update(of=("self",)) if lock else found).first()
    if reply is None:
        raise NotFound
    return reply


def content_of_reply(reply: MailedReply) -> dict[str, Any]:
    """Return what was kept of an answer: ``said``, ``left_out``, ``files`` and how many files were ``missed``."""
    if reply.data_key is None or reply.content_sealed is None:
        return {"said": "", "left_out": "", "files": [], "missed": 0}
    row, sealed = (REPLY_TABLE, reply.pk), bytes(reply.content_sealed)
    found: dict[str, Any] = sealing.open_json(reply.data_key, row=row, field="content", sealed=sealed)
    return found


def reply_address(address_id: UUID) -> ReplyAddress | None:
    """Return the address of ours, with whom it stands for."""
    found = ReplyAddress.objects.select_related("party__account", "party__subscriber__account", "party__conversation")
    return found.filter(pk=address_id).first()


def account_of_party(party: Party) -> Account | None:
    """Return whose place it is: the account, or the one that claimed the subscriber."""
    if party.account is not None:
        return party.account
    return party.subscriber.account if party.subscriber is not None else None


def addresses_of(account: Account) -> QuerySet[ReplyAddress]:
    """Return the addresses that stand for the account."""
    return ReplyAddress.objects.filter(Q(party__account=account) | Q(party__subscriber__account=account))


def old_replies(before: dt.datetime) -> QuerySet[MailedReply]:
    """Return the answers of which nothing needs to be kept any more."""
    return MailedReply.objects.filter(received_at__lt=before).order_by("pk")
