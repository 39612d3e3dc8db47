"""On what a measure would rest where the law knows an inquiry: told to the handler before the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from complaints import access, rules
from complaints.rules import InquiryState, RemovalGround
from complaints.serializers import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from complaints.models import Complaint, ComplaintItem


def basis_of(complaint: Complaint, items: Sequence[ComplaintItem]) -> dict[str, Any] | None:
    """Return on what a measure for all these items would rest, with sources; None where the law knows no inquiry.

    ``bars`` says why it would be refused as long as the belief is not stated; ``may_ask`` whether somebody can be asked.
    """
    law = words.regime_of(complaint).inquiry
    if law is None:
        return None
    states = [None if one is None else one.state for one in access.inquiries_about(complaint, items)]
    found = rules.removal_grounds(states, is_believed=False)
    belief = RemovalGround.REASONABLE_BELIEF
    labels = {**dict(RemovalGround.choices), belief.value: law.belief}
    return {
        "bars": _bars(states) if found is None else "",
        "rests_on": [
            {"label": labels[one], "source": law.belief_source if one == belief else law.source}
            for one in found or [belief.value]
        ],
        "may_ask": complaint.state in rules.MAY_BE_ASKED and access.unasked_uploaders(complaint).exists(),
    }


def _bars(states: Sequence[str | None]) -> str:
    if InquiryState.REFUSED in states:
        return _("The uploader was asked and does not consent.")
    return _("The uploader was asked and still has time to answer.")
