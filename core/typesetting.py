"""Documents as PDF, set by typst from a template of ours and data that is never read as markup."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

TEMPLATES = Path(__file__).parent / "typst"


class CannotBeSet(Exception):
    """Typst broke down over a text: there are heaps of signs that it cannot set."""


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the document that the template makes of the data; the same data always give the same bytes.

    The template reads the data as JSON, so nothing in it can be a command. Letters that typst's own fonts lack come
    from PDF_FONTS, a folder, and from the system's fonts. A text over which typst breaks down is set sign by sign.
    """
    try:
        return _compiled(template, data)
    except CannotBeSet:
        texts = sorted(set(_texts(data)))
        return _compiled(template, data, fragile=_fragile(texts) or texts)


def _compiled(template: str, data: Mapping[str, Any], fragile: Sequence[str] = ()) -> bytes:
    source = (TEMPLATES / "page.typ").read_bytes() + (TEMPLATES / f"{template}.typ").read_bytes()
    given = {name: json.dumps(value, ensure_ascii=False) for name, value in (("data", data), ("fragile", fragile))}
    try:
        made = typst.compile(source, format="pdf", font_paths=_fonts(settings.PDF_FONTS), sys_inputs=given)
    except BaseException as failure:
        # A panic of typst's is no Exception, and its class can't be imported.
        if type(failure).__name__ != "PanicException":
            raise
        raise CannotBeSet from failure
    assert isinstance(made, bytes)
    return made


def _texts(data: Any) -> Iterator[str]:
    """Give all texts in the data, however deep."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for one in data.values():
            yield from _texts(one)
    elif isinstance(data, Sequence):
        for one in data:
            yield from _texts(one)


def _fragile(texts: Sequence[str]) -> list[str]:
    """Return those of the texts over which typst breaks down, found by halving."""
    try:
        _compiled("trial", {"title": "", "portal": "", "reference": "", "texts": texts})
    except CannotBeSet:
        if len(texts) == 1:
            return list(texts)
        middle = len(texts) // 2
        return _fragile(texts[:middle]) + _fragile(texts[middle:])
    return []


@cache
def _fonts(folder: str) -> typst.Fonts:
    """Return the fonts there are; looking for them takes longer than setting a page, so it is done once."""
    return typst.Fonts(include_system_fonts=True, font_paths=[folder] if folder else [])
