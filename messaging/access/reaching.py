"""Who of the uploaders that are not here yet is to be called, and what became of the calls."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from core.actors import Actor
from core.desk import Waiting
from core.errors import Denied, NotFound
from core.models import MailState, OutgoingMail
from hosting.models import Delivery, Subscriber
from hosting.rules import DeliveryState
from messaging.models import Call, Conversation, Party
from messaging.rules import Reach, Side, State, reach_of
from verification.access import organisations_by_role, organisations_where, require_staff
from verification.models import Account
from verification.rules import Role

CALLED = "conversation.uploader_called"
NOT_ARRIVED = (MailState.BOUNCED, MailState.FAILED)


def mail_key(call_id: Any) -> str:
    """Return under which key the outbox of mail keeps the mail of a call, once."""
    return f"{call_id}:called"


def uploader_not_here(conversation_id: UUID) -> Subscriber | None:
    """Return the conversation's uploader while no account has claimed it, and None after."""
    waiting = Party.objects.filter(
        conversation=conversation_id, side=Side.UPLOADER, subscriber__account__isnull=True,
        conversation__state=State.OPEN, conversation__provider__suspended_at__isnull=True,
    )  # fmt: skip
    party = waiting.select_related("subscriber").first()
    return party.subscriber if party is not None else None


def last_called_at(subscriber: Subscriber) -> dt.datetime | None:
    """Return when the subscriber was last called, in whatever conversation."""
    made = Call.objects.filter(subscriber=subscriber, called_at__isnull=False).order_by("-called_at")
    return made.values_list("called_at", flat=True).first()


def call_of(call_id: Any) -> Call:
    """Return the call of a recorded act, for the code that follows it."""
    return Call.objects.select_related("conversation__provider", "subscriber__data_key").get(pk=call_id)


def due_calls(now: dt.datetime, limit: int = 200) -> list[UUID]:
    """Return the ids of the planned calls that are due, the longest due first."""
    due = Call.objects.filter(called_at__isnull=True, ended_at__isnull=True, due_at__lte=now)
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def with_ways(calls: QuerySet[Call]) -> QuerySet[Any]:
    """Return the calls with what became of each way: ``mail_state``, ``mail_sent_at``, ``service_state``, ``service_at``."""
    mails = OutgoingMail.objects.filter(dedupe=Concat(Cast(OuterRef("pk"), CharField()), Value(mail_key(""))))
    about = Concat(Value("conversation:"), Cast(OuterRef("conversation_id"), CharField()))
    # The webhook that took it first counts; while none did, one that is still tried is more hopeful than one given up.
    told = Delivery.objects.filter(subject=about, event=CALLED, made_at__gte=OuterRef("called_at"))
    taken = told.filter(state=DeliveryState.DELIVERED).order_by("delivered_at")
    return calls.annotate(
        mail_state=Subquery(mails.values("state")[:1]),
        mail_sent_at=Subquery(mails.values("sent_at")[:1]),
        service_state=Subquery(
            told.exclude(state=DeliveryState.DELIVERED).order_by("-state", "-pk").values("state")[:1]
        ),
        service_at=Subquery(taken.values("delivered_at")[:1]),
    )


def watched_calls() -> QuerySet[Any]:
    """Return the calls that were made and may still come to something, with what became of each way."""
    made = Call.objects.filter(called_at__isnull=False, ended_at__isnull=True)
    return with_ways(made).select_related("conversation").order_by("called_at", "pk")


@dataclass(frozen=True)
class Reached:
    """How far the uploader of a conversation is reached, and since when it is told."""

    state: Reach
    told_at: dt.datetime | None


def reached(conversation: Any) -> Reached:
    """Return how far the uploader is reached, as everybody in the conversation, which ``visible_to`` gave, may know it."""
    party = next(one for one in conversation.parties.all() if one.side == Side.UPLOADER)
    claimed = party.subscriber is None or party.subscriber.account_id is not None
    told_at = None if claimed else conversation.told_at
    has_read = party.read_seq > 0 or party.read_news > 0
    state = reach_of(is_claimed=claimed, has_read=has_read, told_at=told_at)
    return Reached(state, told_at)


# --- the provider's side


def unreached_for(account: Actor) -> QuerySet[Any]:
    """Return the newest call of each conversation at the handler's provider whose uploader is still not here.

    What was said in it is not the provider's to read. Raises Denied for who is no handler.
    """
    at = organisations_where(account, Role.HANDLER)
    first = at.first()
    if first is None:
        raise Denied(_("This needs the role: %(role)s.") % {"role": Role.HANDLER.label})
    require_staff(account, first, Role.HANDLER)
    newest = Call.objects.filter(conversation=OuterRef("conversation"), called_at__isnull=False).order_by("-number")
    open_ones = Call.objects.filter(
        pk=Subquery(newest.values("pk")[:1]), conversation__provider__in=at.order_by().values("pk"),
        conversation__state=State.OPEN, subscriber__account__isnull=True,
    )  # fmt: skip
    lately = Call.objects.filter(subscriber=OuterRef("subscriber"), called_at__isnull=False).order_by("-called_at")
    found: QuerySet[Any] = with_ways(open_ones).annotate(last_called_at=Subquery(lately.values("called_at")[:1]))
    return found.select_related("conversation__provider", "subscriber").order_by("-pk")


def _called_at(providers: Sequence[UUID]) -> QuerySet[Call]:
    """Return the calls, in open conversations at these providers, of uploaders who are still not here."""
    return Call.objects.filter(
        called_at__isnull=False, conversation__provider__in=providers, conversation__state=State.OPEN,
        subscriber__account__isnull=True,
    )  # fmt: skip


def failed_ones(calls: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of the calls in which every way that there was has failed."""
    return calls.filter(
        Q(mail_state__isnull=True) | Q(mail_state__in=NOT_ARRIVED),
        Q(service_state__isnull=True) | Q(service_state=DeliveryState.FAILED),
        service_at__isnull=True,
        by_mail__isnull=False,
    )


def unreached_conversation(account: Actor, conversation_id: UUID) -> Conversation:
    """Return the conversation whose uploader the handler may call again; NotFound for others."""
    found = Conversation.objects.filter(pk=conversation_id).select_related("provider").first()
    if found is None:
        raise NotFound
    require_staff(account, found.provider, Role.HANDLER)
    return found


def unreached_waiting_for(account: Account) -> list[Waiting]:
    """Return the reminder that some uploaders could not be told, for a handler at whose provider that is so."""
    at = organisations_by_role(account).get(Role.HANDLER)
    # Asked in short first: where nobody who is not here was called, there is nothing to ask about each way.
    if not at or not _called_at(at).exists():
        return []
    try:
        failed = failed_ones(unreached_for(account)).order_by("called_at").first()
    except Denied:
        return []
    if failed is None:
        return []
    return [
        Waiting(
            title=_("Uploaders who could not be told of a message"),
            url=reverse("messaging:unreached"),
            reference="",
            role=str(Role.HANDLER.label),
            since=failed.called_at,
        )
    ]
