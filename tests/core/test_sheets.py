"""The writer of CSV: RFC 4180, and no cell that a spreadsheet would run."""

import csv
import datetime as dt
import io

import pytest

from core import sheets


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("https://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1",
        "－1", "＠1", "|calc", "%0A=1", "=cmd|' /C calc'!A0",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_only_text(text: str) -> None:
    assert sheets.cell(text) == f"'{text}"


def test_other_values_stay_as_they_are() -> None:
    given = ["plain", "", None, 7, -7, True, dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC), "a=b", "版权"]

    assert [sheets.cell(one) for one in given] == [
        "plain", "", "", "7", "-7", "true", "2026-03-10T09:30:00.000000Z", "a=b", "版权",
    ]  # fmt: skip


def test_a_sheet_reads_back_as_it_was_written() -> None:
    rows = [['say "x"', "two\nlines, and\r\na comma"], ["版权", "'"]]

    written = b"".join(sheets.written(("a", "b"), rows, mark=sheets.MARK))

    assert written.startswith(b"\xef\xbb\xbfa,b\r\n")
    assert written.endswith(b"\r\n")
    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))) == [["a", "b"], *rows]
