"""Which language a letter's own words are in; it knows a dozen, and says English where nothing speaks against it."""

import re
from collections import Counter, defaultdict

_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_ANY_SCRIPT = re.compile("[" + "".join(script.pattern.strip("[]") for _, script in _SCRIPTS) + "]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")
# A character of these scripts says about as much as this many Latin letters.
_WEIGHTS = {"ja": 6, "ko": 3, "zh": 3, "ru": 1, "ar": 1, "hi": 1}
_COMMON_WORDS = {
    "en": "the and of to is that this are for with not you have our your my",
    "es": "el la los las de que y en por una con para del este nuestro su se",
    "pt": "o os as de que e em por uma um com para do da dos das não nosso nossos este se ao sem",
    "fr": "le la les des et que est une dans pour sur pas nous notre vous cette du je ce selon",
    "de": "der die das und ist nicht von den mit für ein eine wir unser auf dem zu ich bin des wird sie er bitte nach",
    "it": "il gli che di e per una con non del della dei questo nostro sono è si su siamo",
    "nl": "de het een en van is niet dat op voor met zijn onze deze wij",
    "pl": "nie jest na się do i w z że to jako oraz przez prawa",
    "tr": "ve bir bu için ile olan olarak da de tarafından hak",
    "vi": "và của là không cho được tôi chúng này trong với các",
}
_LANGUAGES_OF_WORD: dict[str, list[str]] = defaultdict(list)
for _code, _common in _COMMON_WORDS.items():
    for _each in _common.split():
        _LANGUAGES_OF_WORD[_each].append(_code)
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = 3


def language_of(words: str) -> str:
    """Return the ISO 639-1 code of the language that most of the words are in."""
    if not _ANY_SCRIPT.search(words):
        return _latin_language(words)
    counts = {code: len(script.findall(words)) * _WEIGHTS[code] for code, script in _SCRIPTS}
    if counts["ja"] and counts["ja"] * 3 >= counts["zh"]:
        counts["ja"] += counts["zh"]
    code = max(counts, key=lambda each: counts[each])
    if counts[code] > len(_LATIN.findall(words)):
        return code
    return _latin_language(words)


def _latin_language(words: str) -> str:
    said = Counter(_WORD.findall(words.lower()))
    for mixed in [word for word in said if not word.isalpha()]:
        for letters in _LETTERS.findall(mixed):
            said[letters] += said[mixed]
    scores = dict.fromkeys(_COMMON_WORDS, 0)
    for word in _LANGUAGES_OF_WORD.keys() & said.keys():
        for code in _LANGUAGES_OF_WORD[word]:
            scores[code] += said[word]
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] >= _ENOUGH_WORDS else "en"
