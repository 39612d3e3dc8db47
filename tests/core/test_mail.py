"""The outbox: once by its key, tried again, sealed while it waits and gone when sent."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage

from core import mail, sealing
from core.models import DataKey, MailState, OutgoingMail
from core.sealing import Plain
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db
TEMPLATE = "verification/mail/role_granted"
ADDRESS = "canary-quetzalcoatl@films.example"


def enqueue(dedupe: str = "one", to: Any = ADDRESS, **context: str) -> OutgoingMail | None:
    told = {"role": "handler", "organisation": "", **context}
    return mail.enqueue(dedupe=dedupe, to=to, template=TEMPLATE, context=told, now=NOW)


def refuse(self: EmailMessage, *_: Any, **__: Any) -> int:
    raise ConnectionRefusedError


def test_a_mail_is_sent_once_by_its_key():
    assert enqueue() is not None
    assert enqueue() is None

    assert mail.send_due(NOW) == 1
    assert mail.send_due(NOW + dt.timedelta(days=9)) == 0
    assert enqueue() is None

    (message,) = outbox.outbox
    assert (message.to, message.subject) == ([ADDRESS], "You have a role: handler")
    assert message.extra_headers["Message-ID"].startswith("<")


def test_an_opened_address_is_taken_as_it_is():
    enqueue(to=Plain(ADDRESS))

    mail.send_due(NOW)

    assert outbox.outbox[0].to == [ADDRESS]


def test_it_is_sealed_while_it_waits_and_gone_when_sent():
    waiting = enqueue()

    assert waiting is not None
    assert ADDRESS.encode() not in bytes(OutgoingMail.objects.get().content_sealed)
    mail.send_due(NOW)
    assert DataKey.objects.get(pk=waiting.data_key_id).wrapped is None


def test_further_headers_are_sealed_with_the_text_and_change_none_of_the_outbox():
    told = {"role": "handler", "organisation": ""}
    headers = {"List-Unsubscribe": "<https://portal.example/stop>", "Message-ID": "<mine@films.example>"}
    mail.enqueue(dedupe="two", to=ADDRESS, template=TEMPLATE, context=told, headers=headers, now=NOW)
    assert b"portal.example/stop" not in bytes(OutgoingMail.objects.get().content_sealed)

    mail.send_due(NOW)

    sent = outbox.outbox[0].extra_headers
    assert sent["List-Unsubscribe"] == "<https://portal.example/stop>"
    assert (sent["Auto-Submitted"], sent["Message-ID"] == "<mine@films.example>") == ("auto-generated", False)


def test_a_value_cannot_add_a_header():
    enqueue(role="handler\r\nBcc: victim@films.example")

    mail.send_due(NOW)

    (message,) = outbox.outbox
    assert message.recipients() == [ADDRESS]
    assert "\n" not in message.subject


def test_a_mail_server_that_is_away_is_tried_again(monkeypatch: pytest.MonkeyPatch):
    enqueue()
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        assert mail.send_due(NOW) == 0

    waiting = OutgoingMail.objects.get()
    assert (waiting.state, waiting.attempts, waiting.error) == (MailState.WAITING, 1, "ConnectionRefusedError")
    assert mail.send_due(NOW) == 0
    assert mail.send_due(waiting.next_try_at) == 1


def test_it_is_given_up_after_twelve_tries(monkeypatch: pytest.MonkeyPatch):
    enqueue()
    monkeypatch.setattr(EmailMessage, "send", refuse)
    now = NOW
    for _ in range(12):
        mail.send_due(now)
        now += dt.timedelta(hours=2)

    assert OutgoingMail.objects.get().state == MailState.FAILED
    assert mail.send_due(now) == 0


def test_one_that_cannot_be_opened_holds_up_nobody():
    lost = enqueue("lost")
    assert lost is not None
    sealing.destroy(lost.data_key, now=NOW)
    enqueue("two")

    assert mail.send_due(NOW) == 1


def test_text_is_made_one_line():
    assert mail.one_line(" a\r\nb\t c ", 5) == "a b c"
    assert mail.one_line("a" * 300) == "a" * 200
