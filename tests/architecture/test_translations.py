"""English and Simplified Chinese are equals: every text is translated, and what is compiled is what was written."""

import dataclasses
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from complaints import regimes
from investigations import bases

BASE = Path(__file__).resolve().parent.parent.parent
CATALOGUES = sorted(BASE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"))
ENTRY = re.compile(
    r'^(?:msgctxt "(?P<context>.*)"\n)?'
    r'msgid (?P<source>(?:".*"\n)+)(?:msgid_plural (?:".*"\n)+)?msgstr(?:\[0\])? (?P<text>(?:".*"\n)+)',
    re.M,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def joined(lines: str) -> str:
    return "".join(line[1:-1] for line in lines.strip().split("\n"))


def entries(catalogue: Path) -> list[tuple[str, str]]:
    """Return each text, behind its context as gettext joins them where it has one, with its translation."""
    found = []
    for m in ENTRY.finditer(catalogue.read_text(encoding="utf-8") + "\n"):
        context = f"{m['context']}\x04" if m["context"] else ""
        found.append((context + joined(m["source"]), joined(m["text"])))
    return [(source, text) for source, text in found if source]


def test_every_app_with_words_has_a_catalogue():
    assert {path.parts[-5] for path in CATALOGUES} == {
        "complaints", "core", "hosting", "investigations", "messaging", "portal", "verification",
    }  # fmt: skip


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-5])
def test_every_text_has_a_chinese_one_with_the_same_places_for_values(catalogue: Path):
    wrong = [source for source, text in entries(catalogue) if not text]
    differing = [
        source
        for source, text in entries(catalogue)
        if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(text))
    ]

    assert "#, fuzzy" not in catalogue.read_text(encoding="utf-8")
    assert (wrong, differing) == ([], [])


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-5])
def test_the_compiled_catalogue_is_that_of_the_written_one(catalogue: Path):
    with catalogue.with_suffix(".mo").open("rb") as compiled:
        known = gettext.GNUTranslations(compiled)

    plain = [(source, text) for source, text in entries(catalogue) if "\\" not in source and "\\" not in text]

    assert len(plain) > 10
    assert [
        source for source, text in plain if known.gettext(source) != text and known.ngettext(source, "", 1) != text
    ] == []


def test_no_text_is_translated_in_two_ways() -> None:
    # The catalogues are one when the portal runs: the app that is read first would decide for all.
    said: dict[str, set[str]] = {}
    for source, text in (entry for catalogue in CATALOGUES for entry in entries(catalogue)):
        said.setdefault(source, set()).add(text)

    assert {source: texts for source, texts in said.items() if len(texts) > 1} == {}


def sources_of(thing: object) -> Iterator[str]:
    """Yield the articles that a regime or a legal basis cites, wherever in it they stand."""
    if dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            value = getattr(thing, field.name)
            is_cited = field.name == "article" or field.name.endswith("source")
            yield from [value] if is_cited and value else sources_of(value)
    elif isinstance(thing, (list, tuple)):
        for one in thing:
            yield from sources_of(one)


def test_every_article_is_cited_in_chinese_too_but_those_of_the_united_states_code() -> None:
    cited = {one for thing in (*regimes.all_current(), *bases.ALL_BASES) for one in sources_of(thing)}

    with translation.override("zh-hans"):
        as_written = {one for one in cited if translation.gettext(one) == one}

    assert len(cited) > 50
    assert {one for one in as_written if not one.startswith("17 USC ")} == set()
