"""Mail as a letter: which of its parts are read, in which order, and which are files beside it; it opens no file."""

import email
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from typing import NamedTuple

from complaints.letters.charsets import decoded
from complaints.letters.pages import page_text

_MAIL_HEADER = re.compile(rb"\A(?:From |[A-Za-z][A-Za-z0-9-]{1,40}:[ \t])")
_MAIL_FIELDS = (b"\nfrom:", b"\nsubject:", b"\nmime-version:", b"\nreceived:", b"\nmessage-id:")
_ENOUGH_MAIL_FIELDS = 2
_MOST_HEAD_BYTES = 20000
_MOST_BOUNDARIES = 30  # The standard parser looks for each of them in every line.
_LONGEST_FIELD = 4000  # It takes long over long ones.
_MOST_PARTS = 100
_DEEPEST = 20
_MOST_FILES = 50
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_SOFT_BREAK = re.compile(r"(?<!^-- ) \r?\n(?=[^\r\n>])", re.M)
_ADDRESS = re.compile(r"https?://[^\s<>\"]{4,}")
_READ_TYPES = frozenset(
    [
        "text/plain",
        "text/html",
        "text/xml",
        "text/markdown",
        "application/xml",
        "application/json",
        "application/xarf+json",
    ]
)
# Senders call everything that they attach a stream of bytes; its name says what it is.
_READ_NAMES = (".txt", ".htm", ".html", ".xml", ".json", ".md")
_FAULTS = (
    MessageError, UnicodeError, LookupError, ValueError, AttributeError, IndexError, TypeError, AssertionError, RecursionError,
)  # fmt: skip


class File(NamedTuple):
    """A file that came with a letter, under the name that its sender gave it."""

    name: str
    data: bytes


class _Piece(NamedTuple):
    """A part that is read: what it says, whether it is a file of its own, and whether it was a page."""

    text: str
    is_attached: bool
    is_page: bool


def is_mail(raw: bytes) -> bool:
    """Whether the bytes begin with the header of a mail."""
    if not _MAIL_HEADER.match(raw):
        return False
    head = b"\n" + raw[:_MOST_HEAD_BYTES].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].lower()
    return sum(field in head for field in _MAIL_FIELDS) >= _ENOUGH_MAIL_FIELDS


def mail_text(raw: bytes) -> str:
    """Return what a mail says: sender and subject, its words, then the text of what is attached or forwarded."""
    try:
        message = _parsed(raw)
        body = _body(message)
    except _FAULTS:
        # The standard parser raises what it likes on broken or endlessly nested mail; the bytes are still a letter.
        return decoded(raw)
    return _headers(message) + "\n" + body


def mail_files(raw: bytes) -> list[File]:
    """Return the files that came with a mail and are not read as part of it: pictures, PDFs and the like."""
    try:
        return [File(_name(part), data) for part in _others(_parsed(raw)) if (data := _bytes_of(part))][:_MOST_FILES]
    except _FAULTS:
        return []


def sender_of(raw: bytes) -> str:
    """Return from whom a mail says that it comes; nothing where it says nothing."""
    try:
        return _header(_parsed(raw), "From")[:300]
    except _FAULTS:
        return ""


def read_parts(raw: bytes) -> Iterator[str]:
    """Return the text of each part of a mail that is read, whole."""
    try:
        yield from [piece.text for piece in _pieces(_parsed(raw), 0)]
    except _FAULTS:
        return


def _parsed(raw: bytes) -> Message:
    """Return the mail taken apart; ValueError where it has so many parts that this would take too long."""
    if raw.lower().count(b"boundary") > _MOST_BOUNDARIES:
        raise ValueError("too many parts")
    return email.message_from_bytes(raw)


def _headers(message: Message) -> str:
    named = [(name, _header(message, name)) for name in ("From", "Subject")]
    return "".join(f"{name}: {value}\n" for name, value in named if value)


def _header(message: Message, name: str) -> str:
    """Return a field of the header in words, in the charset that it says or, where it says none, looks like."""
    raw = next((str(value) for field, value in message.raw_items() if field.lower() == name.lower()), "")[
        :_LONGEST_FIELD
    ]
    try:
        parts = decode_header(raw.encode("ascii", "surrogateescape").decode("ascii"))
    except UnicodeError:
        return " ".join(decoded(raw.encode("utf-8", "surrogateescape")).split())
    except (MessageError, ValueError):
        return ""
    texts = [decoded(part, charset or "") if isinstance(part, bytes) else part for part, charset in parts]
    return " ".join("".join(texts).split())


def _body(message: Message) -> str:
    pieces = list(_pieces(message, 0))
    return "\n".join(
        [piece.text for piece in pieces if not piece.is_attached] + [p.text for p in pieces if p.is_attached]
    )


def _pieces(part: Message, depth: int) -> Iterator[_Piece]:
    """Return what is read of a part, in order: of alternatives the one that says most."""
    if depth > _DEEPEST or _is_overlong(part):
        return
    kind = part.get_content_type()
    if part.is_multipart():
        inner = [list(_pieces(each, depth + 1)) for each in _children(part)]
        if kind == "multipart/alternative":
            yield from _best(inner)
            return
        if kind == "message/rfc822":
            for each in _children(part):
                yield _Piece(_headers(each), is_attached=_is_attached(part), is_page=False)
        for pieces in inner:
            yield from pieces
    elif _is_read(part):
        is_page = kind == "text/html" or _name(part).lower().endswith((".htm", ".html"))
        text = _part_text(part)
        yield _Piece(page_text(text) if is_page else text, is_attached=_is_attached(part), is_page=is_page)


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)][:_MOST_PARTS] if isinstance(payload, list) else []


def _best(alternatives: list[list[_Piece]]) -> list[_Piece]:
    """Return the plain words, unless there are none or the page names addresses that they leave out."""
    told = [pieces for pieces in alternatives if any(piece.text.strip() for piece in pieces)]
    plain = next((pieces for pieces in told if not any(piece.is_page for piece in pieces)), None)
    page = next((pieces for pieces in reversed(told) if any(piece.is_page for piece in pieces)), None)
    if plain is None or page is None:
        return plain or page or []
    return page if len(_addresses(page)) > len(_addresses(plain)) else plain


def _addresses(pieces: list[_Piece]) -> set[str]:
    return {address for piece in pieces for address in _ADDRESS.findall(piece.text)}


def _is_read(part: Message) -> bool:
    kind = part.get_content_type()
    if kind in _READ_TYPES:
        return True
    return kind.startswith(("text/", "application/octet-stream")) and _name(part).lower().endswith(_READ_NAMES)


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _is_overlong(part: Message) -> bool:
    return any(len(str(part.get(field, ""))) > _LONGEST_FIELD for field in ("Content-Type", "Content-Disposition"))


def _others(message: Message, depth: int = 0) -> Iterator[Message]:
    if depth > _DEEPEST or _is_overlong(message):
        return
    if message.is_multipart():
        for each in _children(message):
            yield from _others(each, depth + 1)
    elif not _is_read(message):
        yield message


def _name(part: Message) -> str:
    """Return the name of an attached file as its sender wrote it, in one line."""
    name = part.get_filename() or ""
    try:
        parts = decode_header(name)
    except (MessageError, ValueError):
        parts = []
    texts = [decoded(each, charset or "") if isinstance(each, bytes) else each for each, charset in parts]
    return " ".join("".join(texts).encode("utf-8", "replace").decode().split())[:200]


def _bytes_of(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _part_text(part: Message) -> str:
    """Return a part as text; what calls itself base64 and is not is taken as it stands, broken lines are joined."""
    raw = _bytes_of(part)
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        sent = str(part.get_payload()).encode("utf-8", "surrogateescape")
        raw = sent if _NOT_BASE64.search(sent) else raw
    text = decoded(raw, part.get_content_charset() or "")
    is_flowed = "flowed" in str(part.get_param("format", "")).lower() and part.get_param("delsp", "") == "yes"
    return _SOFT_BREAK.sub("", text) if is_flowed else text
