"""What a part of a letter that is for machines holds, value by value, each in its place."""

import re
from typing import NamedTuple


class Leaf(NamedTuple):
    """A value and where it stands: ``path`` are the names around it, ``group`` is one for all of the same parent."""

    path: tuple[str, ...]
    value: str
    start: int
    end: int
    group: int


class Block(NamedTuple):
    """A part of a letter for machines. Without all of it (``is_whole``), what it says is not sure."""

    start: int
    end: int
    leaves: list[Leaf]
    is_whole: bool


DEEPEST = 40
MOST_LEAVES = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(words: str) -> str:
    """Return a value without blanks around it and without marks that no text has."""
    return _CONTROL.sub("", words).strip()
