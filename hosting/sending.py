"""Sending what lies in the outbox of webhooks, in threads of its own: no receiver delays the worker or another receiver.

In each matter a webhook is told in the ledger's order: what is newer waits until the older is delivered or given up.
"""

import datetime as dt
import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from core import outgoing, sealing, times
from core.actors import SYSTEM
from core.errors import Conflict
from hosting import actions, outbox, rules, signing
from hosting.actions.hooking import TABLE
from hosting.models import Delivery, Webhook
from hosting.rules import DeliveryState

LOOKED_AT = 200
log = logging.getLogger(__name__)


class _Shares:
    """Who has how many senders, so that neither a webhook nor a provider takes them all."""

    def __init__(self, busy: Counter[UUID]) -> None:
        self._webhooks = Counter(busy)
        self._providers: Counter[UUID] = Counter()
        for webhook, provider in Webhook.objects.filter(pk__in=list(busy)).values_list("pk", "provider_id"):
            self._providers[provider] += busy[webhook]

    @property
    def full_webhooks(self) -> list[UUID]:
        """Those to which no more may be sent at once."""
        return [one for one, count in self._webhooks.items() if count >= rules.SENDERS_PER_WEBHOOK]

    @property
    def full_providers(self) -> list[UUID]:
        """Those whose webhooks have as many senders as they may have together."""
        return [one for one, count in self._providers.items() if count >= rules.SENDERS_PER_PROVIDER]

    def take(self, webhook: Webhook) -> bool:
        """Take one more sender for the webhook, and say whether there was one for it."""
        if webhook.pk in self.full_webhooks or webhook.provider_id in self.full_providers:
            return False
        self._webhooks[webhook.pk] += 1
        self._providers[webhook.provider_id] += 1
        return True


def claim(now: dt.datetime, *, room: int, busy: Counter[UUID]) -> list[Delivery]:
    """Return at most ``room`` deliveries that are due, the oldest of each matter, held for this process for a while.

    ``busy`` is how many are under way to each webhook. The try is counted here, so that whoever comes back after
    its time does not overwrite what another has noted.
    """
    shares = _Shares(busy)
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    older = waiting.filter(webhook=OuterRef("webhook"), subject=OuterRef("subject"), position__lt=OuterRef("position"))
    due = waiting.filter(
        ~Exists(older),
        next_try_at__lte=now,
        webhook__ended_at__isnull=True,
        webhook__provider__suspended_at__isnull=True,
    )
    with transaction.atomic():
        found = (
            due.exclude(webhook__in=shares.full_webhooks)
            .exclude(webhook__provider__in=shares.full_providers)
            .select_related("webhook", "webhook__data_key")
            .order_by("next_try_at", "pk")
        )
        held: list[Delivery] = []
        for one in found.select_for_update(skip_locked=True, of=("self",))[:LOOKED_AT]:
            if len(held) < room and shares.take(one.webhook):
                one.attempts, one.next_try_at = one.attempts + 1, rules.held_until(now)
                held.append(one)
        Delivery.objects.bulk_update(held, ["attempts", "next_try_at"])
    return held


def secrets_of(webhook: Webhook, now: dt.datetime) -> list[str]:
    """Return the secrets that sign at this time, the newest first."""
    row, key = (TABLE, webhook.pk), webhook.data_key
    sealed = [webhook.secret_sealed]
    if webhook.previous_sealed is not None and webhook.previous_until is not None and webhook.previous_until > now:
        sealed.append(webhook.previous_sealed)
    return [sealing.open_sealed(key, row=row, field="secret", sealed=bytes(one)).reveal() for one in sealed]


def deliver(delivery: Delivery, now: dt.datetime) -> None:
    """Send one delivery and note what came of it."""
    try:
        body, keys = outbox.body_of(delivery), secrets_of(delivery.webhook, now)
    except Exception as fault:  # noqa: BLE001 - whatever a lost key does, this one is tried again like any other
        place = {"webhook": str(delivery.webhook_id), "error": type(fault).__name__}
        log.error("a webhook's secrets could not be opened", extra=place)
        note(delivery, status=None, error="unsigned", now=now)
        return
    headers = signing.headers(message=delivery.pk, at=now, body=body, keys=keys)
    try:
        status, error = outgoing.post(delivery.webhook.url, body=body, headers=headers), ""
    except outgoing.NotCallable as refusal:
        status, error = None, refusal.code
    note(delivery, status=status, error=error, now=now)


def note(delivery: Delivery, *, status: int | None, error: str, now: dt.datetime) -> None:
    """Note the answer: delivered, to be tried again, or given up; a receiver that is gone for good is left in peace."""
    delivery.status, delivery.error = status, error
    if status is not None and rules.is_taken(status):
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
    elif (again := rules.next_try_at(give_up_at=delivery.give_up_at, attempts=delivery.attempts, now=now)) is None:
        delivery.state = DeliveryState.FAILED
    else:
        delivery.next_try_at = again
    # Only what this try may change, and only if nobody else has come in between.
    mine = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.WAITING)
    mine.update(
        status=status,
        error=error,
        state=delivery.state,
        delivered_at=delivery.delivered_at,
        next_try_at=delivery.next_try_at,
        secret_sealed="" if delivery.state == DeliveryState.DELIVERED else delivery.secret_sealed,
    )
    if status is not None and rules.ends_webhook(status):
        with suppress(Conflict):  # ended already
            actions.end_gone_webhook(webhook_id=delivery.webhook_id, by=SYSTEM, now=now)
    elif delivery.state != DeliveryState.DELIVERED:
        place = {"webhook": str(delivery.webhook_id), "delivery": str(delivery.pk), "attempts": delivery.attempts}
        log.warning("a webhook was not delivered", extra={**place, "status": status, "error": error})


class Senders:
    """The threads of one process that send, and what is under way in them."""

    def __init__(self, clock: Callable[[], dt.datetime] = times.now) -> None:
        self._clock = clock
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._busy: Counter[UUID] = Counter()

    def sweep(self, now: dt.datetime) -> int:
        """Hand what is due to the threads and return at once with how many that were."""
        with self._lock:
            busy = Counter(self._busy)
        room = rules.SENDERS - busy.total()
        found = claim(now, room=room, busy=busy) if room > 0 else []
        for delivery in found:
            self._start(delivery)
        return len(found)

    def _start(self, delivery: Delivery) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(rules.SENDERS, thread_name_prefix="webhooks")
        with self._lock:
            self._busy[delivery.webhook_id] += 1
        self._pool.submit(self._send, delivery)

    def _send(self, delivery: Delivery) -> None:
        try:
            deliver(delivery, self._clock())
        except Exception:
            # It is held for a minute and then tried again; the thread goes on with the next.
            log.exception("a webhook could not be sent", extra={"delivery": str(delivery.pk)})
        finally:
            with self._lock:
                self._busy[delivery.webhook_id] -= 1
                self._busy += Counter()  # forgets those that came to nothing
            connection.close()

    def close(self) -> None:
        """Wait for what is under way."""
        if self._pool is not None:
            self._pool.shutdown()
