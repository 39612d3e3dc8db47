"""Elements of XML in a letter, read as senders write it; nothing is expanded and nothing fetched.

No XML parser is asked: senders leave raw ampersands, stray marks and half an element behind, and what has no entities
to declare cannot be made to grow. What declares its own (a document type) is refused.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from complaints.letters.leaves import DEEPEST, MOST_LEAVES, Block, Leaf, clean

_NAME = r"[A-Za-z_][\w.-]{0,60}"
_TAG = re.compile(rf"<(/?)(?:{_NAME}:)?({_NAME})((?:\s[^<>]{{0,4000}})?)>")
_DECLARES = re.compile(r"<!(?:DOCTYPE(?!\s+html\b)|ENTITY)\b", re.I)
_PROLOG = re.compile(r"<\?xml[^<>]{0,200}\?>\s*\Z", re.I)
_PROLOG_LETTERS = 400
_BROKEN_LINE = re.compile(r"\s*\n[ \t>]*")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_WHOLE_CDATA = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*\Z", re.S)


def declares_entities(text: str) -> bool:
    """Whether XML brings a document type or entities of its own: it is not read then, whatever these are."""
    return bool(_DECLARES.search(text))


def xml_blocks(text: str, roots: frozenset[str]) -> Iterator[Block]:
    """Return what stands between each of these root elements (in lower case) and its end; with their XML declaration."""
    at = 0
    opening = re.compile(rf"<(?:{_NAME}:)?({'|'.join(sorted(roots))})\b[^<>]{{0,4000}}>", re.I)
    while root := opening.search(text, at):
        closing = re.compile(rf"</(?:{_NAME}:)?{root.group(1)}\s{{0,9}}>", re.I).search(text, root.end())
        end = closing.end() if closing else len(text)
        prolog = _PROLOG.search(text, max(at, root.start() - _PROLOG_LETTERS), root.start())
        is_refused = declares_entities(text[at:end])
        leaves = [] if is_refused else list(_leaves(text, root.start(), end))
        start = prolog.start() if prolog else root.start()
        yield Block(start, end, leaves, is_whole=bool(closing) and not is_refused)
        at = end


@dataclass
class _Open:
    """An element that was opened: where its words begin, and how many others it holds."""

    name: str
    begins: int
    number: int
    holds: int = 0


def _leaves(text: str, start: int, end: int) -> Iterator[Leaf]:
    """Return the elements that hold words, in order; one that holds others only where those were never closed."""
    around: list[_Open] = []
    number = found = 0
    for tag in _tags(text, start, end):
        name = tag.group(2).lower()
        if not tag.group(1):
            if tag.group(3).endswith("/") or len(around) >= DEEPEST:
                continue
            number += 1
            for parent in around[-1:]:
                parent.holds += 1
            around.append(_Open(name, tag.end(), number))
            continue
        place = next((place for place in reversed(range(len(around))) if around[place].name == name), None)
        if place is None:
            continue
        leaf = _leaf(text, around[: place + 1], tag.start(), unclosed=len(around) - place - 1)
        del around[place:]
        if leaf:
            found += 1
            yield leaf
        if found >= MOST_LEAVES:
            return


def _tags(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Return the tags in order; what stands in comments and character data is none."""
    ends = {_CDATA: _CDATA_END, "<!--": "-->"}
    at = text.find("<", start, end)
    while at >= 0:
        tag = _TAG.match(text, at, end)
        if tag:
            yield tag
        hides = next((opening for opening in ends if text.startswith(opening, at)), None)
        close = text.find(ends[hides], at, end) if hides else -1
        if hides and close < 0:
            del ends[hides]  # Never closed: it hides nothing, here or later.
        at = text.find("<", tag.end() if tag else max(at + 1, close), end)


def _leaf(text: str, path: list[_Open], end: int, *, unclosed: int) -> Leaf | None:
    element = path[-1]
    if element.holds > unclosed:
        return None
    start, raw = element.begins, text[element.begins : end]
    data = _WHOLE_CDATA.match(raw)
    if data:
        start, end = start + data.start(1), start + data.end(1)
    value = clean(_BROKEN_LINE.sub(" ", data.group(1) if data else html.unescape(raw)))
    group = path[-2].number if len(path) > 1 else 0
    return Leaf(tuple(each.name for each in path), value, start, end, group) if value else None
