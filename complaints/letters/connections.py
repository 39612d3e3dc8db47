"""What a letter written like a form says of a connection: address, port, time and file of something shared between peers."""

import re

from complaints.letters.marks import Found, Mark
from complaints.letters.report import Source

_LABEL = r"^[ \t>*_-]{{0,8}}[^\n:=：]{{0,40}}\b(?:{words})\b[^\n:=：]{{0,25}}[:=：][ \t*_]{{0,8}}"
_ADDRESS = re.compile(
    _LABEL.format(words=r"ip(?: ?v[46])?[ _-]?(?:address)?")
    + r"((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7})(?:[: ]{1,3}(\d{1,5}))?[ \t]*$",
    re.I | re.M,
)
_PORT = re.compile(_LABEL.format(words="port") + r"(\d{1,5})\b", re.I | re.M)
_TIME = re.compile(
    _LABEL.format(
        words=r"(?<!notice )(?:time|date)[ _-]?(?:stamp)?|timestamp|last (?:seen|found)|first (?:seen|found)|detected|observed"
    )
    + r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})?[ \t]?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?|[^\n]{0,20}\d{1,2}:\d\d:\d\d[^\n]{0,20})",
    re.I | re.M,
)
_FILE = re.compile(_LABEL.format(words=r"file[ _-]?(?:name)?|torrent(?: name)?") + r"([^\n]{3,300})$", re.I | re.M)
_MOST = 20


def connection_in(own: str) -> tuple[Found, list[Source]]:
    """Return where a connection is named in the sender's own words; nothing unless its port or its file is named too."""
    addresses = list(_ADDRESS.finditer(own))[:_MOST]
    if not addresses:
        return {}, []
    ports = [_mark(found) for found in _PORT.finditer(own)][:_MOST]
    inline = [Mark(found.group(2), *found.span(2)) for found in addresses if found.group(2)]
    files = [_mark(found) for found in _FILE.finditer(own)][:_MOST]
    if not (ports or inline or files):
        return {}, []
    times = [_mark(found) for found in _TIME.finditer(own)][:_MOST]
    found = {
        "source_address": [_mark(each) for each in addresses],
        "source_port": inline or ports,
        "source_time": times,
        "file_name": files,
    }
    said = {element: marks for element, marks in found.items() if marks}
    return said, [_source(mark, place, said) for place, mark in enumerate(found["source_address"])]


def _mark(found: re.Match[str]) -> Mark:
    value = found.group(1).rstrip(" \t*_")
    return Mark(value, found.start(1), found.start(1) + len(value))


def _source(address: Mark, place: int, said: Found) -> Source:
    """Return the connection at this place; where fewer ports or times than addresses are named, the last holds on."""

    def nth(element: str) -> str:
        marks = said.get(element) or [Mark("", 0, 0)]
        return marks[min(place, len(marks) - 1)].value

    return Source(
        address.value, nth("source_port"), nth("source_time"), [mark.value for mark in said.get("file_name", [])]
    )
