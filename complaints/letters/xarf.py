"""X-ARF: reports of abuse as JSON (version 4, and version 3 as far as it is alike); only those about copyright are notices."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from complaints.letters.json_leaves import json_blocks
from complaints.letters.kinds import Kind
from complaints.letters.leaves import Block, Leaf
from complaints.letters.report import Report, Source

SIGNS = ('"xarf_version"', '"ReporterInfo"')
_ELEMENTS = {
    "rights_holder": "complainant_name",
    "reporter.org": "complainant_name",
    "reporter.contact": "contact_email",
    "work_title": "work_description",
    "description": "infringement_statement",
    "report_id": "case_number",
    "timestamp": "source_time",
    "source_port": "source_port",
    "swarm_info.torrent_name": "file_name",
    "message_info.subject": "file_name",
    # Version 3.
    "ReporterInfo.ReporterOrg": "complainant_name",
    "ReporterInfo.ReporterOrgEmail": "contact_email",
    "ReporterInfo.ReporterContactName": "complainant_name",
    "ReporterInfo.ReporterContactEmail": "contact_email",
    "ReporterInfo.ReporterContactPhone": "contact_phone",
    "Report.CopyrightedWork": "work_description",
    "Report.Date": "source_time",
    "Report.SourcePort": "source_port",
}
_ITEMS = frozenset(["infringing_url", "Report.InfringingUrl", "Report.Url", "Report.SourceUrl"])
_ORIGINALS = frozenset(["original_url", "Report.OriginalUrl"])
_SOURCES = frozenset(["source_identifier", "Report.SourceIp"])
_KINDS = frozenset(["category", "Report.ReportClass"])
_TYPES = frozenset(["type", "Report.ReportType"])
# Where no address on the web is given, these locate what is complained about.
_LOCATE = (
    "swarm_info.info_hash",
    "swarm_info.magnet_uri",
    "message_info.message_id",
    "source_identifier",
    "Report.SourceIp",
)
_URL = re.compile(r"https?://[^\s<>\"]{3,2000}\Z", re.I)
_HASH = re.compile(r"(md5|sha1|sha256|sha512):([0-9a-f]{32,128})\Z", re.I)


class Evidence(NamedTuple):
    """A file in a report; ``is_intact`` says whether its digest is the one that the report gives, None without one."""

    name: str
    data: bytes
    is_intact: bool | None


def fill_from_xarf(report: Report) -> None:
    """Add to the report what each X-ARF document in its text says."""
    for sign in SIGNS:
        for block in json_blocks(report.text, sign):
            report.blocks.append(block)
            if not block.is_whole:
                report.unsure.add("xarf")
            _fill(report, _named(block))


def evidence_in(text: str) -> Iterator[Evidence]:
    """Return the files that the X-ARF documents in a text bring; what is no base64 is left out."""
    for sign in SIGNS[:1]:
        for block in json_blocks(text, sign):
            for item in _evidence(block):
                payload = item.get("payload")
                data = None if payload is None else _unpacked(text[payload.start : payload.end])
                if data:
                    name = item["description"].value if "description" in item else ""
                    yield Evidence(name[:200], data, _is_intact(data, item.get("hash")))


def _named(block: Block) -> dict[str, Leaf]:
    """Return the values by their path in the document, the first of each."""
    named: dict[str, Leaf] = {}
    for leaf in block.leaves:
        named.setdefault(".".join(leaf.path), leaf)
    return named


def _fill(report: Report, named: dict[str, Leaf]) -> None:
    about = [leaf.value.lower() for name, leaf in named.items() if name in _KINDS | _TYPES]
    if not any("copyright" in word or "infringement" in word for word in about):
        report.kind = report.kind or Kind.OTHER
        return
    report.kind = Kind.NOTICE
    for name, element in _ELEMENTS.items():
        if name in named:
            report.mark(element, named[name])
    located = [named[name] for name in named if name in _ITEMS and _URL.match(named[name].value)]
    for leaf in located:
        report.locate(leaf)
    report.originals += [named[name].value for name in named if name in _ORIGINALS and _URL.match(named[name].value)]
    source = next((named[name] for name in named if name in _SOURCES), None)
    if source:
        report.mark("source_address", source)
        report.sources.append(_source(source, named))
    if not located:
        for name in _LOCATE:
            if name in named:
                report.mark("item_location", named[name])
                break


def _source(address: Leaf, named: dict[str, Leaf]) -> Source:
    def first(*names: str) -> str:
        return next((named[name].value for name in names if name in named), "")

    files = first("swarm_info.torrent_name", "message_info.subject")
    port, time = first("source_port", "Report.SourcePort"), first("timestamp", "Report.Date")
    return Source(address.value, port, time, [files] if files else [])


def _evidence(block: Block) -> list[dict[str, Leaf]]:
    items: dict[int, dict[str, Leaf]] = {}
    for leaf in block.leaves:
        if len(leaf.path) > 1 and leaf.path[0] == "evidence":
            items.setdefault(leaf.group, {})[leaf.path[-1]] = leaf
    return list(items.values())


def _unpacked(payload: str) -> bytes | None:
    try:
        return base64.b64decode(
            re.sub(r"\\[nr/]|\s", lambda found: "/" if "/" in found.group() else "", payload), validate=True
        )
    except (binascii.Error, ValueError):
        return None


def _is_intact(data: bytes, said: Leaf | None) -> bool | None:
    digest = _HASH.match(said.value) if said else None
    if digest is None:
        return None
    return hashlib.new(digest.group(1).lower(), data, usedforsecurity=False).hexdigest() == digest.group(2).lower()
