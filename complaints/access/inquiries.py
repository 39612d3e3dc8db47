"""The questions to senders whether they consent: who may see, answer and record them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.access.matters import Viewer, require_handler
from complaints.access.seeing import own_subscribers
from complaints.models import Complaint, ComplaintItem, Inquiry
from complaints.rules import Side
from core.actors import Actor
from core.errors import Denied
from hosting.models import Subscriber
from verification.models import Account


def inquiries_of(complaint: Complaint) -> QuerySet[Inquiry]:
    """Return the complaint's inquiries in order. Whoever calls this has checked who asks."""
    return Inquiry.objects.filter(complaint=complaint).select_related("subscriber").order_by("pk")


def inquiries_about(complaint: Complaint, items: Iterable[ComplaintItem]) -> list[Inquiry | None]:
    """Return the inquiry of each uploader of the items; None for those not asked, and once for all that are not known.

    Whoever calls this has checked who asks.
    """
    uploaders = {None if item.content is None else item.content.subscriber_id for item in items}
    return _about(inquiries_of(complaint), uploaders)


def _about(inquiries: Iterable[Inquiry], uploaders: set[UUID | None]) -> list[Inquiry | None]:
    by_uploader = {one.subscriber_id: one for one in inquiries}
    known = [by_uploader.get(pk) for pk in sorted(uploaders, key=str) if pk is not None]
    return [*known, None] if None in uploaders else known


def inquiry_states(items: QuerySet[ComplaintItem]) -> dict[UUID, list[str | None]]:
    """Return by complaint where the inquiry of each uploader of these items stands (None: not asked); two queries."""
    uploaders: dict[UUID, set[UUID | None]] = {}
    for complaint_id, uploader in items.order_by("pk").values_list("complaint_id", "content__subscriber_id"):
        uploaders.setdefault(complaint_id, set()).add(uploader)
    asked: dict[UUID, list[Inquiry]] = {}
    for one in Inquiry.objects.filter(complaint__in=uploaders).order_by("pk"):
        asked.setdefault(one.complaint_id, []).append(one)
    return {
        complaint_id: [None if one is None else one.state for one in _about(asked.get(complaint_id, ()), theirs)]
        for complaint_id, theirs in uploaders.items()
    }


def inquiries_for(viewer: Viewer, complaint: Complaint) -> list[Inquiry]:
    """Return the inquiries that the viewer may see: all, but an uploader only its own."""
    found = inquiries_of(complaint)
    if viewer.sides == {Side.UPLOADER}:
        found = found.filter(subscriber__in=own_subscribers(viewer.account))
    return list(found)


def open_inquiries(complaint: Complaint) -> QuerySet[Inquiry]:
    """Return the inquiries that wait for an answer, or for their receipt."""
    return inquiries_of(complaint).filter(answer="", lapsed_at__isnull=True, ended_at__isnull=True)


def open_inquiries_for(account: Account, complaint: Complaint, sides: frozenset[Side]) -> QuerySet[Inquiry]:
    """Return the open inquiries that the account may answer: its own, or as a handler those of senders without account."""
    found = open_inquiries(complaint)
    if Side.UPLOADER in sides:
        return found.filter(subscriber__in=own_subscribers(account))
    if Side.HANDLER in sides:
        return found.filter(subscriber__account__isnull=True)
    return found.none()


def require_inquiry_answerer(account: Actor, complaint: Complaint) -> Side:
    """Return as whom the account answers: the uploader that was asked, or a handler for one without account; else Denied."""
    mine = own_inquiries(account, complaint)
    if mine.exists():
        return Side.UPLOADER
    try:
        require_handler(account, complaint)
    except Denied:
        raise Denied(_("Only the uploader that was asked may answer.")) from None
    return Side.HANDLER


def own_inquiries(account: Actor, complaint: Complaint) -> QuerySet[Inquiry]:
    """Return the account's own inquiries of the complaint, whatever became of them."""
    return inquiries_of(complaint).filter(subscriber__in=own_subscribers(account))


def unasked_uploaders(complaint: Complaint) -> QuerySet[Subscriber]:
    """Return the known uploaders of items under no measure that were not asked yet."""
    asked = Inquiry.objects.filter(complaint=complaint).values("subscriber")
    of_items = complaint.items.filter(state__in=("noticed", "forwarded"), contested_by__isnull=True)
    found = Subscriber.objects.filter(pk__in=of_items.values("content__subscriber")).exclude(pk__in=asked)
    return found.select_related("account").order_by("pk")
