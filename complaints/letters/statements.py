"""Which sworn and plain statements a letter makes, and where; it judges neither their truth nor who must make them."""

import re
from collections.abc import Iterator
from itertools import islice

from complaints.letters.marks import Condensed, Found
from complaints.letters.phrases import Phrases, phrase
from complaints.letters.wordings import ELSEWHERE, STATEMENTS

Wordings = tuple[tuple[str, Phrases | re.Pattern[str]], ...]
_GOOD_FAITH = Phrases(
    phrase("good", r"good(?<!without good)[ -]{1,3}fai?th", 0),
    phrase("bona fide|genuinely believe", r"bona fide|genuinely believe", 0),
)
_MISTAKE = re.compile(r"mistake|mis-? ?identif|in error(?<!\win error)\b|erroneous|by error|mistaken")
_USE = re.compile(r"authori[sz]|permitted|licen[sc]ed?|infring|lawful|by law|the law\b")
_MISTAKE_ALONE = Phrases(
    phrase("mistake", r"(?:as )?(?:a |the )?results? of (?:a )?mistake|mistake or mis-? ?identification|mistaken information", 24),
    phrase("in error as", r"in error as a? ?result", 0),
)  # fmt: skip
_HELD = re.compile(r"swear|perjury|believe|belief|declare|state")
_REACH = 420
_SENTENCE_END = re.compile(r"[.;。；](?=\s|\Z)|\n[ \t]*\n")
_MOST_MARKS = 4
# Somebody else's statement, or one that ought to be made: told, not stated.
_TOLD = re.compile(
    r"(?:written|signed) statements? (?:that|of)|fail(?:s|ed|ing)? to [^.]{0,40}|must (?:include|state|contain)\b|(?:did|does) not (?:include|state|contain|swear)"
)
_TOLD_REACH = 160


def statements(own: Condensed, *, is_english: bool = True) -> Found:
    """Return the statements found in the sender's own words, each with its sentence and the sentence's marks."""
    flat = _flat(own.text)
    elsewhere = ELSEWHERE if not is_english else ()
    found: Found = {}
    for element, place in _places(flat, (*STATEMENTS, *elsewhere)):
        marks = found.setdefault(element, [])
        start, end = _sentence(flat, place)
        told_from = max(start, place - _TOLD_REACH)
        if len(marks) >= _MOST_MARKS or _TOLD.search(flat, told_from, place + _TOLD_REACH // 4):
            continue
        mark = own.mark(start, end)
        if mark not in marks:
            marks.append(mark)
    return {element: marks for element, marks in found.items() if marks}


def _places(flat: str, patterns: Wordings) -> Iterator[tuple[str, int]]:
    for match in _GOOD_FAITH.finditer(flat):
        element = _belief(flat, match.start(), match.end())
        if element:
            yield element, match.start()
    for match in _MISTAKE_ALONE.finditer(flat):
        if _HELD.search(flat, max(0, match.start() - _REACH), match.start()):
            yield "mistake_belief", match.start()
    for element, pattern in patterns:
        for match in islice(pattern.finditer(flat), _MOST_MARKS):
            yield element, match.start()


def _belief(flat: str, start: int, end: int) -> str | None:
    """Return which belief is held in good faith: that the use is not allowed, or that the removal was a mistake."""
    after = flat[end : end + _REACH]
    stop = _SENTENCE_END.search(after, 20)
    after = after[: stop.start()] if stop else after
    if _MISTAKE.search(after):
        return "mistake_belief"
    if _USE.search(after) or _USE.search(flat[max(0, start - _REACH // 2) : start]):
        return "good_faith"
    return None


def _sentence(flat: str, place: int) -> tuple[int, int]:
    before = [match.end() for match in _SENTENCE_END.finditer(flat, max(0, place - _REACH), place)]
    start = before[-1] if before else max(0, place - _REACH)
    after = _SENTENCE_END.search(flat, place)
    end = min(after.end() if after else len(flat), place + 2 * _REACH)
    while start < place and flat[start].isspace():
        start += 1
    while end > place + 1 and flat[end - 1].isspace():
        end -= 1
    return start, end


_PARAGRAPH = re.compile(r"\n *\n[ \n]*")
_MARKS = '*_>|“”"#`\t'


def _flat(own: str) -> str:
    """Return the words with every mark in its place but single line breaks and emphasis as blanks."""
    for mark in _MARKS:
        own = own.replace(mark, " ")
    pieces: list[str] = []
    at = 0
    for blank in _PARAGRAPH.finditer(own):
        pieces += own[at : blank.start()].replace("\n", " "), blank.group()
        at = blank.end()
    pieces.append(own[at:].replace("\n", " "))
    return "".join(pieces)
