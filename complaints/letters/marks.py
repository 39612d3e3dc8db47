"""Places in a letter, and a shorter text to look for them in; it finds nothing itself."""

import re
from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """The words as they stand, and where: ``start`` to ``end`` in characters of the text that was read."""

    value: str
    start: int
    end: int


Found = dict[str, list[Mark]]

_LONG = re.compile(
    r" (?: |\t)[ \t]{4,}|\t(?: |\t)[ \t]{4,}|https?://([^\s<>\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]{12,})"
)


class Condensed:
    """A text without long blanks and long addresses, in lower case: quick to search, and every place found again."""

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._starts = [0]
        self._skipped = [0]
        at = length = skipped = 0
        for long in _LONG.finditer(text):
            kept = max(long.start(), long.start(1)) + 2
            pieces.append(text[at:kept])
            length += kept - at
            at = long.end()
            skipped += at - kept
            self._starts.append(length)
            self._skipped.append(skipped)
        pieces.append(text[at:])
        self._whole = text
        self.cased = "".join(pieces)
        self.text = lowered(self.cased)

    def mark(self, start: int, end: int) -> Mark:
        """Return the mark in the whole text of what was found from ``start`` to ``end`` in the shorter one."""
        first, last = self.place(start), self.place(end) if end > start else self.place(start)
        while first < last and self._whole[first] in " \t\n*_>":
            first += 1
        while last > first and self._whole[last - 1] in " \t\n*_":
            last -= 1
        return Mark(self._whole[first:last], first, last)

    def place(self, position: int) -> int:
        """Return where in the whole text a place of the shorter one is."""
        return position + self._skipped[bisect_right(self._starts, position) - 1]


def lowered(text: str) -> str:
    """Return the text in lower case with every mark in its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
