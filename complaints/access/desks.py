"""What waits for somebody: the handlers' desk, their letters, and the tasks of each side."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from complaints.access.assigning import assigned
from complaints.access.mailed import own_unreached, with_unreached_party
from complaints.access.restrictions import restrictions_waiting_for
from complaints.access.seeing import has_uploads, own_subscribers, told_items
from complaints.models import Complaint, Inquiry, Letter
from complaints.rules import ItemState, Priority, Side, State
from core import clocks
from core.actors import Actor
from core.desk import Waiting
from core.errors import Denied, NotFound, invalid
from verification.access import organisations_by_role, organisations_where
from verification.models import Account, Organisation
from verification.rules import Role

# What a line of the desk says of a complaint, and by which it stands in its place.
LISTED = (
    "reference", "provider__name", "regime", "state", "filed_at", "changed_at", "answer_due_at", "is_earning", "is_trusted",
    "group", "priority",
)  # fmt: skip
# What a line of the home page says of a complaint.
NAMED = ("reference", "state", "changed_at", "answer_due_at", "priority")


def letters_of(account: Actor) -> QuerySet[Letter]:
    """Return the letters of the providers whose handler the account is, newest first."""
    found = Letter.objects.filter(provider__in=organisations_where(account, Role.HANDLER))
    return found.select_related("provider", "data_key", "complaint").order_by("-pk")


def letter_for(account: Actor, letter_id: UUID, *, lock: bool = False) -> Letter:
    """Return the letter; NotFound for whoever is no handler of its provider."""
    found = letters_of(account).filter(pk=letter_id)
    letter = (found.select_for_update(of=("self",)) if lock else found).first()
    if letter is None:
        raise NotFound
    return letter


def letter_of(complaint: Complaint) -> Letter | None:
    """Return the letter of which the complaint was made, if there is one. Whoever calls this has checked who asks."""
    return Letter.objects.filter(complaint=complaint).first()


def provider_of_handler(account: Actor, code: str = "") -> Organisation:
    """Return the provider (of this code, where one is given) whose handler the account is; Denied for others."""
    mine = organisations_where(account, Role.HANDLER)
    found = (mine.filter(code=code) if code else mine).first()
    if found is None:
        raise Denied(_("Only a handler of a provider may do this."))
    return found


def desk_of(account: Actor) -> QuerySet[Complaint]:
    """Return what waits for the handlers of the account's providers, by priority and then the next due first."""
    return _desk_at(organisations_where(account, Role.HANDLER))


def _desk_at(providers: QuerySet[Organisation] | list[UUID]) -> QuerySet[Complaint]:
    found = Complaint.objects.filter(provider__in=providers, answer_due_at__isnull=False)
    return found.select_related("provider").order_by("priority", "answer_due_at", "pk")


def desk_page(account: Actor, cursor: str, limit: int, whose: str = "") -> tuple[list[Complaint], str | None]:
    """Return one page of the desk (of mine or nobody's, where that is asked) and the cursor of the next.

    The cost is constant however deep the page. Raises Invalid for a bad cursor.
    """
    found = assigned(desk_of(account), account, whose) if whose else desk_of(account)
    if cursor:
        priority, due_at, pk = _place_of(cursor)
        later = Q(answer_due_at__gt=due_at) | Q(answer_due_at=due_at, pk__gt=pk)
        found = found.filter(Q(priority__gt=priority) | Q(priority=priority) & later)
    rows = list(found.only(*LISTED)[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    if last is None or last.answer_due_at is None:
        return rows[:limit], None
    return rows[:limit], f"{last.priority}_{last.answer_due_at.timestamp():.6f}_{last.pk}"


def _place_of(cursor: str) -> tuple[int, dt.datetime, UUID]:
    try:
        priority, due, key = cursor.split("_")
        return int(priority[:2]), dt.datetime.fromtimestamp(float(due), dt.UTC), UUID(key)
    except (ValueError, OverflowError, OSError):
        raise invalid("/cursor", "cursor", _("Use the cursor as a page gave it.")) from None


def waiting_for(account: Account, now: dt.datetime) -> list[Waiting]:  # noqa: ARG001 - every app answers to the same call
    """Return what waits for the account in its complaints, in whatever role; 50 of a kind at most."""
    handled = organisations_by_role(account).get(Role.HANDLER, [])
    is_uploader = has_uploads(account)
    return [
        *([*_waiting_for_handler(handled), *_unreached_for_handler(account)] if handled else []),
        *_waiting_for_complainant(account),
        *_unreached_complainant(account),
        *([*_waiting_for_uploader(account), *_waiting_for_answer(account)] if is_uploader else []),
        *restrictions_waiting_for(account),
    ]


def _matter(complaint: Complaint) -> str:
    return reverse("complaints:matter", args=[complaint.reference])


def _waits(complaint: Complaint, title: str, role: str | Promise, **more: Any) -> Waiting:
    """Return that something is to be done in a complaint, as whom, since it last changed."""
    return Waiting(
        title=title,
        url=_matter(complaint),
        reference=complaint.reference,
        role=str(role),
        since=complaint.changed_at,
        **more,
    )


def _waiting_for_handler(providers: list[UUID]) -> list[Waiting]:
    return [
        _waits(
            complaint,
            _("Check a notice") if complaint.state == State.FILED else _("Go on with a notice"),
            Role.HANDLER.label,
            due_at=complaint.answer_due_at,
            detail=Priority(complaint.priority).label if complaint.priority != Priority.USUAL else "",
        )
        for complaint in _desk_at(providers).select_related(None).only(*NAMED)[:50]
    ]


def _unreached_for_handler(account: Account) -> list[Waiting]:
    return [
        _waits(complaint, _("A party cannot be reached by e-mail"), Role.HANDLER.label)
        for complaint in with_unreached_party(account)[:50]
    ]


def _unreached_complainant(account: Account) -> list[Waiting]:
    return [
        _waits(complaint, _("We could not reach you by e-mail: give another address"), Side.COMPLAINANT.label)
        for complaint in own_unreached(account)[:50]
    ]


def _waiting_for_complainant(account: Account) -> list[Waiting]:
    titles = {
        State.DEFECTIVE: _("Add what is missing"),
        State.CONTESTED: _("Your notice is contested: show a suit, or let the content return"),
        State.REJECTED: _("Your notice was rejected: read why"),
    }
    mine = Complaint.objects.filter(complainant=account, state__in=list(titles), ended_at__isnull=True)
    found = list(mine.order_by("-pk")[:50])
    due = clocks.next_due(one.reference for one in found)
    return [
        _waits(complaint, titles[State(complaint.state)], Side.COMPLAINANT.label, due_at=due.get(complaint.reference))
        for complaint in found
    ]


def _waiting_for_answer(account: Account) -> list[Waiting]:
    found = Inquiry.objects.filter(
        subscriber__in=own_subscribers(account), answer="", lapsed_at__isnull=True, ended_at__isnull=True
    )
    return [
        Waiting(
            title=_("You are asked whether you consent to a removal"),
            url=_matter(inquiry.complaint),
            reference=inquiry.complaint.reference,
            role=str(Side.UPLOADER.label),
            since=inquiry.asked_at,
            due_at=inquiry.due_at,
        )
        for inquiry in found.select_related("complaint").order_by("-pk")[:50]
    ]


def _waiting_for_uploader(account: Account) -> list[Waiting]:
    against = ItemState.RESTRICTED, ItemState.FORWARDED
    told = told_items(account).filter(state__in=against, contested_by__isnull=True, complaint=OuterRef("pk"))
    found = Complaint.objects.filter(Exists(told), state__in=(State.ACTED, State.FORWARDED, State.CONTESTED))
    return [
        _waits(complaint, _("A notice against something of yours: answer it, or let it stand"), Side.UPLOADER.label)
        for complaint in found.order_by("-pk")[:50]
    ]


def pending_at(account: Account, content: list[UUID], _now: dt.datetime) -> dict[UUID, list[Waiting]]:
    """Return, by content, the open complaints of which the account was told and which still stand against it."""
    against = ItemState.RESTRICTED, ItemState.FORWARDED
    open_in = (State.ACTED, State.FORWARDED, State.CONTESTED)
    items = told_items(account).filter(content__in=content, state__in=against, complaint__state__in=open_in)
    found: dict[UUID, list[Waiting]] = {}
    for item in items.select_related("complaint").order_by("-pk"):
        complaint = item.complaint
        waiting = _waits(
            complaint,
            _("A notice against something of yours: answer it, or let it stand")
            if item.contested_by_id is None
            else _("A notice that you objected to"),
            Side.UPLOADER.label,
        )
        if item.content_id is not None:
            found.setdefault(item.content_id, []).append(waiting)
    return found
