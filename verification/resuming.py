"""What tus 1.0.0 says in its headers, read; and the file that is stored once the last piece of it is here."""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import parsers

from core import files, partial
from core.errors import Conflict, DomainError, Invalid, TooLarge, invalid
from core.models import Upload
from verification import actions
from verification.models import Account

VERSION = "1.0.0"
DIGESTS = ("sha256", "sha1")  # the second is the one that every server of tus with checksums must know
LONGEST_NUMBER = 15


class OtherVersion(DomainError):
    """The client speaks another version of tus, or none."""

    status = 412
    code = "tus_version"
    title = _("Send the header Tus-Resumable: 1.0.0")


class ChecksumMismatch(DomainError):
    """The bytes are not those that were meant to arrive; nothing of them was kept."""

    status = 460
    code = "checksum_mismatch"
    title = _("The bytes arrived damaged and were not kept; send them again")


class PieceParser(parsers.BaseParser):
    """``application/offset+octet-stream``: the bytes as they come, read in the view piece by piece."""

    media_type = "application/offset+octet-stream"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002 - the framework's
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - the framework's
    ) -> Any:
        """Return the stream."""
        return stream


def stream_of(parsed: Any) -> Any:
    """Return what the parser gave, or an empty stream for a request without a body, which is not parsed."""
    return parsed if hasattr(parsed, "read") else io.BytesIO()


def require_version(told: str) -> None:
    """Raise OtherVersion unless the client speaks ours."""
    if told != VERSION:
        raise OtherVersion


def _number(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name, "")
    if not (text.isascii() and text.isdigit()):
        raise invalid(f"/{name}", "number", _("Give this header as a whole number of bytes."))
    if len(text) > LONGEST_NUMBER:
        raise TooLarge(_("A file may have at most 25 MB."))
    return int(text)


def announced(headers: Mapping[str, str]) -> tuple[int, str]:
    """Return the size in bytes and the name that a client announces, the name empty where it gives none."""
    return _number(headers, "Upload-Length"), _metadata(headers.get("Upload-Metadata", "")).get("filename", "")


def _metadata(text: str) -> dict[str, str]:
    told = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            told[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise invalid("/Upload-Metadata", "base64", _("Give each value as UTF-8 in base64.")) from None
    return told


def offset_in(headers: Mapping[str, str]) -> int:
    """Return where the bytes of a request begin."""
    return _number(headers, "Upload-Offset")


def _digest_in(headers: Mapping[str, str]) -> tuple[str, bytes] | None:
    text = headers.get("Upload-Checksum", "")
    if not text:
        return None
    kind, _space, value = text.partition(" ")
    try:
        wanted = base64.b64decode(value, validate=True)
    except binascii.Error:
        wanted = b""
    if kind not in DIGESTS or not wanted:
        raise invalid("/Upload-Checksum", "checksum", _("Give sha256 or sha1, a space, and the digest in base64."))
    return kind, wanted


def take(
    stream: Any, headers: Mapping[str, str], *, upload_id: UUID, offset: int, by: Account, now: dt.datetime
) -> Upload:
    """Keep what the stream holds, and return the upload; with its last byte it is a file.

    What arrived before a connection broke is kept, unless the client gave a digest of all of it. Errors as
    ``core.partial.append`` and ``actions.store_file``; what is refused as a file is given up.
    """
    upload = partial.get_for(by, upload_id, now)
    if upload.received_bytes != offset:
        raise Conflict(_("The upload goes on at another place: ask where it stands."), state="offset")
    for data in _pieces(stream, _digest_in(headers), upload.size_bytes - offset):
        upload = partial.append(upload_id=upload_id, offset=offset, data=data, by=by, now=now)
        offset = upload.received_bytes
    return finish(upload, by=by, now=now) if upload.received_bytes == upload.size_bytes else upload


def _pieces(stream: Any, digest: tuple[str, bytes] | None, room: int) -> Any:
    """Give the bytes in pieces of a bounded size; all at once, and checked, where they come with a digest."""
    if digest is None:
        while data := stream.read(partial.LARGEST_PIECE_BYTES):
            yield data
        return
    data, (kind, wanted) = stream.read(room + 1), digest
    if len(data) > room:
        raise TooLarge(_("These are more bytes than were announced."))
    if not hmac.compare_digest(hashlib.new(kind, data, usedforsecurity=False).digest(), wanted):
        raise ChecksumMismatch
    if data:
        yield data


def give_up(*, upload_id: UUID, by: Account, now: dt.datetime) -> None:
    """Delete the upload, and the file that it has become unless that is part of a matter already."""
    with transaction.atomic():
        # Locked first, so that the last bytes, which may be on their way still, make no file of nobody.
        upload = partial.get_for(by, upload_id, now, lock=True)
        if upload.file is not None and not files.is_attached(upload.file):
            actions.give_up_file(file_id=upload.file.pk, by=by, now=now)
        else:
            partial.give_up(upload_id=upload_id, by=by, now=now)


def finish(upload: Upload, *, by: Account, now: dt.datetime) -> Upload:
    """Store the whole as a file, once, however often it is asked for, and return the upload with it."""
    try:
        with transaction.atomic():
            whole = partial.get_for(by, upload.pk, now, lock=True)
            if whole.file is None:
                data = partial.content_of(whole)
                partial.note_file(whole, actions.store_file(data=data, name=partial.name_of(whole), by=by, now=now))
    except Invalid:
        partial.give_up(upload_id=upload.pk, by=by, now=now)
        raise
    with transaction.atomic():
        partial.drop_pieces(whole)
    return whole
