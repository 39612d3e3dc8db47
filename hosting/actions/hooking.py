"""The acts by which a provider's service says where it wants to be told, changes the secret, has news sent again, ends it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import outgoing, sealing
from core.actors import Actor
from core.errors import Conflict, Invalid, Problem, invalid
from hosting import access, events, rules, signing
from hosting.models import Delivery, Webhook
from hosting.outbox import give_up_waiting
from hosting.rules import DeliveryState
from ledger.acts import action, record
from verification import access as accounts
from verification.models import Organisation

TABLE = "hosting_webhook"
UNFIT = {
    "malformed": gettext_lazy("Give a whole address, as in https://service.example/hooks."),
    "not_https": gettext_lazy("Give an address that begins with https://."),
    "not_public": gettext_lazy("This address is not a public one. An operator of the portal can allow a host by name."),
}


@dataclass(frozen=True)
class MadeWebhook:
    """A webhook whose secret was just made: it is shown now and never again."""

    webhook: Webhook
    secret: str


def _check_url(url: str) -> None:
    try:
        outgoing.target_of(url)
    except outgoing.NotCallable as refusal:
        raise invalid("/url", refusal.code, UNFIT[refusal.code]) from None


def _check_events(names: Sequence[str]) -> None:
    known = events.known()
    text = _("Choose from: %(known)s.") % {"known": ", ".join(known)}
    problems = [Problem(f"/events/{place}", "unknown", text) for place, name in enumerate(names) if name not in known]
    if not names:
        problems = [Problem("/events", "required", text)]
    if problems:
        raise Invalid(problems)


def _new_secret(webhook: Webhook) -> str:
    secret = signing.new_secret()
    webhook.secret_sealed = sealing.seal(webhook.data_key, row=(TABLE, webhook.pk), field="secret", text=secret)
    return secret


@action("webhook.made")
def make_webhook(*, url: str, events: Sequence[str], by: Actor, now: dt.datetime) -> MadeWebhook:
    """Have the program's provider be told of these events at this address from now on; return it with its secret.

    Raises Denied for everybody but a provider's service, Invalid for an address that the portal does not call and for
    unknown events, Conflict when there are as many webhooks as there may be.
    """
    provider = accounts.provider_of_service(by)
    _check_url(url)
    _check_events(events)
    # Held, so that two that are made at once count each other.
    Organisation.objects.select_for_update(no_key=True).get(pk=provider.pk)
    if access.webhooks_of(by).filter(ended_at__isnull=True).count() >= rules.MOST_WEBHOOKS:
        text = _("There are %(most)s webhooks already; end one that is not used any more.")
        raise Conflict(text % {"most": rules.MOST_WEBHOOKS}, state="full")
    webhook = Webhook(provider=provider, url=url, events=list(dict.fromkeys(events)), made_at=now)
    webhook.data_key = sealing.new_data_key(now=now)
    secret = _new_secret(webhook)
    webhook.save(force_insert=True)
    facts = {"url": sealing.keyed_digest("url", url), "events": webhook.events}
    record(subject=f"webhook:{webhook.pk}", provider=provider.code, by=by, facts=facts, now=now)
    return MadeWebhook(webhook, secret)


def _open_webhook(by: Actor, webhook_id: UUID) -> Webhook:
    return _still_open(access.webhook_for(by, webhook_id, lock=True))


def _still_open(webhook: Webhook) -> Webhook:
    if webhook.ended_at is not None:
        raise Conflict(_("This webhook was ended; make a new one."), state="ended")
    return webhook


@action("webhook.secret_rotated")
def rotate_secret(*, webhook_id: UUID, by: Actor, now: dt.datetime) -> MadeWebhook:
    """Give the webhook a new secret and return it; for a day deliveries are signed with the old one as well.

    Raises NotFound for another's webhook, Conflict for one that was ended.
    """
    webhook = _open_webhook(by, webhook_id)
    webhook.previous_sealed = bytes(webhook.secret_sealed)
    webhook.previous_until = rules.rotated_secret_signs_until(now)
    secret = _new_secret(webhook)
    webhook.save(update_fields=["previous_sealed", "previous_until", "secret_sealed"])
    facts = {"previous_until": webhook.previous_until.isoformat()}
    record(subject=f"webhook:{webhook.pk}", provider=webhook.provider.code, by=by, facts=facts, now=now)
    return MadeWebhook(webhook, secret)


@action("webhook.ended")
def end_webhook(*, webhook_id: UUID, by: Actor, now: dt.datetime) -> Webhook:
    """Tell nothing there any more, not even what waits; return the webhook. Errors as `rotate_secret`."""
    return _end(_open_webhook(by, webhook_id), "asked", by, now)


@action("webhook.gone")
def end_gone_webhook(*, webhook_id: UUID, by: Actor, now: dt.datetime) -> Webhook:
    """End the webhook because its receiver has answered that it is gone for good; return it.

    Raises Conflict for one that was ended already.
    """
    return _end(_still_open(access.webhook_of_delivery(webhook_id)), "gone", by, now)


def _end(webhook: Webhook, because: str, by: Actor, now: dt.datetime) -> Webhook:
    webhook.ended_at, webhook.ended_because = now, because
    webhook.save(update_fields=["ended_at", "ended_because"])
    give_up_waiting(webhook.pk)
    record(subject=f"webhook:{webhook.pk}", provider=webhook.provider.code, by=by, facts={}, now=now)
    return webhook


@action("webhook.replayed")
def replay_deliveries(
    *,
    webhook_id: UUID,
    by: Actor,
    now: dt.datetime,
    deliveries: Sequence[UUID] | None = None,
    since: dt.datetime | None = None,
) -> list[Delivery]:
    """Have these deliveries, or all since a time, or else all that were given up, be sent again; return them in order.

    Each keeps its id, so that a receiver that had it already can tell. Raises Invalid for deliveries that are not the
    webhook's, and for more than can be sent again at once; else errors as `rotate_secret`.
    """
    webhook = _open_webhook(by, webhook_id)
    found = Delivery.objects.filter(webhook=webhook).exclude(state=DeliveryState.WAITING)
    if deliveries is not None:
        _check_own(webhook, deliveries)
        found = found.filter(pk__in=deliveries)
    elif since is not None:
        found = found.filter(made_at__gte=since)
    else:
        found = found.filter(state=DeliveryState.FAILED)
    again = list(found.select_for_update().order_by("position", "pk")[: rules.MOST_REPLAYED + 1])
    if len(again) > rules.MOST_REPLAYED:
        text = _("At most %(most)s at once: name a later time.") % {"most": rules.MOST_REPLAYED}
        raise invalid("/since", "too_many", text)
    for one in again:
        one.state, one.attempts, one.delivered_at = DeliveryState.WAITING, 0, None
        one.next_try_at, one.give_up_at = now, rules.tried_until(now)
    Delivery.objects.bulk_update(again, ["state", "attempts", "delivered_at", "next_try_at", "give_up_at"])
    facts = {"count": len(again)}
    record(subject=f"webhook:{webhook.pk}", provider=webhook.provider.code, by=by, facts=facts, now=now)
    return again


def _check_own(webhook: Webhook, deliveries: Sequence[UUID]) -> None:
    own = set(Delivery.objects.filter(webhook=webhook, pk__in=deliveries).values_list("pk", flat=True))
    text = _("This webhook has no such delivery.")
    problems = [
        Problem(f"/deliveries/{place}", "unknown", text) for place, one in enumerate(deliveries) if one not in own
    ]
    if problems:
        raise Invalid(problems)
