"""The command `verify_ledger`: is the record what was signed, and what was kept of it elsewhere?"""

import base64
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger import keys, notes, publishing, verifying


class Command(BaseCommand):
    """Prints size and root of a whole ledger, or ends with 1 and the first entry that is wrong, missing or added."""

    help = "Check the ledger against its hashes, its signatures and, with --against, a checkpoint that was kept."
    requires_system_checks: list[str] = []  # It needs no secret, so it must not ask for any.

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the checkpoint that was kept, and the public key."""
        parser.add_argument("--against", metavar="FILE", help="a checkpoint, or a history of them, that was kept")
        parser.add_argument("--key", metavar="FILE_OR_KEY", help="the ledger's public key (name+hash+base64)")

    def handle(self, *_: Any, **options: Any) -> None:
        """Check, and say what was found."""
        try:
            verifiers = _verifiers(options["key"])
            kept = [notes.open_note(note, verifiers) for note in _kept(options["against"])]
            verified = verifying.verify(verifiers, kept)
        except (keys.WrongKey, notes.WrongNote, verifying.WrongLedger, OSError, UnicodeDecodeError) as error:
            raise CommandError(f"WRONG {error}") from error
        root = base64.b64encode(verified.root).decode()
        self.stdout.write(f"OK size {verified.tree_size} root {root} pending {verified.pending}")


def _verifiers(given: str | None) -> keys.Verifiers:
    if given is None:
        # Where nothing is published yet, a portal that holds its secret key knows the public one.
        found = keys.public_verifiers() or (keys.own_verifiers() if settings.LEDGER_SEED else {})
    else:
        found = keys.read_verifiers(Path(given).read_text() if Path(given).exists() else given)
    if not found:
        raise keys.WrongKey("no public key: give --key, set LEDGER_PUBLIC_KEY or keep the verifier file")
    return found


def _kept(against: str | None) -> list[str]:
    """Return the notes of the file that was given, or the newest that the portal itself keeps outside."""
    if against is not None:
        kept = notes.split_notes(Path(against).read_text(encoding="utf-8"))
        if not kept:
            raise notes.WrongNote(f"{against} holds no checkpoint")
        return kept
    path = keys.checkpoint_dir() / publishing.LATEST_FILE
    return notes.split_notes(path.read_text(encoding="utf-8")) if path.is_file() else []
