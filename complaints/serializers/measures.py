"""What a measure says to both sides: kind, reasons, term, territory, and how far it was carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from complaints.rules import MeasureKind
from complaints.serializers.words import instant, local_day

if TYPE_CHECKING:
    from complaints.models import ExecutionReport, Measure


def shown(measure: Measure, seen: set[UUID]) -> dict[str, Any]:
    """Return a measure with those of its items that may be seen."""
    return {
        "id": str(measure.pk),
        "kind": measure.kind,
        "reasons": measure.reasons,
        "grounds": measure.grounds,
        "territory": measure.territory,
        "ordered_at": instant(measure.ordered_at),
        "until": instant(measure.ends_at),
        "review_at": instant(measure.review_at),
        "executed_at": instant(measure.executed_at),
        "lifted_at": instant(measure.lifted_at),
        "lifted_because": measure.lifted_because,
        "undone_at": instant(measure.undone_at),
        "execution_due_at": instant(measure.execution_due_at),
        "is_overdue": measure.chases > 0,
        "execution": execution_words(measure),
        "reports": [_report(one) for one in measure.reports.all()],
        "items": [
            {
                "id": str(one.item_id),
                "external_id": one.item.external_id,
                "url": one.item.url,
                "is_active": one.ended_at is None,
                "undone_at": instant(one.undone_at),
            }
            for one in measure.covered.all()
            if one.item_id in seen
        ],
    }


def _report(one: ExecutionReport) -> dict[str, Any]:
    return {
        "what": one.what,
        "reported_at": instant(one.reported_at),
        "at": instant(one.done_at),
        "http_status": one.http_status,
        "detail": one.detail,
    }


def execution_words(measure: Measure) -> str:
    """Return in a sentence how far the measure was carried out, and its end undone."""
    zone = measure.complaint.provider.time_zone
    ordered = local_day(measure.ordered_at, zone)
    if measure.undone_at is not None:
        return _("Lifted, and brought back on %(day)s.") % {"day": local_day(measure.undone_at, zone)}
    if measure.lifted_at is not None:
        return _lifted_words(measure, zone)
    if measure.executed_at is not None:
        return _("Carried out on %(day)s.") % {"day": local_day(measure.executed_at, zone)}
    if measure.kind == MeasureKind.FORWARD_ONLY:
        return _("Forwarded on %(day)s.") % {"day": ordered}
    return _("Ordered on %(day)s, not yet carried out.") % {"day": ordered}


def _lifted_words(measure: Measure, zone: str) -> str:
    assert measure.lifted_at is not None
    values = {"day": local_day(measure.lifted_at, zone)}
    is_awaited = measure.executed_at is not None and measure.kind != MeasureKind.FORWARD_ONLY
    return (_("Lifted on %(day)s, not yet brought back.") if is_awaited else _("Lifted on %(day)s.")) % values
