"""One reading of one letter: what every other module here found, put together; it decides nothing about the complaint."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from complaints.letters.addresses import Address
from complaints.letters.descriptions import descriptions
from complaints.letters.kinds import Kind, kind_of
from complaints.letters.languages import language_of
from complaints.letters.marks import Condensed, Found, Mark
from complaints.letters.parties import answer, parties
from complaints.letters.questions import Role
from complaints.letters.regimes import missing, regime_of
from complaints.letters.sections import Section, own_words, sections
from complaints.letters.sides import Sides, sides
from complaints.letters.sources import as_it_came, places, tidied
from complaints.letters.statements import statements

_YES = re.compile(
    r"(?:yes|i (?:do|agree|swear|confirm|have|consent|accept)|agreed?|confirmed?|ok(?:ay)?|true|是|同意|はい)\b[^\n]{0,60}",
    re.I,
)
_AUTHORISED = re.compile(r"yes\b|i am|we are|是", re.I)
_OTHER_SCRIPT = re.compile(r"[\u0400-\u04ff\u3040-\u9fff\uac00-\ud7af]")
_MOST_LETTERS = 20000  # Enough to tell a language.
_ADDRESS = re.compile(r"https?://\S+|\.\w\S*")  # Without a scheme all that follows its first dot.


class Words(NamedTuple):
    """The letter's text, its sender's own words in their places, and those without their long blanks."""

    text: str
    own: str
    short: Condensed


@dataclass(frozen=True)
class Reading:
    """What a letter says. ``text`` is what was read and what every mark counts in."""

    name: str
    text: str
    kind: Kind
    language: str
    regime: str
    found: Found
    missing: list[str]
    items: list[str]
    originals: list[str]
    unsure: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the reading as the command prints it; the text itself and the guesses are left out."""
        found = {
            element: [{"value": mark.value, "start": mark.start, "end": mark.end} for mark in marks]
            for element, marks in self.found.items()
        }
        return {
            "file": self.name, "kind": self.kind.value, "language": self.language, "regime": self.regime, "found": found,
            "missing": self.missing, "items": self.items, "originals": self.originals,
        }  # fmt: skip


def read(letter: str | bytes, name: str = "") -> Reading:
    """Return what the letter says; whatever the bytes are, something is read and nothing is raised.

    Callers refuse more than ``LARGEST_LETTER_BYTES``: the time taken grows with the letter.
    """
    came = as_it_came(letter)
    text = tidied(came)
    parts = sections(text)
    own = own_words(text, parts)
    words = Words(text, own, Condensed(own))
    kind = kind_of(text, own, parts)
    sided = sides(text, parts, kind)
    language, sworn = _sworn(words, parts)
    found, unsure = _found(words, parts, sided, sworn)
    regime = regime_of(words.short.text, language)
    guesses = sorted(unsure) + ["kind"] * (kind is Kind.OTHER) + [address.url for address in sided.unsure]
    lacking = missing(regime, kind, set(found))
    items, originals = ([address.url for address in side] for side in (sided.items, sided.originals))
    return Reading(name, came, kind, language, regime, _in(came, text, found), lacking, items, originals, guesses)


def _in(came: str, text: str, found: Found) -> Found:
    """Return the marks as they stand in the letter as it came: with what was blanked, invisible or another blank."""
    at = range(len(came)) if len(came) == len(text) else places(came)
    spans = {element: [(at[mark.start], at[mark.end - 1] + 1) for mark in marks] for element, marks in found.items()}
    return {element: [Mark(came[start:end], start, end) for start, end in each] for element, each in spans.items()}


def _sworn(words: Words, parts: list[Section]) -> tuple[str, Found]:
    """Return the letter's language and its statements; those in other languages are looked for where there is one."""
    sworn = statements(words.short)
    language = language_of(_said(words.own, parts, sworn)[:_MOST_LETTERS])
    if language != "en" or _OTHER_SCRIPT.search(words.own):
        sworn = statements(words.short, is_english=False)
    return language, sworn


def _found(words: Words, parts: list[Section], sided: Sides, sworn: Found) -> tuple[Found, set[str]]:
    own = words.own
    found = descriptions(own, words.short, parts) | sworn
    agreed = _agreed(words.text, own, parts)
    unsure = set(agreed) - set(found)
    found = agreed | found
    named, guessed = parties(own, words.short, parts)
    found |= named
    owner = next(
        (reply for part in parts if part.role is Role.OWNER and part.is_asked and (reply := answer(own, part))), None
    )
    if owner and "authority" not in found and _AUTHORISED.match(owner.value):
        found["authority"] = [owner]
    if sided.items:
        found["item_location"] = [_mark(address) for address in sided.items]
    return found, unsure | guessed


def _mark(address: Address) -> Mark:
    return Mark(address.value, address.start, address.end)


def _agreed(text: str, own: str, parts: list[Section]) -> Found:
    """Return the statements that a form asked to be copied and that were agreed to in a word instead."""
    agreed: Found = {}
    for part in parts:
        reply = answer(own, part) if part.role is Role.PROMPT and part.is_asked else None
        if reply and _YES.fullmatch(reply.value):
            agreed |= {element: [reply] for element in statements(Condensed(text[part.head : part.start]))}
    return agreed


def _said(own: str, parts: list[Section], found: Found) -> str:
    """Return the words that show the sender's language: no addresses, none of the statements everybody copies."""
    sworn = [
        mark
        for element in ("good_faith", "accuracy", "perjury", "mistake_belief", "consent_jurisdiction")
        for mark in found.get(element, [])
    ]
    for start, end in [(mark.start, mark.end) for mark in sworn] + [
        (p.start, p.end) for p in parts if p.role is Role.STATEMENT
    ]:
        own = own[:start] + " " * (end - start) + own[end:]
    return _ADDRESS.sub(" ", own)
