"""Which content and subscribers there are, whose they are, and who may open a subscriber's contact details."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from core import ids, sealing
from core.actors import SYSTEM, Actor
from core.errors import Gone, NotFound
from core.planned import AnyOf, planned
from core.sealing import Plain
from hosting.models import CONTACT_FIELDS, ClaimLink, Content, Delivery, Host, Subscriber, Webhook
from hosting.rules import spellings_of
from verification import access as accounts
from verification.models import Account, Organisation
from verification.rules import STAFF_ROLES, Role

TABLE = "hosting_subscriber"


def find_content(provider: Organisation, *, external_id: str = "", url: str = "") -> Content | None:
    """Return the provider's content of this id, or else of this address, or None where nothing was registered."""
    registered = Content.objects.filter(provider=provider).select_related("subscriber")
    found = registered.filter(external_id=external_id).first() if external_id else None
    if found is None and url:
        found = registered.filter(url__in=spellings_of(url)).order_by("-pk").first()
    return found


def content_for(provider: Organisation, external_id: str) -> Content:
    """Return the provider's content of this id; NotFound when nothing was registered under it."""
    found = find_content(provider, external_id=external_id)
    if found is None:
        raise NotFound
    return found


def hosts_of(provider: Organisation) -> list[str]:
    """Return the hosts under which the provider's content is registered."""
    return _host_names(provider.pk)


def host_names(provider: Any) -> QuerySet[Host, str]:
    """Return the names of the provider's hosts; asked by itself or as a part of another question."""
    return Host.objects.filter(provider=provider).order_by("name").values_list("name", flat=True)


_host_names = planned(host_names)


def content_named(provider: Organisation, ids: Iterable[str], urls: Iterable[str]) -> list[Content]:
    """Return the provider's content that has one of these external ids or addresses, oldest first."""
    return _content_named(provider.pk, list(ids), list(urls))


def content_at(provider: Any, ids: Any, urls: Any) -> QuerySet[Content]:
    """Return the content that is named so there; asked by itself or as a part of another question."""
    named = Q(AnyOf(F("external_id"), ids)) | Q(AnyOf(F("url"), urls))
    return Content.objects.filter(named, provider=provider).order_by("pk")


_content_named = planned(content_at)


def content_of_provider(provider: Organisation) -> QuerySet[Content]:
    """Return everything that the provider's service registered, newest first."""
    return Content.objects.filter(provider=provider).select_related("subscriber", "provider").order_by("-pk")


def subscribers_of(account: Actor) -> QuerySet[Subscriber]:
    """Return the subscribers that the account has claimed, at providers that are not suspended."""
    if not isinstance(account, Account):
        return Subscriber.objects.none()
    mine = Subscriber.objects.filter(account=account, provider__suspended_at__isnull=True)
    return mine.select_related("provider").order_by("pk")


def content_of(account: Actor) -> QuerySet[Content]:
    """Return the content of all subscribers that the account has claimed, newest first."""
    mine = Content.objects.filter(subscriber__in=subscribers_of(account).order_by().values("pk"))
    return mine.select_related("subscriber", "provider").order_by("-pk")


def subscriber_for(provider: Organisation, external_id: str) -> Subscriber:
    """Return the provider's subscriber of this id; NotFound when there is none."""
    found = Subscriber.objects.filter(provider=provider, external_id=external_id).select_related("provider").first()
    if found is None:
        raise NotFound
    return found


def external_id_of(subject: str) -> str:
    """Return the service's own id of the subscriber of a recorded act, for the code that follows it."""
    return Subscriber.objects.get(pk=UUID(subject.partition(":")[2])).external_id


def external_ids_of(subscriber: Subscriber, reference: str) -> list[str]:
    """Return the service's own id of the subscriber's content of this reference, in a list; none for another's."""
    try:
        key = UUID(reference.partition(":")[2])
    except ValueError:
        return []
    found = Content.objects.filter(pk=key, subscriber=subscriber)
    return list(found.values_list("external_id", flat=True))


def claim_link(secret: str, now: dt.datetime, *, lock: bool = False) -> ClaimLink:
    """Return the claim link of this secret; NotFound for no such link, Gone for one that was used or has expired."""
    links = ClaimLink.objects.filter(hash=ids.hash_secret(secret), subscriber__provider__suspended_at__isnull=True)
    links = links.select_related("subscriber__provider")
    link = (links.select_for_update(of=("self",)) if lock else links).first()
    if link is None:
        raise NotFound
    if link.used_at is not None or link.expires_at <= now or link.subscriber.account_id is not None:
        raise Gone
    return link


def notify_address(subscriber: Subscriber, *, purpose: str, now: dt.datetime) -> Plain | None:
    """Return where the subscriber is told something: its account's address, else the sealed one; None without any.

    Opening the sealed one is recorded, by the portal itself and for ``purpose``.
    """
    if subscriber.account_id is not None:
        account = Account.objects.filter(pk=subscriber.account_id, is_active=True).first()
        if account is not None:
            return Plain(account.email)
    if subscriber.contact_sealed is None:
        return None
    found = contact_of(subscriber, fields=["email"], by=SYSTEM, purpose=purpose, now=now)
    return found.get("email")


def contact_of(
    subscriber: Subscriber, *, fields: Iterable[str], by: Actor, purpose: str, now: dt.datetime
) -> dict[str, Plain]:
    """Return these contact fields of the subscriber, those that were given; the opening is recorded.

    Only for a disclosure that was authorized: whoever calls this has checked it. Raises ValueError for a field that is
    none, Gone when the subscriber's key was destroyed.
    """
    wanted = sorted(set(fields))
    unknown = set(wanted) - set(CONTACT_FIELDS)
    if unknown:
        raise ValueError(f"no contact fields: {sorted(unknown)}")
    if subscriber.contact_sealed is None:
        return {}
    sealing.record_opening(key=subscriber.data_key, fields=wanted, by=by, purpose=purpose, now=now)
    sealed, row = bytes(subscriber.contact_sealed), (TABLE, subscriber.pk)
    contact = sealing.open_json(subscriber.data_key, row=row, field="contact", sealed=sealed)
    return {name: Plain(contact[name]) for name in wanted if contact.get(name)}


def webhooks_of(account: Actor) -> QuerySet[Webhook]:
    """Return the webhooks of the provider whose program the account is, newest first; Denied for everybody else."""
    provider = accounts.provider_of_service(account)
    return Webhook.objects.filter(provider=provider).select_related("provider", "data_key").order_by("-pk")


def webhook_for(account: Actor, webhook_id: UUID, *, lock: bool = False) -> Webhook:
    """Return the program's own webhook of this id; NotFound when it has none such, Denied for who is no program."""
    found = webhooks_of(account).filter(pk=webhook_id)
    webhook = (found.select_for_update(of=("self",)) if lock else found).first()
    if webhook is None:
        raise NotFound
    return webhook


def webhook_of_delivery(webhook_id: UUID) -> Webhook:
    """Return the webhook to which something was sent, locked; for the sender, and for nobody's eyes."""
    return Webhook.objects.select_related("provider").select_for_update(of=("self",)).get(pk=webhook_id)


def deliveries_of(webhook: Webhook) -> QuerySet[Delivery]:
    """Return what was, or is to be, delivered there, newest first. Whoever calls this has checked who asks."""
    return Delivery.objects.filter(webhook=webhook).order_by("-pk")


def require_can_read_webhook(account: Actor, subject: str, _provider: str) -> None:
    """Raise NotFound unless the account is staff or service of the provider whose webhook this is."""
    working = accounts.organisations_where(account, *STAFF_ROLES, Role.SERVICE)
    try:
        key = UUID(subject.partition(":")[2])
    except ValueError:
        raise NotFound from None
    if not Webhook.objects.filter(pk=key, provider__in=working).exists():
        raise NotFound


def require_can_read(account: Actor, subject: str, _provider: str) -> None:
    """Raise NotFound unless the account owns this content or subscriber, or is staff or service of its provider."""
    kind, _colon, key = subject.partition(":")
    try:
        found = {"content": Content, "subscriber": Subscriber}[kind].objects.filter(pk=UUID(key))  # type: ignore[attr-defined]  # both have the manager
    except (KeyError, ValueError):
        raise NotFound from None
    working = accounts.organisations_where(account, *STAFF_ROLES, Role.SERVICE)
    if found.filter(provider__in=working).exists():
        return
    mine = subscribers_of(account).order_by().values("pk")
    if not found.filter(**{"subscriber__in" if kind == "content" else "pk__in": mine}).exists():
        raise NotFound
