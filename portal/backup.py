"""A backup: one state of the database, the sealed files it speaks of, the ledger's checkpoint, and a manifest of it all.

It holds no key: without FIELD_KEYS and LEDGER_KEY nobody opens or continues it. How it is put back is portal.restoring's.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from core import files
from core.file_check import stored_paths
from core.models import DataKey, Rendition, StoredFile
from core.times import rfc3339
from ledger import keys, publishing
from ledger.tree import newest_checkpoint
from portal import dumping
from portal.dumping import Refused

FORMAT = 1
DUMP = "database.dump"
CHECKPOINT = f"ledger/{publishing.LATEST_FILE}"
VERIFIER = f"ledger/{keys.VERIFIER_FILE}"
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sha256"
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What a backup consists of: the SHA-256 of each part by its path, and what must be known before it is put back."""

    made_at: str
    tree_size: int
    field_keys: list[str]
    migrations: list[str]
    parts: dict[str, str]
    format: int = FORMAT

    @property
    def stored_files(self) -> list[str]:
        """The paths of the stored files, in the backup as in the storage."""
        return [name for name in self.parts if name.startswith("files/")]


@dataclass(frozen=True)
class _State:
    """One state of the database, for as long as it is held: its name for pg_dump and what it says."""

    snapshot: str
    file_ids: list[str]
    field_keys: list[str]
    migrations: list[str]
    checkpoint: str
    tree_size: int


def make(to: Path, now: dt.datetime) -> Manifest:
    """Write a backup into the new folder and return its manifest. It is there whole or not at all.

    Raises Refused with one line; nothing is left behind then.
    """
    if to.is_symlink() or (to.exists() and (not to.is_dir() or any(to.iterdir()))):
        raise Refused(f"{to} exists and is not an empty folder: give a new one")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        half_done = Path(tempfile.mkdtemp(prefix=f".{to.name}.", dir=to.parent))  # readable by its owner only
    except OSError as error:
        raise Refused(f"cannot write to {to.parent}: {error.strerror}") from None
    try:
        manifest = _fill(half_done, now)
        half_done.rename(to)
        _flush(to.parent)
    except OSError as error:
        raise Refused(f"the backup could not be written: {error.strerror}") from None
    finally:
        shutil.rmtree(half_done, ignore_errors=True)
    return manifest


def _fill(folder: Path, now: dt.datetime) -> Manifest:
    with _held_state() as state:
        dumping.dump(folder / DUMP, state.snapshot)
    # Files are there before their rows are: copied after the dump, none that it speaks of can be missing.
    for path in sorted(stored_paths()):
        _copy_stored(path, folder / path)
    missing = [file_id for file_id in state.file_ids if not (folder / file_id).is_file()]
    if missing:
        raise Refused(f"{len(missing)} stored files are missing, the first is {missing[0]}: run check_files")
    _write_ledger(folder, state)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    manifest = Manifest(
        made_at=rfc3339(now),
        tree_size=state.tree_size,
        field_keys=state.field_keys,
        migrations=state.migrations,
        parts={name: digest_of(folder / name) for name in names},
    )
    _write_manifest(folder, manifest)
    for written in [folder, *folder.rglob("*")]:
        _flush(written)
    return manifest


@contextlib.contextmanager
def _held_state() -> Iterator[_State]:
    """Hold one state of the database, so that the dump and what is read here are of the same moment."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = str(cursor.fetchone()[0])
        checkpoint = newest_checkpoint()
        in_use = DataKey.objects.filter(wrapped__isnull=False).order_by("key_id")
        applied = MigrationRecorder(connection).applied_migrations()
        yield _State(
            snapshot=snapshot,
            file_ids=[files.path_of(pk) for pk in _kept_files()],
            field_keys=list(in_use.values_list("key_id", flat=True).distinct()),
            migrations=sorted(f"{app}.{name}" for app, name in applied),
            checkpoint=checkpoint.note if checkpoint else "",
            tree_size=checkpoint.tree_size if checkpoint else 0,
        )


def _kept_files() -> Iterator[UUID]:
    """Yield the ids of what must be in the storage; pieces of uploads under way may go while the backup is made."""
    yield from StoredFile.objects.order_by("pk").values_list("pk", flat=True)
    yield from Rendition.objects.filter(is_made=True).order_by("pk").values_list("pk", flat=True)


def _copy_stored(path: str, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    # An upload that is taken back at this moment is gone; one that the dump speaks of is missed afterwards.
    with contextlib.suppress(FileNotFoundError), default_storage.open(path) as stored, to.open("xb") as copy:
        shutil.copyfileobj(stored, copy, CHUNK_BYTES)


def _write_ledger(folder: Path, state: _State) -> None:
    (folder / "ledger").mkdir()
    verifiers = "".join(f"{verifier}\n" for verifier in keys.own_verifiers().values())
    (folder / VERIFIER).write_text(verifiers, encoding="utf-8")
    if state.checkpoint:
        (folder / CHECKPOINT).write_text(state.checkpoint, encoding="utf-8")


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    # As `sha256sum --check` reads it.
    (folder / MANIFEST_DIGEST).write_text(f"{digest_of(folder / MANIFEST)}  {MANIFEST}\n", encoding="ascii")


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup of which every part is there and as it was; raises Refused."""
    try:
        said = (folder / MANIFEST_DIGEST).read_text(encoding="ascii").split()
        if said != [digest_of(folder / MANIFEST), MANIFEST]:
            raise Refused(f"the backup is damaged: {MANIFEST}")
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if content.get("format") != FORMAT:
            raise Refused("the backup is of another format than this portal's")
        manifest = Manifest(**content)
    except FileNotFoundError as error:
        raise Refused(f"{folder} is not a whole backup: {Path(error.filename).name} is missing") from None
    except (OSError, ValueError, TypeError, AttributeError):
        raise Refused(f"the backup is damaged: {MANIFEST}") from None
    for name, digest in manifest.parts.items():
        _require_part(folder, name, digest)
    if DUMP not in manifest.parts or VERIFIER not in manifest.parts:
        raise Refused(f"{folder} is not a whole backup: {DUMP} or {VERIFIER} is missing")
    return manifest


def _require_part(folder: Path, name: str, digest: str) -> None:
    path = folder / name
    if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute() or path.is_symlink():
        raise Refused(f"the backup is damaged: {name}")
    if not path.is_file():
        raise Refused(f"the backup is incomplete: {name} is missing")
    if digest_of(path) != digest:
        raise Refused(f"the backup is damaged: {name}")


def digest_of(path: Path) -> str:
    """Return the SHA-256 (64 hex digits) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Bring a file or folder to the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
