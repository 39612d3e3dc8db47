"""The uploader's contact where the law makes it part of a forwarded counter-notice: recorded, and read by one party."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import (
    CONTACT_CODE_TABLE,
    address_of,
    counter_contact_of,
    for_guest,
    get_for,
    open_code,
    require_reader_of_contact,
    require_room_to_ask_for_code,
)
from complaints.models import Complaint, ContactCode, CounterNotice
from complaints.regimes.shape import Counter
from complaints.rules import Side
from core import sealing
from core.actors import GUEST, Actor
from core.errors import Conflict
from core.ids import new_code
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
    *, reference: str, by: Actor, counter_notice: UUID | None = None, code: str = "", now: dt.datetime
) -> dict[str, Plain]:
    """Return the contact of a counter-notice (the newest) as its forwarding disclosed it, and note who looked.

    To the complainant; where it has no account to whoever has the one-time ``code`` that was mailed to its address, and
    to a handler who sends it by post. Raises Denied for everybody else who sees the matter, Invalid for a code that does
    not open it (any more), Conflict where nothing was disclosed.
    """
    complaint, side = _opened_by_code(reference, code, now) if code else _opened_by_account(reference, by)
    law = regimes.at_version(complaint.regime, complaint.regime_version).counter
    found = complaint.counter_notices.filter(disclosed_at__isnull=False).select_related("data_key").order_by("pk")
    one = (found if counter_notice is None else found.filter(pk=counter_notice)).last()
    if law is None or one is None:
        text = _("Nothing of the uploader's contact was forwarded here: it needs a recorded authorization.")
        raise Conflict(text, state=complaint.state, code="not_disclosed")
    purpose = f"counter-notice forwarded ({law.discloses_source})"
    reader = by if isinstance(by, Account) else GUEST
    sealing.record_opening(key=one.data_key, fields=law.discloses, by=reader, purpose=purpose, now=now)
    facts = {
        "as": side.value,
        "state": complaint.state,
        "counter_notice": str(one.pk),
        "basis": law.discloses_source,
        "fields": list(law.discloses),
    }
    if code:
        facts["how"] = "code"
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return counter_contact_of(one, law.discloses)


def _opened_by_account(reference: str, by: Actor) -> tuple[Complaint, Side]:
    complaint = get_for(by, reference, lock=True)
    return complaint, require_reader_of_contact(by, complaint)


def _opened_by_code(reference: str, given: str, now: dt.datetime) -> tuple[Complaint, Side]:
    """Use up the code; of two readers with one code at once, the second waits for the complaint and finds it used."""
    complaint = for_guest(reference)
    code = open_code(complaint, given, now)
    code.ended_at = now
    code.save(update_fields=["ended_at"])
    return complaint, Side.COMPLAINANT


@action("complaint.contact_code_asked")
def mail_contact_code(*, reference: str, by: Actor, now: dt.datetime) -> ContactCode:
    """Make the one-time code that opens a counter-notice's contact, which goes to the confirmed address; return it.

    Whoever knows the tracking code may ask for it and learns nothing. The code before is over. Raises Conflict where
    nothing was disclosed to somebody without account, TooFast when codes were asked for too often.
    """
    complaint = for_guest(reference)
    require_room_to_ask_for_code(complaint, now)
    complaint.contact_codes.filter(ended_at__isnull=True).update(ended_at=now)
    made = ContactCode(complaint=complaint, made_at=now, expires_at=rules.contact_code_works_until(now))
    row = (CONTACT_CODE_TABLE, made.pk)
    made.code_sealed = sealing.seal(complaint.data_key, row=row, field="code", text=new_code())
    made.save(force_insert=True)
    facts = {"as": Side.COMPLAINANT.value, "state": complaint.state}
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made
