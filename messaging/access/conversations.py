"""The conversations that somebody may see, and what in them waits."""

import datetime as dt
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext as _

from core.actors import Actor
from core.desk import Waiting
from core.errors import NotFound
from core.paging import keyset_of
from messaging.access.peace import reports_waiting_for
from messaging.access.places import BEGUN, PRESENT, keys_of, parties_of, present_in
from messaging.access.proposals import as_waiting, to_be_answered_by, undertaken_by
from messaging.access.reaching import unreached_waiting_for
from messaging.models import Call, Conversation, Event, Message, Party
from messaging.rules import NEWS, Side, State
from verification.models import Account

MOST_COUNTED = 1_000
MOST_WAITING = 50
MOST_LOOKED_AT = 500
MOST_UNREAD = 100  # so many conversations are asked for what waits in them: beyond, "99+" says enough

# How many messages and other news of others somebody has not read at a place; of a very long silence no more than these
# are looked at. That there can be news is asked before they are, for mostly there are none.
UNREAD_AT = f"""
((SELECT count(*) FROM messaging_message said WHERE said.conversation_id = {{place}}.conversation_id
AND said.seq > GREATEST({{place}}.read_seq, {{conversation}}.last_seq - {MOST_COUNTED}) AND said.sender_id <> {{place}}.id)
+ CASE WHEN {{conversation}}.last_news > {{place}}.read_news THEN (
    SELECT count(*) FROM messaging_event event WHERE event.conversation_id = {{place}}.conversation_id
    AND event.number > GREATEST({{place}}.read_news, {{conversation}}.last_news - {MOST_COUNTED})
    AND event.kind IN ({", ".join(f"'{kind.value}'" for kind in NEWS)}) AND event.party_id IS DISTINCT FROM {{place}}.id
) ELSE 0 END)
"""  # noqa: S608 - constants of ours
# The newest of somebody's places that have something to read. Whose is said by a value and not by a join: PostgreSQL
# knows then how many these are, and reads them in their order instead of sorting them all. The OFFSET has each
# conversation looked up by its key.
WAITING = f"""
(SELECT place.id, place.conversation_id, place.read_seq, place.read_news, conversation.last_seq, conversation.last_news
FROM messaging_party place CROSS JOIN LATERAL (
    SELECT last_seq, last_news FROM messaging_conversation
    WHERE id = place.conversation_id AND (last_seq > place.read_seq OR last_news > place.read_news) OFFSET 0
) AS conversation
WHERE place.muted_at IS NULL AND place.{{whose}} = %s
ORDER BY place.conversation_id DESC LIMIT {MOST_LOOKED_AT})
"""  # noqa: S608 - constants of ours
# How much it is that others said there. Whether the account still has a place is asked last: it costs more.
UNREAD = f"""
SELECT waiting.id, news.count
FROM (SELECT * FROM ({{waiting}}) AS each ORDER BY conversation_id DESC LIMIT {MOST_LOOKED_AT}) AS waiting
CROSS JOIN LATERAL (SELECT {UNREAD_AT.format(place="waiting", conversation="waiting")} AS count OFFSET 0) AS news
WHERE news.count > 0
AND (SELECT id FROM {PRESENT} WHERE present.id = waiting.id AND present.account_id = %s) IS NOT NULL
LIMIT %s
"""  # noqa: S608 - constants of ours


def page_for(account: Actor, cursor: str | None, limit: int) -> tuple[list[Any], str | None, str | None]:
    """Return one page of the account's conversations, newest first, with the cursors of the next and previous page.

    Each as ``get_for`` gives it. A page costs the same however many there are and however deep it lies.
    """
    parts = [_seen(part) for part in parties_of(account)]
    places, after, before = keyset_of(parts, cursor, limit, by="conversation_id")
    return _from(places), after, before


def unread_ones(account: Actor) -> list[Any]:
    """Return the conversations in which something waits to be read, that with the newest first; ``MOST_WAITING`` at most.

    Each as ``get_for`` gives it, with when something was last said or done in it (``moved_at``).
    """
    unread = _unread_at(account, MOST_WAITING)
    found = visible_to(account, pk__in=list(unread)) if unread else []
    moved = _moved_at(found)
    for one in found:
        one.moved_at = moved.get(one.pk, one.created_at)
    return sorted(found, key=attrgetter("moved_at"), reverse=True)


def get_for(account: Actor, conversation_id: UUID) -> Any:
    """Return the conversation as the account sees it; NotFound when it is not the account's.

    With ``me``, its place there, and of that ``read_to``, ``is_muted`` and ``is_silenced``; with how many messages and
    other news of others are ``unread`` (of a very long silence no more than ``MOST_COUNTED`` are looked at), since when
    the uploader is told (``told_at``), and its parties.
    """
    found = visible_to(account, conversation=conversation_id)
    if not found:
        raise NotFound
    return found[0]


def visible_to(account: Actor, *also: Q, **which: Any) -> list[Any]:
    """Return those of few conversations, named by what their parties have, that are the account's; newest first."""
    return _from(_seen(present_in(Party.objects.filter(*also, **which), account)).order_by("-conversation_id"))


def _seen(places: QuerySet[Party]) -> QuerySet[Any]:
    """Return the places with their conversations and what ``get_for`` says of them."""
    told = Call.objects.filter(conversation=OuterRef("conversation"), told_at__isnull=False).order_by("number")
    unread = RawSQL(UNREAD_AT.format(place="messaging_party", conversation="messaging_conversation"), ())  # noqa: S611 - constants of ours
    found = places.select_related("conversation__provider")
    return found.annotate(unread=unread, told_at=Subquery(told.values("told_at")[:1]))


def _from(places: Iterable[Any]) -> list[Any]:
    """Return the conversations of the places, each seen from there."""
    found: list[Any] = []
    for place in places:
        conversation = place.conversation
        conversation.me, conversation.read_to, conversation.unread = place.pk, place.read_seq, place.unread
        conversation.is_muted, conversation.is_silenced = place.muted_at is not None, place.silenced_at is not None
        conversation.told_at = place.told_at
        found.append(conversation)
    parties = Party.objects.select_related("subscriber").order_by("pk")
    prefetch_related_objects(found, Prefetch("parties", parties))
    return found


def locked(conversation_id: UUID) -> Conversation:
    """Return a conversation in which the caller was found to take part, locked until the transaction ends."""
    return (
        Conversation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("provider")
        .get(pk=conversation_id)
    )


def conversation_on(account: Actor, subject: str) -> Any | None:
    """Return the account's conversation on the subject, the open one if there is one, or None."""
    found = visible_to(account, conversation__subject=subject)
    return next((one for one in found if one.is_open), next(iter(found), None))


def open_ones_on(subject: str) -> QuerySet[Conversation]:
    """Return the open conversations on the subject."""
    return Conversation.objects.filter(subject=subject, state=State.OPEN).order_by("pk")


def conversations_on(subject: str) -> list[UUID]:
    """Return the ids of all conversations on the subject."""
    return list(Conversation.objects.filter(subject=subject).order_by("pk").values_list("pk", flat=True))


def unread_of(account: Actor) -> int:
    """Return how many messages and other news of others wait for the account, but for conversations that it muted.

    Of each conversation ``MOST_COUNTED`` at most are counted, and of the newest ``MOST_UNREAD`` such conversations.
    """
    return sum(_unread_at(account, MOST_UNREAD).values())


def _unread_at(account: Actor, most: int) -> dict[UUID, int]:
    """Return how much of others waits at the account's places to be read, of the newest conversations where some do."""
    keys = keys_of(account)
    if not keys or not isinstance(account, Account):
        return {}
    waiting = " UNION ALL ".join(WAITING.format(whose=column) for column, _key in keys)
    with connection.cursor() as cursor:
        cursor.execute(UNREAD.format(waiting=waiting), [*(key for _column, key in keys), account.pk, most])
        return dict(cursor.fetchall())


def happenings_of(conversation: Conversation, kinds: Sequence[str]) -> list[Event]:
    """Return what of these kinds happened in the conversation, in its order; the newest ``MOST_COUNTED`` at most.

    What came after the conversation was read is left to the socket, which goes on from there.
    """
    found = Event.objects.filter(conversation=conversation, kind__in=kinds, number__lte=conversation.last_event)
    return list(found.order_by("-number")[:MOST_COUNTED])[::-1]


def waiting_for(account: Account, now: dt.datetime) -> list[Waiting]:
    """Return what waits in conversations: proposals to answer, what was undertaken, and what others did that is not read."""
    others = unreached_waiting_for(account) + reports_waiting_for(account)
    found = unread_ones(account)
    asked = to_be_answered_by(account, now)
    # Where nothing but a proposal is new, that it waits for an answer says it already.
    said_already = {one.conversation_id for one in asked}
    found = [one for one in found if one.last_seq > one.read_to or one.pk not in said_already]
    others += as_waiting(asked) + undertaken_by(account)
    return others + [
        Waiting(
            title=_("Unread: %(count)s") % {"count": conversation.unread},
            url=reverse("messaging:conversation", args=[conversation.pk]),
            reference=conversation.subject if conversation.subject.startswith("C-") else "",
            role=str(side_of(conversation).label),
            since=conversation.moved_at,
            detail=conversation.title,
        )
        for conversation in found
    ]


def _moved_at(conversations: Sequence[Any]) -> dict[UUID, dt.datetime]:
    """Return when something was last said, or other news happened, in each of the conversations."""
    keys = [one.pk for one in conversations]
    newest = Message.objects.filter(conversation__in=keys).order_by("conversation", "-seq").distinct("conversation")
    news = Event.objects.filter(conversation__in=keys, number=F("conversation__last_news")).order_by("pk")
    moved = {one.conversation_id: one.happened_at for one in news}
    for one in newest:
        moved[one.conversation_id] = max(one.sent_at, moved.get(one.conversation_id, one.sent_at))
    return moved


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
    open_ones = {"conversation__subject__in": list(about), "conversation__state": State.OPEN}
    for conversation in visible_to(account, BEGUN, **open_ones):
        unread = _("Unread: %(count)s") % {"count": conversation.unread}
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
