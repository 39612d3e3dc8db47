"""The demo's subscribers and what they put up, registered by the provider's own program, and claimed by the uploader."""

import datetime as dt

from core.errors import NotFound
from hosting import access, actions
from hosting.models import Subscriber
from hosting.rules import Media
from portal.demo_world.people import People
from verification import access as accounts
from verification import actions as verification

DAY = dt.timedelta(days=1)
REGISTERED = 80 * DAY
CONTACTS = {
    "sub-1001": {
        "name": "The uploader of the demo",
        "postal_address": "7 Sample Lane, 00000 Sampleton",
        "email": "uploader@demo.example",
        "phone": "+1 202 555 0177",
    },
    "sub-1002": {
        "name": "Another customer of the demo",
        "postal_address": "9 Sample Lane, 00000 Sampleton",
        "email": "customer-1002@demo.example",
        "phone": "+1 202 555 0199",
    },
}
# Item, title, media, whose, and what is special about it. The first five are free of matters, to begin with.
UPLOADS: tuple[tuple[str, str, Media, str, str], ...] = (
    ("item-1", "The Ferry at Dawn, part 1", Media.VIDEO, "sub-1001", ""),
    ("item-2", "Evening songs", Media.AUDIO, "sub-1001", ""),
    ("item-3", "Paper Lanterns, the whole film", Media.VIDEO, "sub-1001", "is_earning"),
    ("item-4", "Archive of the choir", Media.OTHER, "sub-1001", "is_shared_tenancy"),
    ("item-5", "Family recordings", Media.VIDEO, "sub-1001", "is_private"),
    ("item-10", "Lighthouse", Media.VIDEO, "sub-1001", "is_earning"),
    ("item-11", "Ten thousand steps, day by day", Media.VIDEO, "sub-1001", ""),
    ("item-12", "North of the bridge", Media.VIDEO, "sub-1001", ""),
    ("item-13", "Lanterns", Media.VIDEO, "sub-1001", ""),
    ("item-14", "Backup, volume 3", Media.OTHER, "sub-1001", "is_shared_tenancy"),
    ("item-15", "A river without banks: lecture", Media.VIDEO, "sub-1001", ""),
    ("item-16", "Seven winters in the valley", Media.VIDEO, "sub-1001", ""),
    ("item-17", "Glass orchard", Media.VIDEO, "sub-1001", ""),
    ("item-18", "Review: The Quiet Orchestra", Media.VIDEO, "sub-1001", ""),
    ("item-19", "Harbour Street, trailer", Media.VIDEO, "sub-1001", ""),
    ("item-20", "Salt and copper", Media.AUDIO, "sub-1001", ""),
    ("item-21", "Kites over the roofs", Media.VIDEO, "sub-1001", ""),
    ("item-22", "Choir night", Media.AUDIO, "sub-1001", ""),
    ("item-31", "Films of the winter", Media.VIDEO, "sub-1002", ""),
    ("item-32", "Films of the spring", Media.VIDEO, "sub-1002", ""),
    ("item-33", "Films of the summer", Media.VIDEO, "sub-1002", ""),
    ("item-34", "Films of the autumn", Media.VIDEO, "sub-1002", ""),
    ("item-35", "Songs of the harbour", Media.AUDIO, "sub-1002", ""),
    ("item-36", "Songs of the river", Media.AUDIO, "sub-1002", ""),
)


def make(people: People, now: dt.datetime) -> None:
    """Make what is missing of subscribers, content, the claim, and the acceptance of the provider's rules."""
    provider = accounts.provider("cloudhaven")
    at = now - REGISTERED
    for external_id, contact in CONTACTS.items():
        known = _known(people, external_id)
        if known is None or known.contact_at is None:
            actions.register_subscriber(external_id=external_id, contact=contact, by=people.service, now=at)
    for external_id, title, media, subscriber, trait in UPLOADS:
        if access.find_content(provider, external_id=external_id) is None:
            actions.register_content(
                external_id=external_id,
                url=f"https://cloudhaven.example/v/{external_id}",
                title=title,
                media=media,
                subscriber_external_id=subscriber,
                by=people.service,
                now=at,
                **({trait: True} if trait else {}),
            )
    if not access.subscribers_of(people.uploader).exists():
        made = actions.make_claim_link(external_id="sub-1001", by=people.service, now=at)
        actions.claim_subscriber(secret=made.secret, by=people.uploader, now=at)
    rules = accounts.rules_of(provider).get()
    for account in (people.uploader, people.rights_holder):
        if not accounts.acceptances_of(account).filter(rules=rules).exists():
            verification.accept_rules(rules_id=rules.pk, by=account, now=at)


def _known(people: People, external_id: str) -> Subscriber | None:
    try:
        return access.subscriber_for(accounts.provider_of_service(people.service), external_id)
    except NotFound:
        return None
