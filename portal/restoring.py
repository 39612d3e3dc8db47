"""Putting a backup back: refused before anything is touched where it can be, undone where it shows only afterwards."""

import datetime as dt
import time
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from core import clocks, file_check, sealing
from core.actors import SYSTEM
from core.field_keys import parse_field_keys
from core.models import DataKey
from investigations import actions
from investigations.models import Disclosure
from investigations.rules import State
from ledger import keys, notes, publishing, verifying
from portal import backup, dumping
from portal.backup import Manifest
from portal.dumping import Refused

SAMPLE = 20
LEAVING_SECONDS = 2.0
VOIDED = "restored"


@dataclass
class Restored:
    """What a restore did: figures, and what the operator must know."""

    files: int
    tree_size: int
    voided: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def restore(folder: Path, *, now: dt.datetime, is_replacing: bool) -> Restored:
    """Put the backup in the place of the database and return what was done.

    Raises Refused with one line: the database is then as it was before.
    """
    manifest = backup.read(folder)
    _require_fitting(manifest)
    dumping.undo()
    _require_room(is_replacing=is_replacing)
    dumping.load(folder / backup.DUMP)
    try:
        # The present shape, should the backup be of an earlier one, and the rights of the application's role.
        call_command("migrate", verbosity=0, interactive=False)
        done = Restored(files=_copy_files(folder, manifest), tree_size=0)
        _verify(folder, manifest, done)
        _require_opening()
        done.voided = _void_deliveries(now)
        Session.objects.all().delete()
        _keep_outside(folder, done, now)
    except BaseException:
        dumping.undo()
        raise
    dumping.keep()
    return done


def _require_fitting(manifest: Manifest) -> None:
    held = {key.key_id for key in parse_field_keys(settings.FIELD_KEYS)}
    if lacking := sorted(set(manifest.field_keys) - held):
        raise Refused(f"FIELD_KEYS lacks what the backup is sealed with: {', '.join(lacking)}")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    ours = {app.partition(".")[0] for app in known}
    if strange := sorted(m for m in manifest.migrations if m.partition(".")[0] in ours and m not in known):
        raise Refused(f"the backup is of a newer portal than this one: {strange[0]} is not known here")


def _require_room(*, is_replacing: bool) -> None:
    until = time.monotonic() + LEAVING_SECONDS
    while others := dumping.others_connected():
        if time.monotonic() < until:  # a connection that was just closed is seen for a moment longer
            time.sleep(0.05)
            continue
        raise Refused(f"the database is in use ({others} connections): stop serve and worker first")
    if connection.introspection.table_names() and not is_replacing:
        raise Refused("the database is not empty: give --replace to put the backup in the place of what it holds")


def _copy_files(folder: Path, manifest: Manifest) -> int:
    """Bring the stored files into the storage; what lies there besides is left."""
    for path in manifest.stored_files:
        if file_check.digest_of(path) == manifest.parts[path]:
            continue
        default_storage.delete(path)
        with (folder / path).open("rb") as file:
            default_storage.save(path, File(file))
    return len(manifest.stored_files)


def _verify(folder: Path, manifest: Manifest, done: Restored) -> None:
    """Check the restored record against the backup's checkpoint and all that are kept outside of the database."""
    own = keys.own_verifiers()
    try:
        verifiers = {**keys.read_verifiers((folder / backup.VERIFIER).read_text(encoding="utf-8")), **own}
        kept = []
        if backup.CHECKPOINT in manifest.parts:
            note = (folder / backup.CHECKPOINT).read_text(encoding="utf-8")
            kept.append(notes.open_note(note, verifiers))
            _warn_of_strange_key(note, own, done)
        outside = [notes.open_note(note, verifiers) for note in _kept_outside()]
        kept += [checkpoint for checkpoint in outside if checkpoint.tree_size <= manifest.tree_size]
        done.tree_size = verifying.verify(verifiers, kept).tree_size
    except (keys.WrongKey, notes.WrongNote, verifying.WrongLedger, OSError, UnicodeDecodeError) as error:
        raise Refused(f"the backup's ledger does not verify: {error}") from None
    newest = max((checkpoint.tree_size for checkpoint in outside), default=0)
    if newest > done.tree_size:
        done.warnings.append(
            f"this backup is older than the ledger was: a checkpoint kept here says {newest} entries, the backup has"
            f" {done.tree_size}; what was recorded after it is lost"
        )


def _warn_of_strange_key(note: str, own: keys.Verifiers, done: Restored) -> None:
    try:
        notes.open_note(note, own)
    except notes.WrongNote:
        done.warnings.append(
            "the ledger is signed by a key that only the backup names: compare verifier.txt with one that you kept"
        )


def _kept_outside() -> list[str]:
    folder = keys.checkpoint_dir()
    paths = [folder / publishing.LATEST_FILE, *sorted(folder.glob(publishing.HISTORY_FILES))]
    return [note for path in paths if path.is_file() for note in notes.split_notes(path.read_text(encoding="utf-8"))]


def _require_opening() -> None:
    """Raise Refused unless the newest keys of people, of each wrapping, open with FIELD_KEYS."""
    present = DataKey.objects.filter(wrapped__isnull=False)
    for name in present.order_by("key_id").values_list("key_id", flat=True).distinct():
        for key in present.filter(key_id=name).order_by("-pk")[:SAMPLE]:
            try:
                sealing.seal(key, row=("core_datakey", key.pk), field="sample", text="")
            except (InvalidTag, LookupError):
                raise Refused(
                    f"what the backup seals does not open: the key named {name} in FIELD_KEYS is another"
                ) from None


def _void_deliveries(now: dt.datetime) -> list[str]:
    """End every delivery that waits to be collected, for it may have been since; return the requests' references.

    House rule: whoever shall have it after all gets it by a reissue, which is a recorded decision.
    """
    ends = ("collected_at", "revoked_at", "expired_at", "voided_at")
    # In every other state of the request nothing can be collected.
    ready = Disclosure.objects.filter(investigation__state=State.DISCLOSED)
    live = ready.filter(**{f"{name}__isnull": True for name in ends}).order_by("pk")
    references = list(live.values_list("investigation__reference", flat=True))
    for reference in references:
        with transaction.atomic():
            actions.expire(reference=reference, by=SYSTEM, now=now)
            clocks.stop(matter=reference, name="collection", because=VOIDED, now=now)
    return references


def _keep_outside(folder: Path, done: Restored, now: dt.datetime) -> None:
    """Keep the public keys, and the checkpoint that the next sealing would overwrite: it proves what was lost."""
    outside = keys.checkpoint_dir()
    outside.mkdir(parents=True, exist_ok=True)
    latest, verifier = outside / publishing.LATEST_FILE, outside / keys.VERIFIER_FILE
    if done.warnings and latest.is_file():
        (outside / f"before-restore-{now:%Y%m%dT%H%M%SZ}.txt").write_text(latest.read_text(encoding="utf-8"))
    if not verifier.exists():
        verifier.write_text((folder / backup.VERIFIER).read_text(encoding="utf-8"), encoding="utf-8")
