"""Who may see and write in which conversation, and what in it waits for whom."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from core import files
from core.actors import Actor
from core.desk import Waiting
from core.errors import NotFound
from messaging import cleaning, rules
from messaging.models import Conversation, Message, Party
from messaging.rules import Side, State
from verification.access import require_role, require_verified
from verification.models import Account
from verification.rules import Role

MOST_COUNTED = 1_000

# The one definition of who takes part now: the party's own account, or the one that claimed its subscriber; active; of
# a provider that is not suspended; still in the role of its side. Used by the pages, the API and the sockets alike.
PRESENT = """
(SELECT party.id, party.conversation_id, party.side, party.read_seq, account.id AS account_id
 FROM (
    SELECT id, conversation_id, side, read_seq, account_id FROM messaging_party WHERE account_id IS NOT NULL
    UNION ALL
    SELECT claimed.id, claimed.conversation_id, claimed.side, claimed.read_seq, subscriber.account_id
    FROM messaging_party claimed JOIN hosting_subscriber subscriber ON subscriber.id = claimed.subscriber_id
    WHERE subscriber.account_id IS NOT NULL
 ) AS party
 JOIN verification_account account
    ON account.id = party.account_id AND account.is_active AND account.suspended_at IS NULL
 JOIN messaging_conversation conversation ON conversation.id = party.conversation_id
 JOIN verification_organisation provider
    ON provider.id = conversation.provider_id AND provider.suspended_at IS NULL
 WHERE CASE party.side
    WHEN 'rights_holder' THEN EXISTS (
        SELECT 1 FROM verification_membership held
        LEFT JOIN verification_organisation holder ON holder.id = held.organisation_id
        WHERE held.account_id = account.id AND held.role = 'rights_holder' AND held.ended_at IS NULL
        AND holder.suspended_at IS NULL)
    WHEN 'uploader' THEN NOT EXISTS (
        SELECT 1 FROM verification_membership lost
        WHERE lost.account_id = account.id AND lost.organisation_id = provider.id AND lost.role = 'uploader'
        AND lost.ended_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM verification_membership again
            WHERE again.account_id = lost.account_id AND again.organisation_id = lost.organisation_id
            AND again.role = 'uploader' AND again.ended_at IS NULL))
    ELSE EXISTS (
        SELECT 1 FROM verification_membership held
        WHERE held.account_id = account.id AND held.organisation_id = provider.id AND held.ended_at IS NULL
        AND held.role IN ('handler', 'reviewer', 'authorizer', 'auditor'))
 END) AS present
"""


def _parties_now(account: Actor) -> RawSQL:
    pk = account.pk if isinstance(account, Account) else None
    return RawSQL(f"SELECT id FROM {PRESENT} WHERE account_id = %s", [pk])  # noqa: S608, S611 - a constant of ours


def parties_of(account: Actor) -> QuerySet[Party]:
    """Return the places that the account has now, in whatever conversations."""
    return Party.objects.filter(pk__in=_parties_now(account)).order_by("pk")


def visible_to(account: Actor) -> QuerySet[Any]:
    """Return the conversations of the account, newest first, with their parties and ``unread`` messages counted.

    Of a very long silence no more than ``MOST_COUNTED`` messages are looked at.
    """
    mine = parties_of(account)
    parties = Prefetch("parties", Party.objects.order_by("pk"))
    place = mine.filter(conversation=OuterRef("pk"))
    news = (
        Message.objects.filter(conversation=OuterRef("pk"), seq__gt=OuterRef("counted_from"))
        .exclude(sender=OuterRef("me"))
        .order_by()
        .values("conversation")
        .annotate(count=Count("pk"))
    )
    found = Conversation.objects.filter(pk__in=mine.order_by().values("conversation"))
    found = found.annotate(me=Subquery(place.values("pk")[:1]), read_to=Subquery(place.values("read_seq")[:1]))
    found = found.annotate(counted_from=Greatest(F("read_to"), F("last_seq") - MOST_COUNTED))
    unread = Coalesce(Subquery(news.values("count")[:1]), Value(0))
    return found.annotate(unread=unread).select_related("provider").prefetch_related(parties).order_by("-pk")


def get_for(account: Actor, conversation_id: UUID) -> Any:
    """Return the conversation with ``me``, the account's place in it; NotFound when it is not the account's."""
    conversation = visible_to(account).filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound
    return conversation


def party_of(account: Actor, conversation_id: UUID) -> Party:
    """Return the account's place in the conversation; NotFound when it has none."""
    found = parties_of(account).filter(conversation=conversation_id).first()
    if found is None:
        raise NotFound
    return found


def messages_of(conversation: Conversation, *, after: int, limit: int) -> list[Message]:
    """Return the conversation's messages after a number, in order, ``limit`` at most."""
    return list(Message.objects.filter(conversation=conversation, seq__gt=after).order_by("seq")[:limit])


def newest_messages(conversation: Conversation, *, before: int | None, limit: int) -> list[Message]:
    """Return the last ``limit`` messages (before a number, where one is given) in order."""
    found = Message.objects.filter(conversation=conversation)
    if before is not None:
        found = found.filter(seq__lt=before)
    return list(found.order_by("-seq")[:limit])[::-1]


def conversation_on(account: Actor, subject: str) -> Any | None:
    """Return the account's conversation on the subject, the open one if there is one, or None."""
    return visible_to(account).filter(subject=subject).order_by("-state", "-pk").first()


def open_ones_on(subject: str) -> QuerySet[Conversation]:
    """Return the open conversations on the subject."""
    return Conversation.objects.filter(subject=subject, state=State.OPEN).order_by("pk")


def conversations_on(subject: str) -> list[UUID]:
    """Return the ids of all conversations on the subject."""
    return list(Conversation.objects.filter(subject=subject).order_by("pk").values_list("pk", flat=True))


def waiting_for(account: Account, now: dt.datetime) -> list[Waiting]:
    """Return the conversations in which somebody else wrote what the account has not read."""
    # Who never took part in any is told so by a short question; who takes part now, the long one says.
    if not Party.objects.filter(Q(account=account) | Q(subscriber__account=account)).exists():
        return []
    found = visible_to(account).filter(last_seq__gt=F("read_to"), unread__gt=0)[:50]
    newest = Message.objects.filter(conversation__in=[c.pk for c in found]).order_by("conversation", "-seq")
    since = {m.conversation_id: m.sent_at for m in newest.distinct("conversation")}
    return [
        Waiting(
            title=_("Unread messages: %(count)s") % {"count": conversation.unread},
            url=reverse("messaging:conversation", args=[conversation.pk]),
            reference=conversation.subject if conversation.subject.startswith("C-") else "",
            role=str(side_of(conversation).label),
            since=since.get(conversation.pk, now),
            detail=conversation.title,
        )
        for conversation in found
    ]


def side_of(conversation: Any) -> Side:
    """Return on which side the reader stands of a conversation that ``visible_to`` gave."""
    return next(Side(party.side) for party in conversation.parties.all() if party.pk == conversation.me)


def require_can_open(account: Actor, now: dt.datetime) -> None:
    """Raise Denied unless the account is a rights holder whose identity is verified."""
    require_role(account, Role.RIGHTS_HOLDER)
    require_verified(account, now)


def require_can_read(account: Actor, subject: str, _provider: str) -> None:
    """Raise NotFound unless the account takes part in the conversation of this ledger reference."""
    kind, _colon, key = subject.partition(":")
    try:
        conversation_id = UUID(key)
    except ValueError:
        raise NotFound from None
    if kind != "conversation" or not parties_of(account).filter(conversation=conversation_id).exists():
        raise NotFound


def uncovered() -> QuerySet[Conversation]:
    """Return the conversations with messages that no entry of the ledger covers yet."""
    return Conversation.objects.filter(is_covered=False).select_related("provider").order_by("pk")


@dataclass(frozen=True)
class FileOut:
    """A file as it leaves: bytes, type, and a name that says nothing of its sender."""

    data: bytes
    media_type: str
    name: str


def file_of(account: Actor, conversation: Conversation, file_id: UUID) -> FileOut:
    """Return a file that was sent in the conversation; to all but its sender without what it says about itself.

    Raises NotFound for a file that is not part of it.
    """
    for file in files.attached_to(conversation.ledger_reference, "message"):
        if file.pk == file_id:
            data = files.content_of(file)
            if file.owner != account.ledger_reference:
                data = cleaning.without_metadata(data, file.media_type)
            ending = rules.ENDINGS.get(file.media_type, "bin")
            return FileOut(data, file.media_type, f"attachment-{str(file_id)[-6:]}.{ending}")
    raise NotFound
