"""What stands where on the pages of a PDF that typst set: each glyph with its place and the text that is copied for it."""

import io
import re
from dataclasses import dataclass
from typing import Any

import pikepdf

WIDE, HIGH, MARGIN = 595.28, 841.89, 22 / 25.4 * 72
Matrix = tuple[float, ...]
HANGING = " \u200b\u3000。，、；：！？）」』】》”’"
MAPPED = re.compile(r"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>")


@dataclass(frozen=True)
class Glyph:
    """A glyph on a page, counted from 0; ``left``, ``right`` and ``up`` in points from the lower left corner."""

    page: int
    left: float
    right: float
    up: float
    text: str


class _Font:
    def __init__(self, font: Any) -> None:
        self.name = str(font.BaseFont)
        code = font.ToUnicode.read_bytes().decode()
        self.texts = {int(one, 16): bytes.fromhex(text).decode("utf-16-be") for one, text in MAPPED.findall(code)}
        self.widths: dict[int, float] = {}
        described = list(font.DescendantFonts[0].W)
        while described:
            first, following = int(described.pop(0)), described.pop(0)
            if isinstance(following, pikepdf.Array):
                self.widths |= {first + place: float(one) for place, one in enumerate(following)}
            else:
                width = float(described.pop(0))
                self.widths |= dict.fromkeys(range(first, int(following) + 1), width)


class _Page:
    def __init__(self, number: int, page: pikepdf.Page) -> None:
        self.number, self.page, self.glyphs = number, page, list[Glyph]()
        self.fonts = {
            name: _Font(font) for name, font in page.Resources.get("/Font", {}).items() if "/DescendantFonts" in font
        }
        self.matrix: Matrix = (1, 0, 0, 1, 0, 0)
        self.kept: list[Matrix] = []
        self.placed, self.at = self.matrix, 0.0
        self.font, self.size = "", 0.0

    def read(self) -> list[Glyph]:
        for given, operator in pikepdf.parse_content_stream(self.page):
            name = str(operator)
            if name == "q":
                self.kept.append(self.matrix)
            elif name == "Q":
                self.matrix = self.kept.pop()
            elif name == "cm":
                self.matrix = _times(tuple(float(one) for one in given), self.matrix)
            elif name == "Tf":
                self.font, self.size = str(given[0]), float(given[1])
            elif name == "Tm":
                self.placed, self.at = tuple(float(one) for one in given), 0.0
            elif name in ("Tj", "TJ") and self.font in self.fonts:
                self._show(given[0] if name == "TJ" else given)
        return self.glyphs

    def _show(self, shown: Any) -> None:
        font = self.fonts[self.font]
        scale, _b, _c, _d, left, up = _times(self.placed, self.matrix)
        for one in shown:
            if not isinstance(one, pikepdf.String):
                self.at -= float(one) / 1000 * self.size
                continue
            for high, low in zip(*[iter(bytes(one))] * 2, strict=True):
                code, start = high << 8 | low, left + self.at * scale
                self.at += font.widths.get(code, 0) / 1000 * self.size
                text = font.texts.get(code, "")
                self.glyphs.append(Glyph(self.number, start, left + self.at * scale, up, text))


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def glyphs(data: bytes) -> list[Glyph]:
    """Return all glyphs of a PDF, page by page in the order in which they are set."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [glyph for number, page in enumerate(pdf.pages) for glyph in _Page(number, page).read()]


def rows(data: bytes) -> list[str]:
    """Return what stands on each line of the pages as the eye finds it there: from left to right, line by line."""
    found: dict[tuple[int, float], list[Glyph]] = {}
    for glyph in glyphs(data):
        found.setdefault((glyph.page, -round(glyph.up)), []).append(glyph)
    return ["".join(one.text for one in sorted(row, key=lambda one: one.left)) for _at, row in sorted(found.items())]


def beyond(data: bytes) -> list[Glyph]:
    """Return the glyphs that are not wholly within the text block from left to right; blanks may hang out of it.

    A full stop of Chinese and the like stands in the first half of its square; the other half may hang out, too.
    """
    slack = 0.6
    return [
        one
        for one in glyphs(data)
        if one.text.strip(HANGING) and not MARGIN - slack <= one.left <= one.right <= WIDE - MARGIN + slack
    ]
