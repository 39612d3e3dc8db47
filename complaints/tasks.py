"""What the clocks of complaints do when they run out."""

import datetime as dt

from complaints import actions
from core import clocks
from core.actors import SYSTEM

RESTORATION = "complaint.restoration_due"


@clocks.handles(RESTORATION)
def restore_contested(matter: str, now: dt.datetime) -> None:
    """Restore what was contested in this complaint and is due."""
    actions.restore(reference=matter, by=SYSTEM, now=now)
