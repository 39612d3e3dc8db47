"""A letter that is an HTML page, as text: one line a block, and the addresses behind its words; it fetches nothing."""

import html
import re

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,10})((?:\s[^<>]{0,4000})?)/?>")
_HREF = re.compile(r"href\s{0,3}=\s{0,3}[\"']?\s{0,3}(https?://[^\s\"'<>]{1,3000})", re.I)
_PAGE = re.compile(r"<(?:!doctype html|html|body|div|p|table|br)\b[^<>]{0,500}>", re.I)
_ENOUGH_PAGE_TAGS = 3
_LINE_TAGS = frozenset(["p", "br", "table", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "hr"])
_BLOCK_TAGS = frozenset(["div"])  # They begin a line of their own, but leave none free between them.
_CELL_TAGS = frozenset(["td", "th"])
_BOLD_TAGS = frozenset(["b", "strong", "h1", "h2", "h3", "h4", "h5"])
_HIDDEN = (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"), ("<head", "</head>"))


def is_page(text: str) -> bool:
    """Whether the text is an HTML page."""
    head = text[:20000]
    return head.lstrip().lower().startswith(("<!doctype html", "<html")) or (
        head.lstrip().startswith("<") and len(_PAGE.findall(head)) >= _ENOUGH_PAGE_TAGS
    )


def page_text(page: str) -> str:
    """Return an HTML page as text: one line a block, bold as ``**``, an address behind other words in ``<>``."""
    for opening, closing in _HIDDEN:
        page = _without(page, opening, closing)
    text = _Text()
    at = 0
    for tag in _TAG.finditer(page):
        words = _words(page[at : tag.start()], keeps_lines=text.keeps_lines)
        text.add(words if words.strip() or text.last != "\n" else "")
        at = tag.end()
        text.add(_mark(tag, text))
    text.add(_words(page[at:]))
    return "".join(text.pieces)


class _Text:
    """The text so far, its last character that is no mere blank, and the address that the next closing anchor must show."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.last = "\n"
        self.address = ""
        self.keeps_lines = False  # Inside what is shown as it was typed.
        self.is_headed = self.is_ruled = False  # A table's head was seen, and the rule under it written.

    def add(self, piece: str) -> None:
        if piece:
            self.pieces.append(piece)
            self.last = piece.rstrip(" ")[-1:] or self.last


def _words(text: str, *, keeps_lines: bool = False) -> str:
    return html.unescape(text if keeps_lines else text.replace("\n", " "))


def _mark(tag: re.Match[str], text: _Text) -> str:
    """Return what stands in the text for a tag."""
    closing, name = bool(tag.group(1)), tag.group(2).lower()
    if name == "a":
        return _anchor(tag, text)
    bold = "**" if name in _BOLD_TAGS else ""
    if name in _CELL_TAGS:
        return _cell(name, text, closing=closing)
    if name == "li":
        return "" if closing else "\n- "
    if name == "tr":
        return _row(text, closing=closing)
    if name == "pre":
        text.keeps_lines = not closing
        return "" if text.last == "\n" else "\n"
    if name == "table":
        text.is_headed = text.is_ruled = False
    if name in _BLOCK_TAGS:
        return "" if text.last == "\n" else "\n"
    if name in _LINE_TAGS:
        return bold + "\n" if closing else "\n" + bold
    return bold


def _cell(name: str, text: _Text, *, closing: bool) -> str:
    """Return what parts a cell from the one before in its row; a heading's cells make the row a table's head."""
    if name == "th" and not closing:
        text.is_headed = True
    if closing or text.last == "\n":
        return "| " if text.is_headed and not closing else ""
    return "| " if text.is_headed else "\t"


def _row(text: _Text, *, closing: bool) -> str:
    """Return what begins and ends a row; after the row of a table's head a rule, as Markdown writes it."""
    if not closing:
        return "" if text.last == "\n" else "\n"
    if text.is_headed and not text.is_ruled:
        text.is_ruled = True
        return " |\n|---|"
    return ""


def _anchor(tag: re.Match[str], text: _Text) -> str:
    """Return nothing where an anchor opens, and where it closes the address that its words did not show."""
    waiting, text.address = text.address, ""
    if not tag.group(1):
        target = _HREF.search(tag.group(3))
        text.address = html.unescape(target.group(1)) if target else ""
        return ""
    shown = "".join(text.pieces[-3:])
    return f" <{waiting}>" if waiting and waiting.rstrip("/") not in shown else ""


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
