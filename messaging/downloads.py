"""How a file of a conversation leaves: to be saved, or as a small picture, and never as a page of ours."""

from django.http import HttpResponse

from messaging.access import FileOut


def as_download(file: FileOut) -> HttpResponse:
    """Return the answer that hands out the file."""
    return _answer(file, "attachment")


def as_picture(file: FileOut) -> HttpResponse:
    """Return the answer that shows a preview within a page of ours."""
    return _answer(file, "inline")


def _answer(file: FileOut, disposition: str) -> HttpResponse:
    answer = HttpResponse(file.data, content_type=file.media_type)
    answer["Content-Disposition"] = f'{disposition}; filename="{file.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
