"""What is made of a stored file for others: the same without its metadata, and a small picture. Made once, kept sealed.

The file itself stays as it was handed in, with its digest: it is evidence.
"""

import datetime as dt
import hashlib
from enum import StrEnum
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import confined, files, sealing
from core.cleaning import CLEANERS, NotCleanableError
from core.errors import Denied, NotFound
from core.models import Rendition, RenditionKind, StoredFile

TABLE = "core_rendition"
CLEANABLE = frozenset(CLEANERS)
# A text says what its writer wrote, and nothing beside it.
BARE = frozenset({"text/plain"})
# House rule: nobody can clean what is packed; it passes, and its sender is told so.
PACKED = frozenset({"application/zip"})
PICTURES = frozenset(media_type for media_type in CLEANABLE if media_type.startswith("image/"))
PREVIEW_TYPE = "image/webp"


class OthersGet(StrEnum):
    """What others than its owner get of a file."""

    CLEANED = "cleaned"
    SAME = "same"
    AS_IT_IS = "as_it_is"
    WITHHELD = "withheld"


def others_get(file: StoredFile, now: dt.datetime) -> OthersGet:
    """Return what others get: what can't be cleaned is withheld until its owner decides to have it passed as it is.

    House rule: a mail's headers say who is writing to whom; they are never passed without their owner knowing it.
    """
    if file.media_type in BARE:
        return OthersGet.SAME
    if file.media_type in PACKED:
        return OthersGet.AS_IT_IS
    if file.media_type in CLEANABLE and _rendition(file, RenditionKind.CLEANED, now).is_made:
        return OthersGet.CLEANED
    return OthersGet.AS_IT_IS if file.unchanged_at else OthersGet.WITHHELD


def for_others(file: StoredFile, now: dt.datetime) -> bytes:
    """Return the bytes that others get. Whoever calls this has checked who asks.

    Raises Denied while they are withheld.
    """
    told = others_get(file, now)
    if told == OthersGet.WITHHELD:
        text = _(
            "What this file says about its sender can't be taken out, and its sender has not passed it on as it is."
        )
        raise Denied(text, code="withheld")
    if told == OthersGet.CLEANED:
        return _content(file, _rendition(file, RenditionKind.CLEANED, now))
    return files.content_of(file)


def preview_of(file: StoredFile, now: dt.datetime) -> bytes:
    """Return a small WebP of a picture, which tells no more than its pixels; NotFound for what has none."""
    if file.media_type not in PICTURES:
        raise NotFound
    made = _rendition(file, RenditionKind.PREVIEW, now)
    if not made.is_made:
        raise NotFound
    return _content(file, made)


def _rendition(file: StoredFile, kind: RenditionKind, now: dt.datetime) -> Rendition:
    found = Rendition.objects.filter(file=file, kind=kind).first()
    if found is not None:
        return found
    try:
        made = confined.run(kind, files.content_of(file), file.media_type)
    except NotCleanableError:
        made = b""
    with transaction.atomic():
        # One at a time writes to the file's place in the storage.
        StoredFile.objects.select_for_update().get(pk=file.pk)
        found = Rendition.objects.filter(file=file, kind=kind).first()
        return found or _kept(file, kind, made, now)


def _kept(file: StoredFile, kind: RenditionKind, made: bytes, now: dt.datetime) -> Rendition:
    rendition = Rendition(pk=rendition_id(file.pk, kind), file=file, kind=kind, is_made=bool(made), made_at=now)
    if made:
        sealed = sealing.seal_bytes(file.data_key, row=(TABLE, rendition.pk), field="content", data=made)
        rendition.media_type = PREVIEW_TYPE if kind == RenditionKind.PREVIEW else file.media_type
        rendition.size_bytes, rendition.sealed_sha256 = len(made), hashlib.sha256(sealed).hexdigest()
        # One that a crash left here, before its row, makes room.
        default_storage.delete(files.path_of(rendition.pk))
        default_storage.save(files.path_of(rendition.pk), ContentFile(sealed))
    rendition.save(force_insert=True)
    return rendition


def rendition_id(file_id: UUID, kind: RenditionKind) -> UUID:
    """Return the id of what is made of a file: the same, whoever makes it."""
    return uuid5(file_id, str(kind))


def _content(file: StoredFile, rendition: Rendition) -> bytes:
    with default_storage.open(files.path_of(rendition.pk)) as stored:
        sealed = stored.read()
    return sealing.open_bytes(file.data_key, row=(TABLE, rendition.pk), field="content", sealed=sealed)
