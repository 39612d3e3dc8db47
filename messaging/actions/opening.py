"""Opening a conversation."""

import datetime as dt

from django.db import IntegrityError
from django.utils.translation import gettext as _

from core.errors import Conflict, invalid
from hosting.models import Subscriber
from ledger.acts import action, record
from messaging import access, rules
from messaging.models import Conversation, Party
from messaging.rules import Side
from verification.models import Account, Organisation


def open_conversation(
    *,
    provider: Organisation,
    subject: str,
    by: Account,
    subscriber: Subscriber,
    title: str = "",
    rights_holder: Account | None = None,
    now: dt.datetime,
) -> Conversation:
    """Return the open conversation of the rights holder on the subject, which is opened now if there is none.

    Without ``rights_holder`` it is the one who acts. Raises Denied unless that one is a verified rights holder, or
    the uploader whose subject it is; Conflict where one of the two blocks the other or the provider closed it for good.
    """
    holder = rights_holder or by
    known = _open_one(subject, holder)
    if known is not None:
        return known
    try:
        return _open(
            provider=provider, subject=subject, by=by, holder=holder, subscriber=subscriber, title=title, now=now
        )
    except IntegrityError:  # opened at the same moment by another request
        known = _open_one(subject, holder)
        if known is None:
            raise
        return known


def _open_one(subject: str, holder: Account) -> Conversation | None:
    return access.open_ones_on(subject).filter(rights_holder=holder).select_related("provider").first()


@action("conversation.opened")
def _open(
    *,
    provider: Organisation,
    subject: str,
    by: Account,
    holder: Account,
    subscriber: Subscriber,
    title: str,
    now: dt.datetime,
) -> Conversation:
    if by.pk != subscriber.account_id:
        access.require_can_open(by, now)
    if holder.pk == subscriber.account_id:
        raise invalid("", "own_content", _("This is your own content."))
    if access.block_between(holder, subscriber.pk, subject) is not None:
        raise Conflict(_("One of the two sides wants no more conversations with the other."), state="blocked")
    sanctioned = access.sanctioned_sides(holder, subscriber.pk, subject)
    conversation = Conversation(provider=provider, subject=subject, rights_holder=holder, created_at=now)
    conversation.title = title[: rules.LONGEST_TITLE]
    conversation.save(force_insert=True)
    parties = _parties(conversation, subscriber)
    for party in parties:
        # Who was silenced can't begin anew by ending the conversation.
        party.silenced_at = now if party.side in sanctioned else None
    Party.objects.bulk_create(parties)
    facts = {"about": subject, "subscriber": f"subscriber:{subscriber.pk}", "for": holder.ledger_reference}
    record(subject=conversation.ledger_reference, provider=provider.code, by=by, facts=facts, now=now)
    return conversation


def _parties(conversation: Conversation, subscriber: Subscriber) -> list[Party]:
    """Return the two sides of a new conversation, not saved yet."""
    new = {"conversation": conversation, "joined_at": conversation.created_at}
    return [
        Party(**new, side=Side.RIGHTS_HOLDER, account=conversation.rights_holder),
        Party(**new, side=Side.UPLOADER, subscriber=subscriber, pseudonym=subscriber.pseudonym),
    ]
