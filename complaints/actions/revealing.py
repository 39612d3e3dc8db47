"""The uploader's contact where the law makes it part of a forwarded counter-notice: recorded, and read by one party."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import regimes
from complaints.access import address_of, counter_contact_of, get_for, require_reader_of_contact
from complaints.models import Complaint, CounterNotice
from complaints.regimes.shape import Counter
from core import sealing
from core.errors import Conflict
from core.sealing import Plain
from ledger.acts import action, record
from verification.models import Account


def disclose(
    complaint: Complaint, law: Counter, forwarded: Iterable[CounterNotice], now: dt.datetime
) -> dict[str, Any]:
    """Make the contact part of what was forwarded, where the law does; return what the record keeps of this disclosure.

    That is its basis, its fields and a keyed digest of who receives it. Where the law doesn't: nothing.
    """
    if not law.discloses:
        return {}
    for one in forwarded:
        one.disclosed_at = now
    whom = complaint.complainant.ledger_reference if complaint.complainant else address_of(complaint).reveal().lower()
    return {
        "disclosure": {
            "basis": law.discloses_source,
            "fields": list(law.discloses),
            "recipient": sealing.keyed_digest("recipient", whom),
        }
    }


@action("complaint.counter_contact_read")
def read_counter_contact(
    *, reference: str, by: Account, counter_notice: UUID | None = None, now: dt.datetime
) -> dict[str, Plain]:
    """Return the contact of a counter-notice (the newest) as its forwarding disclosed it, and note who looked.

    To the complainant, and where it has no account to a handler who sends it by post. Raises Denied for everybody else
    who sees the matter, Conflict where nothing was disclosed.
    """
    complaint = get_for(by, reference, lock=True)
    side = require_reader_of_contact(by, complaint)
    law = regimes.at_version(complaint.regime, complaint.regime_version).counter
    found = complaint.counter_notices.filter(disclosed_at__isnull=False).select_related("data_key").order_by("pk")
    one = (found if counter_notice is None else found.filter(pk=counter_notice)).last()
    if law is None or one is None:
        text = _("Nothing of the uploader's contact was forwarded here: it needs a recorded authorization.")
        raise Conflict(text, state=complaint.state, code="not_disclosed")
    purpose = f"counter-notice forwarded ({law.discloses_source})"
    sealing.record_opening(key=one.data_key, fields=law.discloses, by=by, purpose=purpose, now=now)
    facts = {
        "as": side.value,
        "state": complaint.state,
        "counter_notice": str(one.pk),
        "basis": law.discloses_source,
        "fields": list(law.discloses),
    }
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return counter_contact_of(one, law.discloses)
