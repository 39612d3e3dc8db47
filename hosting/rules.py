"""What content can be, how long a link to claim an account works, and how webhooks are kept and tried."""

import datetime as dt
from urllib.parse import urlsplit, urlunsplit

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Media(TextChoices):
    """What kind of thing a piece of content is."""

    VIDEO = "video", _("video")
    AUDIO = "audio", _("audio")
    IMAGE = "image", _("picture")
    TEXT = "text", _("text")
    SOFTWARE = "software", _("software")
    OTHER = "other", _("other")


class DeliveryState(TextChoices):
    """Where the news for one webhook stands."""

    WAITING = "waiting", _("waiting to be delivered")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("given up")


def claim_works_until(made_at: dt.datetime) -> dt.datetime:
    """Return until when a link works by which an uploader claims the account of a subscriber.

    House rule: 14 days, long enough for a letter and a holiday; a new link can be made at any time.
    """
    return made_at + dt.timedelta(days=14)


LONGEST_EXTERNAL_ID = 120
LONGEST_URL = 2000
LONGEST_TITLE = 300
LONGEST_CONTACT = {"name": 200, "postal_address": 1000, "email": 254, "phone": 40}
PSEUDONYM_CHARACTERS = 6


def spellings_of(url: str) -> list[str]:
    """Return the spellings under which one address may have been registered, the given one first.

    House rule: http and https, a slash at the end or none, host in small letters, and no fragment make no difference;
    everything else does, because it may be another thing. What is no address has only the spelling that was given.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return [url]
    host, path = parts.netloc.lower(), parts.path or "/"
    schemes = ("https", "http") if parts.scheme.lower() in ("http", "https") else (parts.scheme,)
    paths = (path, path.rstrip("/") or "/", path.rstrip("/") + "/")
    found = [url, *(urlunsplit((scheme, host, one, parts.query, "")) for scheme in schemes for one in paths)]
    return list(dict.fromkeys([*found, *(one.rstrip("/") for one in found if urlsplit(one).path == "/")]))


def host_of(url: str) -> str:
    """Return the host of an address in small letters, with its port where one is given; empty for what is no address.

    House rule: an address is one when it names a host; an identifier or a path alone is not.
    """
    try:
        return urlsplit(url.strip()).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


# --- webhooks
MOST_WEBHOOKS = 20
MOST_REPLAYED = 1_000
# A slow webhook leaves some of its provider's senders to the others there, and a slow provider some to all others.
SENDERS = 16
SENDERS_PER_PROVIDER = 8
SENDERS_PER_WEBHOOK = 4


def rotated_secret_signs_until(rotated_at: dt.datetime) -> dt.datetime:
    """Return until when deliveries are signed with the old secret beside the new one.

    House rule: 24 hours, so that a receiver takes the new one over without losing a delivery (promise G1).
    """
    return rotated_at + dt.timedelta(hours=24)


def held_until(claimed_at: dt.datetime) -> dt.datetime:
    """Return until when nobody else tries a delivery that a sender has claimed.

    House rule: one minute, several times what a call may take: a sender that died holds nothing up for longer.
    """
    return claimed_at + dt.timedelta(minutes=1)


def tried_until(made_at: dt.datetime) -> dt.datetime:
    """Return until when a delivery is tried again and again.

    House rule: three days, so that a receiver that was away over a weekend misses nothing.
    """
    return made_at + dt.timedelta(days=3)


def next_try_at(*, give_up_at: dt.datetime, attempts: int, now: dt.datetime) -> dt.datetime | None:
    """Return when a delivery that failed ``attempts`` times is tried again; None when it is given up.

    House rule: after 5 seconds, then after three times as long each time, up to four hours.
    """
    at = now + min(dt.timedelta(seconds=5 * 3 ** min(attempts - 1, 10)), dt.timedelta(hours=4))
    return at if at <= give_up_at else None


def delivery_is_kept_until(made_at: dt.datetime) -> dt.datetime:
    """Return until when a delivery that is over can be looked at and sent again.

    House rule: 30 days; what it told stands in the matter itself.
    """
    return made_at + dt.timedelta(days=30)


def is_taken(status: int) -> bool:
    """Say whether this answer of a receiver means that it has taken the delivery.

    House rule: any 2xx, as Standard Webhooks has it; a redirect is none, for it is not followed.
    """
    return 200 <= status < 300  # noqa: PLR2004 - HTTP's own numbers


def ends_webhook(status: int) -> bool:
    """Say whether this answer of a receiver asks that nothing is sent there any more.

    House rule: 410 Gone, as Standard Webhooks has it.
    """
    return status == 410  # noqa: PLR2004 - HTTP's own number
