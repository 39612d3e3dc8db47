"""The one writer of CSV: by RFC 4180, and safe to open in a program that takes cells for formulas."""

import csv
import datetime as dt
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse

from core.times import rfc3339

LINES_AT_ONCE = 500
MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
# Spreadsheets run what begins so, also behind spaces and in wide letters.
FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")
MARK = "\ufeff".encode()

Cell = str | int | bool | dt.datetime | None


def cell(value: Cell) -> str:
    """Return the text of a cell: instants by RFC 3339, nothing for None, and no text that is taken for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return rfc3339(value)
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.startswith(FORMULA) or value.lstrip().startswith(FORMULA) else value


def written(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, mark: bytes = b"") -> Iterator[bytes]:
    """Yield the lines of a sheet, its header first; ``mark`` stands before it all, for programs that guess encodings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    yield mark + _line(writer, text, header)
    for row in rows:
        yield _line(writer, text, [cell(value) for value in row])


def streamed(request: HttpRequest, lines: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """Return an answer that is written while it is made, to be kept under this name, however the portal is served."""
    chunks: Any = _chunks(lines)
    answer = StreamingHttpResponse(
        _awaited(chunks) if isinstance(request, ASGIRequest) else chunks, content_type=MEDIA_TYPE
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def _chunks(lines: Iterator[bytes]) -> Iterator[bytes]:
    while chunk := b"".join(islice(lines, LINES_AT_ONCE)):
        yield chunk


async def _awaited(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    def following() -> bytes:
        try:
            return next(chunks, b"")
        finally:
            # This thread is no request's own, so nobody else gives its connection back.
            close_old_connections()

    while chunk := await sync_to_async(following)():
        yield chunk


def _line(writer: Any, text: io.StringIO, row: Sequence[str]) -> bytes:
    writer.writerow(row)
    line = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return line
