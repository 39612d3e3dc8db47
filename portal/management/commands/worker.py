"""`manage.py worker`: runs the sweeps of all apps until it is told to stop."""

from typing import Any

from django.core.management.base import BaseCommand

from core.checks import refuse_a_bad_start
from portal import supervisor, worker


class Command(BaseCommand):
    help = "Runs what happens by itself: sealing, followers, clocks, outgoing mail. Several may run at once."
    requires_system_checks: list[str] = []

    def handle(self, **_: Any) -> None:
        supervisor.end_with_parent()
        refuse_a_bad_start()
        worker.discover()
        worker.Worker().run()
