"""Who may read the record, asked of the apps that know the matters, and how well the record does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import Denied, NotFound, Unavailable
from ledger.models import Entry, FollowerFailure, Leaf, Pending

# Told the account, an entry's subject and its provider, a reader raises NotFound (or Denied) for who may not read.
Reader = Callable[[Any, str, str], None]

EVERY_SUBJECT = "*"
_readers: dict[str, list[Reader]] = {}


def register_reader(prefix: str, reader: Reader) -> None:
    """Let `reader` decide about subjects that begin with `prefix` ("C-"); "*" stands for every subject.

    One reader that does not raise is enough; without any, nobody reads. An app registers at its start, once.
    """
    readers = _readers.setdefault(prefix, [])
    if reader not in readers:
        readers.append(reader)


def require_can_read(account: Any, subject: str, provider: str) -> None:
    """Raise NotFound unless a reader lets the account read entries of this subject and provider."""
    for prefix, readers in _readers.items():
        if prefix == EVERY_SUBJECT or subject.startswith(prefix):
            for reader in readers:
                try:
                    reader(account, subject, provider)
                except (NotFound, Denied):
                    continue
                return
    raise NotFound


def entries_of(account: Any, subject: str) -> QuerySet[Entry]:
    """Return the entries of the subject that the account may read; raises NotFound when there are none."""
    entries = Entry.objects.filter(subject=subject)
    readable = []
    for provider in entries.order_by("provider").values_list("provider", flat=True).distinct():
        try:
            require_can_read(account, subject, provider)
        except NotFound:
            continue
        readable.append(provider)
    if not readable:
        raise NotFound
    return entries.filter(provider__in=readable).order_by("-id")


def entries_of_provider(account: Any, provider: str) -> QuerySet[Entry]:
    """Return every entry of the provider, for its auditors; raises NotFound for everybody else."""
    for reader in _readers.get(EVERY_SUBJECT, ()):
        try:
            reader(account, "", provider)
        except (NotFound, Denied):
            continue
        return Entry.objects.filter(provider=provider).order_by("-id")
    raise NotFound


def get_for(account: Any, entry_id: UUID) -> Entry:
    """Return the entry; raises NotFound when it does not exist or is not the account's to read."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    require_can_read(account, entry.subject, entry.provider)
    return entry


def require_sealed(entry_id: UUID) -> None:
    """Raise Unavailable until the entry has its place in the tree: what proof must precede waits for that."""
    if not Leaf.objects.filter(entry_id=entry_id).exists():
        raise Unavailable(_("This is not sealed in the ledger yet; try again in a second."))


def lag(now: datetime) -> timedelta:
    """Return how long the oldest entry has been waiting for the sealer; zero when none waits."""
    oldest = Pending.objects.filter(refused_at__isnull=True).order_by("pk").select_related("entry").first()
    return max(now - oldest.entry.at, timedelta(0)) if oldest else timedelta(0)


def failing_followers() -> dict[str, int]:
    """Return, by follower, how many entries it failed at and will try again."""
    failures = FollowerFailure.objects.filter(attempts__gt=0).order_by("follower_id")
    counts: dict[str, int] = {}
    for name in failures.values_list("follower_id", flat=True):
        counts[name] = counts.get(name, 0) + 1
    return counts
