"""Phrases find what one long pattern would find; the letters here are those of the other tests."""

import re

import pytest

from complaints.letters import cues, descriptions, kinds, parties, regimes, statements, wordings
from complaints.letters.phrases import Phrases, any_of, at_word, phrase
from tests.complaints.letters.test_reading import COUNTER, NOTICE, form

LETTERS = [
    NOTICE,
    COUNTER,
    form(items="https://github.com/uploader/films", contact="Phone: +1 555 010 0000 (cell)", signature="/s/ A Person"),
    "I hereby withdraw my notice. We are the owners of it, duly authorized agents; an agent authorized to act.",
    "My mailing address is 12 Example Street, Sampletown. E-mail: [private]. The bona fide belief. My app: https://a.b",
    "Taking fair use into account. I agree to accept service of process. Our official site: www.example.com",
]
PHRASES = {
    f"{module.__name__}.{name}": value
    for module in (cues, descriptions, kinds, parties, regimes, statements)
    for name, value in vars(module).items()
    if isinstance(value, Phrases)
} | dict(wordings.STATEMENTS)


@pytest.mark.parametrize("name", PHRASES)
def test_phrases_find_what_their_patterns_alone_find(name: str):
    phrases = PHRASES[name]
    whole = re.compile("|".join(each.pattern.pattern for each in phrases.phrases), re.M)

    for letter in LETTERS:
        text = letter.lower()
        assert _spans(phrases, text) == _spans(whole, text)


def test_of_two_phrases_the_first_in_the_text_is_found_and_then_the_first_named():
    phrases = Phrases(phrase("ab", "abc?"), phrase("a", "a.?"), phrase("x", "x"))

    assert _spans(phrases, "x abc ax") == [(0, 1), (2, 5), (6, 8)]


def test_a_phrase_is_looked_for_from_its_reach_before_its_words():
    within, beyond = (Phrases(phrase("end", r"start.*end", reach)) for reach in (6, 5))

    assert _spans(within, "start end") == [(0, 9)]
    assert _spans(beyond, "start end") == []


def test_words_begin_where_no_letter_stands_before_them():
    pattern = re.compile(at_word("our", "my", then=" work"))

    assert _spans(pattern, "your work, our work; my work") == [(11, 19), (21, 28)]


def test_any_of_some_words_is_followed_by_the_same():
    assert any_of("copied|taken", " from") == "copied from|taken from"


def _spans(pattern: Phrases | re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]
