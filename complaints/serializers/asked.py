"""What somebody asks a list for, from the query of an address: named filters, each checked, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from complaints import regimes
from complaints.access import Wanted
from complaints.rules import Assigned, State, search
from core.errors import Invalid, Problem
from core.shapes import has_unfit_characters

PAGING = ("cursor", "limit")
SORTS = ("newest", "oldest")


def wanted_of(given: Mapping[str, Any], also: tuple[str, ...] = PAGING) -> Wanted:
    """Return what is asked; Invalid, pointing at each name that is unknown and each value that is wrong."""
    values: dict[str, Any] = {}
    problems = [
        Problem(f"/{name}", "unknown", ", ".join((*READERS, *also))) for name in given if name not in (*READERS, *also)
    ]
    for name, (field, read) in READERS.items():
        text = str(given.get(name) or "").strip()
        if text:
            try:
                values[field] = read(text)
            except ValueError as error:
                problems.append(Problem(f"/{name}", "unknown", str(error)))
    if problems:
        raise Invalid(problems)
    return Wanted(**values)


def query_of(wanted: Wanted) -> dict[str, str]:
    """Return what was asked as the query of an address: what stands in links, kept searches and the record's digest."""
    found = {
        "q": wanted.query,
        "state": wanted.state,
        "regime": wanted.regime,
        "provider": wanted.provider,
        "assigned": wanted.assigned,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "earning": "" if wanted.earning is None else str(wanted.earning).lower(),
        "sort": "oldest" if wanted.oldest_first else "",
    }
    return {name: text for name, text in found.items() if text}


def _query(text: str) -> str:
    if len(text) > search.LONGEST_QUERY or has_unfit_characters(text):
        raise ValueError(_("Give at most %(most)s characters of text.") % {"most": search.LONGEST_QUERY})
    if not search.asked_words(text):
        raise ValueError(_("Give at least one word to look for."))
    return text


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not search.EARLIEST <= day <= search.LATEST:
        raise ValueError(_("Give a day as in 2026-03-10."))
    return day


def _one_of(*known: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(_("Choose one of: %(known)s.") % {"known": ", ".join(known)})
        return text

    return read


READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "q": ("query", _query),
    "state": ("state", _one_of(*State.values)),
    "regime": ("regime", _one_of(*regimes.CODES)),
    "provider": ("provider", lambda text: text[:64]),
    "assigned": ("assigned", _one_of(*Assigned.values)),
    "since": ("since", _day),
    "until": ("until", _day),
    "earning": ("earning", lambda text: _one_of("true", "false")(text) == "true"),
    "sort": ("oldest_first", lambda text: _one_of(*SORTS)(text) == "oldest"),
}
