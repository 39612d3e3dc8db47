"""`manage.py restore DIR`: puts a backup back, or refuses what does not verify."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from core import times
from core.checks import faults_of_secrets
from portal import restoring
from portal.dumping import Refused


class Command(BaseCommand):
    help = "Put a backup in the place of the database and its files. Refuses what is damaged or does not verify."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="what `backup` wrote")
        parser.add_argument("--replace", action="store_true", help="also where the database is not empty")

    def handle(self, *, dir: Path, replace: bool, **_: Any) -> None:  # noqa: A002 - as the option is called
        if faults := faults_of_secrets():
            raise CommandError("; ".join(faults))
        try:
            done = restoring.restore(dir.absolute(), now=times.now(), is_replacing=replace)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        except DatabaseError as error:  # its text may quote a row
            raise CommandError(f"the database refused: {type(error).__name__}") from None
        for reference in done.voided:
            self.stdout.write(f"VOIDED the delivery of {reference}: only a reissue makes it ready again")
        for warning in done.warnings:
            self.stdout.write(f"WARNING {warning}")
        self.stdout.write(f"OK {done.files} files, ledger size {done.tree_size}")
