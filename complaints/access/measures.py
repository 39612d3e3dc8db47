"""Measures by the name of their clocks, and what they say to who may see them."""

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from complaints.access.matters import Viewer
from complaints.access.seeing import own_subscribers
from complaints.models import Complaint, ComplaintItem, Measure, MeasureItem, StatementOfReasons
from complaints.rules import PARTIES, ItemState
from core.errors import Denied

PREFIX = "measure:"


def matter_of(measure: Measure) -> str:
    """Return the name under which the clocks of a measure run."""
    return f"{PREFIX}{measure.pk}"


def measure_id_of(matter: str) -> UUID:
    """Return the id of the measure whose clocks run under this name."""
    return UUID(matter.removeprefix(PREFIX))


def free_items(items: QuerySet[ComplaintItem], *, is_forwarding: bool, now: dt.datetime) -> QuerySet[ComplaintItem]:
    """Return which of the items can come under a measure: those forwarded once more only when that was to be reviewed."""
    covers = MeasureItem.objects.filter(item=OuterRef("pk"), ended_at__isnull=True)
    covers = covers.filter(measure__complaint=OuterRef("complaint"))
    again = covers.filter(measure__review_at__lte=now) if is_forwarding else covers
    may_come = Q(state=ItemState.NOTICED) | Q(state=ItemState.FORWARDED) & Q(Exists(again))
    return items.filter(may_come, contested_by__isnull=True)


def statements_for(viewer: Viewer, complaint: Complaint) -> list[StatementOfReasons]:
    """Return the statements of reasons that the viewer may read: an uploader its own, staff all, nobody else any."""
    found = StatementOfReasons.objects.filter(measure__complaint=complaint).select_related("measure", "subscriber")
    if not viewer.is_staff:
        found = found.filter(subscriber__in=own_subscribers(viewer.account))
    return list(found.order_by("pk"))


def all_statements_for(viewer: Viewer, complaint: Complaint) -> list[StatementOfReasons]:
    """Return every statement of reasons of the complaint, to staff; Denied for everybody else who sees it."""
    if not viewer.is_staff or viewer.sides.intersection(PARTIES):
        raise Denied(_("Only staff of the provider may do this."))
    return statements_for(viewer, complaint)


def media_of(one: StatementOfReasons) -> list[tuple[str, dt.datetime]]:
    """Return of what kind the items of a statement are, and since when the provider knows them."""
    covered = one.measure.covered.filter(item__content__subscriber=one.subscriber_id).order_by("item__position")
    return list(covered.values_list("item__content__media", "item__content__registered_at"))
