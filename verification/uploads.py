"""Taking a file from a request: bounded while it arrives, so that too much is refused before it is all here."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers

from core.errors import TooLarge
from core.files import LARGEST_BYTES

# Beside the file itself: the parts' own headers and a few short fields.
ROOM_AROUND_BYTES = 64 * 1024


class Bound(FileUploadHandler):
    """Refuses more bytes than one file may have, however many files they pretend to be."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received_bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - the framework's
        """Pass the bytes on, or refuse."""
        self.received_bytes += len(raw_data)
        if self.received_bytes > LARGEST_BYTES:
            raise TooLarge(_("A file may have at most 25 MB."))
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


class UploadParser(parsers.BaseParser):
    """``multipart/form-data`` of a bounded size."""

    media_type = "multipart/form-data"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> "parsers.DataAndFiles[Any, Any]":
        """Return fields and files; ParseError for what is no such form, TooLarge for too much."""
        request = parser_context["request"]
        handlers = [Bound(request), TemporaryFileUploadHandler(request)]
        meta = {**request.META, "CONTENT_TYPE": media_type}
        try:
            data, found = MultiPartParser(meta, stream, handlers, parser_context.get("encoding")).parse()
        except MultiPartParserError:
            raise exceptions.ParseError(_("This is not a multipart form with a file.")) from None
        return parsers.DataAndFiles(data, found)


def require_fits(content_length: str) -> None:
    """Raise TooLarge for a request that announces more than a file may have, before any of it is read."""
    if content_length.isdigit() and int(content_length[:15]) > LARGEST_BYTES + ROOM_AROUND_BYTES:
        raise TooLarge(_("A file may have at most 25 MB."))
