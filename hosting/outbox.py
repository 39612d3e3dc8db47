"""The outbox of webhooks: news is put here in the transaction that follows a recorded act, and sent from here."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core import sealing, times
from hosting import rules
from hosting.models import Delivery, Webhook
from hosting.rules import DeliveryState
from ledger.models import Entry

SEALED_FOR = "webhook secret"


def put(entry: Entry, data: Mapping[str, Any], *, secret: Mapping[str, str] | None = None) -> int:
    """Put what was recorded into the outbox, once for each webhook of its provider that asked for it; return for how many.

    ``data`` are ids and states, never personal data: it leaves the house. ``secret`` is added to it only when it is
    sent, and lies here sealed until then: a link that works once. Webhooks made later are not told.
    """
    asking = Webhook.objects.filter(
        provider__code=entry.provider,
        provider__suspended_at__isnull=True,
        ended_at__isnull=True,
        events__contains=[entry.act],
        made_at__lte=entry.at,
    )
    told = {"type": entry.act, "timestamp": times.rfc3339(entry.at), "data": dict(data)}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    sealed = sealing.seal_text(SEALED_FOR, json.dumps(dict(secret))) if secret else ""
    made = [
        Delivery(
            webhook=webhook, secret_sealed=sealed, entry=entry, subject=entry.subject, position=entry.leaf.index, event=entry.act,
            body=body, next_try_at=entry.at, give_up_at=rules.tried_until(entry.at), made_at=entry.at,
        )
        for webhook in asking.order_by("pk")
    ]  # fmt: skip
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def body_of(delivery: Delivery) -> bytes:
    """Return what is sent: the same bytes at every try."""
    if not delivery.secret_sealed:
        return delivery.body.encode()
    told = json.loads(delivery.body)
    told["data"] |= json.loads(sealing.open_text(SEALED_FOR, delivery.secret_sealed))
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def give_up_waiting(webhook_id: UUID) -> None:
    """Give up what waits for a webhook that was ended."""
    waiting = Delivery.objects.filter(webhook=webhook_id, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.FAILED, error="ended")


def forget_old(now: dt.datetime) -> int:
    """Delete the deliveries that have been over for long enough, and return how many.

    What was put here while its webhook was just being ended is given up first: nobody sends it any more.
    """
    ended = Webhook.objects.filter(ended_at__isnull=False, deliveries__state=DeliveryState.WAITING)
    for webhook_id in ended.order_by("pk").values_list("pk", flat=True).distinct():
        give_up_waiting(webhook_id)
    kept_for = rules.delivery_is_kept_until(now) - now
    over = Delivery.objects.exclude(state=DeliveryState.WAITING)
    return over.filter(made_at__lt=now - kept_for).delete()[0]
