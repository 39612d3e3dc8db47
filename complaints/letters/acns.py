"""ACNS: the form in which notices about what peers share are sent, in every revision that senders use.

Its addresses on the web are items. What has none is located by its connection: address, port and time.
"""

import re
from collections.abc import Iterable

from complaints.letters.kinds import Kind
from complaints.letters.leaves import Block, Leaf
from complaints.letters.report import Report, Source
from complaints.letters.xml_leaves import xml_blocks

ROOTS = frozenset(["infringement", "statusupdate"])
_ELEMENTS: dict[tuple[str, ...], str] = {
    ("complainant", "entity"): "complainant_name",
    ("complainant", "contact"): "complainant_name",
    ("complainant", "address"): "contact_address",
    ("complainant", "phone"): "contact_phone",
    ("complainant", "email"): "contact_email",
    ("source", "ip_address"): "source_address",
    ("source", "port"): "source_port",
    ("source", "timestamp"): "source_time",
    ("item", "title"): "work_description",
    ("item", "filename"): "file_name",
    ("case", "id"): "case_number",
}
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"]{3,2000}\Z", re.I)
_LOCATED = frozenset(["url", "deeplink"])
_PLACES = frozenset(["source", "item", "content"])
_TAKES_BACK = frozenset(["closed", "withdrawn", "retracted", "cancelled", "canceled", "resolved"])


def fill_from_acns(report: Report) -> None:
    """Add to the report what each ACNS document in its text says."""
    for block in xml_blocks(report.text, ROOTS):
        report.blocks.append(block)
        if not block.is_whole:
            report.unsure.add("acns")
        _fill(report, block)


def _fill(report: Report, block: Block) -> None:
    leaves = {leaf.path[-2:]: leaf for leaf in block.leaves}
    before = len(report.items)
    for leaf in block.leaves:
        element = _ELEMENTS.get(leaf.path[-2:])
        if element:
            report.mark(element, leaf)
        elif leaf.path[-1] in _LOCATED and leaf.path[-2:-1] and leaf.path[-2] in _PLACES and _URL.match(leaf.value):
            report.locate(leaf)
    _describe_by_file(report, block.leaves)
    address = leaves.get(("source", "ip_address"))
    if address:
        port, time = (leaves.get(("source", name)) for name in ("port", "timestamp"))
        files = [leaf.value for leaf in block.leaves if leaf.path[-2:] == ("item", "filename")]
        report.sources.append(Source(address.value, port.value if port else "", time.value if time else "", files))
        if len(report.items) == before:
            report.mark("item_location", address)
    report.kind = _kind(block.leaves, leaves) if report.kind in (None, Kind.OTHER) else report.kind


def _describe_by_file(report: Report, leaves: Iterable[Leaf]) -> None:
    """An item without a title is described by the name of its file, which is a guess."""
    titled = {leaf.group for leaf in leaves if leaf.path[-2:] == ("item", "title")}
    for leaf in leaves:
        if leaf.path[-2:] == ("item", "filename") and leaf.group not in titled:
            report.mark("work_description", leaf)
            report.unsure.add("work_description")


def _kind(leaves: list[Leaf], by_name: dict[tuple[str, ...], Leaf]) -> Kind | None:
    if not leaves:
        return None
    status = by_name.get(("case", "status"))
    if status and status.value.lower() in _TAKES_BACK:
        return Kind.RETRACTION
    return Kind.NOTICE if leaves[0].path[0] == "infringement" else Kind.OTHER
