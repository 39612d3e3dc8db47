"""Each address of a letter where the letter names it: under which heading and after which words; it takes no side."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from complaints.letters.addresses import Address, addresses
from complaints.letters.marks import lowered
from complaints.letters.places import REFERENCE_HOSTS, REFERENCE_PATH_HOSTS, REFERENCE_PATHS, USERS_SITES
from complaints.letters.questions import Role
from complaints.letters.sections import Section


class Side(Enum):
    """What an address is in the letter."""

    ITEM = "item"
    ORIGINAL = "original"
    NEITHER = "neither"


@dataclass
class Named:
    """An address where the letter names it: under which heading, after which words, and what was made of it."""

    address: Address
    role: Role
    lead: str  # The words before it, back to the address before or to the heading.
    remark: str  # The words after it on its line.
    tail: str  # The words after it in its sentence.
    leads_on: bool  # These lead to another address.
    is_alone: bool  # Nothing else on its line.
    is_asked: bool  # Under a question of a form.
    is_first: bool  # The first under its heading.
    is_last_part: bool  # After the closing words of the letter.
    side: Side | None = None
    is_guess: bool = False
    cue: Side | None = None  # What the words before it say of it.
    is_told: bool = False  # Words, not the mere place, named the side.

    @cached_property
    def is_cell(self) -> bool:
        """Whether it stands in a row of a table, after other cells."""
        return "\t" in self.lead.rpartition("\n")[2].lstrip()

    @cached_property
    def is_in_head(self) -> bool:
        """Whether it stands in the sender or subject of a mail, which only repeat what the mail is about."""
        return bool(_MAIL_HEAD.search(self.lead))

    @cached_property
    def clause(self) -> str:
        """The words of the sentence that runs into the address."""
        return last_clause(self.lead)


_LEAD = 300
_LONGEST_TABLE = 20000
# Two characters are a word in Chinese, Japanese and Korean.
WORDS = re.compile(r"[^\W\d_]{3,}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2,}")
_APPENDIX = re.compile(r"^[ \t*#_]*(?:exhibit|appendix|annex|schedule)\b", re.M | re.I)
# When the address before was found, as lists of streams say it.
_WHEN_SEEN = re.compile(r"[ \t(]*(?:found|seen|detected|observed|verified|online)(?: on| at| since)?:? \d", re.I)
_MAIL_HEAD = re.compile(r"\A\s*from: [^\n]*\nsubject: [^\n]*\Z")
# A company's ending ends no sentence; a dash leads up to what follows as a colon does.
_SENTENCE = re.compile(
    r"(?:(?<!\binc)(?<!\bltd)(?<!\bpvt)(?<!\bcorp)(?<!\bco)(?<!\bbros)\.|[!?。！？])(?=\s|\"|”)|(?<![:：\s])(?<![\w)][ :：][-–—])[ \t]*\n[ \t]*\n"
)
_CLOSING = re.compile(
    r"^[ \t*_>]{0,6}(?:--[ \t]*$|(?:(?:yours|very|kind|best|warm|with)[ \t]+)?(?:sincerely|regards|truly|faithfully|respectfully|cordially|thank you|thanks|cheers|best|greetings)\b[^\n]{0,30}$)",
    re.I | re.M,
)
_LISTED = re.compile(r"[ \t>]*+(?:[-•*+o·]|\(?\w{1,3}[.):\t])?[ \t*_<\[(]*")
_LONGEST_REMARK = 60
# Published letters hide who speaks: "[private] repository" is the sender's, as "my repository" would be.
_HIDDEN_SPEAKER = re.compile(r"\[(?:private|redacted)\](?: \[(?:private|redacted)\])*(?=[ \t][a-z])")
_TAIL = 140
_TAIL_END = re.compile(r"[.!?](?=\s|\Z)|[。！？]|\n[ \t]*\n|https?:|www\.")
_NOTHING_MORE = re.compile(r"[ \t.,;*_>)\]\\]*+(?:\n|\Z)")


def is_reference(address: Address) -> bool:
    """Whether the address explains or belongs to the form: policies, licences, the host's own front door."""
    parents = [address.host.split(".", drop)[-1] for drop in range(address.host.count("."))]
    is_bare = address.is_hosted and not address.steps
    if REFERENCE_HOSTS.intersection(parents) or (is_bare and not USERS_SITES.intersection(parents[1:])):
        return True
    if address.host not in REFERENCE_PATH_HOSTS:
        return False
    key = address.key.lower()
    return key.startswith(REFERENCE_PATHS) and any(
        key == path or key.startswith(path + "/") for path in REFERENCE_PATHS
    )


def named_addresses(text: str, parts: list[Section]) -> list[Named]:
    closing = _closing_at(text, max((part.end for part in parts if part.role is Role.HOST), default=0))
    line = _Line(text)
    found: list[Named] = []
    places = iter(addresses(text))
    address = next(places, None)
    for part in parts:
        before = part.start
        while address and address.start < part.end:
            if address.start >= part.start and part.role is not Role.HOST:
                line.move_to(address.start)
                found.append(_name(line, part, before, address, closing))
                before = address.end
            address = next(places, None)
    return found


def _closing_at(text: str, opening: int) -> int:
    """Return where the last closing words of the letter begin, or its end where there are none after its opening."""
    end = len(text)
    while end >= opening:
        start = text.rfind("\n", 0, end) + 1
        if _CLOSING.match(text, start):
            return start
        end = start - 1
    return len(text)


class _Line:
    """The line up to an address; moved on from address to address, so that a long line is not read once for each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = 0
        self._place = 0
        self._bars = 0
        self._rule = -1
        self._heads: list[str] = []

    def move_to(self, place: int) -> None:
        before = self.text.rfind("\n", self._place, place)
        if before >= 0:
            self.start = self._place = before + 1
            self._bars = 0
        self._bars += self.text.count("|", self._place, place)
        self._place = place

    def column(self) -> str:
        """Return the heading over the cell that the line has come to, or nothing where the line is no table's row."""
        if not self._bars or self.text[self.start] != "|":
            return ""
        far = max(0, self.start - _LONGEST_TABLE)
        rule = self.text.rfind("|--", far, self.start)
        rule = rule if rule >= 0 else self.text.rfind("| --", far, self.start)
        if rule < 0 or self.text.find("\n\n", rule, self.start) >= 0:
            return ""
        if rule != self._rule:
            head_end = max(0, self.text.rfind("\n", 0, rule))
            self._rule = rule
            self._heads = self.text[self.text.rfind("\n", 0, head_end) + 1 : head_end].split("|")
        return self._heads[self._bars] + ": " if self._bars < len(self._heads) else ""


def _name(line: _Line, part: Section, before: int, address: Address, closing: int) -> Named:
    text = line.text
    lead = text[max(before, address.start - _LEAD) : address.start]
    if before > part.start and before >= address.start - _LEAD:
        lead = _without_remark(lead)
    if part.head < part.start and not part.is_asked and before == part.start:
        lead = text[part.head : part.start] + " " + lead
    is_listed = bool(_LISTED.fullmatch(text, line.start, address.start))
    line_end = text.find("\n", address.end, address.end + _LONGEST_REMARK)
    tail = _tail(text, address.end)
    remark_end = line_end if line_end >= 0 else address.end + _LONGEST_REMARK
    return Named(
        address=address,
        role=part.role,
        lead=_HIDDEN_SPEAKER.sub("my", lowered(line.column() or lead)),
        remark=lowered(text[address.end : remark_end]),
        tail=tail,
        leads_on=text.startswith(("http", "www."), address.end + len(tail)),
        is_asked=part.is_asked,
        is_first=before == part.start,
        is_alone=is_listed and bool(_NOTHING_MORE.match(text, address.end)),
        # An appendix that lists what infringes follows the closing words.
        is_last_part=address.start > closing
        and not _APPENDIX.search(text, closing, address.start)
        and not (part.role is Role.ITEMS and part.head > closing)
        and not (address.path and "\t" in text[line.start : address.start].lstrip()),
    )


def _tail(text: str, end: int) -> str:
    """Return the words that end the sentence after an address: in some languages the verb that says all of it."""
    words = text[end : end + _TAIL]
    stop = _TAIL_END.search(words)
    return lowered(words[: stop.start()] if stop else words)


def _without_remark(lead: str) -> str:
    """Drop the rest of the line of the address before, unless that line runs on into this address."""
    remark, line, rest = lead.partition("\n")
    if not line or remark.rstrip().endswith((":", "：", " at", " from", " to", " in", " and", " by", "(", ",")):
        return lead
    if remark.startswith("\t") or _WHEN_SEEN.match(remark):  # The next cell of a row.
        return line + rest
    return line + rest if remark[:1] in " \\)" and remark.lstrip(" \t\\)")[:1] in tuple("-–—(|,;>=") else lead


def last_clause(lead: str) -> str:
    """Return the words of the sentence that runs into the address; a blank line only parts after a full sentence."""
    ends = [match.end() for match in _SENTENCE.finditer(lead.rstrip())]
    clause = lead[ends[-1] :] if ends else lead
    if not WORDS.search(clause) and len(ends) > 1:
        clause = lead[ends[-2] :]
    return clause
