"""Which part of a letter answers what: questions of forms, headings, the host's own words; it judges no answer."""

import re
from dataclasses import dataclass

from complaints.letters.questions import UNMARKED, Role, role_of


@dataclass(frozen=True)
class Section:
    """A heading (``head``, empty for free words) and the words under it (``start`` to ``end``)."""

    role: Role
    head: int
    start: int
    end: int
    is_asked: bool = False  # The heading is a question or an instruction: its words are not the sender's.


@dataclass(frozen=True)
class _Heading:
    role: Role
    start: int
    end: int
    is_asked: bool
    is_form: bool = False  # A known question: where a form asks, answers bring no plain headings of their own.
    is_bold: bool = False


_HOST_VOICE = re.compile(
    r"(?:^|\n)[^\n]{0,80}\b(?:before disabling any content|while github|github (?:processed|received|contacted|determined|did not|has)|"
    r"note: ?because|for more information|the submitter|takedown notice was received|to learn about when and why)",
    re.I,
)
_RULE = re.compile(r"^[ \t]{0,3}(?:-{2,}|\*{3,}|_{3,})[ \t]*$", re.M)
_LINE = re.compile(r"[^\n]+")
_BOLD = re.compile(r"[ \t>]{0,6}(?:\(?\[?\d{1,2}[.)\]]{0,2}[ \t]{0,3})?(\*\*\*?|__|\*)(?=[^\s*_])")
_NEVER_HEADING = re.compile(r"[\s>*•+\-\d.()\[\]]{0,12}(?:https?:|www\.|\Z)|[^a-zA-Z\u0080-\uffff]*\Z")
_NUMBER = re.compile(
    r"\A[ \t>]{0,6}(?:#{1,6}[ \t]|[*_]{1,3}|[-•+][ \t])?[ \t]{0,3}(?:\(?\[?(?:\d{1,2}|[a-h]|[ivx]{1,4})[.)\]]{1,2})[ \t]{0,4}",
    re.I,
)
_MARKS = re.compile(r"<[^<>\n]{0,400}>|[*_#>`“”\"]|\[|\]\([^()\s]{0,400}\)")
_ANY_MARK = re.compile(r"[<*_#>`“”\"\[\]]")
_CHINESE_NUMBER = re.compile(r"\A[ \t]{0,6}[（(]?[一二三四五六七八九十]{1,3}[)）、.．][ \t]{0,4}")
# After the wide colon of Chinese and Japanese no blank is written.
_LABEL = re.compile(r"[^\n:：]{2,110}(?:：|:(?=[ \t*_]|\Z|\n))")
_HEADING_LETTERS = 90
_LONGEST_HEADING = 1500
_FORM_QUESTIONS = 4
_FEW_WORDS = 3
# Whole sentences begin like these too: alone they make a line no heading.
_LOOSE_ROLES = (Role.UNKNOWN, Role.STATEMENT, Role.PROMPT)
_HEADING_WORDS = 8
_SHORT_SHOUT = 6
_WIDE_LINE = 45
_READ_OF_LINE = 600


def sections(text: str) -> list[Section]:
    """Return the parts of the letter in order; together they cover all of it."""
    opening = host_words_end(text)
    headings = _headings(text, opening)
    found = [Section(Role.HOST, 0, 0, opening)] if opening else []
    starts = [*(heading.start for heading in headings), len(text)]
    found.append(Section(Role.FREE, opening, opening, starts[0]))
    for heading, end in zip(headings, starts[1:], strict=True):
        found.append(Section(heading.role, heading.start, heading.end, end, heading.is_asked))
    return found


def host_words_end(text: str) -> int:
    """Return where the sender's words begin: after the host's notes, which stand above rules."""
    end = 0
    for rule in _RULE.finditer(text):
        if not _HOST_VOICE.search(text, end, rule.start()) or rule.start() - end > _LONGEST_HEADING * 2:
            break
        end = rule.end()
    return end


def own_words(text: str, parts: list[Section]) -> str:
    """Return the text with everything that the sender was asked or told blanked, every mark in its place."""
    pieces: list[str] = []
    at = 0
    for part in parts:
        hidden = part.start if part.is_asked else part.end if part.role is Role.HOST else part.head
        pieces.append(text[at : part.head])
        pieces.append(" " * (hidden - part.head))
        at = max(hidden, part.head)
    pieces.append(text[at:])
    return "".join(pieces)


def wording(text: str) -> str:
    """Return a heading's words alone: lower case, straight quotes, no marks, no number before them."""
    plain = text.replace("’", "'").replace("‘", "'")
    if _ANY_MARK.search(plain):
        plain = _MARKS.sub("", plain)
    number = _NUMBER.match(plain)
    plain = plain[number.end() :] if number else plain
    number = None if plain.isascii() else _CHINESE_NUMBER.match(plain)
    plain = plain[number.end() :] if number else plain
    return " ".join(plain.split()).strip(" -•.:：?").lower()


def _headings(text: str, opening: int) -> list[_Heading]:
    found: list[_Heading] = []
    for line in _LINE.finditer(text, opening):
        if found and line.start() < found[-1].end:
            continue
        heading = _heading(text, line)
        if heading:
            found.append(heading)
    if sum(heading.is_form for heading in found) < _FORM_QUESTIONS:
        return found
    return [heading for heading in found if heading.is_form or heading.is_bold]


def _heading(text: str, line: re.Match[str]) -> _Heading | None:
    start, content = line.start(), line.group(0)
    if _NEVER_HEADING.match(content):
        return None
    bold = _BOLD.match(content)
    if bold:
        heading = _bold_heading(text, start, start + bold.end(), bold.group(1))
        if heading:
            return heading
    plain = wording(content[:_READ_OF_LINE])
    if UNMARKED.match(plain):
        return _unmarked_question(text, start, line.end())
    heading = _free_heading(start, content, plain)
    return heading if heading and not _is_wrapped(text, start, plain) else None


def _is_wrapped(text: str, start: int, plain: str) -> bool:
    """Whether a few words ending a sentence were broken off a line that goes before: no label of their own."""
    if len(plain.split(maxsplit=_FEW_WORDS)) > _FEW_WORDS:
        return False
    before = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)].rstrip()
    return len(before) >= _WIDE_LINE and before[-1:].isalpha() and before[-1:].islower()


def _bold_heading(text: str, start: int, inside: int, mark: str) -> _Heading | None:
    """Return the heading that a bold run is, or None where it is mere emphasis."""
    close = text.find(mark, inside, inside + _LONGEST_HEADING)
    if close < 0 or text.find("\n\n", inside, close) >= 0:
        return None
    end = close + len(mark)
    words = wording(text[inside:close])
    line_end = text.find("\n", end)
    is_alone = not text[end : line_end if line_end >= 0 else len(text)].strip(" \t*_:.")
    role = role_of(words)
    if UNMARKED.match(words) or role is Role.PROMPT:
        return _Heading(role, start, end, is_asked=True, is_form=True)
    if role is Role.STATEMENT or (role is Role.ADMIN and words.startswith("i ")):
        return _Heading(role, start, start, is_asked=False, is_bold=True)
    if (
        not words
        or "http" in words
        or words.startswith(("private", "redacted"))
        or not (is_alone or role is not Role.UNKNOWN)
    ):
        return None
    is_asked = role is not Role.UNKNOWN or "?" in text[inside:close]
    return _Heading(role, start, end, is_asked=is_asked, is_bold=True)


def _unmarked_question(text: str, start: int, line_end: int) -> _Heading:
    """Return a question that no mark sets off: it ends with its last question mark or colon, lines later perhaps."""
    end = line_end
    while not text[start:end].rstrip(' \t*_"”)').endswith((":", "?", ".", "/")):
        following = text.find("\n", end + 1)
        following = following if following >= 0 else len(text)
        if not text[end:following].strip() or following - start > _LONGEST_HEADING or _answers(text[start:end]):
            break
        end = following
    marks = [match.end() for match in re.finditer(r"[?:：](?=[\s*_\"”]|\Z)", text[start:end])]
    if marks and text[start:end].rstrip(' \t*_"”)')[-1:] not in ("?", ":", "."):
        end = start + marks[-1]
    role = role_of(wording(text[start:end]))
    return _Heading(role, start, end, is_asked=True, is_form=True)


def _answers(question: str) -> bool:
    """Whether a line already holds a whole question and words after it."""
    return bool(re.search(r"[?:：][ \t]+\S", question))


def _free_heading(start: int, content: str, plain: str) -> _Heading | None:
    """Return the heading that a line of a free letter is: numbered, in capitals, or a label of a known kind."""
    number = _NUMBER.match(content) or _CHINESE_NUMBER.match(content)
    label = _LABEL.match(content) if ":" in content or "：" in content else None
    if not number and not label and len(plain) > _HEADING_LETTERS:
        return None
    head = label.group(0) if label else content
    if "http" in head.lower() or "](" in head:
        return None
    words = wording(head) if label or len(content) > _READ_OF_LINE else plain
    shouted = _is_shouted(content, words)
    stands_alone = content.rstrip()[-1:] not in ".;," and len(words.split()) <= _HEADING_WORDS
    if not number and not (label or shouted or stands_alone):
        return None
    role = role_of(words)
    if role is Role.PROMPT and number:
        return _Heading(role, start, start + len(content), is_asked=True)
    is_known = role not in _LOOSE_ROLES
    if is_known and len(words) <= _HEADING_LETTERS and (label or shouted or stands_alone):
        return _Heading(role, start, start + len(head), is_asked=False)
    if number and plain[:1].isalpha():
        is_label = is_known and label and len(words) <= 2 * _HEADING_LETTERS
        return _Heading(role, start, start + (len(head) if is_label else number.end()), is_asked=False)
    is_title = shouted and not number and len(words) > _SHORT_SHOUT
    return _Heading(Role.UNKNOWN, start, start + len(content), is_asked=False) if is_title else None


def _is_shouted(content: str, words: str) -> bool:
    if not content.isupper() or len(words) > _HEADING_LETTERS or " " not in words:
        return False
    return not any(letter.isdigit() for letter in words)
