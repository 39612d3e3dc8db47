"""The command that is run once after an upgrade: what was decided before it is counted and chased from then on."""

from typing import Any

from django.core.management.base import BaseCommand

from complaints import actions
from core import times


class Command(BaseCommand):
    help = (
        "Starts the clocks of older matters: final ones count from when they became final, unexecuted measures are "
        "chased from now on. It can be run again at any time and then changes nothing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        final = chased = 0
        for reference in actions.left_behind():
            of_strikes, of_measures = actions.catch_up(reference=reference, now=times.now())
            final, chased = final + of_strikes, chased + of_measures
        self.stdout.write(f"{final} clocks of final matters and {chased} of measures started")
