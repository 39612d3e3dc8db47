"""What acts of other apps do to subscribers, inside their own transaction; it records nothing by itself."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from core import ids
from core.errors import Conflict
from hosting import rules
from hosting.models import ClaimLink, Subscriber


@dataclass(frozen=True)
class Made:
    """A link that was just made: its secret is nowhere else."""

    link: ClaimLink
    secret: str


def offer_claim(subscriber_id: UUID, now: dt.datetime) -> Made:
    """Return a new link with which an account claims the subscriber, once; earlier links end. Call it in an action.

    Raises Conflict for a subscriber that is claimed already.
    """
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber_id)
    if subscriber.account_id is not None:
        raise Conflict(_("An account has claimed this subscriber already."), state="claimed")
    ClaimLink.objects.filter(subscriber=subscriber, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    secret = ids.new_secret()
    link = ClaimLink(subscriber=subscriber, hash=ids.hash_secret(secret), made_at=now)
    link.expires_at = rules.claim_works_until(now)
    link.save(force_insert=True)
    return Made(link, secret)
