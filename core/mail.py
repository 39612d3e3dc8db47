"""The outbox of mail: written in the transaction of the act, sent later, tried again, once by its key.

What a mail says comes from template files; values are one line each, and links start with the portal's address
from the settings, never from a request. Address and text are sealed while they wait and destroyed once sent.
"""

import datetime as dt
import logging
import smtplib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from core import bounces, sealing
from core.models import BounceKind, MailState, OutgoingMail
from core.sealing import Plain
from core.sweeps import register

TABLE = "core_outgoingmail"
GIVE_UP_AFTER = 12
PERMANENT = 500  # the replies of a mail server from here on will not change (RFC 5321)
log = logging.getLogger(__name__)


def enqueue(
    *,
    dedupe: str,
    to: str | Plain,
    template: str,
    context: Mapping[str, Any],
    now: dt.datetime,
    language: str = "",
    subject_reference: str = "",
    party: str = "",
    headers: Mapping[str, str] | None = None,
) -> OutgoingMail | None:
    """Put a mail into the outbox, once for each ``dedupe`` key; None when it was there already.

    ``template`` names ``APP/mail/NAME``, of which ``.subject.txt`` and ``.body.txt`` are rendered now. ``party`` says
    whose mail it is within its subject, for whoever shows what became of it. ``headers`` are further ones, such as where
    to answer; they are sealed with the text, and those by which the outbox knows its mails stay as they are.
    """
    if OutgoingMail.objects.filter(dedupe=dedupe).exists():
        return None
    address = to.reveal() if isinstance(to, Plain) else to
    key = sealing.new_data_key(now=now)
    mail = OutgoingMail(
        data_key=key, dedupe=dedupe, subject_reference=subject_reference, party=party, template=template
    )
    content = {"to": address, **_render(template, context, language), "headers": dict(headers or {})}
    mail.content_sealed = sealing.seal_json(key, row=(TABLE, mail.pk), field="content", value=content)
    mail.created_at = mail.next_try_at = now
    mail.save(force_insert=True)
    return mail


def _render(template: str, context: Mapping[str, Any], language: str) -> dict[str, str]:
    whole = {**context, "portal": settings.PORTAL_URL}
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"{template}.subject.txt", whole)
        body = render_to_string(f"{template}.body.txt", whole)
    return {"subject": " ".join(subject.split()), "body": body.strip() + "\n"}


def one_line(text: str, limit: int = 200) -> str:
    """Return the text on one line and at most ``limit`` characters long, fit for a mail."""
    return " ".join(text.split())[:limit]


def send_due(now: dt.datetime, limit: int = 100) -> int:
    """Send the mails that are due, each under its row lock, and return how many were sent."""
    sent = 0
    for _ in range(limit):
        with transaction.atomic():
            waiting = OutgoingMail.objects.filter(state=MailState.WAITING, next_try_at__lte=now)
            mail = (
                waiting.select_related("data_key")
                .select_for_update(skip_locked=True, of=("self",))
                .order_by("pk")
                .first()
            )
            if mail is None:
                break
            sent += _send(mail, now)
    return sent


def of_subject(reference: str, *, limit: int, party: str | None = None) -> list[OutgoingMail]:
    """Return the newest mails of a matter (of one party, where it is given), the first first, without their content."""
    found = OutgoingMail.objects.filter(subject_reference=reference)
    found = found if party is None else found.filter(party=party)
    return list(found.defer("content_sealed").order_by("-pk")[:limit])[::-1]


def _message_of(mail: OutgoingMail) -> EmailMessage:
    content = sealing.open_json(mail.data_key, row=(TABLE, mail.pk), field="content", sealed=bytes(mail.content_sealed))
    headers = content.get("headers", {}) | {
        "From": settings.DEFAULT_FROM_EMAIL,
        # The same id on every try, so that a receiver can drop the second copy after a crash between sending and noting it.
        "Message-ID": f"<{mail.pk}@{settings.MAIL_DOMAIN}>",
        "Auto-Submitted": "auto-generated",  # so that no machine answers it (RFC 3834)
    }
    to, sender = [content["to"]], bounces.return_path(mail.pk)
    return EmailMessage(content["subject"], content["body"], sender, to, headers=headers)


def _send(mail: OutgoingMail, now: dt.datetime) -> int:
    mail.attempts += 1
    mail.tried_at = now
    try:
        _message_of(mail).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server or a lost key does, the other mails go on
        log.warning("a mail could not be sent", extra={"mail": str(mail.pk), "error": type(error).__name__})
        _note_failure(mail, error, now)
        return 0
    mail.state, mail.sent_at, mail.error = MailState.SENT, now, ""
    mail.save()
    sealing.destroy(mail.data_key, now=now)
    return 1


def _note_failure(mail: OutgoingMail, error: Exception, now: dt.datetime) -> None:
    mail.error = type(error).__name__
    mail.next_try_at = now + dt.timedelta(seconds=min(3600, 5 * 2**mail.attempts))
    if _is_refused_for_good(error):
        mail.state, mail.bounced_at, mail.bounce_kind = MailState.BOUNCED, now, BounceKind.HARD
    elif mail.attempts >= GIVE_UP_AFTER:
        mail.state = MailState.FAILED
    mail.save()


def _is_refused_for_good(error: Exception) -> bool:
    """Say whether our mail server knows already that the address takes no mail: trying again would be in vain."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return bool(error.recipients) and all(code >= PERMANENT for code, _ in error.recipients.values())


register("mail", send_due, every=dt.timedelta(seconds=1))
