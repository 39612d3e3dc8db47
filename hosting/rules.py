"""What content can be, and how long a link to claim an account works."""

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
    everything else does, because it may be another thing.
    """
    parts = urlsplit(url.strip())
    host, path = parts.netloc.lower(), parts.path or "/"
    schemes = ("https", "http") if parts.scheme.lower() in ("http", "https") else (parts.scheme,)
    paths = (path, path.rstrip("/") or "/", path.rstrip("/") + "/")
    found = [url, *(urlunsplit((scheme, host, one, parts.query, "")) for scheme in schemes for one in paths)]
    return list(dict.fromkeys([*found, *(one.rstrip("/") for one in found if urlsplit(one).path == "/")]))
