"""What waits for somebody and what became of their matters, gathered from all apps; who may see is decided there."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints import access as complaints
from complaints import rules as complaint_rules
from core.desk import Waiting, most_urgent_first
from investigations import access as investigations
from investigations.rules import State
from messaging import access as messaging
from verification import access as verification
from verification.models import Account, Identity

APPS = (messaging, complaints, investigations)
NEWEST = 8
# Beside each state's words; what is not named here is under way.
TONES = {
    State.INCOMPLETE: "against",
    State.REFUSED: "against",
    State.REVOKED: "against",
    State.DISCLOSED: "done",
    State.COLLECTED: "done",
    State.EXPIRED: "neutral",
    State.WITHDRAWN: "neutral",
}


@dataclass(frozen=True)
class Matter:
    """A matter and what became of it, in one line."""

    kind: str | Promise
    reference: str
    url: str
    state: str | Promise
    tone: str
    at: dt.datetime


def waiting_for(account: Account, identity: Identity | None, now: dt.datetime) -> list[Waiting]:
    """Return what waits for the account, whose current identity this is, in all its roles, the most urgent first."""
    own = verification.waiting_for(account, identity, now)
    return most_urgent_first([*own, *(task for app in APPS for task in app.waiting_for(account, now))])


def newest_matters(account: Account) -> list[Matter]:
    """Return the account's newest matters of all kinds, the one that moved last first."""
    found = [*_complaints(account), *_investigations(account)]
    return sorted(found, key=lambda matter: matter.at, reverse=True)[:NEWEST]


def _complaints(account: Account) -> list[Matter]:
    return [
        Matter(
            kind=_("Complaint"),
            reference=complaint.reference,
            url=reverse("complaints:matter", args=[complaint.reference]),
            state=complaint_rules.State(complaint.state).label,
            tone=complaint_rules.TONES.get(complaint_rules.State(complaint.state), "waiting"),
            at=complaint.changed_at,
        )
        for complaint in complaints.page_for(account, complaints.Wanted(), None, NEWEST).rows
    ]


def _investigations(account: Account) -> list[Matter]:
    return [
        Matter(
            kind=_("Request for an identity"),
            reference=one.reference,
            url=reverse("investigations:matter", args=[one.reference]),
            state=State(one.state).label,
            tone=TONES.get(State(one.state), "waiting"),
            at=one.filed_at,
        )
        for one in investigations.newest_for(account, NEWEST)
    ]
