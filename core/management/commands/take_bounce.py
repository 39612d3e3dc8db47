"""`manage.py take_bounce < MESSAGE`: what a mail server's pipe calls for messages to the return address."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError

from core import bounces, times
from core.delivery_reports import LONGEST_REPORT_BYTES


class Command(BaseCommand):
    help = (
        "Read one message from standard input and note what it reports of a mail of ours. "
        "Exit 0 when it did, 65 when it is no such report, 75 when the database is away (try again)."
    )
    requires_system_checks: list[str] = []

    def handle(self, **_: Any) -> None:
        # One byte more than is read of a report, so that one that is too long is seen as such.
        raw = sys.stdin.buffer.read(LONGEST_REPORT_BYTES + 1)
        try:
            is_taken = bounces.take(raw, now=times.now())
        except DatabaseError:
            sys.exit(os.EX_TEMPFAIL)
        if not is_taken:
            self.stderr.write("This is no report of a mail of ours.")
            sys.exit(os.EX_DATAERR)
