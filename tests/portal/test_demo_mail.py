"""The demo's mail: whole files in the order of time, read back as people read mail."""

from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from core.errors import NotFound
from portal import demo_mail
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Path:
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")  # type: ignore[attr-defined]
    return tmp_path / "mail"


def send(subject: str, body: str = "Go to http://127.0.0.1:8000/home/ please.") -> None:
    demo_mail.FolderBackend().send_messages([EmailMessage(subject, body, "portal@demo.example", ["a@demo.example"])])


def test_a_message_is_one_file_and_no_unfinished_one_is_left(folder: Path) -> None:
    send("First")

    assert [path.suffix for path in folder.iterdir()] == [".eml"]


def test_the_newest_mail_comes_first(folder: Path) -> None:
    for subject in ("First", "Second", "Third"):
        send(subject)

    assert [mail.subject for mail in demo_mail.newest()] == ["Third", "Second", "First"]


def test_a_mail_reads_as_it_was_written(folder: Path) -> None:
    send("关于您的通知", "您好。\nhttp://127.0.0.1:8000/c/1/\n")

    mail = demo_mail.newest()[0]

    assert (mail.to, mail.subject) == ("…@demo.example", "关于您的通知")
    assert mail.body.splitlines() == ["您好。", "http://127.0.0.1:8000/c/1/"]
    assert demo_mail.get(mail.name) == mail


@pytest.mark.parametrize("name", ["../demo.env", "x.eml", ".hidden.eml", "0" * 20 + "-" + "0" * 32 + ".eml"])
def test_no_other_file_is_read(folder: Path, name: str) -> None:
    send("First")

    with pytest.raises(NotFound):
        demo_mail.get(name)


def test_a_half_written_file_is_not_listed(folder: Path) -> None:
    send("First")
    (folder / (".00000000000000000001-" + "0" * 32 + ".eml.part")).write_text("half")

    assert len(demo_mail.newest()) == 1


def test_no_mail_yet_is_an_empty_list(folder: Path) -> None:
    assert demo_mail.newest() == []


def test_the_address_of_an_account_is_shown_and_that_of_a_customer_without_one_is_not(folder: Path) -> None:
    known = people.account("known").email

    for address in (known, "customer@post.example"):
        demo_mail.FolderBackend().send_messages([EmailMessage("Told", "Text", "portal@demo.example", [address])])

    assert {mail.to for mail in demo_mail.newest()} == {known, "…@post.example"}
