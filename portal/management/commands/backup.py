"""`manage.py backup DIR`: database, stored files and the ledger's checkpoint together."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import times
from portal import backup
from portal.dumping import Refused


class Command(BaseCommand):
    help = "Write database, stored files and the ledger's checkpoint into a new folder, while the portal serves."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="a folder that does not exist yet, or is empty")

    def handle(self, *, dir: Path, **_: Any) -> None:  # noqa: A002 - as the option is called
        try:
            made = backup.make(dir.absolute(), times.now())
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"OK {dir}: {len(made.stored_files)} files, ledger size {made.tree_size}")
