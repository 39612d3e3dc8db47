"""One reading of one letter: what every other module here found, put together; it decides nothing about the complaint."""

import re
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from complaints.letters.addresses import Address
from complaints.letters.connections import connection_in
from complaints.letters.descriptions import descriptions
from complaints.letters.kinds import Kind, kind_of, speaks_of_rights
from complaints.letters.languages import language_of
from complaints.letters.machines import report_in, words_around
from complaints.letters.marks import Condensed, Found, Mark
from complaints.letters.parties import answer, parties
from complaints.letters.questions import Role
from complaints.letters.regimes import DEFAULT, invoked, missing
from complaints.letters.report import Report, Source
from complaints.letters.sections import Section, own_words, sections
from complaints.letters.sides import Sides, sides
from complaints.letters.sources import LOOKED_THROUGH, as_it_came, places, tidied
from complaints.letters.statements import statements

_YES = re.compile(
    r"(?:yes|i (?:do|agree|swear|confirm|have|consent|accept)|agreed?|confirmed?|ok(?:ay)?|true|是|同意|はい)\b[^\n]{0,60}",
    re.I,
)
_AUTHORISED = re.compile(r"yes\b|i am|we are|是", re.I)
_OTHER_SCRIPT = re.compile(r"[àâãçèéêíñóõöøùüßąćęłńśźżğışİ\u0400-\u04ff\u3040-\u9fff\uac00-\ud7af]")
_MOST_LETTERS = 20000  # Enough to tell a language.
_SEALED = "-----BEGIN PGP "
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
    sources: list[Source] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the reading as the command prints it; the text itself is left out."""
        found = {
            element: [{"value": mark.value, "start": mark.start, "end": mark.end} for mark in marks]
            for element, marks in self.found.items()
        }
        return {
            "file": self.name, "kind": self.kind.value, "language": self.language, "regime": self.regime, "found": found,
            "missing": self.missing, "items": self.items, "originals": self.originals, "unsure": self.unsure,
            "sources": [asdict(source) for source in self.sources],
        }  # fmt: skip


def read(letter: str | bytes, name: str = "") -> Reading:
    """Return what the letter says; whatever the bytes are, something is read and nothing is raised.

    Callers refuse what ``is_too_large``: the time taken grows with the letter.
    """
    came = as_it_came(letter)
    report = report_in(came)
    words, signed = words_around(report) if report.blocks or _SEALED in came else (came, Found())
    reading = _read(came, words[:LOOKED_THROUGH], name)
    return _together(reading, report, signed)


def unread(letter: bytes, name: str = "") -> Reading:
    """Return the reading of a letter in which nothing could be read: its bytes as Western text, for a person."""
    text = letter[:LOOKED_THROUGH].decode("cp1252", "replace").replace("\0", " ")
    return Reading(name, text, Kind.OTHER, "en", DEFAULT, {}, [], [], [], ["kind", "regime", "text"])


def _read(came: str, shown: str, name: str) -> Reading:
    """Return what a person's words say; ``shown`` are these alone, in their places in the letter as it came."""
    text = tidied(shown)
    parts = sections(text)
    own = own_words(text, parts)
    words = Words(text, own, Condensed(own))
    kind = kind_of(text, own, parts)
    sided = sides(text, parts, kind)
    language, sworn = _sworn(words, parts)
    found, unsure = _found(words, parts, sided, sworn)
    sources = _connected(own, kind, sided, found)
    law = invoked(words.short.text, language)
    guesses = (
        sorted(unsure)
        + ["kind"] * (kind is Kind.OTHER or not speaks_of_rights(words.short.text))
        + ["regime"] * (not law)
    )
    guesses += ["text"] * (len(came) > len(shown)) + [address.url for address in sided.unsure]
    lacking = missing(law or DEFAULT, kind, set(found))
    items, originals = ([address.url for address in side] for side in (sided.items, sided.originals))
    placed = _in(came, shown, text, found)
    return Reading(name, came, kind, language, law or DEFAULT, placed, lacking, items, originals, guesses, sources)


def _connected(own: str, kind: Kind, sided: Sides, found: Found) -> list[Source]:
    """Return the connections that a notice names; beside one, an address of which its side is a guess is no item."""
    said, sources = connection_in(own) if kind is Kind.NOTICE else (Found(), [])
    if sources:
        sided.items = [address for address in sided.items if address not in sided.unsure]
        located = [_mark(address) for address in sided.items]
        found |= {**said, "item_location": located or said["source_address"]}
    return sources


def _together(reading: Reading, report: Report, signed: Found) -> Reading:
    """Return the reading with what the parts for machines say: they locate, the words around them state and sign."""
    found = {**reading.found}
    unsure = set(reading.unsure)
    if signed and "signature" not in found:
        found |= signed
        unsure.add("signature")
    if report.kind is None:
        unsure |= report.unsure
        return replace(reading, found=found, unsure=_ordered(unsure), missing=_lacking(reading, reading.kind, found))
    kind = reading.kind if reading.kind is Kind.RETRACTION else report.kind
    located = bool(report.items or report.sources)
    if located:
        found.pop("item_location", None)
    unsure -= {*report.found, "kind"} | (set(reading.items) if located else set())
    unsure |= report.unsure
    found = {element: report.found.get(element, []) + found.get(element, []) for element in {**report.found, **found}}
    items = list(report.items) if located else reading.items
    originals = list(dict.fromkeys(url for url in report.originals + reading.originals if url not in items))
    return replace(
        reading,
        kind=kind,
        found=found,
        missing=_lacking(reading, kind, found),
        items=items,
        originals=originals,
        unsure=_ordered(unsure),
        sources=report.sources,
    )


def _lacking(reading: Reading, kind: Kind, found: Found) -> list[str]:
    return missing(reading.regime, kind, set(found))


def _ordered(unsure: set[str]) -> list[str]:
    """Return what is not sure: elements first, then addresses."""
    return sorted(unsure, key=lambda one: ("://" in one, one))


def _in(came: str, shown: str, text: str, found: Found) -> Found:
    """Return the marks as they stand in the letter as it came: with what was blanked, invisible or another blank."""
    at = range(len(shown)) if len(shown) == len(text) else places(shown)
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
