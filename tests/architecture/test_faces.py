"""What every page is held to unopened: nothing from elsewhere, no script or style inside, all of it translatable."""

import re
from pathlib import Path

import pytest

from tests.templates import BASE, names

ELSEWHERE = re.compile(
    r"""(?:src|href|action|data-src)\s*=\s*["']?\s*(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//"""
)
INSIDE = re.compile(r"""<script(?![^>]*\bsrc=)(?![^>]*type=["']application/json)|<style|\sstyle=|\son[a-z]+=""")
PAGES = [path for folder in BASE.glob("*/templates") for path in sorted(folder.rglob("*.html"))]
ASSETS = [
    path for folder in BASE.glob("*/static") for path in sorted(folder.rglob("*")) if path.suffix in (".css", ".js")
]


def test_every_template_compiles() -> None:
    from django.template.loader import get_template

    for name in names():
        get_template(name)


@pytest.mark.parametrize("path", PAGES + ASSETS, ids=lambda path: str(path.relative_to(BASE)))
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert ELSEWHERE.findall(text) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(BASE)))
def test_no_script_or_style_stands_inside_a_page(path: Path) -> None:
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"))

    assert INSIDE.findall(text) == []


# The same in every language.
NAMES = re.compile(r"\b(?:UTC|API|SHA-256)\b")
NO_TEXT = [
    r"\{% comment.*?endcomment %\}",
    r"\{#.*?#\}",
    r"\{% block main_class %\}.*?\{% endblock main_class %\}",
    r"\{% blocktrans(?:late)?\b.*?endblocktrans(?:late)? %\}",
    r"<(?:script|style|pre|code)\b.*?</(?:script|style|pre|code)>",
    r"\{%.*?%\}|\{\{.*?\}\}",
]
# For designers: its headings are the names of files.
GALLERY = "gallery.html"


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.name != GALLERY], ids=lambda path: str(path.relative_to(BASE))
)
def test_every_text_of_a_page_is_translatable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern in NO_TEXT:
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "\n", text, flags=re.DOTALL)
    words = [line.strip() for line in NAMES.sub("", text).splitlines() if re.search(r"[A-Za-z]{3}", line)]

    assert words == []
