"""The three-way status: what each side did, what it has to do now, and the clock that runs for it. No personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from complaints import access
from complaints.rules import CURE_CLOCKS, PROVIDER, THREE_SIDES, Side, duty_of, side_of
from complaints.serializers.words import HOUSE_CLOCK, TITLES, as_json
from core.times import rfc3339

if TYPE_CHECKING:
    from complaints.models import Complaint
    from ledger.models import Entry

LABELS = {
    Side.COMPLAINANT: gettext_lazy("Complainant"),
    Side.UPLOADER: gettext_lazy("Uploader"),
    PROVIDER: gettext_lazy("Provider"),
}
CODES = {Side.COMPLAINANT: "complainant", Side.UPLOADER: "uploader", PROVIDER: "provider"}


def _concerns(clock: dict[str, Any], side: Side) -> bool:
    """Say whether the clock is this side's: the provider's own aim, the cure of the complainant, the law's of both."""
    if clock["name"] == HOUSE_CLOCK:
        return side == PROVIDER
    if clock["name"] in CURE_CLOCKS:
        return side == Side.COMPLAINANT
    return side != PROVIDER


def sides_of(complaint: Complaint, clocks: list[dict[str, Any]], entries: list[Entry]) -> list[dict[str, Any]]:
    """Return the three sides, each with what it did and when, what it has to do now, and its clock as all see it."""
    states = [clock["state"] for clock in clocks if clock["name"] != HOUSE_CLOCK and clock["name"] not in CURE_CLOCKS]
    has_appeal = access.open_appeal(complaint) is not None
    found = []
    for side in THREE_SIDES:
        duty = duty_of(complaint.state, side, clock_states=states, has_appeal=has_appeal)
        own = [clock for clock in clocks if clock["state"] in ("running", "paused") and _concerns(clock, side)]
        found.append({
            "side": CODES[side],
            "label": str(LABELS[side]),
            "did": [
                {"act": one.act, "title": str(TITLES.get(one.act, one.act)), "at": rfc3339(one.at)}
                for one in entries
                if side_of(str(one.facts.get("as", ""))) == side
            ],
            "now": str(duty.text),
            "is_awaited": duty.is_awaited,
            "clock": as_json(own[0]) if own else None,
        })  # fmt: skip
    return found
