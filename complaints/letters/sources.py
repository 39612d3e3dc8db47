"""How a letter arrives: bytes, mail, HTML or text become the one text that is read; it judges nothing in that text."""

import email
import html
import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

LARGEST_LETTER_BYTES = 1024 * 1024  # Callers refuse more; what is read stays linear in this.

_MAIL_HEADER = re.compile(rb"\A(?:From |[A-Za-z][A-Za-z0-9-]{1,40}:[ \t])")
_MAIL_FIELDS = (b"\nfrom:", b"\nsubject:", b"\nmime-version:", b"\nreceived:", b"\nmessage-id:")
_ENOUGH_MAIL_FIELDS = 2
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,30})", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,10})((?:\s[^<>]{0,4000})?)/?>")
_HREF = re.compile(r"href\s{0,3}=\s{0,3}[\"']?\s{0,3}(https?://[^\s\"'<>]{1,3000})", re.I)
_PAGE = re.compile(r"<(?:!doctype html|html|body|div|p|table|br)\b[^<>]{0,500}>", re.I)
_ENOUGH_PAGE_TAGS = 3
_LINE_TAGS = frozenset(["p", "br", "table", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "hr"])
_BLOCK_TAGS = frozenset(["div", "tr"])  # They begin a line of their own, but leave none free between them.
_BOLD_TAGS = frozenset(["b", "strong", "h1", "h2", "h3", "h4", "h5"])
_HIDDEN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"), ("<head", "</head>"))
_UNSEEN = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_BLANKS = {0x00A0: " ", 0x3000: " ", 0x2028: "\n", 0x2029: "\n", 0x000B: "\n", 0x000C: "\n", 0x0085: "\n"}
_CHANGED = {**_UNSEEN, **_BLANKS}
_TO_CHANGE = re.compile("[" + "".join(map(chr, _CHANGED)) + "]")
_ENOUGH_BYTES = 8192
_WIDE_SHARE = 4  # Text in Latin letters has a zero byte in every second place; one in four overall is enough.
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_SOFT_BREAK = re.compile(r"(?<!^--) \r?\n(?=[^\r\n>])", re.M)
_COMMON_HAN = frozenset("的是我们在不有人这中为以")


def as_it_came(letter: str | bytes) -> str:
    """Return the letter as handlers see it, with the marks counted in it: decoded, with line feeds for line ends.

    Mail gives its sender and subject first, then its plain parts, or its HTML parts read as text.
    """
    if isinstance(letter, bytes):
        letter = _mail_text(letter) if _is_mail(letter) else decoded(letter, _declared_in_page(letter))
    if _is_page(letter):
        letter = page_text(letter)
    return letter.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")


def text_of(letter: str | bytes) -> str:
    """Return the letter as it is looked through: as it came, without invisible characters, with plain blanks."""
    return tidied(as_it_came(letter))


def tidied(text: str) -> str:
    """Return the text without invisible characters and with plain blanks: what is looked through."""
    return text.translate(_CHANGED) if _TO_CHANGE.search(text) else text


def places(text: str) -> list[int]:
    """Return where in the text each character of the tidied one stands."""
    return [place for place, character in enumerate(text) if ord(character) not in _UNSEEN]


def is_text(raw: bytes) -> bool:
    """Whether bytes may be a letter: no picture, archive or PDF, which have zero bytes or say what they are."""
    head = raw[:_ENOUGH_BYTES]
    return not head.startswith(b"%PDF-") and (b"\0" not in head or bool(_wide_charset(head)))


def decoded(raw: bytes, declared: str = "") -> str:
    """Return the bytes as text: UTF-8 first, then what was declared, then what the bytes look like. Never raises."""
    wide = _wide_charset(raw[:_ENOUGH_BYTES])
    if wide:
        return raw.decode(wide, "replace")
    for charset in ("utf-8-sig", declared):
        text = _strictly(raw, charset)
        if text is not None:
            return text
    chinese = _strictly(raw, "gb18030")
    if chinese is not None and any(character in _COMMON_HAN for character in chinese):
        return chinese
    return raw.decode("cp1252", "replace")


def _wide_charset(head: bytes) -> str:
    """Return which UTF-16 bytes are in, by their mark or by where their zero bytes stand; nothing for others."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    low, high = head[1::2].count(0), head[::2].count(0)
    if max(low, high) * _WIDE_SHARE < len(head) or min(low, high):
        return ""
    return "utf-16-le" if low else "utf-16-be" if high else ""


def _strictly(raw: bytes, charset: str) -> str | None:
    if not charset:
        return None
    try:
        return raw.decode(charset)
    except (UnicodeError, LookupError, ValueError):
        return None


def _declared_in_page(raw: bytes) -> str:
    found = _META_CHARSET.search(raw[:4096])
    return found.group(1).decode("ascii") if found else ""


def _is_mail(raw: bytes) -> bool:
    if not _MAIL_HEADER.match(raw):
        return False
    head = b"\n" + raw.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0][:20000].lower()
    return sum(field in head for field in _MAIL_FIELDS) >= _ENOUGH_MAIL_FIELDS


def _mail_text(raw: bytes) -> str:
    try:
        message = email.message_from_bytes(raw)
        body = _body(message)
    except (MessageError, UnicodeError, LookupError, ValueError, AttributeError, IndexError, TypeError, RecursionError):
        # The standard parser raises what it likes on broken or endlessly nested mail; the bytes are still a letter.
        return decoded(raw)
    named = [(name, _header(message, name)) for name in ("From", "Subject")]
    return "".join(f"{name}: {value}\n" for name, value in named if value) + "\n" + body


def _header(message: Message, name: str) -> str:
    try:
        parts = decode_header(str(message.get(name, "")))
        texts = [decoded(part, charset or "") if isinstance(part, bytes) else part for part, charset in parts]
    except (MessageError, UnicodeError, ValueError):
        return ""
    return " ".join("".join(texts).split())


def _body(message: Message) -> str:
    plain: list[str] = []
    pages: list[str] = []
    attached: list[str] = []
    for part in message.walk():
        if part.get_content_maintype() != "text":
            continue
        is_page = part.get_content_subtype() == "html"
        text = _part_text(part)
        if part.get_content_disposition() == "attachment":
            attached.append(page_text(text) if is_page else text)
        else:
            (pages if is_page else plain).append(text)
    body = plain if any(text.strip() for text in plain) else [page_text(text) for text in pages]
    return "\n".join(body + attached)


def _part_text(part: Message) -> str:
    """Return a part as text; what calls itself base64 and is not is taken as it stands, broken lines are joined."""
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        sent = str(part.get_payload()).encode("utf-8", "surrogateescape")
        raw = sent if _NOT_BASE64.search(sent) else raw
    text = decoded(raw, part.get_content_charset() or "")
    is_flowed = "flowed" in str(part.get_param("format", "")).lower() and part.get_param("delsp", "") == "yes"
    return _SOFT_BREAK.sub("", text) if is_flowed else text


def _is_page(text: str) -> bool:
    head = text[:20000]
    return head.lstrip().lower().startswith(("<!doctype html", "<html")) or (
        head.lstrip().startswith("<") and len(_PAGE.findall(head)) >= _ENOUGH_PAGE_TAGS
    )


def page_text(page: str) -> str:
    """Return an HTML page as text: one line a block, bold as ``**``, an address behind other words in ``<>``."""
    for opening, closing in _HIDDEN:
        page = _without(page, opening, closing)
    pieces: list[str] = []
    waiting = ""
    at = 0
    for tag in _TAG.finditer(page):
        words = _words(page[at : tag.start()])
        pieces.append(words if words.strip() or _last_mark(pieces) != "\n" else "")
        at = tag.end()
        mark, waiting = _mark(tag, waiting, pieces)
        pieces.append(mark)
    pieces.append(_words(page[at:]))
    return "".join(pieces)


def _words(text: str) -> str:
    return html.unescape(text.replace("\n", " "))


def _mark(tag: re.Match[str], waiting: str, pieces: list[str]) -> tuple[str, str]:
    """Return what stands in the text for a tag, and the address that the next closing anchor must show."""
    closing, name = bool(tag.group(1)), tag.group(2).lower()
    if name == "a" and not closing:
        target = _HREF.search(tag.group(3))
        return "", html.unescape(target.group(1)) if target else ""
    if name == "a":
        shown = "".join(pieces[-3:])
        return (f" <{waiting}>" if waiting and waiting.rstrip("/") not in shown else ""), ""
    bold = "**" if name in _BOLD_TAGS else ""
    if name == "li":
        return ("" if closing else "\n- "), waiting
    if name in _BLOCK_TAGS:
        return ("" if _last_mark(pieces) == "\n" else "\n"), waiting
    if name in _LINE_TAGS:
        return (bold + "\n" if closing else "\n" + bold), waiting
    return bold, waiting


def _last_mark(pieces: list[str]) -> str:
    """Return the last character so far that is no mere blank between tags; a line feed where there is none."""
    return next((words[-1] for piece in reversed(pieces) if (words := piece.rstrip(" "))), "\n")


def _without(page: str, opening: str, closing: str) -> str:
    lowered = page.lower()
    if len(lowered) != len(page):
        lowered = page
    kept: list[str] = []
    at = 0
    while (start := lowered.find(opening, at)) >= 0:
        kept.append(page[at:start])
        end = lowered.find(closing, start)
        if end < 0:
            # What is never closed would hide the rest of the letter: the mark goes, the words stay.
            return "".join(kept) + page[start + len(opening) :]
        at = end + len(closing)
    kept.append(page[at:])
    return "".join(kept)
