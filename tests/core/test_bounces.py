"""Mail that came back: a return path of its own for each mail, signed; noted once, whatever comes in which order."""

import datetime as dt
import io
import smtplib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.management import call_command
from django.db import OperationalError

from core import bounces, checks, mail
from core.models import BounceKind, DataKey, MailState, OutgoingMail
from tests.core import bounced
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=2)


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "bounce@portal.example"


@pytest.fixture
def waiting() -> OutgoingMail:
    context = {"role": "handler", "organisation": ""}
    template = "verification/mail/role_granted"
    made = mail.enqueue(dedupe="one", to="nobody@films.example", template=template, context=context, now=NOW)
    assert made is not None
    return made


@pytest.fixture
def sent(waiting: OutgoingMail) -> OutgoingMail:
    assert mail.send_due(NOW) == 1
    return OutgoingMail.objects.get()


def take(raw: bytes) -> tuple[bool, OutgoingMail]:
    return bounces.take(raw, now=LATER), OutgoingMail.objects.get()


def test_a_mail_that_came_back_is_noted_with_its_kind(sent: OutgoingMail):
    is_taken, noted = take(bounced.postfix(bounces.return_path(sent.pk)))

    assert is_taken
    assert (noted.state, noted.bounced_at, noted.bounce_kind) == (MailState.BOUNCED, LATER, BounceKind.HARD)
    assert (noted.sent_at, noted.bounce_status) == (NOW, "5.1.1")


def test_one_that_servers_gave_up_is_a_soft_bounce(sent: OutgoingMail):
    _, noted = take(bounced.postfix(bounces.return_path(sent.pk), status="4.4.7"))

    assert (noted.state, noted.bounce_kind) == (MailState.BOUNCED, BounceKind.SOFT)


def test_one_that_is_late_is_delayed_until_it_comes_back(sent: OutgoingMail):
    path = bounces.return_path(sent.pk)

    _, late = take(bounced.postfix(path, action="delayed", status="4.4.1"))
    assert (late.state, late.delayed_at) == (MailState.DELAYED, LATER)

    _, back = take(bounced.exchange(path))
    assert back.state == MailState.BOUNCED

    is_taken, still = take(bounced.postfix(path, action="delayed"))
    assert is_taken
    assert (still.state, still.bounce_status) == (MailState.BOUNCED, "5.2.2")


def test_an_answer_by_a_machine_changes_nothing_and_is_nobodys_letter(sent: OutgoingMail):
    is_taken, noted = take(bounced.out_of_office(bounces.return_path(sent.pk)))

    assert (is_taken, noted.state) == (True, MailState.SENT)


def test_a_report_before_the_sender_noted_that_it_sent_ends_the_tries(waiting: OutgoingMail):
    _, noted = take(bounced.postfix(bounces.return_path(waiting.pk)))

    assert (noted.state, noted.sent_at) == (MailState.BOUNCED, LATER)
    assert mail.send_due(LATER) == 0
    assert DataKey.objects.get(pk=waiting.data_key_id).wrapped is None


def forged(path: str) -> dict[str, str]:
    token = path.partition("+")[2].partition("@")[0]
    other = "a" if token[-1] != "a" else "e"
    return {
        "unsigned": "bounce@portal.example",
        "signed wrongly": f"bounce+{token[:-1]}{other}@portal.example",
        "of another mail": f"bounce+{'a' * 26}{token[26:]}@portal.example",
        "at another domain": path.replace("portal.example", "portal.example.evil.example"),
        "of another mailbox": f"x{path}",
        "nonsense": "bounce+@portal.example, bounce+" + "9" * 42 + "@portal.example",
    }


@pytest.mark.parametrize("how", forged("bounce+aaa@portal.example"))
def test_a_forged_report_is_refused(sent: OutgoingMail, how: str):
    is_taken, noted = take(bounced.postfix(forged(bounces.return_path(sent.pk))[how]))

    assert (is_taken, noted.state) == (False, MailState.SENT)


def test_a_report_of_a_mail_that_is_no_more_and_a_letter_are_not_ours(sent: OutgoingMail):
    path = bounces.return_path(sent.pk)
    assert take(bounced.letter(path))[0] is False

    OutgoingMail.objects.all().delete()

    assert bounces.take(bounced.postfix(path), now=LATER) is False


def test_a_server_may_change_the_case_of_the_return_path(sent: OutgoingMail):
    path = f"<{bounces.return_path(sent.pk).upper()}>"
    assert len(path.partition("@")[0]) <= 64

    assert take(bounced.postfix(path))[1].state == MailState.BOUNCED


def test_without_a_return_address_mail_returns_to_its_sender(settings: Any, sent: OutgoingMail):
    path = bounces.return_path(sent.pk)
    settings.BOUNCE_ADDRESS = ""

    assert bounces.return_path(sent.pk) == settings.DEFAULT_FROM_EMAIL
    assert take(bounced.postfix(path))[0] is False


@pytest.mark.parametrize("address", ["bounce", "@portal.example", "bounce@", "a" * 22 + "@portal.example"])
def test_a_return_address_that_cannot_be_refuses_the_start(settings: Any, address: str):
    settings.BOUNCE_ADDRESS = address

    assert any("BOUNCE_ADDRESS" in fault for fault in checks.faults_of_start())


def test_the_command_takes_what_a_mail_server_pipes_in(sent: OutgoingMail, monkeypatch: pytest.MonkeyPatch):
    def pipe(raw: bytes) -> int:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        try:
            call_command("take_bounce", stderr=io.StringIO())
        except SystemExit as left:
            return int(str(left.code))
        return 0

    assert pipe(bounced.postfix(bounces.return_path(sent.pk))) == 0
    assert OutgoingMail.objects.get().state == MailState.BOUNCED
    assert pipe(bounced.letter("bounce@portal.example")) == 65

    def away(*_: object, **__: object) -> bool:
        raise OperationalError

    monkeypatch.setattr(bounces, "take", away)
    assert pipe(b"") == 75


def refusal(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"nobody@films.example": (code, b"no")})


def test_an_address_that_our_own_server_refuses_for_good_is_not_tried_again(
    waiting: OutgoingMail, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_: EmailMessage) -> int:
        raise refusal(code)

    monkeypatch.setattr(EmailMessage, "send", refuse)
    code = 451
    mail.send_due(NOW)
    assert OutgoingMail.objects.get().state == MailState.WAITING

    code = 550
    mail.send_due(LATER)
    noted = OutgoingMail.objects.get()
    assert (noted.state, noted.bounce_kind, noted.sent_at) == (MailState.BOUNCED, BounceKind.HARD, None)
    assert (noted.attempts, noted.tried_at) == (2, LATER)


@pytest.fixture
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """Give a mail server that takes one mail: its port, and what it was told."""
    heard: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listening.accept()[0] as client, client.makefile("rwb", buffering=0) as lines:
            lines.write(b"220 mx.portal.example\r\n")
            is_data = False
            while line := lines.readline():
                heard.append(line.decode().rstrip())
                if is_data and line != b".\r\n":
                    continue
                is_data = line.upper().startswith(b"DATA")
                lines.write(b"354 go on\r\n" if is_data else b"250 yes\r\n")
                if line.upper().startswith(b"QUIT"):
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1], heard
    listening.close()
    thread.join(5)


def test_the_return_path_is_what_the_mail_server_is_told(
    waiting: OutgoingMail, mail_server: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch
):
    port, heard = mail_server
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    monkeypatch.setattr(
        EmailMessage, "get_connection", lambda *_, **__: get_connection(smtp, host="127.0.0.1", port=port)
    )

    assert mail.send_due(NOW) == 1

    path = bounces.return_path(waiting.pk)
    assert [line for line in heard if line.startswith("mail FROM:")] == [f"mail FROM:<{path}>"]
    assert "From: portal@127.0.0.1" in heard
    assert "Auto-Submitted: auto-generated" in heard
    assert not any(path in line for line in heard if not line.startswith("mail FROM:"))
