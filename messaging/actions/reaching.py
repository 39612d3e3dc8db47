"""Calling an uploader who has no account here yet, and watching what becomes of it."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import sealing
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from hosting import steps as hosting
from hosting.models import Subscriber
from ledger.acts import action, record
from messaging import access, happenings, rules
from messaging.models import Call, Event, Party
from messaging.rules import EventKind
from verification.models import Account

SECRET = "claim link of a call"  # noqa: S105 - the name of a use, not a secret
MOST_WATCHED = 500


@action("conversation.uploader_called")
def call_uploader(*, call_id: UUID, by: Actor, now: dt.datetime) -> Call:
    """Make a planned call: from now on a new link claims the account, and followers send it by both ways.

    Raises Conflict (with its ``state``) when the uploader came here, the conversation ended, somebody was quicker, or
    the subscriber was called within a day already: ``early``.
    """
    planned = Call.objects.select_related("conversation__provider").get(pk=call_id)
    # The subscriber first, as everywhere, so that a claim and a call cannot wait for each other.
    subscriber = Subscriber.objects.select_for_update().get(pk=planned.subscriber_id)
    call = Call.objects.select_for_update().get(pk=call_id)
    if not call.is_waiting:
        raise Conflict(_("This call was made already."), state="made")
    if access.uploader_not_here(call.conversation_id) is None:
        raise Conflict(_("The uploader is here, or the conversation was closed."), state="over")
    if rules.call_due(now, access.last_called_at(subscriber)) > now:
        raise Conflict(_("This uploader was called within the last day. Try again tomorrow."), state="early")
    made = hosting.offer_claim(subscriber.pk, now)
    call.called_at, call.link, call.secret_sealed = now, made.link, sealing.seal_text(SECRET, made.secret)
    call.save(update_fields=["called_at", "link", "secret_sealed"])
    if call.number < rules.MOST_CALLS:
        plan_call(conversation_id=call.conversation_id, now=now, due_at=now + rules.CALLED_AGAIN_AFTER)
    conversation = planned.conversation
    facts = {"call": str(call.pk), "number": call.number, "subscriber": f"subscriber:{subscriber.pk}"}
    record(subject=conversation.ledger_reference, provider=conversation.provider.code, by=by, facts=facts, now=now)
    return call


def call_again(*, conversation_id: UUID, by: Account, now: dt.datetime) -> Call:
    """Call the uploader once more because a handler wants it: today's call, and beyond the portal's own three.

    Raises NotFound for whoever is no handler of the provider, Conflict as ``call_uploader``.
    """
    access.unreached_conversation(by, conversation_id)
    planned = Call.objects.filter(conversation=conversation_id, called_at__isnull=True, ended_at__isnull=True).first()
    planned = planned or plan_call(conversation_id=conversation_id, now=now, due_at=now)
    if planned is None:
        raise Conflict(_("The uploader is here, or the conversation was closed."), state="over")
    return call_uploader(call_id=planned.pk, by=by, now=now)


def plan_call(*, conversation_id: UUID, now: dt.datetime, due_at: dt.datetime | None = None) -> Call | None:
    """Plan the next call of a conversation whose uploader is not here, and return it; None where there is none to call.

    Without ``due_at`` it is the first, as early as the house rule of one call a day allows; planned twice it is one.
    """
    subscriber = access.uploader_not_here(conversation_id)
    if subscriber is None:
        return None
    known = Call.objects.filter(conversation=conversation_id).order_by("-number").first()
    if known is not None and (known.is_waiting or due_at is None):
        return known
    number = known.number + 1 if known is not None else 1
    when = due_at or rules.call_due(now, access.last_called_at(subscriber))
    call, _is_new = Call.objects.get_or_create(
        conversation_id=conversation_id, number=number, defaults={"subscriber": subscriber, "due_at": when}
    )
    return call


def run_calls(now: dt.datetime) -> int:
    """Make the calls that are due, and return how many were made; what is not needed any more is ended."""
    made = 0
    for call_id in access.due_calls(now):
        try:
            call_uploader(call_id=call_id, by=SYSTEM, now=now)
        except Conflict as refusal:
            waiting = Call.objects.filter(pk=call_id, called_at__isnull=True)
            if refusal.state == "early":
                waiting.update(due_at=now + rules.ONE_CALL_WITHIN / 4)
            else:
                waiting.update(ended_at=now)
            continue
        made += 1
    return made


def note_ways(*, call_id: UUID, by_mail: bool, by_service: bool) -> None:
    """Note how the call went out; its secret is forgotten here, for both ways have it."""
    Call.objects.filter(pk=call_id).update(by_mail=by_mail, by_service=by_service, secret_sealed="")


def secret_of(call: Call) -> str:
    """Return the secret of the call's link, for the ways by which it goes out."""
    return sealing.open_text(SECRET, call.secret_sealed)


def watch_calls(now: dt.datetime) -> int:
    """Note which calls are known to have been told, or after all were not, and return for how many that changed."""
    changed = 0
    for call in access.watched_calls()[:MOST_WATCHED]:
        told = [call.service_at] if call.service_at else []
        if call.mail_sent_at and call.mail_state not in access.NOT_ARRIVED:
            told.append(call.mail_sent_at)
        is_over = call.called_at + rules.WATCHED_FOR <= now
        told_at = min(told, default=None)
        if told_at == call.told_at and not is_over:
            continue
        changed += _note_told(call, told_at, ended_at=now if is_over else None)
    return changed


def _note_told(call: Call, told_at: dt.datetime | None, *, ended_at: dt.datetime | None) -> int:
    with transaction.atomic():
        held = Call.objects.select_for_update().get(pk=call.pk)
        is_changed = held.told_at != told_at
        held.told_at, held.ended_at = told_at, ended_at
        held.save(update_fields=["told_at", "ended_at"])
        is_first = not Event.objects.filter(conversation=call.conversation, kind=EventKind.UPLOADER_TOLD).exists()
        if told_at is not None and is_first:
            happenings.note(call.conversation, EventKind.UPLOADER_TOLD, by=None, now=told_at)
    return int(is_changed)


def welcome(*, subscriber_id: UUID, now: dt.datetime) -> int:
    """Let the open conversations of a subscriber know that the uploader came here; return how many those were."""
    Call.objects.filter(subscriber=subscriber_id, ended_at__isnull=True).update(ended_at=now)
    waiting = Party.objects.filter(
        access.BEGUN, subscriber=subscriber_id, conversation__state=rules.State.OPEN, conversation__created_at__lte=now
    ).exclude(conversation__events__kind=EventKind.UPLOADER_REACHED)
    found = list(waiting.select_related("conversation").order_by("conversation"))
    for party in found:
        happenings.note(party.conversation, EventKind.UPLOADER_REACHED, by=party, now=now)
    return len(found)
