"""Whether the stored files are those that the rows speak of: missing, changed or belonging to no row. It prints nothing."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.core.files.storage import default_storage

from core import files, partial
from core.models import Piece, Rendition, StoredFile, Upload

# House rule: the bytes of an upload are there before its row is committed, so a young file may lack one.
UPLOADED_WITHIN = dt.timedelta(minutes=5)
CHUNK_BYTES = 1024 * 1024
AT_ONCE = 500


class Fault(StrEnum):
    """What is wrong with a stored file."""

    MISSING = "missing"
    CHANGED = "changed"
    ORPHANED = "orphaned"


@dataclass(frozen=True)
class Finding:
    """One fault: the id of the row or, of an orphan, its path in the storage. Neither says anything of a person."""

    fault: Fault
    what: str


@dataclass
class FileCheck:
    """A check under way: its findings as they come, and how many rows were looked at so far."""

    now: dt.datetime
    rows: int = 0

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong: first with the rows' files in the order of their rows, then the orphans by path."""
        # Listed before the rows are read, so that a file whose row comes in between is none too many.
        paths = sorted(stored_paths())
        for file_id, digest in self._digests():
            found = digest_of(files.path_of(file_id))
            if found is None and not _is_gone(file_id):
                yield Finding(Fault.MISSING, str(file_id))
            elif found is not None and found != digest:
                yield Finding(Fault.CHANGED, str(file_id))
        for start in range(0, len(paths), AT_ONCE):
            yield from self._orphans(paths[start : start + AT_ONCE])

    def _digests(self) -> Iterator[tuple[UUID, str]]:
        """Yield id and digest of the files, then of what was made of them, then of the pieces of what is under way."""
        kept = StoredFile.objects.order_by("pk").values_list("pk", "sealed_sha256")
        for row in kept.iterator(chunk_size=AT_ONCE):
            self.rows += 1
            yield row
        made = Rendition.objects.filter(is_made=True).order_by("pk").values_list("pk", "sealed_sha256")
        yield from made.iterator(chunk_size=AT_ONCE)
        # The pieces of what is whole or too old are being deleted, bytes first.
        waiting = Piece.objects.filter(upload__file__isnull=True, upload__expires_at__gt=self.now).order_by("pk")
        yield from waiting.values_list("pk", "sealed_sha256").iterator(chunk_size=AT_ONCE)

    def _orphans(self, paths: list[str]) -> Iterator[Finding]:
        ids = {path: file_id for path in paths if (file_id := _id_at(path))}
        known: set[UUID] = set()
        for model in (StoredFile, Rendition, Piece):
            known |= set(model._default_manager.filter(pk__in=ids.values()).values_list("pk", flat=True))
        known |= {partial.piece_id(pk, at) for pk, at in Upload.objects.values_list("pk", "received_bytes")}
        for path in paths:
            if ids.get(path) not in known and self._is_old(path):
                yield Finding(Fault.ORPHANED, path)

    def _is_old(self, path: str) -> bool:
        try:
            return self.now - default_storage.get_modified_time(path) >= UPLOADED_WITHIN
        except FileNotFoundError:
            return False  # gone meanwhile: an upload that was refused


def _is_gone(file_id: UUID) -> bool:
    """Say whether the row itself has gone since it was read, as pieces do when their upload is whole."""
    rows = (model._default_manager.filter(pk=file_id) for model in (StoredFile, Rendition, Piece))
    return not any(found.exists() for found in rows)


def digest_of(path: str) -> str | None:
    """Return the SHA-256 (64 hex digits) of the bytes that are stored at the path, or None where there are none."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(path) as stored:
            for chunk in stored.chunks(CHUNK_BYTES):
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def stored_paths(folder: str = "files") -> Iterator[str]:
    """Yield the path of every stored file in no order; nothing where nothing was ever stored."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for inner in folders:
        yield from stored_paths(f"{folder}/{inner}")


def _id_at(path: str) -> UUID | None:
    """Return the id of the file that belongs at this very path, if any does."""
    try:
        file_id = UUID(path.rpartition("/")[2])
    except ValueError:
        return None
    return file_id if files.path_of(file_id) == path else None
