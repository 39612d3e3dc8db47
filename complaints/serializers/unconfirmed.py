"""Notices that only a person can confirm, as handlers see them before they count."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from complaints import access, rules
from complaints.serializers import shown
from core.shapes import Shape

if TYPE_CHECKING:
    from complaints.models import Complaint
    from core.actors import Actor


class ByHandInput(Shape):
    """How it was made sure whose notice it is."""

    how = serializers.ChoiceField(choices=rules.ConfirmedHow.choices)


def whole(complaint: Complaint, *, by: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return what it says, and, recorded, how its sender can be reached."""
    contact = access.opened_contact(complaint, by=by, purpose="making sure whose notice it is", now=now)
    return {
        **shown.row(complaint),
        "complainant": {name: plain.reveal() for name, plain in contact.items()},
        "works": list(complaint.works.order_by("position").values("title", "kind", "work")),
        "items": list(complaint.items.order_by("position").values("url", "external_id")),
        "grounds": complaint.grounds,
    }
