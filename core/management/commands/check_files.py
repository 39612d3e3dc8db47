"""`manage.py check_files`: are the stored files those that the rows speak of?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core import times
from core.file_check import FileCheck


class Command(BaseCommand):
    help = "Compare stored files with their rows and digests. Exit 0 and a count, or exit 1 and one line per finding."
    requires_system_checks: list[str] = []

    def handle(self, **_: Any) -> None:
        check, faults = FileCheck(times.now()), 0
        for finding in check.findings():
            faults += 1
            self.stdout.write(f"{finding.fault} {finding.what}")
        if faults:
            sys.exit(1)
        self.stdout.write(f"OK {check.rows} files")
