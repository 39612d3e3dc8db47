"""The outbox of mail: written in the transaction of the act, sent later, tried again, once by its key.

What a mail says comes from template files; values are one line each, and links start with the portal's address
from the settings, never from a request. Address and text are sealed while they wait and destroyed once sent.
"""

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from core import sealing
from core.models import MailState, OutgoingMail
from core.sealing import Plain
from core.sweeps import register

TABLE = "core_outgoingmail"
GIVE_UP_AFTER = 12
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
) -> OutgoingMail | None:
    """Put a mail into the outbox, once for each ``dedupe`` key; None when it was there already.

    ``template`` names ``APP/mail/NAME``, of which ``.subject.txt`` and ``.body.txt`` are rendered now.
    """
    if OutgoingMail.objects.filter(dedupe=dedupe).exists():
        return None
    address = to.reveal() if isinstance(to, Plain) else to
    key = sealing.new_data_key(now=now)
    mail = OutgoingMail(data_key=key, dedupe=dedupe, subject_reference=subject_reference, template=template)
    content = {"to": address, **_render(template, context, language)}
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


def _message_of(mail: OutgoingMail) -> EmailMessage:
    content = sealing.open_json(mail.data_key, row=(TABLE, mail.pk), field="content", sealed=bytes(mail.content_sealed))
    message = EmailMessage(content["subject"], content["body"], settings.DEFAULT_FROM_EMAIL, [content["to"]])
    # The same id on every try, so that a receiver can drop the second copy after a crash between sending and noting it.
    message.extra_headers["Message-ID"] = f"<{mail.pk}@{settings.MAIL_DOMAIN}>"
    return message


def _send(mail: OutgoingMail, now: dt.datetime) -> int:
    mail.attempts += 1
    try:
        _message_of(mail).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server or a lost key does, the other mails go on
        log.warning("a mail could not be sent", extra={"mail": str(mail.pk), "error": type(error).__name__})
        mail.error = type(error).__name__
        mail.next_try_at = now + dt.timedelta(seconds=min(3600, 5 * 2**mail.attempts))
        if mail.attempts >= GIVE_UP_AFTER:
            mail.state = MailState.FAILED
        mail.save()
        return 0
    mail.state, mail.sent_at, mail.error = MailState.SENT, now, ""
    mail.save()
    sealing.destroy(mail.data_key, now=now)
    return 1


register("mail", send_due, every=dt.timedelta(seconds=1))
