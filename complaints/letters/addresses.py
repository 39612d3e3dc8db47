"""Where a letter names addresses, each cut out as it stands; it does not judge on which side an address is."""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from complaints.letters.places import HOSTS, TOP_LEVEL

_STOPS = r"\s<>\"`|^{}“”‘’„«»（）【】《》「」『』，。、；：！？"
# Many write addresses so that nobody opens them by mistake: ``hxxps://films[.]example``.
_SCHEMED = re.compile(rf"h(?:tt|xx)ps?(?::|\[:\])/{{1,2}}[^{_STOPS}]{{2,2500}}", re.I)
_DOTS = r"\[\.\]|\(\.\)|\[dot\]|\(dot\)"
_DOT = re.compile(_DOTS, re.I)
_DEFANGED = re.compile(
    rf"(?<![\w@/:.\-\]\)])(?:[a-z0-9-]{{1,63}}(?:{_DOTS}|\.)){{1,4}}(?<!\w\.)(?:{'|'.join(TOP_LEVEL)})(?![\w@-]|\.[a-z])"
    rf"(?:/[^{_STOPS}]{{0,2500}})?",
    re.I,
)
_BARE = re.compile(
    rf"(?<![\w@./:\-\[])(?:[a-z0-9](?:[a-z0-9-]{{0,62}})\.){{1,4}}(?:{'|'.join(TOP_LEVEL)})"
    rf"(?![\w@-]|\.[a-z])(?:/[^{_STOPS}]{{0,2500}})?",
    re.I,
)
_ENDING = re.compile(rf"\.(?:{'|'.join(TOP_LEVEL)})(?![\w@-]|\.[a-z])", re.I)
# With case left aside, Python counts the last four among a to z.
_NAME_LETTERS = frozenset(string.ascii_letters + string.digits + ".-\u0130\u0131\u017f\u212a")
_PARTS = re.compile(r"(?:https?:/{1,2})?(?:www\.)?([^/?#:@\[\]]{1,255})(?::\d{1,5})?((?:[/?#].*)?)", re.I | re.S)
_SCHEME = re.compile(r"https?:/", re.I)
_NAME = re.compile(r"(?:[\w-]{1,63}\.)+(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})|\d{1,3}(?:\.\d{1,3}){3}", re.I)
_HAN = re.compile(r"(?<=[A-Za-z0-9])[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_PATH_GOES_ON = re.compile(r"/[^/]|\.[A-Za-z0-9]{2,5}\Z")
_WORD_AFTER_COMMA = re.compile(r",[A-Za-z]{1,15}\Z")
# Endings that hardly any file or library has.
_PLAIN_ENDING = re.compile(r"\.(?:com|org|net|tv|info|biz|xyz|online|example|cn|ru|de|fr)\Z", re.I)
_TAIL = ".,;:!?'\"*’‘…\\~"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_BROKEN_LINE = re.compile(rf"\n([^{_STOPS}]{{2,1500}})[ \t]{{0,4}}(?:\n|\Z)")
_FILE_NAME = re.compile(
    r"[^\n]{0,150}?\.(?:pdf|epub|zip|rar|djvu|mobi|docx?|pptx?|xlsx?|mp3|mp4)(?=[ \t]{0,4}(?:\n|\Z))", re.I
)
_NOT_A_NAME = re.compile(r"https?:| [-–—=>] |\b(?:contains?|is|and|the file)\b", re.I)
_MOST = 4000
_SAID_TO_BE = re.compile(
    r"(?:\bsell|\bsold|purchas\w*|\bbuy|bought|available|web ?site|\bsite|appears?|published|official)\b[^.\n]{0,20}\b(?:at|on|from|is|via)\s{1,3}(?:https?://)?\Z"
    r"|\b(?:urls?|domains?|web ?sites?)(?: is| are)?\s?[:：]\s{0,3}\Z",
    re.I,
)
_BEFORE_SAID = frozenset("tTnNmMsS\u017faA/:：")  # How that ends.
_FULL_LINE = 68
_JOINS = ("-", "%", "=", "&", "_")
_SPACE_PAGES = ("/blob/", "/raw/", "/tree/")


@dataclass(frozen=True)
class Address:
    """An address in the text: ``value`` as it stands there, ``start`` and ``end`` its marks."""

    value: str
    start: int
    end: int

    @property
    def url(self) -> str:
        """The address with a scheme: one written without gets ``https://``, nothing else is added."""
        whole = self.value.replace("\\_", "_").replace("\n", "")
        if "[" in whole or "(" in whole or whole[:2].lower() == "hx":
            whole = _DOT.sub(".", whole).replace("[:]", ":", 1)
            whole = f"http{whole[4:]}" if whole[:4].lower() == "hxxp" else whole
        return whole if whole[:4].lower() == "http" else f"https://{whole}"

    @property
    def host(self) -> str:
        """The machine's name, lower case, without ``www.``."""
        return self._parts[0]

    @property
    def path(self) -> str:
        """What follows the machine's name, without a slash at the end."""
        return self._parts[1]

    @cached_property
    def _parts(self) -> tuple[str, str]:
        match = _PARTS.match(self.url)
        return (match.group(1).lower().rstrip("."), match.group(2).rstrip("/")) if match else ("", "")

    @property
    def key(self) -> str:
        """What two spellings of one address share: scheme, ``www.`` and a last slash do not count."""
        return self.host + self.path

    @cached_property
    def steps(self) -> list[str]:
        """The names in the path, in order."""
        return [step for step in self.path.partition("?")[0].partition("#")[0].split("/") if step]

    @cached_property
    def is_hosted(self) -> bool:
        """Whether a known host of other people's works serves this address."""
        host = self.host
        while host and host not in HOSTS:
            host = host.partition(".")[2]
        return bool(host)


def addresses(text: str) -> list[Address]:
    """Return every address in the text, in order, up to a bound; the same address as often as it is written."""
    found = [_cut(text, match.start(), match.end()) for match in islice(_SCHEMED.finditer(text), _MOST)]
    schemed = [address for group in found for address in group]
    taken = {address.start for address in schemed}
    covered = _Covered(schemed)
    bare = [
        address
        for match in sorted([*islice(_bare(text), _MOST), *islice(_defanged(text), _MOST)], key=re.Match.start)
        if match.start() not in taken and not covered.has(match.start())
        for address in _cut(text, match.start(), match.end())
        if _is_meant(address, text)
    ]
    return sorted((address for address in schemed + bare if _NAME.fullmatch(address.host)), key=lambda a: a.start)


def _bare(text: str) -> Iterator[re.Match[str]]:
    """Return the addresses without a scheme: each begins where the letters, digits, dots and hyphens before an ending do."""
    reached = 0
    for ending in _ENDING.finditer(text):
        if ending.start() < reached:
            continue
        start = ending.start()
        while start > reached and text[start - 1] in _NAME_LETTERS:
            start -= 1
        match = _BARE.match(text, start)
        reached = match.end() if match else ending.end()
        if match:
            yield match


def _defanged(text: str) -> Iterator[re.Match[str]]:
    return _DEFANGED.finditer(text) if _DOT.search(text) else iter(())


class _Covered:
    """Which characters lie inside addresses already cut; asked in rising order only."""

    def __init__(self, cut: list[Address]) -> None:
        self._cut = cut
        self._next = 0

    def has(self, position: int) -> bool:
        while self._next < len(self._cut) and self._cut[self._next].end <= position:
            self._next += 1
        return self._next < len(self._cut) and self._cut[self._next].start <= position


def _is_meant(address: Address, text: str) -> bool:
    """Whether words without a scheme are an address: ``www.``, a path, a page of a known host, or said to be one."""
    if address.value.lower().startswith("www.") or address.path or address.is_hosted:
        return True
    if _PLAIN_ENDING.search(address.value) and _is_line(text, address):
        return True
    before = text[max(0, address.start - 60) : address.start]
    words = before.rstrip()
    if words[-1:] not in _BEFORE_SAID:
        return False
    # Full stops and line breaks part what is said.
    return bool(_SAID_TO_BE.search(before, max(words.rfind("."), words.rfind("\n")) + 1))


def _is_line(text: str, address: Address) -> bool:
    """Whether nothing else stands on the line but what marks it as one of a list."""
    end = text.find("\n", address.end)
    return _begins_line(text, address.start) and not text[address.end : end if end >= 0 else len(text)].strip(" \t,;.")


def _cut(text: str, start: int, end: int) -> list[Address]:
    """Return the addresses in one run of characters: glued ones apart, broken ones joined, nothing around them."""
    run = text[start:end]
    for stop in ("](", "%3C/a", "</"):
        run = run.split(stop, 1)[0]
    glued = _next_scheme(run)
    rest = _cut(text, start + glued, end) if glued and "](" not in text[start:end][: glued + 1] else []
    run = run[:glued] if glued else run
    run = _without_words_after(_inside_brackets(run, text[start - 1 : start]))
    run = _trimmed(run, text[start - 1 : start])
    if not rest:
        run = _grown(text, start, run)
    return [Address(run, start, start + len(run)), *rest] if run else rest


def _without_words_after(run: str) -> str:
    """Cut Chinese, Japanese or Korean words written straight after an address; inside a path they belong to it."""
    words = None if run.isascii() else _HAN.search(run)
    return run[: words.start()] if words and not _PATH_GOES_ON.search(run, words.start()) else run


def _inside_brackets(run: str, before: str) -> str:
    """Cut an address that a bracket opened straight before where that bracket closes, words glued to it or not."""
    closing = {"(": ")", "[": "]"}.get(before)
    if not closing or run.count(closing) <= run.count(before):
        return run
    depth = 1
    for place, character in enumerate(run):
        depth += (character == before) - (character == closing)
        if not depth:
            return run[:place]
    return run


def _next_scheme(run: str) -> int:
    """Where a second address begins inside a run, or 0; an archive's address may hold another one."""
    for match in _SCHEME.finditer(run, 1):
        if run[match.start() - 1] not in "/=":
            return match.start()
    return 0


def _trimmed(run: str, before: str) -> str:
    wrapped = before in ("_", "*")
    while run:
        last = run[-1]
        unbalanced = last in _PAIRS and run.count(last) > run.count(_PAIRS[last])
        if last in _TAIL or unbalanced or (wrapped and last == before):
            run = run[:-1]
        elif run.endswith(("'s", "’s")):
            run = run[:-2]
        else:
            break
    return _WORD_AFTER_COMMA.sub("", run) if "," in run else run


def _grown(text: str, start: int, run: str) -> str:
    """Return the run with what a line break or a space in a file's name cut off from it."""
    end = start + len(run)
    if any(page in run for page in _SPACE_PAGES):
        name = _FILE_NAME.match(text, end)
        is_open = run.count("[") + run.count("(") > run.count("]") + run.count(")") or "." not in run.rsplit("/", 1)[1]
        if name and is_open and not _NOT_A_NAME.search(name.group(0)) and _begins_line(text, start):
            return run + name.group(0)
    broken = _BROKEN_LINE.match(text, end)
    is_full = end >= _FULL_LINE and text.find("\n", end - _FULL_LINE, start) < 0
    if not broken or not _goes_on(run, broken.group(1), is_full=is_full):
        return run
    return run + "\n" + _trimmed(broken.group(1), "")


def _begins_line(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip(" \t>-*•·")


def _goes_on(run: str, after: str, *, is_full: bool) -> bool:
    """Whether the only word of the next line is the rest of an address that filled its line."""
    if "http" in after.lower() or "@" in after or after[0] in "-*•[(#>" or "/" not in run[8:].strip("/"):
        return False
    is_rest = "/" in after.strip("/") or "%" in after or run.endswith(_JOINS)
    return is_rest and (is_full or run.endswith(_JOINS))
