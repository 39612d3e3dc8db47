"""The conversations that somebody may see, and what in them waits."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.actors import Actor
from core.desk import Waiting
from core.errors import NotFound
from messaging.access.peace import reports_waiting_for
from messaging.access.places import parties_of
from messaging.access.proposals import answers_waiting_for
from messaging.access.reaching import unreached_waiting_for
from messaging.models import Call, Conversation, Event, Message, Party
from messaging.rules import Side, State
from verification.models import Account

MOST_COUNTED = 1_000


def visible_to(account: Actor) -> QuerySet[Any]:
    """Return the conversations of the account, newest first, with their parties and ``unread`` messages counted.

    Of a very long silence no more than ``MOST_COUNTED`` messages are looked at.
    """
    mine = parties_of(account)
    parties = Prefetch("parties", Party.objects.select_related("subscriber").order_by("pk"))
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
    found = found.annotate(
        is_muted=Exists(place.filter(muted_at__isnull=False)),
        is_silenced=Exists(place.filter(silenced_at__isnull=False)),
    )
    found = found.annotate(counted_from=Greatest(F("read_to"), F("last_seq") - MOST_COUNTED))
    unread = Coalesce(Subquery(news.values("count")[:1]), Value(0))
    told = Call.objects.filter(conversation=OuterRef("pk"), told_at__isnull=False).order_by("number")
    found = found.annotate(told_at=Subquery(told.values("told_at")[:1]))
    return found.annotate(unread=unread).select_related("provider").prefetch_related(parties).order_by("-pk")


def get_for(account: Actor, conversation_id: UUID) -> Any:
    """Return the conversation with ``me``, the account's place in it; NotFound when it is not the account's."""
    conversation = visible_to(account).filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound
    return conversation


def locked(conversation_id: UUID) -> Conversation:
    """Return a conversation in which the caller was found to take part, locked until the transaction ends."""
    return (
        Conversation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("provider")
        .get(pk=conversation_id)
    )


def conversation_on(account: Actor, subject: str) -> Any | None:
    """Return the account's conversation on the subject, the open one if there is one, or None."""
    return visible_to(account).filter(subject=subject).order_by("-state", "-pk").first()


def open_ones_on(subject: str) -> QuerySet[Conversation]:
    """Return the open conversations on the subject."""
    return Conversation.objects.filter(subject=subject, state=State.OPEN).order_by("pk")


def conversations_on(subject: str) -> list[UUID]:
    """Return the ids of all conversations on the subject."""
    return list(Conversation.objects.filter(subject=subject).order_by("pk").values_list("pk", flat=True))


def unread_of(account: Actor) -> int:
    """Return how many messages of others wait for the account, but for conversations that it muted.

    Of each conversation ``MOST_COUNTED`` at most are counted.
    """
    mine = parties_of(account).filter(muted_at__isnull=True, conversation__last_seq__gt=F("read_seq"))
    news = (
        Message.objects.filter(conversation=OuterRef("conversation"), seq__gt=OuterRef("counted_from"))
        .exclude(sender=OuterRef("pk"))
        .order_by()
        .values("conversation")
        .annotate(count=Count("pk"))
    )
    mine = mine.annotate(counted_from=Greatest(F("read_seq"), F("conversation__last_seq") - MOST_COUNTED))
    waiting = mine.annotate(news=Coalesce(Subquery(news.values("count")[:1]), Value(0))).aggregate(all=Sum("news"))
    return int(waiting["all"] or 0)


def happenings_of(conversation: Conversation, kinds: Sequence[str]) -> list[Event]:
    """Return what of these kinds happened in the conversation, in its order; the newest ``MOST_COUNTED`` at most."""
    found = Event.objects.filter(conversation=conversation, kind__in=kinds).order_by("-number")[:MOST_COUNTED]
    return list(found)[::-1]


def waiting_for(account: Account, now: dt.datetime) -> list[Waiting]:
    """Return what waits in conversations: proposals to answer, and what somebody else wrote and is not read."""
    others = unreached_waiting_for(account) + reports_waiting_for(account)
    # Who never took part in any is told so by a short question; who takes part now, the long one says.
    if not Party.objects.filter(Q(account=account) | Q(subscriber__account=account)).exists():
        return others
    found = visible_to(account).filter(last_seq__gt=F("read_to"), unread__gt=0, is_muted=False)[:50]
    newest = Message.objects.filter(conversation__in=[c.pk for c in found]).order_by("conversation", "-seq")
    since = {m.conversation_id: m.sent_at for m in newest.distinct("conversation")}
    others += answers_waiting_for(account, now)
    return others + [
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


def uncovered() -> QuerySet[Conversation]:
    """Return the conversations with messages that no entry of the ledger covers yet."""
    return Conversation.objects.filter(is_covered=False).select_related("provider").order_by("pk")


def pending_at(account: Account, content: list[UUID], _now: dt.datetime) -> dict[UUID, list[Waiting]]:
    """Return, by content, the open conversations about it that the account takes part in; the unread ones say so."""
    about = {f"content:{key}": key for key in content}
    found: dict[UUID, list[Waiting]] = {}
    for conversation in visible_to(account).filter(subject__in=list(about), state=State.OPEN, last_seq__gt=0):
        unread = _("Unread messages: %(count)s") % {"count": conversation.unread}
        found.setdefault(about[conversation.subject], []).append(
            Waiting(
                title=unread if conversation.unread else _("A conversation with a rights holder"),
                url=reverse("messaging:conversation", args=[conversation.pk]),
                reference="",
                role=str(Side.UPLOADER.label),
                since=conversation.created_at,
            )
        )
    return found
