"""For whom something waits that it has neither read nor been told of."""

import datetime as dt
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum, UUIDField
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Greatest

from messaging.access.conversations import MOST_COUNTED
from messaging.access.places import HAS_NEWS, PRESENT_AT, parties_of
from messaging.models import Event, Message, Notice, Party, Proposal, Revision
from messaging.rules import MOST_IN_A_MAIL, NEWS, EventKind, ProposalState, RevisionKind, Side, State
from verification.models import Account


@dataclass(frozen=True)
class News:
    """What waits for an account in one conversation: how many messages of which side, how often what else happened, and
    since when untold.
    """

    party: Party
    counts: dict[Side, int]
    happened: dict[EventKind, int]
    untold_since: dt.datetime | None

    @property
    def total(self) -> int:
        """Return how much of it there is."""
        return sum(self.counts.values()) + sum(self.happened.values())


def accounts_with_news(conversation_id: UUID) -> list[UUID]:
    """Return the accounts that take part now and have neither read nor been told of all that others said and did there."""
    known = {
        "known_seq": Greatest(F("read_seq"), F("told_seq")),
        "known_news": Greatest(F("read_news"), F("told_news")),
    }
    return [account for _party, account in _waiting(conversation_id, **known)]


def parties_with_unread(conversation_id: UUID) -> list[tuple[Party, UUID]]:
    """Return those who take part now and have not read all that others said and did there, each with its account."""
    return _waiting(conversation_id, known_seq=F("read_seq"), known_news=F("read_news"))


def _waiting(conversation_id: UUID, **known: Any) -> list[tuple[Party, UUID]]:
    waiting = Party.objects.filter(conversation=conversation_id, muted_at__isnull=True)
    waiting = waiting.annotate(**known, present=RawSQL(PRESENT_AT, ()))  # noqa: S611 - a constant of ours
    said = said_by_others(conversation_id, OuterRef("pk"), after=OuterRef("known_seq"))
    done = done_by_others(conversation_id, OuterRef("pk"), after=OuterRef("known_news"))
    is_of_others = Exists(said) | Exists(done)
    return [(party, party.present) for party in waiting.filter(is_of_others, present__isnull=False).order_by("pk")]


def said_by_others(conversation_id: UUID, party: Any, *, after: Any) -> QuerySet[Message]:
    """Return the messages after a number that others than the party said."""
    return Message.objects.filter(conversation=conversation_id, seq__gt=after).exclude(sender=party)


def done_by_others(conversation_id: UUID, party: Any, *, after: Any) -> QuerySet[Event]:
    """Return what happened after a number that others than the party, or the portal, did and are to be heard of."""
    return Event.objects.filter(conversation=conversation_id, number__gt=after, kind__in=NEWS).exclude(party=party)


def due_notices(now: dt.datetime) -> QuerySet[Notice]:
    """Return the accounts that are to be looked at, the longest due first; found by an index of those who wait alone."""
    return Notice.objects.filter(due_at__lte=now).order_by("due_at", "pk")


def news_of(account: Account) -> list[News]:
    """Return what the account has not read, of which it was not told first; muted conversations say nothing.

    A closed conversation is among it only until the account was told of it. Of a very long silence no more than
    ``MOST_COUNTED`` messages, and as many other news, are looked at.
    """
    is_told = Q(told_seq__gte=F("conversation__last_seq"), told_news__gte=F("conversation__last_news"))
    untold = [_news_in(party) for party in _unread_of(account, ~is_told, MOST_IN_A_MAIL)]
    if not any(one.untold_since for one in untold):
        return untold
    still_open = is_told & Q(conversation__state=State.OPEN)
    return untold + [_news_in(party) for party in _unread_of(account, still_open, MOST_IN_A_MAIL - len(untold))]


def _unread_of(account: Account, which: Q, limit: int) -> list[Party]:
    """Return those of the account's places where something waits to be read, of the newest conversations."""
    found: list[Party] = []
    for part in parties_of(account):
        unread = part.filter(which, HAS_NEWS, muted_at__isnull=True)
        found += unread.select_related("conversation__provider").order_by("-conversation_id")[:limit]
    return sorted(found, key=attrgetter("conversation_id"), reverse=True)[:limit]


def _news_in(party: Party) -> News:
    last = party.conversation.last_seq
    withdrawn = Revision.objects.filter(message=OuterRef("pk"), kind=RevisionKind.WITHDRAWN)
    said = Message.objects.filter(
        conversation=party.conversation_id, seq__gt=max(party.read_seq, last - MOST_COUNTED), seq__lte=last
    )
    said = said.exclude(sender=party).filter(~Exists(withdrawn)).order_by()
    sides = said.values("sender__side").annotate(
        count=Count("pk"), since=Min("sent_at", filter=Q(seq__gt=party.told_seq))
    )
    counts = {Side(row["sender__side"]): row["count"] for row in sides}
    kinds = _happened_since(party)
    happened = {EventKind(row["kind"]): row["count"] for row in kinds}
    return News(party, counts, happened, min((one["since"] for one in (*sides, *kinds) if one["since"]), default=None))


def _happened_since(party: Party) -> list[dict[str, Any]]:
    """Return how often which news happened that the party has not read, each with since when it is untold."""
    last = party.conversation.last_news
    # What was taken back, or is over without an answer, asks for none any more.
    over = Proposal.objects.filter(
        pk=Cast(KeyTextTransform("proposal", OuterRef("data")), UUIDField()),
        state__in=(ProposalState.WITHDRAWN, ProposalState.EXPIRED),
    )
    since = max(party.read_news, last - MOST_COUNTED)
    done = (
        done_by_others(party.conversation_id, party.pk, after=since)
        .filter(number__lte=last)
        .exclude(Q(kind=EventKind.PROPOSAL_MADE) & Exists(over))
    )
    untold = Min("happened_at", filter=Q(number__gt=party.told_news))
    return [dict(row) for row in done.order_by("kind").values("kind").annotate(count=Count("pk"), since=untold)]


def read_total(account: Account) -> int:
    """Return how far the account has read in all its conversations together: it grows when it reads, and never else."""
    whole = Sum(F("read_seq") + F("read_news"))
    return sum(part.aggregate(total=whole)["total"] or 0 for part in parties_of(account))
