"""What somebody has written so far in the wizard: kept sealed in the session, and gone with its key."""

import base64
import datetime as dt
from collections.abc import MutableMapping
from typing import Any

from core import sealing
from core.models import DataKey

SLOT = "complaint_draft"
TABLE = "session"


def draft_of(session: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return what was written so far; empty when nothing was, or when it was dropped."""
    kept = session.get(SLOT)
    if not kept:
        return {}
    key = DataKey.objects.filter(pk=kept["key"], destroyed_at__isnull=True).first()
    if key is None:
        return {}
    sealed = base64.b64decode(kept["sealed"])
    found: dict[str, Any] = sealing.open_json(key, row=(TABLE, key.pk), field="draft", sealed=sealed)
    return found


def keep_draft(session: MutableMapping[str, Any], values: dict[str, Any], now: dt.datetime) -> None:
    """Keep what was written so far, under a key of its own."""
    kept = session.get(SLOT)
    key = DataKey.objects.filter(pk=kept["key"], destroyed_at__isnull=True).first() if kept else None
    key = key or sealing.new_data_key(now=now)
    sealed = sealing.seal_json(key, row=(TABLE, key.pk), field="draft", value=values)
    session[SLOT] = {"key": str(key.pk), "sealed": base64.b64encode(sealed).decode()}


def drop_draft(session: MutableMapping[str, Any], now: dt.datetime) -> None:
    """Forget what was written, and destroy its key."""
    kept = session.pop(SLOT, None)
    if kept:
        key = DataKey.objects.filter(pk=kept["key"]).first()
        if key is not None:
            sealing.destroy(key, now=now)
