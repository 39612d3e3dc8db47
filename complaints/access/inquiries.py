"""The questions to senders whether they consent: who may see, answer and record them."""

from collections.abc import Iterable

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
    by_uploader = {one.subscriber_id: one for one in inquiries_of(complaint)}
    uploaders = {None if item.content is None else item.content.subscriber_id for item in items}
    known = [by_uploader.get(pk) for pk in sorted(uploaders, key=str) if pk is not None]
    return [*known, None] if None in uploaders else known


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
