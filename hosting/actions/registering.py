"""The acts by which a provider's service registers content and subscribers, and an uploader claims a subscriber."""

import datetime as dt
import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import ids, sealing
from core.actors import Actor
from core.errors import Conflict, Denied
from hosting import access, rules, steps
from hosting.access import TABLE
from hosting.models import CONTACT_FIELDS, Content, Host, Subscriber
from hosting.steps import Made
from ledger.acts import action, record
from verification import access as accounts
from verification import actions as account_actions
from verification.models import Account, Membership, Organisation
from verification.rules import STAFF_ROLES, Role


def _new_pseudonym() -> str:
    characters = (secrets.choice(ids.ALPHABET) for _ in range(rules.PSEUDONYM_CHARACTERS))
    return f"uploader-{''.join(characters)}"


def _subscriber(provider: Organisation, external_id: str, now: dt.datetime) -> tuple[Subscriber, bool]:
    """Return the provider's subscriber of this id, locked, and whether it is new."""
    held = Subscriber.objects.select_for_update(of=("self",)).select_related("data_key", "provider")
    for _attempt in range(10):
        found = held.filter(provider=provider, external_id=external_id).first()
        if found is not None:
            return found, False
        try:
            # Either somebody else registered it in the meantime, or the pseudonym is taken: look, and try again.
            with transaction.atomic():
                fresh = Subscriber(provider=provider, external_id=external_id, pseudonym=_new_pseudonym())
                fresh.data_key, fresh.registered_at = sealing.new_data_key(now=now), now
                fresh.save(force_insert=True)
        except IntegrityError:
            continue
        return fresh, True
    raise Conflict(_("Somebody else registers this subscriber just now; try again."), state="busy")


@action("subscriber.registered")
def register_subscriber(
    *, external_id: str, by: Actor, now: dt.datetime, contact: dict[str, str] | None = None
) -> tuple[Subscriber, bool]:
    """Return the service's subscriber, and whether it is new; contact details are sealed at once, the old replaced."""
    provider = accounts.provider_of_service(by)
    subscriber, is_new = _subscriber(provider, external_id, now)
    if contact is not None:
        kept = {name: contact[name] for name in CONTACT_FIELDS if contact.get(name)}
        row = (TABLE, subscriber.pk)
        sealed = sealing.seal_json(subscriber.data_key, row=row, field="contact", value=kept)
        subscriber.contact_sealed, subscriber.contact_at = sealed, now
        subscriber.save(update_fields=["contact_sealed", "contact_at"])
    facts = {"is_new": is_new, "has_contact": contact is not None}
    record(subject=f"subscriber:{subscriber.pk}", provider=provider.code, by=by, facts=facts, now=now)
    return subscriber, is_new


def _note_host(provider: Organisation, url: str) -> None:
    host = rules.host_of(url)
    if host:
        Host.objects.bulk_create([Host(provider=provider, name=host[:300])], ignore_conflicts=True)


@action("content.registered")
def register_content(
    *,
    external_id: str,
    url: str,
    title: str,
    media: str,
    subscriber_external_id: str,
    by: Actor,
    now: dt.datetime,
    is_private: bool = False,
    is_shared_tenancy: bool = False,
    is_earning: bool = False,
) -> tuple[Content, bool]:
    """Return the service's content, and whether it is new. Its subscriber is registered with it where it is unknown.

    Raises Denied for everybody but a provider's service, Conflict for content of another subscriber.
    """
    provider = accounts.provider_of_service(by)
    subscriber, _is_new = _subscriber(provider, subscriber_external_id, now)
    known = Content.objects.select_for_update(of=("self",)).filter(provider=provider, external_id=external_id).first()
    if known is not None and known.subscriber_id != subscriber.pk:
        # Complaints and conversations hang on it: whoever is a party of them does not change behind their back.
        raise Conflict(_("This content is another subscriber's; register it under a new id."), state="registered")
    content = known or Content(provider=provider, subscriber=subscriber, external_id=external_id, registered_at=now)
    content.url, content.title, content.media, content.changed_at = url, title, media, now
    content.is_private, content.is_shared_tenancy, content.is_earning = is_private, is_shared_tenancy, is_earning
    try:
        with transaction.atomic():
            content.save(force_insert=known is None)
    except IntegrityError:
        raise Conflict(_("Another program registers this content just now; try again."), state="busy") from None
    _note_host(provider, url)
    facts = {
        "is_new": known is None,
        "subscriber": f"subscriber:{subscriber.pk}",
        "media": media,
        "url": sealing.keyed_digest("url", url),
        "is_private": is_private,
        "is_shared_tenancy": is_shared_tenancy,
        "is_earning": is_earning,
    }
    record(subject=f"content:{content.pk}", provider=provider.code, by=by, facts=facts, now=now)
    return content, known is None


@action("subscriber.claim_offered")
def make_claim_link(*, external_id: str, by: Actor, now: dt.datetime) -> Made:
    """Return a new link and its secret, with which an account claims the subscriber, once; earlier links end.

    Raises NotFound for an unknown subscriber, Conflict for one that is claimed already.
    """
    provider = accounts.provider_of_service(by)
    found = access.subscriber_for(provider, external_id)
    made = steps.offer_claim(found.pk, now)
    facts = {"expires_at": made.link.expires_at.isoformat()}
    record(subject=f"subscriber:{found.pk}", provider=provider.code, by=by, facts=facts, now=now)
    return made


@action("subscriber.claimed")
def claim_subscriber(*, secret: str, by: Account, now: dt.datetime) -> Subscriber:
    """Return the subscriber, now the account's own, which becomes an uploader at the provider.

    Raises NotFound for no such link, Gone for one that was used or has expired, Denied for the provider's own people.
    """
    found = access.claim_link(secret, now)
    # The subscriber first, as everywhere, so that two claims, or a claim and a new link, cannot wait for each other.
    subscriber = (
        Subscriber.objects.select_for_update(of=("self",)).select_related("provider").get(pk=found.subscriber_id)
    )
    link = access.claim_link(secret, now, lock=True)
    # Whoever decides on a provider's matters is no party of them.
    if accounts.organisations_where(by, *STAFF_ROLES, Role.SERVICE).filter(pk=subscriber.provider_id).exists():
        raise Denied(_("People of a provider use another account for their own uploads there."))
    link.used_at = now
    link.save(update_fields=["used_at"])
    subscriber.account, subscriber.claimed_at = by, now
    subscriber.save(update_fields=["account", "claimed_at"])
    _become_uploader(by, subscriber.provider, now)
    facts = {"account": by.ledger_reference}
    record(subject=f"subscriber:{subscriber.pk}", provider=subscriber.provider.code, by=by, facts=facts, now=now)
    return subscriber


def _become_uploader(account: Account, provider: Organisation, now: dt.datetime) -> None:
    if accounts.organisations_where(account, Role.UPLOADER).filter(pk=provider.pk).exists():
        return
    membership = Membership(account=account, role=Role.UPLOADER, organisation=provider, granted_at=now)
    membership.granted_by = account.ledger_reference
    account_actions.add_membership(membership)
