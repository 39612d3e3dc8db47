"""A provider's mailbox: letters are fetched from a real dovecot, each once and exactly as it came."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from complaints import access, actions, fetching, rules
from complaints.models import Letter, Mailbox
from core import imap
from core.actors import SYSTEM
from core.errors import Conflict, Denied, Invalid, NotFound
from core.outgoing import NotCallable
from tests.complaints import dovecot
from tests.complaints.dovecot import PASSWORD, USER, Dovecot
from tests.complaints.world import NOW, World
from tests.factories import people

HEAD = "From: Ann <ann@films.example>\r\nSubject: Notice\r\nMIME-Version: 1.0\r\n"
NOTICE = (
    HEAD + "Message-ID: <1@films.example>\r\n\r\nPlease remove https://files.example/1, it infringes our copyright.\r\n"
).encode()
MINUTE = dt.timedelta(minutes=1)

with_dovecot = pytest.mark.skipif(not dovecot.IS_INSTALLED, reason="dovecot-imapd is not installed")


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot.running() as server:
        yield server


@pytest.fixture
def server(running: Dovecot, settings: Settings) -> Dovecot:
    settings.MAILBOX_HOSTS = ["127.0.0.1"]
    running.empty()
    return running


def set_up(world: World, address: str, **changes: Any) -> Mailbox:
    given = {"by": world.handler, "provider": world.provider, "user": USER, "password": PASSWORD, "now": NOW, **changes}
    return actions.set_mailbox(address=address, **given)


def look(mailbox: Mailbox, now: dt.datetime = NOW) -> int:
    return fetching.look_into(Mailbox.objects.select_related("data_key").get(pk=mailbox.pk), lambda: now)


@with_dovecot
@pytest.mark.django_db
def test_letters_are_fetched_over_tls_each_once_and_exactly_as_they_came(
    world: World, server: Dovecot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "certificate"))
    mailbox = set_up(world, f"imaps://127.0.0.1:{server.tls}/INBOX")
    broken = b"From: \xff\xfe\r\nSubject: \xe9\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\xfe"
    for raw in (NOTICE, broken):
        server.put(raw)

    kept = [look(mailbox), look(mailbox), look(mailbox)]

    letters = list(Letter.objects.order_by("uid"))
    assert kept == [2, 0, 0]
    assert [access.letter_bytes_of(letter) for letter in letters] == [NOTICE, broken]
    assert [letter.kind for letter in letters] == ["notice", "other"]
    assert access.letter_sender_of(letters[0]) == "Ann <ann@films.example>"
    assert {letter.provider for letter in letters} == {world.provider}
    assert server.seen() == 2


@with_dovecot
@pytest.mark.django_db
def test_what_was_kept_is_not_kept_again_when_the_server_numbers_anew_or_delivers_twice(world: World, server: Dovecot):
    mailbox = set_up(world, f"imap://127.0.0.1:{server.plain}")
    server.put(NOTICE)
    first = look(mailbox)

    server.put(b"Received: by another way\r\n" + NOTICE)
    server.put(NOTICE.replace(b"files.example/1", b"files.example/2"))
    second = look(mailbox)
    server.renumber()
    third = look(mailbox)

    assert (first, second, third) == (1, 1, 0)
    assert Letter.objects.count() == 2


@with_dovecot
@pytest.mark.django_db
def test_a_worker_that_knew_less_than_another_keeps_nothing_twice(world: World, server: Dovecot):
    mailbox = set_up(world, f"imap://127.0.0.1:{server.plain}")
    for number in range(3):
        server.put(NOTICE.replace(b"<1@", f"<{number}@".encode()))
    slow = Mailbox.objects.select_related("data_key").get(pk=mailbox.pk)

    kept = [look(mailbox), fetching.look_into(slow, lambda: NOW)]

    assert kept == [3, 0]
    assert Mailbox.objects.get().last_uid == max(Letter.objects.values_list("uid", flat=True))


@with_dovecot
@pytest.mark.django_db
def test_a_message_that_is_too_large_is_kept_by_its_header_and_said_not_to_be_whole(
    world: World, server: Dovecot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "LONGEST_MAIL_BYTES", 1000)
    mailbox = set_up(world, f"imap://127.0.0.1:{server.plain}")
    server.put(NOTICE + b"x" * 2000)

    look(mailbox)

    letter = Letter.objects.get()
    assert access.letter_bytes_of(letter).startswith(HEAD.encode())
    assert "text" in access.reading_of(letter)["unsure"]


@with_dovecot
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "password", "failure"),
    [
        ("imap://127.0.0.1:{plain}", "wrong", "not_signed_in"),
        ("imap://127.0.0.1:{plain}/Elsewhere", PASSWORD, "no_folder"),
        ("imaps://127.0.0.1:{tls}", PASSWORD, "certificate"),
        ("imap://127.0.0.1:1", PASSWORD, "not_reached"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_shown_on_the_desk_and_tried_ever_later(
    world: World, server: Dovecot, client: Any, address: str, password: str, failure: str
):
    mailbox = set_up(world, address.format(plain=server.plain, tls=server.tls), password=password)

    look(mailbox)
    look(mailbox, NOW + MINUTE)

    mailbox.refresh_from_db()
    assert (mailbox.failure, mailbox.failing_since, mailbox.failures) == (failure, NOW, 2)
    assert mailbox.next_try_at == NOW + 5 * MINUTE
    client.force_login(world.handler)
    assert "The mailbox cannot be read:" in client.get("/desk/letters/").content.decode()


@pytest.mark.django_db
def test_a_reader_that_breaks_loses_no_letter(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("complaints.actions.letters.read", lambda *_a, **_k: 1 / 0)
    mailbox = set_up(world, "imaps://mail.films.example")

    letter = fetched(mailbox)

    assert access.letter_bytes_of(letter) == NOTICE
    assert access.reading_of(letter)["unsure"] == ["kind", "regime", "text"]


def fetched(mailbox: Mailbox, uid: int = 7) -> Letter:
    message = imap.Message(uid, NOTICE, NOW, is_whole=True)
    return actions.keep_fetched(mailbox_id=mailbox.pk, uid_validity=1, message=message, by=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_only_a_report_of_our_own_mail_is_no_letter(world: World, monkeypatch: pytest.MonkeyPatch):
    taken = []
    monkeypatch.setattr("core.bounces.take", lambda raw, now: taken.append(raw) or b"ours" in raw)
    mailbox = set_up(world, "imaps://mail.films.example")

    for uid, raw in enumerate((b"ours", NOTICE), 1):
        fetching._take(mailbox.pk, 1, imap.Message(uid, raw, NOW, is_whole=True), NOW)

    assert taken == [b"ours", NOTICE]
    assert (Letter.objects.count(), Mailbox.objects.get().last_uid) == (1, 2)


@pytest.mark.django_db
def test_mailboxes_that_are_due_are_held_for_one_worker(world: World):
    set_up(world, "imaps://mail.films.example")

    with transaction.atomic():
        first = actions.claim_mailboxes(room=4, now=NOW)
        again = actions.claim_mailboxes(room=4, now=NOW + MINUTE)
        later = actions.claim_mailboxes(room=4, now=NOW + 6 * MINUTE)

    assert [len(first), len(again), len(later)] == [1, 0, 1]


@pytest.mark.django_db
def test_a_mailbox_that_breaks_its_reader_stops_neither_the_worker_nor_the_next_look(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    looked = []
    monkeypatch.setattr(fetching, "look_into", lambda mailbox, _clock: looked.append(mailbox.pk) or 1 / 0)
    mailbox = set_up(world, "imaps://mail.films.example")
    readers = fetching.Readers()

    handed = [readers.sweep(NOW), readers.sweep(NOW), readers.sweep(NOW + 6 * MINUTE)]
    readers.close()

    assert handed == [1, 0, 1]
    assert looked == [mailbox.pk] * 2


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("imap://mail.films.example", "not_https"),
        ("imaps://127.0.0.1", "not_public"),
        ("imaps://localhost", "not_public"),
        ("imaps://[::ffff:10.0.0.1]", "not_public"),
        ("imaps://2130706433", "not_public"),
        ("imaps://ann:secret@mail.films.example", "malformed"),
        ("https://mail.films.example", "malformed"),
        ('imaps://mail.films.example/IN"BOX', "malformed"),
        ("imaps://mail.films.example/%0d%0aA1 DELETE", "malformed"),
        ("imaps://", "malformed"),
    ],
)
def test_only_public_hosts_with_tls_are_called(address: str, code: str):
    with pytest.raises(NotCallable) as refusal:
        imap.folder_of(address)

    assert refusal.value.code == code


@pytest.mark.django_db
def test_the_password_is_sealed_and_goes_to_no_other_host(world: World):
    mailbox = set_up(world, "imaps://mail.films.example")

    assert PASSWORD.encode() not in bytes(mailbox.password_sealed)
    assert access.credentials_of(set_up(world, "imaps://mail.films.example/Archive", password="")) == (USER, PASSWORD)
    with pytest.raises(Invalid):
        set_up(world, "imaps://mail.elsewhere.example", password="")


@pytest.mark.django_db
def test_an_ended_mailbox_is_not_read_and_forgets_who_signs_in(world: World):
    mailbox = set_up(world, "imaps://mail.films.example")

    actions.end_mailbox(by=world.authorizer, provider=world.provider, now=NOW)

    mailbox.refresh_from_db()
    assert mailbox.data_key.wrapped is None
    with transaction.atomic():
        assert actions.claim_mailboxes(room=4, now=NOW + MINUTE) == []
    with pytest.raises(Conflict):
        fetched(mailbox)
    assert access.credentials_of(set_up(world, "imaps://mail.films.example")) == (USER, PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "refusal"), [("reviewer", Denied), ("uploader", NotFound), ("other_handler", NotFound)]
)
def test_only_a_handler_or_authorizer_of_the_provider_sets_it(world: World, who: str, refusal: type[Exception]):
    with pytest.raises(refusal):
        set_up(world, "imaps://mail.films.example", by=getattr(world, who))


@pytest.mark.django_db
def test_a_program_sets_reads_and_ends_it_and_never_sees_who_signs_in(world: World):
    program = people.program(world.handler)
    given = {"address": "imaps://mail.films.example/INBOX", "user": USER, "password": PASSWORD}

    answers = [
        program.put("/api/v1/letters/mailbox", given, format="json"),
        program.get("/api/v1/letters/mailbox"),
        program.delete("/api/v1/letters/mailbox"),
        program.get("/api/v1/letters/mailbox"),
    ]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert [answer.json()["address"] for answer in answers] == [given["address"]] * 2 + [None] * 2
    assert all(PASSWORD not in answer.content.decode() for answer in answers)
    assert people.program(world.other_handler).get("/api/v1/letters/mailbox").json()["address"] is None


@pytest.mark.django_db
def test_the_page_sets_and_ends_it(world: World, client: Any):
    client.force_login(world.handler)
    given = {"address": "imaps://mail.films.example/INBOX", "user": USER, "password": PASSWORD}

    answers = [client.post("/desk/letters/mailbox/", one) for one in (given, {**given, "address": "x"})]
    page = client.get("/desk/letters/mailbox/").content.decode()
    ended = client.post("/desk/letters/mailbox/end/")

    assert [answer.status_code for answer in answers] == [303, 400]
    assert "imaps://mail.films.example/INBOX" in page
    assert PASSWORD not in page
    assert ended.status_code == 303


INVALID: dict[str, dict[str, Any]] = {
    "letter_kept_by_somebody_or_fetched": {"message_digest": ""},
    "letter_once_by_its_place": {"message_digest": "other"},
    "letter_once_by_its_message": {"uid": 8},
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", INVALID)
def test_a_letter_is_never_kept_twice_or_by_nobody(world: World, name: str):
    letter = fetched(set_up(world, "imaps://mail.films.example"))
    copy = {field.attname: getattr(letter, field.attname) for field in Letter._meta.fields if field.attname != "id"}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Letter.objects.create(**{**copy, **INVALID[name]})


@pytest.mark.django_db
def test_a_failure_has_a_beginning(world: World):
    mailbox = set_up(world, "imaps://mail.films.example")

    with pytest.raises(IntegrityError, match="mailbox_failing_since_its_failure"), transaction.atomic():
        Mailbox.objects.filter(pk=mailbox.pk).update(failure="refused")
