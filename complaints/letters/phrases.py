"""Several wordings looked for as if they were one pattern, only quicker; which wordings, the other modules say."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Phrase(NamedTuple):
    """A wording and the words one of which stands in whatever it fits, at most ``reach`` characters after its start.

    Python tries a pattern at every character, but finds plain words at once: without them the pattern is not tried,
    and nowhere before the ``reach`` of the next of them. Without a reach it is tried from where it was left.
    """

    held: tuple[str, ...]
    pattern: re.Pattern[str]
    reach: int | None = None

    def next_in(self, text: str, at: int) -> re.Match[str] | None:
        """Return the first match that begins at ``at`` or later."""
        places = [place for word in self.held if (place := text.find(word, at)) >= 0]
        if not places:
            return None
        return self.pattern.search(text, at if self.reach is None else max(at, min(places) - self.reach))


class Phrases:
    """Finds what ``|`` between the phrases would find: the first in the text, then the first in this order."""

    def __init__(self, *phrases: Phrase) -> None:
        self.phrases = phrases

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        return next(self.finditer(text, at), None)

    def finditer(self, text: str, at: int = 0) -> Iterator[re.Match[str]]:
        ahead = [(phrase, match) for phrase in self.phrases if (match := phrase.next_in(text, at))]
        while ahead:
            first = min((match for _, match in ahead), key=re.Match.start)
            yield first
            ahead = [
                (phrase, match)
                for phrase, waiting in ahead
                if (match := waiting if waiting.start() >= first.end() else phrase.next_in(text, first.end()))
            ]


def phrase(held: str, pattern: str, reach: int | None = None) -> Phrase:
    """Return the phrase; ``held`` parts its words by bars."""
    return Phrase(tuple(held.split("|")), re.compile(pattern, re.M), reach)


def at_word(*wordings: str, then: str = "") -> str:
    r"""Return ``\b`` before any of the wordings, each of which begins with a plain letter, and ``then`` after each.

    The letter comes before the boundary and nothing stands around it: so Python skips over all that begins otherwise.
    """
    return "|".join(rf"{wording[0]}(?<!\w{wording[0]}){wording[1:]}{then}" for wording in wordings)


def any_of(first: str, then: str) -> str:
    """Return ``then`` after any of the plain words that ``first`` parts by bars; a group before it would be slower."""
    return "|".join(word + then for word in first.split("|"))
