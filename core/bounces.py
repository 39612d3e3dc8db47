"""Where undeliverable mail returns to, and what is noted of it: a return path of its own for each mail.

The path names the mail and is signed, so nobody can report of a mail that did not go through their hands. What is
kept of a report is its kind, its status and its time; its text, which may hold anything, is not.
"""

import base64
import binascii
import datetime as dt
import hmac
import logging
import re
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core import delivery_reports, sealing
from core.delivery_reports import Outcome, Report
from core.models import BounceKind, MailState, OutgoingMail

SIGNATURE_BYTES = 10
TOKEN = "[a-z2-7]{42}"  # noqa: S105 - the shape of it: 16 bytes of id and 10 of signature in base32
log = logging.getLogger(__name__)


def return_path(mail_id: UUID) -> str:
    """Return the address to which servers return this mail, or the sender's where ``BOUNCE_ADDRESS`` is empty."""
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    if not local:
        return str(settings.DEFAULT_FROM_EMAIL)
    token = base64.b32encode(mail_id.bytes + _signature(mail_id)).decode().rstrip("=").lower()
    return f"{local}+{token}@{domain}"


def _signature(mail_id: UUID) -> bytes:
    return sealing.blind_index("return path", str(mail_id))[:SIGNATURE_BYTES]


def mail_of(addresses: tuple[str, ...]) -> UUID | None:
    """Return the mail whose return path is among these addresses; None when none of them was signed by us."""
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    path = re.compile(rf"(?<![\w.+-]){re.escape(local)}\+({TOKEN})@{re.escape(domain)}(?![\w.-])", re.IGNORECASE)
    for address in addresses if local else ():
        for token in path.findall(address)[:5]:
            mail_id = _opened(token)
            if mail_id is not None:
                return mail_id
    return None


def _opened(token: str) -> UUID | None:
    try:
        data = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except binascii.Error:
        return None
    mail_id = UUID(bytes=data[:16])
    return mail_id if hmac.compare_digest(data[16:], _signature(mail_id)) else None


def take(raw: bytes, *, now: dt.datetime) -> bool:
    """Take a message that arrived at the return address; True when a machine answered a mail of ours, and it is noted.

    False is everything else: a person's letter, a report of no mail of ours, one that is forged. Nothing was changed
    then, and the caller does with the message what it does with letters. Taking the same report again changes nothing.
    """
    report = delivery_reports.read(raw)
    mail_id = None if report is None else mail_of(report.returned_to)
    if report is None or mail_id is None:
        return False
    with transaction.atomic():
        # Locked: a report may come before the sender has noted that it sent the mail.
        mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id).first()
        if mail is None:
            return False
        _note(mail, report, now)
    return True


def _note(mail: OutgoingMail, report: Report, now: dt.datetime) -> None:
    if mail.state == MailState.BOUNCED:
        return
    if report.outcome == Outcome.DELAYED:
        mail.state, mail.delayed_at = MailState.DELAYED, mail.delayed_at or now
    elif report.outcome == Outcome.FAILED:
        mail.state, mail.bounced_at = MailState.BOUNCED, now
        mail.bounce_kind = BounceKind.HARD if report.is_permanent else BounceKind.SOFT
    else:
        return
    mail.bounce_status = report.status
    # A mail that was reported of has been sent, whatever a sender that died in the middle has noted.
    mail.sent_at = mail.sent_at or now
    mail.save()
    sealing.destroy(mail.data_key, now=now)
    log.info("a mail was reported of", extra={"mail": str(mail.pk), "state": mail.state, "status": mail.bounce_status})
