"""How a file of a conversation leaves: to be saved, and never shown as a page of ours."""

from django.http import HttpResponse

from messaging.access import FileOut


def as_download(file: FileOut) -> HttpResponse:
    """Return the answer that hands out the file."""
    answer = HttpResponse(file.data, content_type=file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer
