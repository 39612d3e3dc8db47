"""Kept searches: what a program gives, and how they are shown to whose they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode
from rest_framework import serializers

from complaints import access
from complaints.rules import search
from complaints.serializers import asked
from core.errors import Invalid
from core.shapes import Shape, Text
from core.times import rfc3339

if TYPE_CHECKING:
    from collections.abc import Mapping

    from complaints.models import SavedSearch
    from core.actors import Actor

TABS = {"desk": ("complaints:desk", {"tab": "all"}), "list": ("complaints:list", {})}


class SavedSearchInput(Shape):
    """A name, and what is asked, as in the query of a list's address."""

    name = Text(max_length=search.LONGEST_NAME)
    query = serializers.DictField(child=Text(allow_blank=True))


class SavedSearchAnswer(serializers.Serializer[Any]):
    """A kept search: its name, and the query that a list takes."""

    id, name = serializers.UUIDField(), serializers.CharField()
    query = serializers.DictField(child=serializers.CharField())
    saved_at = serializers.DateTimeField()


class SavedSearchesAnswer(serializers.Serializer[Any]):
    """All searches that the caller keeps; they stand on one page."""

    results = SavedSearchAnswer(many=True)
    next, previous = (serializers.CharField(allow_null=True) for _ in range(2))


def query_given(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the query as it is kept: what a list can be asked and nothing else. Invalid points into ``/query``."""
    try:
        return asked.query_of(asked.wanted_of(given, also=()))
    except Invalid as error:
        problems = [replace(one, pointer=f"/query{one.pointer}") for one in error.problems]
        raise Invalid(problems, error.detail) from None


def saved_shown(saved: SavedSearch) -> dict[str, Any]:
    """Return a kept search for programs."""
    kept = access.opened_search(saved)
    return {"id": str(saved.pk), "name": kept.name, "query": kept.query, "saved_at": rfc3339(saved.saved_at)}


def links_of(account: Actor, where: str) -> list[dict[str, Any]]:
    """Return the account's kept searches as links into one of the lists."""
    found = [(saved.pk, access.opened_search(saved)) for saved in access.saved_searches_of(account)]
    return [{"id": pk, "name": kept.name, "url": address_of(where, kept.query)} for pk, kept in found]


def address_of(where: str, query: Mapping[str, str]) -> str:
    """Return the address of a list ("desk" or "list") that is asked this."""
    name, tab = TABS[where]
    asks = urlencode({**tab, **query})
    return f"{reverse(name)}?{asks}" if asks else reverse(name)
