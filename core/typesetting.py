"""Documents as PDF, set by typst from a template of ours and data that is never read as markup."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

TEMPLATES = Path(__file__).parent / "typst"


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the document that the template makes of the data; the same data always give the same bytes.

    The template reads the data as JSON, so nothing in it can be a command. Letters that typst's own fonts lack come
    from PDF_FONTS, a folder, and from the system's fonts.
    """
    source = (TEMPLATES / "page.typ").read_bytes() + (TEMPLATES / f"{template}.typ").read_bytes()
    fonts, given = _fonts(settings.PDF_FONTS), {"data": json.dumps(data, ensure_ascii=False)}
    made = typst.compile(source, format="pdf", font_paths=fonts, sys_inputs=given)
    assert isinstance(made, bytes)
    return made


@cache
def _fonts(folder: str) -> typst.Fonts:
    """Return the fonts there are; looking for them takes longer than setting a page, so it is done once."""
    return typst.Fonts(include_system_fonts=True, font_paths=[folder] if folder else [])
