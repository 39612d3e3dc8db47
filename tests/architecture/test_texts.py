"""Every text that the code or a template marks for translation stands in a catalogue: none is forgotten."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from tests.architecture.test_translations import BASE, CATALOGUES, entries

APPS = ("portal", "investigations", "complaints", "messaging", "works", "hosting", "verification", "ledger", "core")
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy"}
MANY = {"ngettext", "ngettext_lazy"}
CALL = re.compile(r"""\b(?:gettext|ngettext|pgettext|_)\(u?(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def marked_in(source: str) -> Iterator[str]:
    """Give the texts that a piece of Python marks for translation."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ONE | MANY:
            arguments = node.args[-1:] if node.func.id.startswith("pgettext") else node.args[:1]
            for argument in arguments:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def marked() -> Iterator[tuple[str, str]]:
    """Give every marked text of the apps, with the file where it stands."""
    for app in APPS:
        for path in (BASE / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield from ((text, str(path.relative_to(BASE))) for text in marked_in(path.read_text(encoding="utf-8")))
        for path in [*(BASE / app).rglob("templates/**/*.html"), *(BASE / app).rglob("templates/**/*.txt")]:
            yield from ((text, str(path.relative_to(BASE))) for text in marked_in_template(path))


def marked_in_template(path: Path) -> Iterator[str]:
    """Give the texts that a template marks, found as Django's own makemessages finds them."""
    import re

    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for found in re.finditer(
        r"\b(?:gettext|_|ngettext|pgettext)\((u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", calls
    ):
        text = ast.literal_eval(found.group(1).removeprefix("u"))
        yield text


def test_every_marked_text_stands_in_a_catalogue() -> None:
    known = {ast.literal_eval(f'"{source}"') for catalogue in CATALOGUES for source, _ in entries(catalogue)}

    assert sorted({(text, where) for text, where in marked() if text and text not in known}) == []
