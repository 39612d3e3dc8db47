"""`manage.py rotate_keys`: wrap every data key anew under the newest of FIELD_KEYS, while the portal serves."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core import sealing


class Command(BaseCommand):
    help = "Re-wrap every sealed record's key under the newest of FIELD_KEYS. A stopped run goes on where it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--status", action="store_true", help="only say how many keys are left")
        parser.add_argument("--batch", type=int, default=500, help="keys in one transaction")

    def handle(self, *, status: bool, batch: int, **_: Any) -> None:
        if not status:
            done = 0
            while count := sealing.rotate_some(max(batch, 1)):
                done += count
            self.stdout.write(f"{done} re-wrapped")
        self.stdout.write(f"{sealing.keys_to_rotate()} remaining")
