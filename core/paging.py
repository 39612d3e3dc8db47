"""Lists a page at a time by key, newest first: constant cost however deep, and no counts."""

import base64
import binascii
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from core.errors import invalid

M = TypeVar("M", bound=Model)
USUAL_LIMIT = 50
LARGEST_LIMIT = 200


def _decode(cursor: str) -> tuple[str, UUID]:
    refusal = invalid("/cursor", "cursor", _("Use the cursor as a page gave it."))
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"==").decode()
        way, _colon, key = text.partition(":")
        found = way, UUID(key)
    except (ValueError, binascii.Error):
        raise refusal from None
    if way not in ("next", "previous"):
        raise refusal
    return found


def cursor_at(way: str, key: object) -> str:
    """Return the cursor of the page that begins after (``next``) or before (``previous``) this key."""
    return base64.urlsafe_b64encode(f"{way}:{key}".encode()).decode().rstrip("=")


def limit_of(text: str | None) -> int:
    """Return how many rows a page has, from what was asked; Invalid when it is no number from 1 to 200."""
    if text is None:
        return USUAL_LIMIT
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:4]) <= LARGEST_LIMIT or len(text) > 4:  # noqa: PLR2004
        raise invalid("/limit", "limit", _("Give a limit from 1 to 200."))
    return int(text)


def keyset(queryset: QuerySet[M], cursor: str | None, limit: int) -> tuple[list[M], str | None, str | None]:
    """Return one page of the queryset, newest first by primary key, with the cursors of the next and previous page."""
    return keyset_of([queryset], cursor, limit)


def keyset_of(
    querysets: Sequence[QuerySet[M]], cursor: str | None, limit: int, *, by: str = "pk"
) -> tuple[list[M], str | None, str | None]:
    """Return one page of several querysets together, as `keyset` does of one; their keys must be ordered by time.

    ``by`` names the column that is the key; no two rows have the same.
    """
    way, key = _decode(cursor) if cursor else ("next", None)
    is_back = way == "previous"
    found: list[M] = []
    for queryset in querysets:
        rows = queryset.order_by(by if is_back else f"-{by}")
        within = rows.filter(**{f"{by}__gt" if is_back else f"{by}__lt": key}) if key else rows
        found += within[: limit + 1]
    found.sort(key=attrgetter(by), reverse=not is_back)
    is_more = len(found) > limit
    more_after, more_before = (True, is_more) if is_back else (is_more, key is not None)
    found = found[:limit][::-1] if is_back else found[:limit]
    after = cursor_at("next", getattr(found[-1], by)) if found and more_after else None
    before = cursor_at("previous", getattr(found[0], by)) if found and more_before else None
    return found, after, before


def page(queryset: QuerySet[M], request: Request, render: Callable[[M], dict[str, Any]]) -> dict[str, Any]:
    """Return ``{results, next, previous}`` for an API list; ``next`` and ``previous`` are addresses or null."""
    limit = limit_of(request.query_params.get("limit"))
    rows, after, before = keyset(queryset, request.query_params.get("cursor"), limit)
    return answer([render(row) for row in rows], after, before, request)


def answer(results: list[dict[str, Any]], after: str | None, before: str | None, request: Request) -> dict[str, Any]:
    """Return ``{results, next, previous}`` of rows and the cursors of the neighbouring pages."""

    def address(cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = request.query_params.copy()
        query["cursor"] = cursor
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

    return {"results": results, "next": address(after), "previous": address(before)}
