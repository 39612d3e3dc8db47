"""What is searched for and how texts become words: the same cutting for what is kept and for what is asked; no clock."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from verification.rules import Role

# Who may take lists out of the portal: both work for the provider whose lists they are.
EXPORTERS = (Role.HANDLER, Role.AUDITOR)
LONGEST_QUERY = 200
# Searches that an account keeps, each under a name.
MOST_SAVED = 50
LONGEST_NAME = 80
MOST_TERMS = 12
MOST_EXPORTED = 100_000
SHORTEST_BEGINNING = 2
# Bounds of one complaint's words in the database: positions end at 16,383, and longer words find nobody.
LAST_POSITION = 16_000
LONGEST_WORD = 64
MOST_PLACES = 250
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)

ACCENTS = re.compile("[\u0300-\u036f]+")
# Scripts that are written without spaces: their runs are cut into pairs of neighbours.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
PIECE = re.compile(f"(?P<run>[{UNSPACED}]+)|(?P<word>[^\\W_{UNSPACED}]+)")
TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<bare>[^\s"]+))')
SCHEME = re.compile(r"https?://", re.IGNORECASE)


def name_key(name: str) -> str:
    """Return what is the same for all spellings of one name of a kept search.

    House rule: upper and lower case, width and spaces do not make another name; accents do.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def plain(text: str) -> str:
    """Return the text with all spellings of one letter made alike: width, case, accents; no scheme of addresses.

    House rule: whoever searches writes as a keyboard gives it (Unicode NFKC and case folding). Marks that make another
    letter, as on kana, stay.
    """
    folded = unicodedata.normalize("NFKC", SCHEME.sub(" ", text)).casefold()
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", folded)))


def words_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a text with their places from 1; of a run without spaces, every two neighbours and the last.

    House rule: Chinese, Japanese, Korean, Thai and their like are found by any letters that stand together.
    """
    place = 0
    for piece in PIECE.finditer(plain(text)):
        if piece["run"] is None:
            place += 1
            yield place, piece["word"][:LONGEST_WORD]
            continue
        for pair in _pairs(piece["run"]):
            place += 1
            yield place, pair
        # The last letter too, so that one letter finds every run that holds it, as the beginning of a pair.
        if len(piece["run"]) > 1:
            yield place, piece["run"][-1]


def kept_words(texts: Iterable[str]) -> str:
    """Return the words of the texts as PostgreSQL's tsvector, written out; no phrase reaches from one text into another.

    House rule: what is beyond 16,000 words of one complaint is kept and not searched.
    """
    places: dict[str, list[int]] = {}
    before = 0
    for text in texts:
        place = 0
        for place, word in words_of(text):
            if before + place > LAST_POSITION:
                break
            places.setdefault(word, []).append(before + place)
        before += place + 2
    return " ".join(f"'{word}':{','.join(map(str, found[:MOST_PLACES]))}" for word, found in places.items())


def asked_words(query: str) -> str:
    """Return what is asked as PostgreSQL's tsquery, written out; empty when there is nothing to look for.

    House rule: all words must be there; "…" is a phrase, -word must not be there, word* is a beginning. Whatever is
    glued together (an address, a reference) is a phrase. Nothing of the query reaches PostgreSQL but letters and digits.
    """
    wanted, unwanted = _asked(query)
    return " & ".join([*wanted, *(f"!{one}" for one in unwanted)]) if wanted else ""


def near_words(query: str) -> str:
    """Return what is asked without what an index of words cannot tell: order within phrases, and what must not be there.

    House rule: it finds at least what ``asked_words`` finds, so that counting first stays cheap.
    """
    return " & ".join(one.replace("<->", "&") for one in _asked(query)[0])


def _asked(query: str) -> tuple[list[str], list[str]]:
    wanted: list[str] = []
    unwanted: list[str] = []
    for term in list(TERM.finditer(query))[:MOST_TERMS]:
        text = term["phrase"] if term["phrase"] is not None else term["bare"]
        found = _term(text, is_beginning=term["bare"] is not None and text.endswith("*"))
        if found:
            (unwanted if term["minus"] else wanted).append(found)
    return wanted, unwanted


def _term(text: str, *, is_beginning: bool) -> str:
    words: list[str] = []
    for piece in PIECE.finditer(plain(text)):
        run = piece["run"]
        words += [piece["word"][:LONGEST_WORD]] if run is None else _pairs(run)
    if not words:
        return ""
    quoted = [f"'{word}'" for word in words]
    # One letter of a run may be the first of a pair; a written * asks for whatever begins so.
    if _is_letter_of_run(words[-1]) or (is_beginning and len(words[-1]) >= SHORTEST_BEGINNING):
        quoted[-1] += ":*"
    return f"({' <-> '.join(quoted)})" if len(quoted) > 1 else quoted[0]


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(max(1, len(run) - 1))]


def _is_letter_of_run(word: str) -> bool:
    found = PIECE.fullmatch(word)
    return len(word) == 1 and found is not None and found["run"] is not None


def periods_between(since: dt.date, until: dt.date) -> list[str]:
    """Return the years that lie wholly within, and the months at both ends: together they hold every day between.

    House rule: a search over years looks at few names, however long they are.
    """
    years = range(since.year + 1, until.year)
    ends: Sequence[tuple[int, int, int]] = (
        [(since.year, since.month, until.month)]
        if since.year == until.year
        else [(since.year, since.month, 12), (until.year, 1, until.month)]
    )
    months = [f"month:{year}-{month:02}" for year, first, last in ends for month in range(first, last + 1)]
    return [*(f"year:{year}" for year in years), *months]
