"""What belongs together, in words: where an item is, what it repeats, with which notices one was filed or is dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import access, rules
from complaints.rules import ItemPlace, Side

if TYPE_CHECKING:
    from complaints.access import Viewer
    from complaints.models import Complaint, ComplaintItem


def place_of(item: ComplaintItem) -> ItemPlace:
    """Return where the item is, as far as the provider knows."""
    return rules.place_of(is_found=item.content_id is not None, is_elsewhere=item.is_elsewhere)


def notes_on(items: list[ComplaintItem]) -> list[dict[str, str]]:
    """Return what a sender is told of single items at once: ``{pointer, item, code, detail}``; nothing of what was found."""
    notes = []
    for place, item in enumerate(items):
        where, named = place_of(item), {"pointer": f"/items/{place}", "item": item.url or item.external_id}
        if where is not ItemPlace.FOUND:
            notes.append({**named, "code": where.value, "detail": str(where.label)})
        if item.repeats is not None:
            notes.append({**named, "code": "repeats", "detail": _repeats(item.repeats)})
    return notes


def _repeats(earlier: ComplaintItem) -> str:
    return _("You complained of this before, in %(reference)s, which is open.") % {
        "reference": earlier.complaint.reference
    }


def may_know(viewer: Viewer) -> bool:
    """Say whether the viewer may know what else the complainant filed: the complainant itself and the staff may."""
    return viewer.is_staff or Side.COMPLAINANT in viewer.sides


def item_known(item: ComplaintItem, viewer: Viewer) -> dict[str, Any]:
    """Return where an item is, and to whom it concerns what it repeats."""
    repeats = item.repeats.complaint.reference if item.repeats is not None and may_know(viewer) else None
    where = place_of(item)
    return {"place": where.value, "place_label": str(where.label), "repeats": repeats}


def together(complaint: Complaint, viewer: Viewer) -> dict[str, Any]:
    """Return with which filing the notice came and with which earlier one it is dealt with; nothing for an uploader."""
    if not may_know(viewer):
        return {}
    earlier = complaint.goes_with
    return {"group": complaint.group, "goes_with": None if earlier is None else earlier.reference}


def for_page(complaint: Complaint, viewer: Viewer, items: list[ComplaintItem]) -> dict[str, Any]:
    """Return what a matter's page shows of notices that belong to this one or its items: other senders' to staff only."""
    filed = access.count_filed_with(viewer.account, complaint.group) if may_know(viewer) else 0
    return {
        "goes_with": complaint.goes_with if may_know(viewer) else None,
        "filed_with": _("%(most)s or more") % {"most": rules.MOST_COUNTED} if filed > rules.MOST_COUNTED else filed,
        "is_filed_with_others": filed > 1,
        "group_url": f"{reverse('complaints:desk')}?group={complaint.group}" if viewer.is_staff else "",
        "others_about": access.others_about(complaint, items) if viewer.is_staff else [],
    }
