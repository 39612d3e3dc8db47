"""Files that come in pieces: each piece is sealed when it arrives, and what was acknowledged is there after any crash.

It owns the pieces until they are whole; what becomes of the whole, ``core.files`` knows.
"""

import datetime as dt
import hashlib
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import sealing
from core.errors import Conflict, NotFound, TooFast, TooLarge, invalid
from core.files import LARGEST_BYTES, path_of, safe_name
from core.models import Piece, StoredFile, Upload

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor

TABLE, PIECES = "core_upload", "core_piece"
# House rule: a lost connection is back within a day, and nobody needs more than these at once.
KEPT_FOR = dt.timedelta(days=1)
MOST_OPEN = 20
LARGEST_PIECE_BYTES = 1024 * 1024
SWEPT_AT_ONCE = 100


def begin(*, size_bytes: int, name: str, by: "Actor", now: dt.datetime) -> Upload:
    """Return a new upload of so many bytes, of which none is here yet.

    Raises Invalid for none at all, TooLarge above ``LARGEST_BYTES``, TooFast while too many others wait for their rest.
    """
    if size_bytes < 1:
        raise invalid("/file", "empty", _("The file is empty."))
    if size_bytes > LARGEST_BYTES:
        raise TooLarge(_("A file may have at most 25 MB."))
    if _open_of(by, now).count() >= MOST_OPEN:
        raise TooFast(_("Too many uploads of yours wait for their rest. Finish them or give them up first."))
    with transaction.atomic():
        key = sealing.new_data_key(now=now)
        upload = Upload(data_key=key, owner=by.ledger_reference, size_bytes=size_bytes, begun_at=now)
        upload.expires_at = now + KEPT_FOR
        upload.name_sealed = sealing.seal(key, row=(TABLE, upload.pk), field="name", text=safe_name(name))
        upload.save(force_insert=True)
    return upload


def _open_of(by: "Actor", now: dt.datetime) -> "QuerySet[Upload]":
    return Upload.objects.filter(owner=by.ledger_reference, file__isnull=True, expires_at__gt=now)


def get_for(by: "Actor", upload_id: UUID, now: dt.datetime, *, lock: bool = False) -> Upload:
    """Return the actor's own upload; NotFound for another's and for one whose time is over."""
    found = Upload.objects.filter(pk=upload_id, owner=by.ledger_reference, expires_at__gt=now)
    if lock:
        found = found.select_for_update(of=("self",))
    upload = found.select_related("data_key", "file__data_key").first()
    if upload is None:
        raise NotFound
    return upload


def append(*, upload_id: UUID, offset: int, data: bytes, by: "Actor", now: dt.datetime) -> Upload:
    """Keep the bytes that begin at the offset, and return the upload; once it returns, nothing loses them.

    Raises Conflict when the upload stands elsewhere, TooLarge for more than was announced.
    """
    with transaction.atomic():
        upload = get_for(by, upload_id, now, lock=True)
        if upload.received_bytes != offset:
            raise Conflict(_("The upload goes on at another place: ask where it stands."), state="offset")
        if offset + len(data) > upload.size_bytes:
            raise TooLarge(_("These are more bytes than were announced."))
        for start in range(0, len(data), LARGEST_PIECE_BYTES):
            _keep(upload, offset + start, data[start : start + LARGEST_PIECE_BYTES])
        upload.received_bytes += len(data)
        upload.save(update_fields=["received_bytes"])
    return upload


def _keep(upload: Upload, start: int, data: bytes) -> None:
    piece = Piece(pk=piece_id(upload.pk, start), upload=upload, start=start, size_bytes=len(data))
    sealed = sealing.seal_bytes(upload.data_key, row=(PIECES, piece.pk), field="content", data=data)
    piece.sealed_sha256 = hashlib.sha256(sealed).hexdigest()
    # One that a crash left here, before its row, makes room.
    default_storage.delete(path_of(piece.pk))
    default_storage.save(path_of(piece.pk), ContentFile(sealed))
    piece.save(force_insert=True)


def piece_id(upload_id: UUID, start: int) -> UUID:
    """Return the id of the piece of an upload that begins there."""
    return uuid5(upload_id, str(start))


def content_of(upload: Upload) -> bytes:
    """Return the bytes that arrived so far."""
    return b"".join(_content(upload, piece) for piece in upload.pieces.order_by("start"))


def _content(upload: Upload, piece: Piece) -> bytes:
    with default_storage.open(path_of(piece.pk)) as stored:
        sealed = stored.read()
    return sealing.open_bytes(upload.data_key, row=(PIECES, piece.pk), field="content", sealed=sealed)


def name_of(upload: Upload) -> str:
    """Return the file's cleaned name."""
    sealed = bytes(upload.name_sealed)
    return sealing.open_sealed(upload.data_key, row=(TABLE, upload.pk), field="name", sealed=sealed).reveal()


def note_file(upload: Upload, file: StoredFile) -> None:
    """Note what the whole upload became; call it in the transaction that stores the file."""
    upload.file = file
    upload.save(update_fields=["file"])


def drop_pieces(upload: Upload) -> None:
    """Delete the pieces of an upload that has become a file or is given up."""
    # The bytes go before their rows, so that a crash leaves rows, which the sweep finds, and no bytes of nobody.
    for piece in upload.pieces.order_by("start"):
        default_storage.delete(path_of(piece.pk))
        piece.delete()
    default_storage.delete(path_of(piece_id(upload.pk, upload.received_bytes)))


def give_up(*, upload_id: UUID, by: "Actor", now: dt.datetime) -> None:
    """Delete the actor's upload and its pieces; a file that it has become is left alone. NotFound as ``get_for``."""
    with transaction.atomic():
        _delete(get_for(by, upload_id, now, lock=True))


def forget_uploads_of(file_id: UUID) -> None:
    """Delete the uploads that became this file, which is about to go."""
    for upload in Upload.objects.select_for_update(of=("self",)).filter(file=file_id).order_by("pk"):
        _delete(upload)


def _delete(upload: Upload) -> None:
    drop_pieces(upload)
    key = upload.data_key
    upload.delete()
    key.delete()


def forget_old(now: dt.datetime) -> int:
    """Delete the uploads whose time is over, and what pieces finished ones still have; return how many those were."""
    over = Upload.objects.filter(expires_at__lte=now).order_by("pk").values_list("pk", flat=True)
    done = Upload.objects.filter(file__isnull=False, pieces__isnull=False, expires_at__gt=now).order_by("pk")
    count = 0
    for pk in [*over[:SWEPT_AT_ONCE], *done.values_list("pk", flat=True).distinct()[:SWEPT_AT_ONCE]]:
        with transaction.atomic():
            upload = Upload.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            if upload is None:
                continue
            if upload.expires_at <= now:
                _delete(upload)
            else:
                drop_pieces(upload)
            count += 1
    return count
