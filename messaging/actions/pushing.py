"""Subscribing a browser to push, planning what it is told, and noting what became of that. The ledger has none of it."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import outgoing, push, sealing
from core.errors import Conflict, invalid
from messaging import access, rules
from messaging.access import PUSH_TABLE
from messaging.models import Conversation, PushNotice, PushSubscription
from verification.models import Account

MOST_AT_ONCE = 500


def subscribe(*, endpoint: str, browser_key: str, secret: str, by: Account, now: dt.datetime) -> PushSubscription:
    """Have a browser be told by push; one that was subscribed before, for whomever, is this account's from now on.

    Raises Invalid for an address that the portal does not call and for keys that are none, Conflict where push is off.
    Beyond ``MOST_SUBSCRIPTIONS`` the oldest goes.
    """
    if not push.is_on():
        raise Conflict(_("This portal does not push."), state="off")
    try:
        outgoing.target_of(endpoint)
        push.require_keys(browser_key, secret)
    except outgoing.NotCallable as refusal:
        raise invalid("/endpoint", refusal.code, _("This is no address of a push service.")) from None
    except push.Unfit:
        raise invalid("/keys", "keys", _("These are no keys of a subscription.")) from None
    index = sealing.blind_index("push endpoint", endpoint)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=by.pk)
        _remove(list(PushSubscription.objects.filter(endpoint_index=index).select_related("data_key")), now)
        made = PushSubscription(account=by, endpoint_index=index, data_key=sealing.new_data_key(now=now), made_at=now)
        content = {"endpoint": endpoint, "browser_key": browser_key, "secret": secret}
        made.content_sealed = sealing.seal_json(
            made.data_key, row=(PUSH_TABLE, made.pk), field="content", value=content
        )
        made.save(force_insert=True)
        _remove(list(access.subscriptions_of(by)[rules.MOST_SUBSCRIPTIONS :]), now)
    return made


def unsubscribe(*, endpoint: str, by: Account, now: dt.datetime) -> int:
    """Tell a browser of the account nothing more; return whether there was one (1) or not (0)."""
    index = sealing.blind_index("push endpoint", endpoint)
    with transaction.atomic():
        return _remove(list(access.subscriptions_of(by).filter(endpoint_index=index)), now)


def _remove(subscriptions: list[PushSubscription], now: dt.datetime) -> int:
    for one in subscriptions:
        sealing.destroy(one.data_key, now=now)
    PushSubscription.objects.filter(pk__in=[one.pk for one in subscriptions]).delete()
    return len(subscriptions)


def plan_pushes(*, conversation_id: UUID, now: dt.datetime) -> int:
    """Have the browsers be told of those who have not read what was said and done, and return how many those are."""
    found = access.browsers_to_tell(conversation_id)
    for party, subscription in found:
        with transaction.atomic():
            notice, is_new = PushNotice.objects.select_for_update().get_or_create(
                subscription=subscription, party=party, defaults={"due_at": now}
            )
            # What it was told of before it is told of again only with something new.
            if not is_new and notice.due_at is None and access.has_more_for(notice):
                has_read = party.read_seq >= notice.pushed_seq and party.read_news >= notice.pushed_news
                notice.due_at = rules.next_push_at(now, pushed_at=notice.pushed_at, has_read=has_read)
                notice.attempts = 0
                notice.save(update_fields=["due_at", "attempts"])
    return len(found)


def plan_pushes_soon(now: dt.datetime) -> int:
    """Have browsers be told of what was said lately without waiting for the ledger; return how many conversations moved."""
    moved = access.moved_before_browsers(MOST_AT_ONCE) if push.is_on() else []
    for conversation_id in moved:
        plan_pushes(conversation_id=conversation_id, now=now)
    return len(moved)


def claim_pushes(*, room: int, now: dt.datetime) -> list[PushNotice]:
    """Return at most so many pushes that are due, held for this process for a minute; what was read meanwhile is over."""
    held_until = now + dt.timedelta(minutes=1)
    with transaction.atomic():
        due = list(access.due_pushes(now).select_for_update(skip_locked=True, of=("self",))[:room])
        waiting = [one for one in due if access.still_waits(one)]
        PushNotice.objects.filter(pk__in=[one.pk for one in due if one not in waiting]).update(due_at=None, attempts=0)
        for one in waiting:
            one.attempts, one.due_at = one.attempts + 1, held_until
        PushNotice.objects.bulk_update(waiting, ["attempts", "due_at"])
    return waiting


def note_push(*, notice: PushNotice, status: int | None, now: dt.datetime) -> None:
    """Note what the push service answered: taken, to be tried again, given up; a browser that is gone is forgotten."""
    mine = PushNotice.objects.filter(pk=notice.pk, attempts=notice.attempts, due_at=notice.due_at)
    if status in rules.GONE:
        with transaction.atomic():
            _remove([notice.subscription], now)
    elif status is not None and 200 <= status < 300:  # noqa: PLR2004 - taken
        # What came while it was under way is told later, unless it is read until then.
        known = notice.party.conversation
        moved = Q(last_seq__gt=known.last_seq) | Q(last_news__gt=known.last_news)
        has_more = Conversation.objects.filter(moved, pk=known.pk).exists()
        again = rules.next_push_at(now, pushed_at=now, has_read=False) if has_more else None
        mine.update(due_at=again, attempts=0, pushed_at=now, pushed_seq=known.last_seq, pushed_news=known.last_news)
    else:
        mine.update(due_at=rules.next_try_of_push(now, attempts=notice.attempts))
