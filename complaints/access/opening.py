"""The sealed parts of complaints, opened: to their owners freely, to staff for a recorded purpose, to nobody else."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from complaints.models import Complaint, ConfirmationLink, ContactCode, CorrectionLink, CounterNotice, Letter
from complaints.models.complaint import CONTACT_FIELDS
from core import sealing
from core.actors import Actor
from core.sealing import Plain
from hosting.access import subscribers_of
from ledger.models import Entry
from verification.models import Account

TABLE = "complaints_complaint"
LINK_TABLE = "complaints_confirmationlink"
COUNTER_TABLE = "complaints_counternotice"
CORRECTION_LINK_TABLE = "complaints_correctionlink"
CONTACT_CODE_TABLE = "complaints_contactcode"
LETTER_TABLE = "complaints_letter"
# The acts with which the uploader's contact may go to the complainant.
FORWARDING = ("complaint.counter_notice_filed", "complaint.counter_notice_forwarded")


def contact_of(complaint: Complaint) -> dict[str, Plain]:
    """Return the complainant's sealed contact; whoever calls this shows it to its owner or uses it to write to them."""
    row = (TABLE, complaint.pk)
    value = sealing.open_json(complaint.data_key, row=row, field="contact", sealed=bytes(complaint.contact_sealed))
    return {name: Plain(str(value.get(name, ""))) for name in CONTACT_FIELDS}


def opened_contact(complaint: Complaint, *, by: Actor, purpose: str, now: dt.datetime) -> dict[str, Plain]:
    """Return the complainant's contact for somebody else, and record who opened it and why."""
    sealing.record_opening(key=complaint.data_key, fields=CONTACT_FIELDS, by=by, purpose=purpose, now=now)
    return contact_of(complaint)


def signature_of(complaint: Complaint) -> Plain:
    """Return the complainant's signature; empty when there is none."""
    sealed = None if complaint.signature_sealed is None else bytes(complaint.signature_sealed)
    return sealing.open_sealed(complaint.data_key, row=(TABLE, complaint.pk), field="signature", sealed=sealed)


def tracking_code_of(complaint: Complaint) -> Plain:
    """Return the code by which the complainant follows the complaint; for the complainant only."""
    row, sealed = (TABLE, complaint.pk), bytes(complaint.tracking_sealed)
    return sealing.open_sealed(complaint.data_key, row=row, field="tracking_code", sealed=sealed)


def confirmation_token_of(complaint: Complaint) -> Plain | None:
    """Return the token of the link that confirms the complaint, for the mail that carries it; None once it was used."""
    link = ConfirmationLink.objects.filter(complaint=complaint, used_at__isnull=True).first()
    if link is None:
        return None
    row, sealed = (LINK_TABLE, link.pk), bytes(link.token_sealed)
    return sealing.open_sealed(complaint.data_key, row=row, field="token", sealed=sealed)


def correction_token_of(complaint: Complaint) -> Plain | None:
    """Return the token of the link that mends the notice, for the mail that carries it; None where there is none."""
    link = CorrectionLink.objects.filter(complaint=complaint, ended_at__isnull=True).first()
    if link is None:
        return None
    row, sealed = (CORRECTION_LINK_TABLE, link.pk), bytes(link.token_sealed)
    return sealing.open_sealed(complaint.data_key, row=row, field="token", sealed=sealed)


def contact_code_of(complaint: Complaint) -> Plain | None:
    """Return the code that opens the contact of a counter-notice, for the mail that carries it; None where there is none."""
    code = ContactCode.objects.filter(complaint=complaint, ended_at__isnull=True).first()
    return None if code is None else opened_code(complaint, code)


def opened_code(complaint: Complaint, code: ContactCode) -> Plain:
    """Return the code itself, to be mailed or compared."""
    row, sealed = (CONTACT_CODE_TABLE, code.pk), bytes(code.code_sealed)
    return sealing.open_sealed(complaint.data_key, row=row, field="code", sealed=sealed)


def address_of(complaint: Complaint) -> Plain:
    """Return where the complainant is written to: the account's own address, or the one given in the notice."""
    if complaint.complainant is not None:
        return Plain(complaint.complainant.email)
    return contact_of(complaint)["email"]


def counter_contact_of(one: CounterNotice, fields: Iterable[str]) -> dict[str, Plain]:
    """Return these fields of the uploader's contact; whoever calls this has recorded on what basis and for whom."""
    row = (COUNTER_TABLE, one.pk)
    value = sealing.open_json(one.data_key, row=row, field="contact", sealed=bytes(one.contact_sealed))
    return {name: Plain(str(value.get(name, ""))) for name in fields}


def counter_keys_of(account: Account) -> list[UUID]:
    """Return the data keys under which the contact of the account's own counter-notices is sealed."""
    found = CounterNotice.objects.filter(subscriber__account=account, disclosed_at__isnull=False)
    return list(found.order_by("pk").values_list("data_key", flat=True))


def forwarded_contacts_of(account: Actor) -> QuerySet[CounterNotice]:
    """Return the account's counter-notices whose forwarding disclosed its contact, each with the entry that recorded it."""
    recorded = Entry.objects.filter(
        subject=OuterRef("complaint__reference"), act__in=FORWARDING, at=OuterRef("disclosed_at")
    )
    found = CounterNotice.objects.filter(subscriber__in=subscribers_of(account), disclosed_at__isnull=False)
    found = found.annotate(recorded_in=Subquery(recorded.order_by("pk").values("pk")[:1]))
    return found.select_related("complaint__provider").order_by("-pk")


def letter_sender_of(letter: Letter) -> str:
    """Return from whom the letter came, as the handler noted it."""
    row = (LETTER_TABLE, letter.pk)
    return sealing.open_sealed(letter.data_key, row=row, field="sender", sealed=bytes(letter.sender_sealed)).reveal()


def letter_bytes_of(letter: Letter) -> bytes:
    """Return the letter as it came. Whoever calls this has checked who asks."""
    row = (LETTER_TABLE, letter.pk)
    return sealing.open_bytes(letter.data_key, row=row, field="raw", sealed=bytes(letter.raw_sealed))


def reading_of(letter: Letter) -> dict[str, Any]:
    """Return what was read in the letter, with ``text``, in which its marks count."""
    row = (LETTER_TABLE, letter.pk)
    value: dict[str, Any] = sealing.open_json(
        letter.data_key, row=row, field="reading", sealed=bytes(letter.reading_sealed)
    )
    return value
