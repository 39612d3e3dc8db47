"""Searches that an account keeps for itself: a preference that changes no matter, so that no ledger tells of it."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import access
from complaints.models import SavedSearch
from complaints.rules import search
from core import sealing
from core.errors import invalid
from core.shapes import has_unfit_characters
from verification.models import Account


@transaction.atomic
def save_search(*, by: Account, name: str, query: Mapping[str, str], now: dt.datetime) -> SavedSearch:
    """Keep a search of the account, in place of the one that it keeps under this name; return it.

    ``query`` is that of an address, checked. Raises Invalid without a name or with one that is too long, for a query
    that narrows nothing, and where the account keeps as many as it can.
    """
    name = " ".join(name.split())
    _check(name, query)
    # Locked first: of two at once, neither may take the other's place or name.
    Account.objects.select_for_update(no_key=True).get(pk=by.pk)
    saved = access.saved_search_named(by, name) or _new(by, name, now)
    value = {"name": name, "query": dict(query)}
    row = (access.SAVED_SEARCH_TABLE, saved.pk)
    saved.kept_sealed = sealing.seal_json(saved.data_key, row=row, field="kept", value=value)
    saved.saved_at = now
    saved.save()
    return saved


def _check(name: str, query: Mapping[str, str]) -> None:
    if not name:
        raise invalid("/name", "required", _("Give the search a name."))
    if len(name) > search.LONGEST_NAME or has_unfit_characters(name):
        text = _("Give at most %(most)s characters of text.") % {"most": search.LONGEST_NAME}
        raise invalid("/name", "too_long", text)
    if not query.keys() - {"sort"}:
        raise invalid("/query", "required", _("Look for something first: this search would find everything."))


def _new(by: Account, name: str, now: dt.datetime) -> SavedSearch:
    taken = set(access.saved_searches_of(by).values_list("place", flat=True))
    free = [place for place in range(1, search.MOST_SAVED + 1) if place not in taken]
    if not free:
        text = _("You keep %(most)s searches already. Remove one first.") % {"most": search.MOST_SAVED}
        raise invalid("", "too_many", text)
    key = sealing.new_data_key(now=now)
    return SavedSearch(account=by, name_index=access.saved_search_index(by, name), data_key=key, place=free[0])


@transaction.atomic
def remove_search(*, by: Account, search_id: UUID, now: dt.datetime) -> None:
    """Forget a search of the account and destroy its key; NotFound for one that is not its own."""
    saved = access.saved_search_for(by, search_id)
    saved.delete()
    sealing.destroy(saved.data_key, now=now)
