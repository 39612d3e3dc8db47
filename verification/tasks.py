"""What happens by time: a verification that runs out, codes nobody could use any more, checkpoints sent to auditors."""

import datetime as dt
from uuid import UUID

from core import clocks, mail, partial, sweeps
from core.actors import SYSTEM
from ledger.tree import newest_checkpoint
from verification import access, actions


@clocks.handles(actions.CLOCK_ACTION)
def expire(matter: str, now: dt.datetime) -> None:
    """End a verified identity whose time has run out."""
    actions.expire_identity(identity_id=UUID(matter.removeprefix("identity:")), by=SYSTEM, now=now)


def mail_checkpoints(now: dt.datetime) -> int:
    """Send the record's newest checkpoint to every auditor, once a day (UTC), and return to how many.

    A checkpoint in a mailbox outside of the house is what a record that was written anew cannot take back.
    """
    newest = newest_checkpoint()
    if newest is None:
        return 0
    written = [
        mail.enqueue(
            dedupe=f"checkpoint:{now.astimezone(dt.UTC):%Y-%m-%d}:{auditor.pk}",
            to=auditor.email,
            template="verification/mail/checkpoint",
            context={"checkpoint": newest.note, "size": newest.tree_size},
            language=auditor.language,
            now=now,
        )
        for auditor in access.auditors()
    ]
    return len([one for one in written if one is not None])


sweeps.register("verification.checkpoints", mail_checkpoints, every=dt.timedelta(hours=1))
sweeps.register("verification.used_codes", actions.forget_used_codes, every=dt.timedelta(hours=1))
sweeps.register("verification.uploads", partial.forget_old, every=dt.timedelta(minutes=10))
