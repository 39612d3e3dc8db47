"""Steps that put together what belongs together: filings of one sender, and notices about the same item again."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from complaints import rules
from complaints.access.grouping import first_said, latest_of_sender
from complaints.models import Complaint, ComplaintItem
from complaints.rules import Priority
from core import sealing

SENDER = "complaint.sender"


def note_sender(complaint: Complaint, email: str) -> None:
    """Note who sent a notice without account, by a keyed index of the address and nothing else."""
    if complaint.complainant_id is None and email:
        complaint.sender_index = sealing.blind_index(SENDER, email.strip().lower())


def join_group(complaint: Complaint, items: Sequence[ComplaintItem], now: dt.datetime) -> bool:
    """Put a notice that counts from now on into the filing to which it belongs.

    Say whether its sender said something of it before: then ``mark_repeated`` has something to note.
    """
    latest, has_said = latest_of_sender(complaint, [bytes(item.repeat_key or b"") for item in items])
    is_one = latest is not None and rules.is_one_filing(latest.filed_at, now)
    complaint.group = latest.group if latest is not None and is_one else complaint.reference
    return has_said


def note_keys(complaint: Complaint, items: Sequence[ComplaintItem], works: Sequence[Mapping[str, Any]]) -> None:
    """Give each item the key by which it is known when its sender complains of the same again."""
    by = str(complaint.complainant_id or bytes(complaint.sender_index or b"").hex() or complaint.pk)
    titles = [str(work.get("title") or work.get("work") or "") for work in works]
    for item in items:
        item.repeat_key = rules.repeat_key(
            sender=f"{complaint.provider_id}:{by}",
            regime=complaint.regime,
            thing=str(item.content_id or item.url or item.external_id),
            titles=titles,
        )


def mark_repeated(complaint: Complaint, items: Sequence[ComplaintItem]) -> None:
    """Note on each item the earlier one of the same sender, about the same works, that is still dealt with.

    A notice that says nothing but such items goes with the earlier one and comes last on the desk.
    """
    known = first_said(complaint, [bytes(item.repeat_key or b"") for item in items])
    for item in items:
        item.repeats = known.get(bytes(item.repeat_key or b""))
    repeated = [item for item in items if item.repeats is not None]
    ComplaintItem.objects.bulk_update(repeated, ["repeats"])
    is_all = bool(items) and len(repeated) == len(items)
    complaint.goes_with = repeated[0].repeats.complaint if is_all and repeated[0].repeats else None
    complaint.priority = priority_of(complaint)


def priority_of(complaint: Complaint) -> Priority:
    """Return what comes first on the desk, by whom the notice is, what it is about, and whether it is said again."""
    return rules.priority_of(
        is_trusted=complaint.is_trusted,
        is_earning=complaint.is_earning,
        is_repeated=complaint.goes_with is not None,
    )


def elsewhere(hosts: Sequence[str], items: Sequence[Mapping[str, Any]], is_found: Sequence[bool]) -> list[bool]:
    """Return for each item whether it was not found and its address is at none of the provider's hosts."""
    return [
        not found and rules.is_elsewhere(str(item.get("url") or ""), hosts)
        for item, found in zip(items, is_found, strict=True)
    ]
