"""The receipt: when exactly the notice came, as what, and where that is recorded; for whoever has the code only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import formats

from complaints import access
from complaints.rules import State
from complaints.serializers.words import instant
from core.errors import Unavailable
from ledger import proofs

if TYPE_CHECKING:
    from complaints.models import Complaint


def exact(at: dt.datetime, zone: str) -> dict[str, str]:
    """Return an instant to the second, in UTC and where the provider is, with the zone and how far it is from UTC."""
    local = at.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    return {
        "utc": f"{formats.date_format(at, 'DATE_FORMAT')}, {at:%H:%M:%S} UTC",
        "local": f"{formats.date_format(local, 'DATE_FORMAT')}, {local:%H:%M:%S} ({zone}, UTC{offset[:3]}:{offset[3:]})",
    }


def receipt_of(complaint: Complaint) -> dict[str, Any]:
    """Return the receipt: reference, code, exact time, digest of the notice as it came, and its place in the record."""
    entry = access.filing_of(complaint)
    try:
        proof = proofs.inclusion(entry.pk)
        place = {"index": proof["index"], "leaf_hash": proof["leaf_hash"], "checkpoint": proof["checkpoint"]}
    except Unavailable:
        place = None
    zone, code = complaint.provider.time_zone, access.tracking_code_of(complaint).reveal()
    return {
        "reference": complaint.reference,
        "tracking_code": code,
        "provider": complaint.provider.code,
        "regime": complaint.regime,
        "regime_version": complaint.regime_version,
        "received_at": instant(complaint.filed_at),
        "received": exact(complaint.filed_at, zone),
        "confirmed_at": instant(complaint.confirmed_at),
        "confirmed": exact(complaint.confirmed_at, zone) if complaint.confirmed_at is not None else None,
        "state": complaint.state,
        "digest": str(entry.facts["notice_digest"]),
        "entry": str(entry.pk),
        "ledger": place,
        "page": f"{settings.PORTAL_URL}{reverse('complaints:tracked', args=[code])}",
    }


def page(complaint: Complaint) -> dict[str, Any]:
    """Return what the page and the text of the receipt show."""
    return {
        "receipt": receipt_of(complaint),
        "provider": complaint.provider,
        "state": State(complaint.state).label,
        "proof_url": reverse("portal:ledger-entry", args=[access.filing_of(complaint).pk]),
    }
