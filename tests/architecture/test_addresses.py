"""Every address and socket states who may come through its door; a new one is covered without being added here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from core.access import Who
from core.api import ApiView
from verification.rules import RESERVED_CODES

# Views that come with their own rules: accounts and their headless API, Django's catalogue of translations.
LIBRARIES = ("allauth.", "django.views.i18n", "django.views.generic.base")
# Below /api/ and no ApiView, because they answer with the schema and its pages.
SCHEMA_VIEWS = {"schema", "api-docs", "api-trial"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, address)
        else:
            yield address, entry


def view_of(pattern: URLPattern) -> Any:
    callback = pattern.callback
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback


OURS = [
    (address, pattern)
    for address, pattern in patterns(get_resolver())
    if not view_of(pattern).__module__.startswith(LIBRARIES)
]


@pytest.mark.parametrize(("address", "pattern"), OURS, ids=[address for address, _ in OURS])
def test_every_address_states_who_may_come_in(address: str, pattern: URLPattern) -> None:
    assert isinstance(getattr(view_of(pattern), "who", None), Who), f"{address} states no rule"


def test_every_address_for_programs_denies_by_default() -> None:
    programs = [(a, p) for a, p in OURS if a.startswith("api/") and p.name not in SCHEMA_VIEWS]

    assert programs
    assert [a for a, p in programs if not issubclass(view_of(p), ApiView)] == []


def test_addresses_for_programs_have_no_trailing_slash_and_pages_have_one() -> None:
    programs = [a for a, p in OURS if a.startswith("api/") and p.name not in SCHEMA_VIEWS]
    others = ("api/", ".well-known/", "embed/", "problems/", "healthz", "readyz", "favicon.ico")
    pages = [a for a, p in OURS if not a.startswith(others)]

    assert [a for a in programs if a.endswith("/")] == []
    assert [a for a in pages if a and not a.endswith("/")] == []


def words_where_a_code_could_stand() -> set[str]:
    """Return each fixed word that opens an address of pages, or stands where the addresses of a provider have its code."""
    pages = [address.split("/") for address, _ in patterns(get_resolver()) if not address.startswith("api/")]
    before = {tuple(parts[: parts.index(part)]) for parts in pages for part in parts if part.endswith(":provider>")}
    beside = {parts[len(root)] for parts in pages for root in {(), *before} if tuple(parts[: len(root)]) == root}
    return {word.strip(".") for word in beside if word and "<" not in word}


def test_no_word_of_our_addresses_can_be_the_code_of_an_organisation() -> None:
    words = words_where_a_code_could_stand()

    assert {"new", "done", "confirm", "mend", "at", "law", "home"} <= words
    assert {word for word in words if "." not in word} - RESERVED_CODES == set()


def test_every_socket_checks_at_its_door() -> None:
    from messaging.routing import websocket_urlpatterns

    consumers = [pattern.callback.consumer_class for pattern in websocket_urlpatterns]  # type: ignore[attr-defined]

    assert consumers
    assert [c.__name__ for c in consumers if not isinstance(getattr(c, "who", None), Who)] == []


def test_what_the_libraries_bring_is_known() -> None:
    theirs = {view_of(p).__module__.split(".")[0] for _, p in patterns(get_resolver())} - {
        "portal", "investigations", "complaints", "messaging", "works", "hosting", "verification", "ledger", "core",
    }  # fmt: skip

    assert theirs <= {"allauth", "django"}
