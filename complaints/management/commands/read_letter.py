"""The command that reads letters from files and prints what they say; it stores nothing and needs no database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from complaints.letters import is_letter, is_too_large, read
from complaints.rules import LONGEST_MAIL_BYTES


class Command(BaseCommand):
    help = "Reads notices that came as letters (text, Markdown, HTML, .eml) and prints one JSON line a file."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        unread = 0
        is_plain = (getattr(self.stdout, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
        for name in options["files"]:
            try:
                letter = _letter(Path(name))
            except (OSError, ValueError) as refusal:
                self.stderr.write(f"{name}: {refusal}")
                unread += 1
                continue
            self.stdout.write(json.dumps(read(letter, name=name).as_json(), ensure_ascii=is_plain))
        if unread:
            sys.exit(1)


def _letter(path: Path) -> bytes:
    """Return the file's bytes.

    Raises OSError where it cannot be read, ValueError where it is larger than a letter may be or no text.
    """
    with path.open("rb") as file:
        letter = file.read(LONGEST_MAIL_BYTES + 1)
    if is_too_large(letter):
        raise ValueError("larger than a letter may be")
    if not is_letter(letter):
        raise ValueError("no text, Markdown, HTML, XML, JSON or mail")
    return letter
