"""Reads a mail that answers a conversation: to where, from whom, what it says and what came with it. No tables.

It is the input of strangers: sizes and nesting are bounded, and what the parser stumbles over is unreadable.
"""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser
from typing import Any

from core.delivery_reports import RETURN_ADDRESSES

MOST_PARTS = 100
MOST_NESTED_PARTS = 20
LONGEST_TEXT = 200_000  # characters of a mail that are looked at
LONGEST_CONTENT_TYPE = 2_000  # the parser's work grows with its square
_CONTENT_TYPE = re.compile(rb"^content-type:.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_NESTS = re.compile(rb"\s*(?:multipart|message)/", re.IGNORECASE)
_MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Mailed:
    """A mail, as far as it matters: ``to`` are all addresses at which it may have come in."""

    to: tuple[str, ...]
    sender: str
    number: str  # the same for each copy of the same mail
    text: str
    files: tuple[tuple[str, bytes], ...]
    is_automatic: bool


def read(raw: bytes) -> Mailed | None:
    """Return the mail; None for one that cannot be read or was made to be hard to read."""
    kinds = _CONTENT_TYPE.findall(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    nesting = sum(1 for kind in kinds if _NESTS.match(kind, len(b"content-type:")))
    if nesting > MOST_NESTED_PARTS or len(kinds) > MOST_PARTS or any(len(k) > LONGEST_CONTENT_TYPE for k in kinds):
        return None
    try:
        message = message_from_bytes(raw, policy=policy.default)
        plain, files = _parts(message)
        return Mailed(_to(message), _sender(message), _number(message, raw), plain, files, _is_automatic(message))
    except Exception:  # noqa: BLE001 - what the parser stumbles over is unreadable
        return None


def _to(message: EmailMessage) -> tuple[str, ...]:
    values = [str(value) for name in (*RETURN_ADDRESSES, "Cc") for value in message.get_all(name, [])[:5]]
    return tuple(address for _name, address in getaddresses(values)[:50] if address)


def _sender(message: EmailMessage) -> str:
    """Return who wrote it; nobody where it names several, or none."""
    found = getaddresses([str(value) for value in message.get_all("From", [])[:2]])
    return found[0][1].strip().lower() if len(found) == 1 else ""


def _number(message: EmailMessage, raw: bytes) -> str:
    given = str(message.get("Message-ID", "")).strip()
    return given[:500] if given else hashlib.sha256(raw).hexdigest()


def _is_automatic(message: EmailMessage) -> bool:
    """Say whether a machine wrote it (RFC 3834, and what was used before it): a report, "out of office", a list."""
    if str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower() != "no":
        return True
    if str(message.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if any(name in message for name in ("X-Autoreply", "X-Autorespond", "List-Id", "X-Failed-Recipients")):
        return True
    if "Return-Path" in message and str(message["Return-Path"]).strip() in ("<>", ""):
        return True
    local = parseaddr(str(message.get("From", "")))[1].partition("@")[0].lower()
    return message.get_content_type() == "multipart/report" or local in _MACHINES


def _parts(message: EmailMessage) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    body: Any = message.get_body(preferencelist=("plain", "html"))
    text = ""
    if body is not None:
        content = _decoded(body)[:LONGEST_TEXT]
        text = text_of_html(content) if body.get_content_type() == "text/html" else content
    files = []
    for part in message.walk():
        is_file = part.get_content_disposition() == "attachment" or part.get_filename()
        if part is body or part.is_multipart() or not is_file:
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            files.append((part.get_filename() or "file", data))
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")), tuple(files)


def _decoded(body: Any) -> str:
    """Return a text part; where it names a character set that nobody knows, what can be read of it as UTF-8."""
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError):
        data = body.get_payload(decode=True)
        return data.decode(errors="replace") if isinstance(data, bytes) else ""


# --- HTML

_LISTS_AND_TABLES = ("dd", "dl", "dt", "li", "ol", "table", "tr", "ul")
_BLOCKS = frozenset(
    ("address", "article", "blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre", "section")
).union(_LISTS_AND_TABLES)
_UNSEEN = frozenset(("head", "script", "style", "title", "template"))
_ALONE = frozenset(("br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "source"))
_QUOTES = ("gmail_quote", "yahoo_quoted", "protonmail_quote")
_ANSWERED = ("divrplyfwdmsg", "appendonsend")
ORIGINAL = "-----Original Message-----"


class _Reader(HTMLParser):
    """Writes down what a person would see, with quoted passages marked as in plain mail."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._open: list[tuple[str, bool]] = []  # tag, and whether it quotes
        self._unseen = 0

    def _break(self) -> None:
        if self.lines[-1]:
            self.lines.append("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").lower() for name, value in attrs}
        if tag == "br":
            self.lines.append("")
            return
        if tag in _BLOCKS:
            self._break()
        if given.get("id", "") in _ANSWERED:
            self.lines += [ORIGINAL, ""]
        if tag in _ALONE:
            return
        quotes = tag == "blockquote" or any(name in given.get("class", "").split() for name in _QUOTES)
        self._unseen += tag in _UNSEEN
        self._open.append((tag, quotes))

    def handle_endtag(self, tag: str) -> None:
        if tag not in (name for name, _quotes in self._open):
            return
        while self._open:
            name, _quotes = self._open.pop()
            self._unseen -= name in _UNSEEN
            if name == tag:
                break
        if tag in _BLOCKS:
            self._break()
        if tag == "p":
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        words = re.sub(r"[ \t\r\n\xa0]+", " ", data)
        if self._unseen or not words.strip():
            if words and self.lines[-1] and not self.lines[-1].endswith(" "):
                self.lines[-1] += " "
            return
        if not self.lines[-1]:
            depth = sum(1 for _name, quotes in self._open if quotes)
            self.lines[-1] = "> " * depth
            words = words.lstrip()
        self.lines[-1] += words


def text_of_html(html: str) -> str:
    """Return what a person would read in an HTML mail, as plain text; links are their words."""
    reader = _Reader()
    reader.feed(html[:LONGEST_TEXT])
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in reader.lines)).strip()
