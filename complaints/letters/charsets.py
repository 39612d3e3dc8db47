"""Bytes as text, whatever was said of their charset; it judges nothing in that text and never raises."""

import re

_ENOUGH_BYTES = 8192
_WIDE_SHARE = 4  # Text in Latin letters has a zero byte in every second place; one in four overall is enough.
# Senders declare these for whatever they send: every byte is a letter in them.
_SAYS_NOTHING = frozenset(
    ["", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252", "iso-8859-15"]
)
_KANA = re.compile(r"[\u3041-\u30fe]")
# A charset of East Asia and what texts in it are full of: whoever decodes with the wrong one gets rare characters.
_EASTERN = (
    ("gb18030", re.compile("[的是我们在不有人这中为以请网侵权删除]")),
    ("big5", re.compile("[的是我們在不有人這中為以請網侵權刪除]")),
    ("shift_jis", _KANA),
    ("euc_jp", _KANA),
    ("euc_kr", re.compile("[이가는의을를에다하고니습]")),
)  # fmt: skip
_ENOUGH_SHARE = 0.04
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_JAPANESE_ESCAPE = b"\x1b$"


def decoded(raw: bytes, declared: str = "") -> str:
    """Return the bytes as text: UTF-8 first, then what was declared, then what the bytes look like."""
    wide = wide_charset(raw[:_ENOUGH_BYTES])
    if wide:
        return raw.decode(wide, "replace")
    # Seven-bit Japanese is UTF-8 too, to those who do not see its escapes.
    charsets = ["iso2022_jp_2"] if _JAPANESE_ESCAPE in raw else []
    charsets += ["utf-8-sig", "" if declared.lower() in _SAYS_NOTHING else declared]
    for charset in charsets:
        text = _strictly(raw, charset)
        if text is not None:
            return text
    text = _eastern(raw) or _strictly(raw, declared)
    return raw.decode("cp1252", "replace") if text is None else text


def wide_charset(head: bytes) -> str:
    """Return which UTF-16 bytes are in, by their mark or by where their zero bytes stand; nothing for others."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    low, high = head[1::2].count(0), head[::2].count(0)
    if max(low, high) * _WIDE_SHARE < len(head) or min(low, high):
        return ""
    return "utf-16-le" if low else "utf-16-be" if high else ""


def is_text(raw: bytes) -> bool:
    """Whether bytes may be a letter: no picture, archive or PDF, which have zero bytes or say what they are."""
    head = raw[:_ENOUGH_BYTES]
    return not head.startswith(b"%PDF-") and (b"\0" not in head or bool(wide_charset(head)))


def _eastern(raw: bytes) -> str | None:
    """Return the bytes in the charset of East Asia in which they look most like words, or None where in none."""
    best, most = None, _ENOUGH_SHARE
    for charset, common in _EASTERN:
        text = _strictly(raw, charset)
        if text is None:
            continue
        share = len(common.findall(text)) / max(1, len(_NOT_ASCII.findall(text)))
        if share > most:
            best, most = text, share
    return best


def _strictly(raw: bytes, charset: str) -> str | None:
    if not charset:
        return None
    try:
        return raw.decode(charset)
    except (UnicodeError, LookupError, ValueError):
        return None
