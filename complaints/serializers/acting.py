"""By which powers an agent complains, as each side of the matter may know it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from complaints import access, rules
from complaints.rules import PowersState, Side

if TYPE_CHECKING:
    from complaints.access import Viewer
    from complaints.models import Complaint
    from verification.models import Account

MOST_OFFERED = 100
NONE_SHOWN = gettext_lazy("without powers shown")
ACTS_WITH = {
    PowersState.SUBMITTED: gettext_lazy("acts with powers: not checked yet"),
    PowersState.CHECKED: gettext_lazy("acts with powers: checked"),
    PowersState.REFUSED: gettext_lazy("acts with powers: refused"),
    PowersState.WITHDRAWN: gettext_lazy("acts with powers: withdrawn"),
    PowersState.EXPIRED: gettext_lazy("acts with powers: expired"),
}
TO_UPLOADER = {
    True: gettext_lazy("it has shown powers, and the provider has checked them"),
    False: gettext_lazy("it has shown powers, which are not checked or hold no longer"),
}


def powers_for(complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, Any] | None:
    """Return by which powers an agent complains; None where nobody says to be an agent, or it is not the viewer's.

    The provider's staff and the complainant: which, and where they stand. The uploader: whether some were shown and are
    checked, and neither the document nor for whom.
    """
    if complaint.capacity != rules.Capacity.AGENT:
        return None
    powers = complaint.powers
    state = None if powers is None else access.state_of_powers(powers, complaint.provider, now)
    is_checked = state is PowersState.CHECKED
    known: dict[str, Any] = {"are_shown": powers is not None, "are_checked": is_checked}
    if viewer.is_staff or Side.COMPLAINANT in viewer.sides:
        label = NONE_SHOWN if state is None else ACTS_WITH[state]
        return {**known, "id": str(powers.pk) if powers else None, "state": state or "none", "label": str(label)}
    if Side.UPLOADER in viewer.sides:
        return {**known, "label": str(NONE_SHOWN if powers is None else TO_UPLOADER[is_checked])}
    return None


def powers_to_name(account: Account, provider: str) -> list[tuple[str, str]]:
    """Return the account's own powers that a new notice to the provider can name: their id, and for whom they are."""
    found = access.own_powers(account).filter(provider__code=provider, withdrawn_at__isnull=True)
    open_ones = found.exclude(decision=rules.PowersDecision.REFUSE)[:MOST_OFFERED]
    return [(str(one.pk), access.principal_of(one).reveal()) for one in open_ones]
