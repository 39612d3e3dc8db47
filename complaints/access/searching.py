"""Lists and searches of complaints at a constant cost: who may find what, the newest first, however many there are.

One index (``SearchEntry``) holds tags and words. Complaints stand in slices by the order in which they came, and a page
is gathered slice by slice from its end: a word that is everywhere is met in the first slice, and one that is rare is
asked for in all the rest at once.
"""

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Func, IntegerField, Prefetch, QuerySet
from django.utils.translation import gettext as _

from complaints.access.seeing import own_subscribers, visible_to
from complaints.models import Complaint, ComplaintItem, ComplaintWork, SearchEntry
from complaints.rules import Assigned, search
from core import sealing
from core.actors import Actor
from core.errors import invalid
from verification.access import memberships_of, organisations_where, provider
from verification.models import Account
from verification.rules import STAFF_ROLES, Role

SLICE_BITS = 12  # as in the trigger that makes the tags
NEAR_SLICES = 4
FEW = 2_000
BUDGET_SECONDS = 0.12
LONGEST_STATEMENT_MS = 3_000
CURSOR = "complaints.cursor"


@dataclass(frozen=True)
class Wanted:
    """What somebody asks a list for: words, filters, and from which end."""

    query: str = ""
    state: str = ""
    regime: str = ""
    provider: str = ""
    assigned: str = ""
    earning: bool | None = None
    waiting: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    oldest_first: bool = False


@dataclass(frozen=True)
class Found:
    """One page of a list: its complaints in order, the cursors of its neighbours, and whether the search ended early."""

    rows: list[Complaint]
    next: str | None
    previous: str | None
    # The search ended before the page was full, because there is much to look through: ``next`` goes on from there.
    is_broken_off: bool = False


def page_for(account: Actor, wanted: Wanted, cursor: str | None, limit: int) -> Found:
    """Return one page of what the account may see and asked for, in the order in which it came.

    A page may hold fewer than ``limit`` although more follow: a search that finds little in much ends after a while
    and goes on from its ``next``, and says so. Raises Invalid for a cursor that no page gave and for words that are none.
    """
    way, place = _opened(cursor) if cursor else ("next", None)
    is_back = way == "previous"
    walk = _walk_for(account, wanted, place, is_up=wanted.oldest_first is not is_back)
    if walk is None:
        return Found([], None, None)
    numbers, broken_at = walk.gather(limit + 1, budget=BUDGET_SECONDS)
    kept = list(numbers)[:limit]
    onward = kept[-1] if len(numbers) > limit else broken_at
    after = None if onward is None else cursor_at(way, onward)
    before = None if place is None or not kept else cursor_at("next" if is_back else "previous", kept[0])
    rows = rows_for(account, [numbers[number] for number in kept])
    is_broken_off = broken_at is not None
    if is_back:
        return Found(rows[::-1], before, after, is_broken_off)
    return Found(rows, after, before, is_broken_off)


def ids_for(account: Actor, wanted: Wanted, limit: int) -> list[UUID]:
    """Return the ids of what the account may find and asked for, in order, at most ``limit``, however long it takes."""
    walk = _walk_for(account, wanted, None, is_up=wanted.oldest_first)
    return [] if walk is None else list(walk.gather(limit, budget=None)[0].values())[:limit]


def rows_for(account: Actor, ids: list[UUID]) -> list[Complaint]:
    """Return those of the complaints that the account may see now, in the order of the ids."""
    # The index only proposes; who may see what, one place decides.
    return _in_order(visible_to(account).filter(pk__in=ids), ids) if ids else []


def whole_rows_for(account: Account, ids: list[UUID]) -> list[Complaint]:
    """Return those of the complaints that the account may see whole, as staff, with their works and items, in order."""
    mine = organisations_where(account, *STAFF_ROLES)
    found = visible_to(account).filter(pk__in=ids, provider__in=mine)
    works = Prefetch("works", ComplaintWork.objects.order_by("position"))
    return _in_order(found.prefetch_related(works, Prefetch("items", ComplaintItem.objects.order_by("position"))), ids)


def _in_order(found: QuerySet[Complaint], ids: list[UUID]) -> list[Complaint]:
    by_id = {one.pk: one for one in found}
    return [by_id[pk] for pk in ids if pk in by_id]


def is_without_words(complaint: Complaint) -> bool:
    """Say whether the complaint's words were never kept. Whoever calls this has checked who asks."""
    entries = SearchEntry.objects.filter(complaint=complaint, audience__isnull=True)
    return entries.annotate(kept=Func("words", function="length", output_field=IntegerField())).filter(kept=0).exists()


def scope_of(account: Actor, wanted: Wanted) -> list[str]:
    """Return the tags of what the account may find at all."""
    if not isinstance(account, Account) or not account.is_active:
        return []
    if wanted.waiting:
        return [f"waiting:{pk}" for pk in organisations_where(account, Role.HANDLER).values_list("pk", flat=True)]
    held = memberships_of(account).filter(organisation__isnull=False, role__in=[*STAFF_ROLES, Role.SERVICE])
    tags = {f"{'service' if one.role == Role.SERVICE else 'staff'}:{one.organisation_id}" for one in held}
    if wanted.assigned:
        return sorted(tag for tag in tags if tag.startswith("staff:"))
    own = own_subscribers(account).values_list("pk", flat=True)
    return [f"complainant:{account.pk}", *sorted(tags), *(f"uploader:{pk}" for pk in own)]


def _walk_for(account: Actor, wanted: Wanted, place: int | None, *, is_up: bool) -> "_Walk | None":
    """Return the walk for what was asked; None where the account can find nothing."""
    scope = scope_of(account, wanted)
    if not scope or not isinstance(account, Account):
        return None
    asked = search.asked_words(wanted.query)
    if wanted.query.strip() and not asked:
        raise invalid("/q", "no_words", _("Give at least one word to look for."))
    parts: list[tuple[str, Any]] = [("e.tags && %s::text[]", scope)]
    if tags := _tags_of(account, wanted):
        parts.append(("e.tags @> %s::text[]", tags))
    parts += _within(wanted)
    if place is not None:
        parts.append((f"e.number {'>' if is_up else '<'} %s", place))
    condition = " AND ".join(text for text, _value in parts)
    return _Walk(condition, [value for _text, value in parts], asked, search.near_words(wanted.query), is_up, place)


def _tags_of(account: Account, wanted: Wanted) -> list[str]:
    tags = [f"{name}:{value}" for name in ("state", "regime") if (value := getattr(wanted, name))]
    if wanted.provider:
        tags.append(f"provider:{provider(wanted.provider).pk}")
    if wanted.assigned:
        holder = account.pk if wanted.assigned == Assigned.ME else "nobody"
        tags.append(f"held:{holder}")
    if wanted.earning is not None:
        tags.append(f"earning:{str(wanted.earning).lower()}")
    return tags


def _within(wanted: Wanted) -> list[tuple[str, Any]]:
    if wanted.since is None and wanted.until is None:
        return []
    since, until = wanted.since or search.EARLIEST, wanted.until or search.LATEST
    begin = dt.datetime.combine(since, dt.time(), dt.UTC)
    end = dt.datetime.combine(until, dt.time(), dt.UTC) + dt.timedelta(days=1)
    periods = search.periods_between(since, until) if since <= until else []
    return [("e.tags && %s::text[]", periods), ("e.filed_at >= %s", begin), ("e.filed_at < %s", end)]


@dataclass(frozen=True)
class _Walk:
    """A way through the slices from one end: conditions with their values, the direction, and where it begins."""

    condition: str
    values: list[Any]
    asked: str
    # What the index alone can tell of what is asked; at least as much is found by it.
    near: str
    is_up: bool
    place: int | None

    def gather(self, most: int, *, budget: float | None) -> tuple[dict[int, UUID], int | None]:
        """Return complaints by their numbers, in order, and the number from which to go on where it was broken off."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT last_value, set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'off', true)"
                " FROM complaints_search_number",
                [str(LONGEST_STATEMENT_MS)],
            )
            last = int(cursor.fetchone()[0]) >> SLICE_BITS
            begin = (0 if self.is_up else last) if self.place is None else self.place >> SLICE_BITS
            slices = range(begin, last + 1) if self.is_up else range(begin, -1, -1)
            return self._gather(cursor, slices, most, budget)

    def _gather(
        self, cursor: Any, slices: range, most: int, budget: float | None
    ) -> tuple[dict[int, UUID], int | None]:
        began, count = time.monotonic(), 1
        found = self._found_in(cursor, slices[:NEAR_SLICES], most)
        slices = slices[NEAR_SLICES:]
        if len(found) >= most or not slices:
            return found, None
        rest = self._all_beyond(cursor, slices[0])
        if rest is not None:
            return {**found, **rest}, None
        while slices and len(found) < most:
            looked_at = time.monotonic()
            found |= self._found_in(cursor, slices[:count], most - len(found))
            slices = slices[count:]
            is_quick = time.monotonic() - looked_at < BUDGET_SECONDS / 8
            count = count * 4 if is_quick else max(1, count // 4)
            if budget is not None and time.monotonic() - began > budget:
                break
        return found, self._edge(slices[0]) if slices and len(found) < most else None

    def _edge(self, slice_: int) -> int:
        """Return the number beyond which, in the walk's direction, this slice and all that follow lie."""
        return (slice_ << SLICE_BITS) - 1 if self.is_up else (slice_ + 1) << SLICE_BITS

    def _found_in(self, cursor: Any, slices: range, most: int) -> dict[int, UUID]:
        """Return what is in these slices; each is looked at only when those before it did not suffice."""
        if not slices:
            return {}
        # The join takes the slices in their order, and stops. What stands in the text itself is ours; values are bound.
        cursor.execute(
            f"""SELECT f.number, f.complaint_id
            FROM generate_series(%s::bigint, %s::bigint, %s::bigint) AS s (slice) CROSS JOIN LATERAL (
                SELECT DISTINCT e.number, e.complaint_id FROM {self._one_slice}
                ORDER BY e.number {"" if self.is_up else "DESC"} LIMIT %s) f LIMIT %s""",  # noqa: S608 - no value is written into it
            [slices[0], slices[-1], slices.step, *self.values, *([self.asked] if self.asked else []), most, most],
        )
        return dict(cursor.fetchall())

    @property
    def _one_slice(self) -> str:
        within = f"complaints_searchentry e WHERE e.tags @> ARRAY['slice:' || s.slice] AND {self.condition}"
        if ":*" in self.asked:
            # The index would gather all words that begin so for each slice anew; a slice's own rows are few.
            return f"(SELECT e.* FROM {within} OFFSET 0) e WHERE e.words @@ %s::tsquery"  # noqa: S608 - as above
        return f"{within} AND e.words @@ %s::tsquery" if self.asked else within

    def _all_beyond(self, cursor: Any, slice_: int) -> dict[int, UUID] | None:
        """Return all from this slice on where that is little; None where it is much, or might be."""
        words = "AND e.words @@ %s::tsquery" if self.near else ""
        fits = "e.words @@ %s::tsquery" if self.asked else "true"
        cursor.execute(
            f"SELECT e.number, e.complaint_id, {fits} FROM complaints_searchentry e"  # noqa: S608 - as above
            f" WHERE {self.condition} {words} AND e.number {'>' if self.is_up else '<'} %s LIMIT %s",
            [
                *([self.asked] if self.asked else []),
                *self.values,
                *([self.near] if self.near else []),
                self._edge(slice_),
                FEW + 1,
            ],
        )
        rows = cursor.fetchall()
        fitting = [(number, pk) for number, pk, is_fitting in rows if is_fitting]
        return None if len(rows) > FEW else dict(sorted(fitting, reverse=not self.is_up))


def cursor_at(way: str, number: int) -> str:
    """Return the cursor of the page beyond a number. It is sealed: the number tells how many complaints there are."""
    return sealing.seal_token(CURSOR, f"{way}:{number}")


def _opened(cursor: str) -> tuple[str, int]:
    try:
        way, _colon, number = sealing.open_token(CURSOR, cursor).partition(":")
        return way, int(number)
    except ValueError:
        raise invalid("/cursor", "cursor", _("Use the cursor as a page gave it.")) from None
