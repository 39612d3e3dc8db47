"""What follows from recorded acts: functions that are given sealed entries in the ledger's order, each exactly once.

Exactly once holds for what a follower writes to the database: its effects, its cursor and its failures commit together.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.module_loading import autodiscover_modules

from ledger import rules
from ledger.models import Entry, Follower, FollowerFailure, Leaf

logger = logging.getLogger(__name__)

Follow = Callable[[Entry], None]


@dataclass(frozen=True)
class Declared:
    """A follower as its app declared it."""

    name: str
    acts: tuple[str, ...]
    follow: Follow
    is_from_now: bool


# Every follower of the portal by its name.
FOLLOWERS: dict[str, Declared] = {}


def follower(name: str, acts: Sequence[str], *, from_now: bool = False) -> Callable[[Follow], Follow]:
    """Declare a function to follow these acts. Its name is kept with its cursor: a new name begins anew.

    A new follower begins with the ledger's first entry, or with `from_now` where the ledger ends at its first run.
    """

    def declare(follow: Follow) -> Follow:
        other = FOLLOWERS.get(name)
        if other is not None and (other.follow.__module__, other.follow.__name__) != (
            follow.__module__,
            follow.__name__,
        ):
            raise ValueError(f"two followers are named {name}")
        FOLLOWERS[name] = Declared(name, tuple(acts), follow, from_now)
        return follow

    return declare


def discover() -> None:
    """Import `followers` of every app, so that its followers are declared."""
    autodiscover_modules("followers")


def run_followers(now: datetime, limit: int = 1_000) -> int:
    """Give followers what they have not seen, at most about `limit` entries; return how many were handled.

    Followers take turns, so that none waits for another's backlog. Several workers may call it at once: a follower
    that another worker runs is passed over.
    """
    handled, names = 0, _pass_over(_with_work(now), now)
    while names and handled < limit:
        for name in list(names):
            count, is_done = _run_batch(FOLLOWERS[name], now)
            handled += count
            if is_done:
                names.remove(name)
    return handled


def _tree_size() -> int:
    newest = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


def _with_work(now: datetime) -> list[str]:
    size = _tree_size()
    positions = dict(Follower.objects.order_by("name").values_list("name", "position"))
    for declared in FOLLOWERS.values():
        if declared.name not in positions:
            position = size if declared.is_from_now else 0
            made, _ = Follower.objects.get_or_create(name=declared.name, defaults={"position": position})
            positions[declared.name] = made.position
    due = set(FollowerFailure.objects.filter(next_try_at__lte=now).values_list("follower_id", flat=True).distinct())
    return [name for name in FOLLOWERS if positions[name] < size or name in due]


def _pass_over(names: list[str], now: datetime) -> list[str]:
    """Take the followers for which nothing is in the next window past it, all at once; return the others.

    Most entries concern few followers, and each that is not concerned would cost a transaction of its own.
    """
    known = dict(Follower.objects.filter(name__in=names).order_by("name").values_list("name", "position"))
    if not known:
        return names
    first, size = min(known.values()), _tree_size()
    end = min(size, first + rules.FOLLOWER_WINDOW)
    # Where each act was last recorded in this window: a follower before that place is concerned.
    window = Leaf.objects.filter(index__gte=first, index__lt=end).order_by().values("entry__act")
    last = dict(window.annotate(last=Max("index")).values_list("entry__act", "last"))
    due = set(FollowerFailure.objects.filter(next_try_at__lte=now).values_list("follower_id", flat=True).distinct())

    def is_concerned(name: str) -> bool:
        return name in due or any(last.get(act, -1) >= known[name] for act in FOLLOWERS[name].acts)

    passing = [name for name in names if known[name] < end and not is_concerned(name)]
    with transaction.atomic():
        free = Follower.objects.select_for_update(skip_locked=True).filter(name__in=passing).order_by("name")
        # Whoever came further meanwhile is left there.
        behind = [follower.name for follower in free if follower.position < end]
        Follower.objects.filter(name__in=behind).update(position=end)
    return [name for name in names if name not in behind or end < size]


def _run_batch(declared: Declared, now: datetime) -> tuple[int, bool]:
    """Run a few entries in one transaction; return how many, and whether nothing is left to do for now."""
    with transaction.atomic():
        cursor = Follower.objects.select_for_update(skip_locked=True).filter(pk=declared.name).first()
        if cursor is None:
            return 0, True
        retried = _retry(declared, now)
        leaves, position = _next_leaves(declared, cursor.position)
        held = _held(declared, leaves)
        for leaf in leaves:
            _take(declared, leaf, held, now)
        if position != cursor.position:
            cursor.position = position
            cursor.save(update_fields=["position"])
        return retried + len(leaves), not retried and position == _tree_size()


def _next_leaves(declared: Declared, position: int) -> tuple[list[Leaf], int]:
    """Return the next leaves of the follower's acts, and the position after them; both bounded."""
    end = min(_tree_size(), position + rules.FOLLOWER_WINDOW)
    window = Leaf.objects.filter(index__gte=position, index__lt=end, entry__act__in=declared.acts)
    leaves = list(window.select_related("entry").order_by("index")[: rules.FOLLOWER_BATCH])
    return leaves, leaves[-1].index + 1 if len(leaves) == rules.FOLLOWER_BATCH else end


def _failures(declared: Declared) -> QuerySet[FollowerFailure]:
    return FollowerFailure.objects.filter(follower_id=declared.name)


def _held(declared: Declared, leaves: Sequence[Leaf]) -> set[str]:
    """Return the subjects of these leaves in which something was put aside, so that what comes later waits."""
    subjects = {leaf.entry.subject for leaf in leaves}
    return set(_failures(declared).filter(subject__in=subjects).values_list("subject", flat=True)) if leaves else set()


def _take(declared: Declared, leaf: Leaf, held: set[str], now: datetime) -> None:
    """Give the entry to the follower, or put it aside: because it failed, or because its subject is held."""
    entry = leaf.entry
    aside = FollowerFailure(
        follower_id=declared.name, entry=entry, index=leaf.index, subject=entry.subject, attempts=0, next_try_at=now
    )
    if entry.subject in held:
        aside.save(force_insert=True)
    else:
        _try(declared, aside, now)
    if aside.pk is not None:
        held.add(entry.subject)


def _retry(declared: Declared, now: datetime) -> int:
    """Try again, by subject, the oldest entry that was put aside, where its time has come; return how many."""
    oldest = _failures(declared).order_by("subject", "index").distinct("subject").values("pk")
    due = FollowerFailure.objects.filter(pk__in=oldest, next_try_at__lte=now).select_related("entry")
    tried = list(due.order_by("index")[: rules.FOLLOWER_BATCH])
    for aside in tried:
        _try(declared, aside, now)
    return len(tried)


def _try(declared: Declared, aside: FollowerFailure, now: datetime) -> None:
    try:
        with transaction.atomic():
            declared.follow(aside.entry)
    except Exception as error:  # noqa: BLE001 - whatever a follower raises, the others go on
        aside.attempts += 1
        aside.next_try_at = now + rules.retry_after(aside.attempts)
        aside.error = type(error).__name__[:200]
        aside.save()
        place = {"follower": declared.name, "entry": str(aside.entry_id), "attempts": aside.attempts}
        logger.error("a follower failed at an entry", extra={**place, "error": aside.error})
    else:
        if aside.pk is not None:
            aside.delete()
