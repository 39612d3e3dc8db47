"""How a notice without account and without address comes to count: a handler makes sure whose it is, and says how."""

import datetime as dt

from django.utils.translation import gettext as _

from complaints.access import unreached_filing
from complaints.actions.filing import begin_to_count
from complaints.models import Complaint
from complaints.rules import ConfirmedHow, Side
from core.errors import invalid
from ledger.acts import action, record
from verification.models import Account


@action("complaint.confirmed_by_hand")
def confirm_by_hand(*, reference: str, by: Account, how: str, now: dt.datetime) -> Complaint:
    """Record as a handler how it was made sure whose notice this is; it counts from now on; return it.

    Raises NotFound for others and for a notice that a mailed link can confirm, Invalid for an unknown way.
    """
    complaint = unreached_filing(by, reference, lock=True)
    if how not in ConfirmedHow.values:
        raise invalid("/how", "unknown", _("Choose how you made sure whose notice it is."))
    complaint.confirmed_how, complaint.confirmed_by = how, by
    begin_to_count(complaint, now)
    facts = {"as": Side.HANDLER.value, "state": complaint.state, "how": how}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint
