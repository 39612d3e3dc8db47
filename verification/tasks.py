"""What happens to identities by time: a verification that runs out, and codes that nobody could use any more."""

import datetime as dt
from uuid import UUID

from core import clocks, sweeps
from core.actors import SYSTEM
from verification import actions


@clocks.handles(actions.CLOCK_ACTION)
def expire(matter: str, now: dt.datetime) -> None:
    """End a verified identity whose time has run out."""
    actions.expire_identity(identity_id=UUID(matter.removeprefix("identity:")), by=SYSTEM, now=now)


sweeps.register("verification.used_codes", actions.forget_used_codes, every=dt.timedelta(hours=1))
