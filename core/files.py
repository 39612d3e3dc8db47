"""Files that people hand in: type decided by the bytes, bounded, sealed on disk, never served as what they claim."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING
from uuid import UUID

import puremagic
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import scanning, sealing
from core.errors import Conflict, NotFound, TooLarge, invalid
from core.models import Attachment, FileState, StoredFile

if TYPE_CHECKING:
    from core.actors import Actor

TABLE = "core_storedfile"
LARGEST_BYTES = 25 * 1024 * 1024
LONGEST_NAME = 120
# House rule: what evidence comes as. Anything that a browser would run or render as a page is left out.
ALLOWED_TYPES = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/tiff",
        "audio/mpeg",
        "audio/wav",
        "audio/flac",
        "audio/ogg",
        "video/mp4",
        "video/webm",
        "application/zip",
        "message/rfc822",
        "text/plain",
    }
)
SAME_AS = {
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "audio/x-flac": "audio/flac",
}
# Header fields (RFC 5322), one of which every mail has, before the first empty line.
MAIL_START = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,60}?(?:from|received|message-id):", re.IGNORECASE)
ACTIVE_MARKS = (b"<script", b"<svg", b"<html", b"<!doctype", b"<?xml", b"<iframe")


def media_type_of(data: bytes) -> str:
    """Return the media type that the bytes show, whatever the name claims; empty when it is none that we take."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"  # also where all of it happens to be text
    if _is_text(data):
        if MAIL_START.match(data):
            return "message/rfc822"
        return "" if _looks_active(data) else "text/plain"
    try:
        found = [SAME_AS.get(match.mime_type, match.mime_type) for match in puremagic.magic_string(data[:65536])]
    except (puremagic.PureError, ValueError):
        return ""
    return next((name for name in found if name in ALLOWED_TYPES), "")


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode()
    except UnicodeDecodeError:
        return False


def _looks_active(data: bytes) -> bool:
    start = data[:4096].lower()
    return any(mark in start for mark in ACTIVE_MARKS)


def safe_name(name: str) -> str:
    """Return a file name that is safe in a header and on a disk: no path, no control characters, bounded."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?;').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:  # noqa: PLR2004 - longer is no ending
        return kept[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if stem else kept[:LONGEST_NAME]


def store(*, data: bytes, name: str, by: "Actor", now: dt.datetime) -> StoredFile:
    """Seal and keep the bytes, private to whoever handed them in; refused where a daemon finds something in them.

    Raises TooLarge above ``LARGEST_BYTES``; Invalid when empty or of a type that is not taken; Unavailable when the
    daemon that should look at them does not answer.
    """
    if len(data) > LARGEST_BYTES:
        raise TooLarge(_("A file may have at most 25 MB."))
    if not data:
        raise invalid("/file", "empty", _("The file is empty."))
    media_type = media_type_of(data)
    if not media_type:
        raise invalid("/file", "type", _("Give a PDF, a picture, a sound, a film, a ZIP, an e-mail or plain text."))
    is_clean = scanning.is_clean(data)
    key = sealing.new_data_key(now=now)
    file = StoredFile(data_key=key, owner=by.ledger_reference, size_bytes=len(data), media_type=media_type)
    file.name_sealed = sealing.seal(key, row=(TABLE, file.pk), field="name", text=safe_name(name))
    sealed = sealing.seal_bytes(key, row=(TABLE, file.pk), field="content", data=data)
    digest = hashlib.sha256(data).hexdigest()
    file.sha256_sealed = sealing.seal(key, row=(TABLE, file.pk), field="sha256", text=digest)
    file.sealed_sha256 = hashlib.sha256(sealed).hexdigest()
    file.state, file.stored_at = FileState.CLEAN if is_clean else FileState.REFUSED, now
    default_storage.save(path_of(file.pk), ContentFile(sealed))
    file.save(force_insert=True)
    return file


def path_of(file_id: UUID) -> str:
    """Return where in the storage the sealed bytes of a file lie."""
    text = str(file_id)
    return f"files/{text[-2:]}/{text}"


def name_of(file: StoredFile) -> str:
    """Return the file's cleaned name."""
    return sealing.open_sealed(
        file.data_key, row=(TABLE, file.pk), field="name", sealed=bytes(file.name_sealed)
    ).reveal()


def sha256_of(file: StoredFile) -> str:
    """Return the SHA-256 (64 hex digits) of the file's bytes as they were handed in."""
    sealed = bytes(file.sha256_sealed)
    return sealing.open_sealed(file.data_key, row=(TABLE, file.pk), field="sha256", sealed=sealed).reveal()


def content_of(file: StoredFile) -> bytes:
    """Return the file's bytes as they were handed in. Whoever calls this has checked who asks."""
    with default_storage.open(path_of(file.pk)) as stored:
        sealed = stored.read()
    return sealing.open_bytes(file.data_key, row=(TABLE, file.pk), field="content", sealed=sealed)


def owned_by(actor: "Actor", file_id: UUID) -> StoredFile:
    """Return the file that this actor handed in; NotFound for anybody else's."""
    found = StoredFile.objects.select_related("data_key").filter(pk=file_id, owner=actor.ledger_reference).first()
    if found is None:
        raise NotFound
    return found


def is_attached(file: StoredFile) -> bool:
    """Say whether the file is part of a matter."""
    return Attachment.objects.filter(file=file).exists()


def delete(*, file_id: UUID, now: dt.datetime) -> None:
    """Delete a file that is part of nothing, with what was made of it, and destroy its key; call it inside an action.

    Raises Conflict for one that is part of a matter. The bytes go once the act is committed.
    """
    # Whoever attaches it meanwhile waits, and finds that it is gone.
    file = StoredFile.objects.select_for_update(of=("self",)).select_related("data_key").get(pk=file_id)
    if is_attached(file):
        raise Conflict(_("This file is part of a matter, and stays there."), state="attached")
    kept = [file.pk, *file.renditions.values_list("pk", flat=True)]
    file.renditions.all().delete()
    sealing.destroy(file.data_key, now=now)
    file.delete()
    transaction.on_commit(lambda: _delete_bytes(kept))


def _delete_bytes(ids: list[UUID]) -> None:
    for one in ids:
        default_storage.delete(path_of(one))


def attach(
    *, file_ids: Sequence[UUID | str], subject: str, purpose: str, by: "Actor", pointer: str, now: dt.datetime
) -> list[StoredFile]:
    """Make files of the actor part of a matter, and return them in the order given; call it inside an action.

    Raises Invalid, pointing at the place, for a file that is not the actor's or not clean.
    """
    own = StoredFile.objects.filter(pk__in=file_ids, owner=by.ledger_reference, state=FileState.CLEAN)
    # Locked, so that none is given up at the same moment; in one order, so that two who want the same wait in turn.
    found = {file.pk: file for file in own.order_by("pk").select_for_update(no_key=True)} if file_ids else {}
    files = []
    for place, file_id in enumerate(file_ids):
        # Some matters keep ids as text.
        file = found.get(UUID(str(file_id)))
        if file is None:
            raise invalid(f"{pointer}/{place}", "file", _("There is no such file of yours, or it was refused."))
        Attachment.objects.get_or_create(file=file, subject=subject, purpose=purpose, defaults={"attached_at": now})
        files.append(file)
    return files


def attached_to(subject: str, *purposes: str) -> list[StoredFile]:
    """Return the files of a matter (for these purposes, where some are named) in the order in which they were attached."""
    found = Attachment.objects.filter(subject=subject).select_related("file", "file__data_key").order_by("pk")
    if purposes:
        found = found.filter(purpose__in=purposes)
    return [attachment.file for attachment in found]
