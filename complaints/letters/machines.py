"""The parts of a letter that are for machines, told apart from the words of its sender; what each says, its form knows."""

import re

from complaints.letters.acns import fill_from_acns
from complaints.letters.marks import Found, Mark
from complaints.letters.report import Report
from complaints.letters.xarf import fill_from_xarf

_FENCE = re.compile(r"^[ \t>]*(?:- ){0,4}-{1,6} ?(?:Start|End) ACNS XML[^\n]*$", re.I | re.M)
_PGP = "-----BEGIN PGP "
_PGP_LINE = re.compile(
    r"^[ \t>]*(?:- ){0,4}-----(?:BEGIN|END) PGP [A-Z ]{7,20}-----[ \t]*$|^Hash: [A-Z0-9, ]{3,40}$", re.M
)
_PGP_SIGNATURE = re.compile(
    r"^[ \t>]*(?:- ){0,4}(-----BEGIN PGP SIGNATURE-----)(?:[^\n]{0,100}\n){1,60}?[ \t>]*(?:- ){0,4}-----END PGP SIGNATURE-----",
    re.M,
)


def report_in(text: str) -> Report:
    """Return what the letter's parts for machines say; an empty report where it has none."""
    report = Report(text)
    fill_from_acns(report)
    fill_from_xarf(report)
    return report


def words_around(report: Report) -> tuple[str, Found]:
    """Return the letter with everything that is no word of its sender blanked in its place, and a seal of PGP as signature."""
    text, signed = report.text, Found()
    spans = [(block.start, block.end) for block in report.blocks]
    if report.blocks:
        spans += [found.span() for found in _FENCE.finditer(text)]
    if _PGP in text:
        for found in _PGP_SIGNATURE.finditer(text):
            spans.append(found.span())
            signed.setdefault("signature", [Mark(found.group(1), *found.span(1))])
        spans += [found.span() for found in _PGP_LINE.finditer(text)]
    return _blanked(text, sorted(spans)), signed


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:
            pieces += text[at:start], _blanks(end - start)
            at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _blanks(length: int) -> str:
    """Return blanks that end a sentence on both sides, so that no mark reaches across."""
    return "\n\n" + " " * (length - 4) + "\n\n" if length > 3 else "\n" * length  # noqa: PLR2004 - two on each side
