"""What waits for whom: the desks of the provider's staff, the requester, the uploader."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.desk import Waiting, most_urgent_first
from core.models import Clock, ClockState
from investigations.access.matters import own, visible_to
from investigations.access.subjects import open_consultations
from investigations.models import Investigation
from investigations.rules import State
from verification.access import memberships_of, organisations_where
from verification.models import Account
from verification.rules import Role

MOST_SHOWN = 200
# For each role: the states that wait for it, what it is to do, and the page on which it does it.
WORK: tuple[tuple[Role, State, str | Promise, str], ...] = (
    (Role.REVIEWER, State.FILED, _("Assess a request for an identity"), "investigations:assessment"),
    (Role.REVIEWER, State.ASSESSING, _("Assess a request; the uploader was heard"), "investigations:assessment"),
    (Role.AUTHORIZER, State.RECOMMENDED, _("Decide on a request for an identity"), "investigations:authorization"),
    (Role.AUTHORIZER, State.AUTHORIZED, _("Make the disclosure ready"), "investigations:matter"),
)
OWN: tuple[tuple[State, str | Promise, str], ...] = (
    (State.INCOMPLETE, _("Complete your request"), "investigations:correction"),
    (State.DISCLOSED, _("Collect what was disclosed to you, once"), "investigations:collection"),
)


def desk_of(account: Actor) -> QuerySet[Investigation]:
    """Return the requests to the providers for which the account works, newest first."""
    providers = organisations_where(account, Role.REVIEWER, Role.AUTHORIZER, Role.AUDITOR)
    return visible_to(account).filter(provider__in=providers)


def waiting_for(account: Account, now: dt.datetime) -> list[Waiting]:
    """Return what the account is to do about requests for identities, the most urgent first."""
    tasks = [*_for_staff(account), *_for_requester(account), *_for_uploader(account, now)]
    return most_urgent_first(tasks)


def _due(references: Iterable[str]) -> dict[str, dt.datetime]:
    # Never the clock by which the uploader is told: nobody has to do anything about that one.
    running = Clock.objects.filter(matter__in=list(references), state=ClockState.RUNNING).exclude(
        name__startswith="telling"
    )
    # The last of each matter wins, which is its next.
    return dict(running.order_by("-due_at", "pk").values_list("matter", "due_at"))


def _tasks(rows: list[Investigation], title: str | Promise, page: str, role: str) -> list[Waiting]:
    due = _due(row.reference for row in rows) if rows else {}
    return [
        Waiting(
            title=title,
            url=reverse(page, args=[row.reference]),
            reference=row.reference,
            role=role,
            since=row.filed_at,
            due_at=due.get(row.reference),
            detail=row.basis.title,
        )
        for row in rows
    ]


def _for_staff(account: Account) -> list[Waiting]:
    held, tasks = list(memberships_of(account)), []
    for role, state, title, page in WORK:
        providers = [one.organisation_id for one in held if one.role == role and one.organisation_id]
        if not providers:
            continue
        # Nobody decides on a request of their own, or on their own assessment: such work waits for somebody else.
        rows = visible_to(account).filter(provider__in=providers, state=state).exclude(requester=account)
        tasks += _tasks(list(rows[:MOST_SHOWN]), title, page, str(role.label))
    return tasks


def _for_requester(account: Account) -> list[Waiting]:
    # Who never asked for any is told so by a short question.
    if not Investigation.objects.filter(requester=account).exists():
        return []
    found = list(own(account).filter(state__in=[state for state, _title, _page in OWN])[:MOST_SHOWN])
    tasks = []
    for state, title, page in OWN:
        tasks += _tasks([one for one in found if one.state == state], title, page, str(_("requester")))
    return tasks


def _for_uploader(account: Account, now: dt.datetime) -> list[Waiting]:
    return [
        Waiting(
            title=_("Say what you think of a request for your identity"),
            url=reverse("investigations:statement", args=[asked.investigation.reference]),
            reference=asked.investigation.reference,
            role=str(Role.UPLOADER.label),
            since=asked.asked_at,
            due_at=asked.due_at,
        )
        for asked in open_consultations(account)
        if asked.due_at > now
    ]
