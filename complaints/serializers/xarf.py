"""A complaint as X-ARF v4 reports, one for each item, for the abuse desk that a provider or an agency runs; no more than
the reader may see, and no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

from complaints import access
from complaints.rules import Capacity, Side
from complaints.serializers.shown import complainant_for
from core.errors import Denied
from core.times import rfc3339

if TYPE_CHECKING:
    import datetime as dt

    from complaints.access import Viewer
    from complaints.models import Complaint, ComplaintItem

VERSION = "4.0.0"
SCHEMA = "https://xarf.org/schemas/v4/types/copyright-copyright.json"
# Bounds of the format.
LONGEST_NAME, LONGEST_TITLE, LONGEST_DESCRIPTION = 200, 500, 1000


def reports_of(complaint: Complaint, viewer: Viewer, now: dt.datetime) -> list[dict[str, Any]]:
    """Return a report for each item that has an address on the web; for the complainant and the handler alone.

    Raises Denied for the other sides, who may not know how to reach the complainant. A handler's look is recorded.
    """
    if not viewer.sides.intersection({Side.COMPLAINANT, Side.HANDLER}):
        raise Denied
    contact = complainant_for(complaint, viewer, now) or {}
    titles = [title for title in complaint.works.order_by("position").values_list("title", flat=True) if title]
    shared = {
        "xarf_version": VERSION,
        "timestamp": rfc3339(complaint.filed_at),
        "reporter": _party(contact.get("name", ""), contact.get("email", "")),
        "sender": _party(complaint.provider.name, str(settings.DEFAULT_FROM_EMAIL)),
        "category": "copyright",
        "type": "copyright",
        "evidence_source": "user_complaint",
        "tags": ["copyright:notice", f"regime:{complaint.regime}"],
        **({"work_title": "; ".join(titles)[:LONGEST_TITLE]} if titles else {}),
        **({"description": complaint.grounds[:LONGEST_DESCRIPTION]} if complaint.grounds else {}),
        **_holder(complaint, contact),
        "legal": {"complaint": complaint.reference, "regime": complaint.regime, "statements": complaint.statements},
    }
    items = [(item, address) for item in access.items_for(viewer, complaint) if (address := _address_of(item))]
    return [
        {
            **shared,
            "report_id": str(item.pk),
            "source_identifier": urlsplit(address).hostname,
            "infringing_url": address,
        }
        for item, address in items
    ]


def _address_of(item: ComplaintItem) -> str:
    """Return the item's address on the web: the one of the notice, or of the content that was found; nothing without."""
    for address in (item.url, item.content.url if item.content else ""):
        if address.startswith(("http://", "https://")) and " " not in address and urlsplit(address).hostname:
            return address
    return ""


def _holder(complaint: Complaint, contact: dict[str, str]) -> dict[str, str]:
    if complaint.capacity != Capacity.OWNER or not contact.get("name"):
        return {}
    return {"rights_holder": contact["name"][:LONGEST_NAME]}


def _party(name: str, email: str) -> dict[str, str]:
    """Return a party; where a notice gives no address, the portal's stands for it, through which it is reached."""
    contact = (email or str(settings.DEFAULT_FROM_EMAIL)).rpartition("<")[2].rstrip(">")
    return {"org": (name or contact)[:LONGEST_NAME], "contact": contact, "domain": contact.rpartition("@")[2].lower()}
