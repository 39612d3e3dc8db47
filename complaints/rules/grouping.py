"""What belongs together: filings of one sender in a short time, notices about the same again, and what is not here."""

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from complaints.rules.states import State
from hosting.rules import host_of

# In these an earlier notice about the same is dealt with; when it leaves them otherwise than upheld, a later one that
# goes with it stands by itself again.
OPEN_STATES = (State.FILED, State.ACCEPTED, State.ACTED, State.FORWARDED, State.CONTESTED)
CARRYING = (*OPEN_STATES, State.UPHELD)
MOST_OTHERS = 20
MOST_COUNTED = 100


class ItemPlace(TextChoices):
    """Whether what was complained about was found at the provider."""

    FOUND = "found", _("found at the provider")
    NOT_FOUND = "not_found", _("not found at the provider")
    ELSEWHERE = "elsewhere", _("at another provider: this address is none of this one's")


def is_one_filing(before: dt.datetime, now: dt.datetime) -> bool:
    """Say whether a notice that comes now belongs to the same filing as the one that its sender filed before.

    House rule: within half an hour of each other, so that a list that is filed one by one is handled together.
    """
    return now - before <= dt.timedelta(minutes=30)


def is_elsewhere(url: str, hosts: Iterable[str]) -> bool:
    """Say whether an address is at none of the hosts under which the provider's content is registered.

    House rule: a host above or below a known one counts as known; where nothing is known, nothing is said. The notice
    is taken all the same, because no law lets a wrong address alone refuse it.
    """
    host, known = host_of(url), list(hosts)
    if not host or not known:
        return False
    return not any(host == one or host.endswith(f".{one}") or one.endswith(f".{host}") for one in known)


def place_of(*, is_found: bool, is_elsewhere: bool) -> ItemPlace:
    """Return where an item is, as far as the provider knows.

    House rule: what was found is found, whatever its address looks like.
    """
    if is_found:
        return ItemPlace.FOUND
    return ItemPlace.ELSEWHERE if is_elsewhere else ItemPlace.NOT_FOUND


def repeat_key(*, sender: str, regime: str, thing: str, titles: Iterable[str]) -> bytes:
    """Return 16 bytes that are equal when one sender complains of the same thing for the same works under one regime.

    House rule: titles are the same whatever their case, width and order; other works are another matter. Whoever lacks
    the sender's own identifier learns nothing from it.
    """
    works = "\x1f".join(sorted({_folded(title) for title in titles if title.strip()}))
    said = f"{sender}\x1e{regime}\x1e{thing}\x1e{works}"
    return hashlib.blake2b(said.encode(), digest_size=16).digest()


def _folded(title: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())
