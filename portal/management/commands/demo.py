"""`manage.py demo`: the whole portal on one machine, with a world to try it on; what `make demo` runs."""

import argparse
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.supervisor import CannotStart, Demo, end_with_parent


class Command(BaseCommand):
    help = "Starts PostgreSQL, web server, worker and the demo world, and keeps them running until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *, port: int, **_: Any) -> None:
        end_with_parent()
        os.umask(0o077)
        try:
            Demo(data_dir=settings.PORTAL_DATA, port=port).run()
        except CannotStart as error:
            sys.exit(f"portal: {error}")
