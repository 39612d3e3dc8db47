"""Whom a restriction concerns contests it, and somebody else than who ordered it decides."""

import datetime as dt

from django.utils.translation import gettext as _

from complaints import access
from complaints.access import require_appeal_decider, require_restricted, restriction_for
from complaints.actions.deciding import require_reasons
from complaints.actions.restricting import end
from complaints.models import RestrictionAppeal
from complaints.rules import AppealOutcome, Side
from complaints.rules.restrictions import RestrictionEnd, RestrictionState
from core.errors import Conflict, invalid
from ledger.acts import action, record
from verification.models import Account
from verification.rules import Role


@action("restriction.appealed")
def appeal_restriction(*, reference: str, by: Account, reasons: str, now: dt.datetime) -> RestrictionAppeal:
    """Contest a restriction, as whom it was ordered against, once; return the appeal.

    Raises NotFound for strangers, Denied for others who see it, Conflict when it was contested or lifted, or too late.
    """
    restriction = restriction_for(by, reference, lock=True)
    require_restricted(by, restriction)
    if not access.may_be_appealed(restriction, now):
        raise Conflict(_("There is nothing to contest (any more)."), state=restriction.state)
    require_reasons(reasons)
    made = RestrictionAppeal.objects.create(
        restriction=restriction, reasons=reasons, filed_at=now, filed_by=by, ordered_by=restriction.decided_by
    )
    facts = {"as": restriction.side, "state": restriction.state, "step": restriction.step, "appeal": str(made.pk)}
    record(subject=reference, provider=restriction.provider.code, by=by, facts=facts, now=now)
    return made


@action("restriction.appeal_decided")
def decide_restriction_appeal(
    *, reference: str, by: Account, outcome: str, reasons: str, now: dt.datetime
) -> RestrictionAppeal:
    """Grant or dismiss the appeal, with reasons, as a handler or reviewer who did not order it; return it.

    Granted, the restriction is lifted and counts for nothing. Raises Denied for a party and for who ordered it.
    """
    restriction = restriction_for(by, reference, lock=True)
    decider = require_appeal_decider(by, restriction)
    found = access.open_restriction_appeal(restriction, lock=True)
    if found is None:
        raise Conflict(_("No appeal against this restriction is open."), state=restriction.state)
    if outcome not in AppealOutcome.values:
        raise invalid("/decision", "unknown", _("Choose: granted or dismissed."))
    require_reasons(reasons)
    found.outcome, found.answer, found.decided_at, found.decided_by = outcome, reasons, now, decider
    found.save()
    if outcome == AppealOutcome.GRANTED and restriction.state != RestrictionState.LIFTED:
        end(restriction, RestrictionState.LIFTED, RestrictionEnd.APPEAL, now)
        restriction.save()
    sides = access.restriction_viewer(by, restriction).sides
    as_whom = Role.HANDLER if Side.HANDLER in sides else Role.REVIEWER
    facts = {"as": as_whom.value, "state": restriction.state, "step": restriction.step, "outcome": str(outcome)}
    record(subject=reference, provider=restriction.provider.code, by=by, facts=facts, now=now)
    return found
