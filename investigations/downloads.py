"""Bytes on their way out: always a file to be saved, never a page of ours."""

from urllib.parse import quote

from django.http import HttpResponse

from core import files
from core.models import StoredFile


def package(reference: str, data: bytes) -> HttpResponse:
    """Return the answer that carries a package."""
    return _attachment(f"{reference}-disclosure.zip", "application/zip", data)


def document(file: StoredFile, data: bytes) -> HttpResponse:
    """Return the answer that carries a document."""
    return _attachment(files.name_of(file), file.media_type, data)


def _attachment(name: str, media_type: str, data: bytes) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    return answer
