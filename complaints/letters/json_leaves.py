"""Values of JSON in a letter, read as far as they go: what was cut off or broken by a mailer still says what it says."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from complaints.letters.leaves import DEEPEST, MOST_LEAVES, Block, Leaf, clean

_TOKEN = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"|[{}\[\],:]|[^\s{}\[\],:"]+|"', re.S)
_MOST_OBJECTS = 50
_MOST_UNCLOSED = 3
_MOST_TOKENS = 200_000


def json_blocks(text: str, sign: str) -> Iterator[Block]:
    """Return the objects that hold this name among their own, with everything that stands in them."""
    at = objects = unclosed = 0
    while text.find(sign, at) >= 0 and objects < _MOST_OBJECTS and unclosed < _MOST_UNCLOSED:
        start = text.find("{", at)
        if start < 0:
            return
        leaves, end = _object(text, start)
        objects, unclosed = objects + 1, unclosed + (not end)
        if text.find(sign, start, end or len(text)) >= 0:
            yield Block(start, end or len(text), leaves, is_whole=bool(end))
            at = end or len(text)
        else:
            at = end or start + 1


@dataclass
class _Open:
    """An object or a list that was opened, and the name that waits for its value."""

    is_object: bool
    number: int
    name: str | None = None


def _object(text: str, start: int) -> tuple[list[Leaf], int]:
    """Return the values of the object that begins here, and where it ends; 0 where it does not."""
    leaves: list[Leaf] = []
    around: list[_Open] = []
    for number, token in enumerate(_TOKEN.finditer(text, start)):
        mark = token.group(0)
        if mark in "{[":
            around.append(_Open(mark == "{", number))
        elif mark in "}]":
            around.pop()
            if not around:
                return leaves, token.end()
            _heed_end(around[-1])
        elif mark == ",":
            _heed_end(around[-1])
        elif mark == '"' or len(around) > DEEPEST or len(leaves) >= MOST_LEAVES or number > _MOST_TOKENS:
            break
        elif mark != ":":
            _take(token, around, leaves)
    return leaves, 0


def _heed_end(inner: _Open) -> None:
    """A value has ended: in an object a name is next."""
    if inner.is_object:
        inner.name = None


def _take(token: re.Match[str], around: list[_Open], leaves: list[Leaf]) -> None:
    inner = around[-1]
    value = _value(token)
    if inner.is_object and inner.name is None:
        inner.name = value
        return
    path = tuple(each.name or "" for each in around if each.is_object)
    span = token.span() if token.group(1) is None else token.span(1)
    if value:
        leaves.append(Leaf(path, value, *span, inner.number))


def _value(token: re.Match[str]) -> str:
    raw = token.group(1)
    if raw is None:
        return "" if token.group(0) == "null" else token.group(0)
    if "\\" not in raw:
        return clean(raw)
    try:
        return clean(str(json.loads(f'"{raw}"', strict=False)))
    except ValueError:
        return clean(raw)
