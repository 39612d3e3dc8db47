"""How a letter arrives: bytes, mail, HTML or text become the one text that is read; it judges nothing in that text."""

import re

from complaints.letters.charsets import decoded, is_text
from complaints.letters.mails import is_mail, mail_text
from complaints.letters.pages import is_page, page_text

LARGEST_LETTER_BYTES = 1_000_000  # Callers refuse more; what is read stays linear in this.
# A person writes less; what follows is kept and shown, and said not to have been looked through.
LOOKED_THROUGH = 200_000
LARGEST_MAIL_BYTES = 10_000_000  # Mail and reports bring files with them.

_DECLARED = re.compile(rb"<(?:meta[^<>]{0,200}charset|\?xml[^<>]{0,100}encoding)=[\"']?([A-Za-z0-9_-]{2,30})", re.I)
# What a report brings as evidence is no word of the letter: it is kept as a file.
_PAYLOAD = re.compile(r'("payload"\s{0,9}:\s{0,9}")([A-Za-z0-9+/=\s\\]{120})[A-Za-z0-9+/=\s\\]*')
_UNSEEN = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_BLANKS = {0x00A0: " ", 0x3000: " ", 0x2028: "\n", 0x2029: "\n", 0x000B: "\n", 0x000C: "\n", 0x0085: "\n"}
_CHANGED = {**_UNSEEN, **_BLANKS}
_TO_CHANGE = re.compile("[" + "".join(map(chr, _CHANGED)) + "]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_too_large(raw: bytes) -> bool:
    """Whether the bytes are more than is read: mail and reports, which bring files with them, may be larger than others."""
    if len(raw) <= LARGEST_LETTER_BYTES:
        return False
    return len(raw) > LARGEST_MAIL_BYTES or not (is_mail(raw) or raw.lstrip()[:1] in (b"{", b"["))


def is_letter(raw: bytes) -> bool:
    """Whether bytes may be a letter: mail with whatever it holds, or text."""
    return is_mail(raw) or is_text(raw)


def as_it_came(letter: str | bytes) -> str:
    """Return the letter as handlers see it, with the marks counted in it: decoded, with line feeds for line ends.

    Mail gives its sender and subject first, then its plain parts, or its HTML parts read as text. What is beyond
    the bound of a letter is left out, and of files in reports all but their beginnings.
    """
    if isinstance(letter, bytes):
        letter = mail_text(letter) if is_mail(letter) else decoded(letter, _declared(letter))
    if is_page(letter):
        letter = page_text(letter)
    if '"payload"' in letter:
        letter = _PAYLOAD.sub(r"\1\2…", letter)
    if _SURROGATE.search(letter):
        letter = _SURROGATE.sub("\ufffd", letter)
    return letter[:LARGEST_LETTER_BYTES].replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")


def text_of(letter: str | bytes) -> str:
    """Return the letter as it is looked through: as it came, without invisible characters, with plain blanks."""
    return tidied(as_it_came(letter))


def tidied(text: str) -> str:
    """Return the text without invisible characters and with plain blanks: what is looked through."""
    return text.translate(_CHANGED) if _TO_CHANGE.search(text) else text


def places(text: str) -> list[int]:
    """Return where in the text each character of the tidied one stands."""
    return [place for place, character in enumerate(text) if ord(character) not in _UNSEEN]


def _declared(raw: bytes) -> str:
    found = _DECLARED.search(raw[:4096])
    return found.group(1).decode("ascii") if found else ""
