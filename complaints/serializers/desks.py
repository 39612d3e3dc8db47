"""What staff sees of who handles a matter; the parties see nothing of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from complaints import access
from complaints.rules import PARTIES, Interest
from core import sealing
from core.times import rfc3339

if TYPE_CHECKING:
    from complaints.access import Viewer
    from complaints.models import Assignment, Complaint, DeclaredInterest
    from verification.models import Account

TO_DECIDE = "deciding whether a handler may act in spite of an interest"


def assignment_shown(one: Assignment | None, viewer: Viewer) -> dict[str, Any] | None:
    """Return who has the matter and since when; None where nobody has it."""
    if one is None:
        return None
    return {
        "handler": colleague(one.handler),
        "is_mine": one.handler_id == viewer.account.pk,
        "assigned_at": rfc3339(one.assigned_at),
        "ended_at": None if one.ended_at is None else rfc3339(one.ended_at),
        "ended_because": one.ended_because,
    }


def colleague(account: Account) -> dict[str, str]:
    """Return a handler as its colleagues know it."""
    return {"id": str(account.pk), "email": account.email}


def holder_for(viewer: Viewer, complaint: Complaint) -> dict[str, Any] | None:
    """Return, for staff that is no party, who has the matter; for others nothing."""
    if not viewer.is_staff or viewer.sides.intersection(PARTIES):
        return None
    found = access.held(complaint)
    if found is None:
        return {"is_free": True}
    is_mine = found.handler_id == viewer.account.pk
    return {"is_free": False, "is_mine": is_mine, "email": found.handler.email, "since": found.assigned_at}


def interest_shown(one: DeclaredInterest, complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return a declared interest with its reasons, for the authorizer who decides on it; the opening is recorded."""
    sealing.record_opening(key=one.data_key, fields=["reasons"], by=viewer.account, purpose=TO_DECIDE, now=now)
    return {
        "handler": colleague(one.account),
        "about": one.about,
        "about_label": str(Interest(one.about).label),
        "reasons": access.reasons_of(one).reveal(),
        "declared_at": rfc3339(one.declared_at),
        "is_excepted": access.is_excepted(one, one.account, complaint),
    }


def needs_of(name: str, complaint: Complaint, viewer: Viewer) -> dict[str, Any]:
    """Return what the form of an act on who handles the matter is made with."""
    if name == "assignment":
        return {"colleagues": access.handlers_of(complaint.provider), "myself": viewer.account}
    if name == "exception":
        return {"interests": list(access.interests_in(complaint))}
    return {}
