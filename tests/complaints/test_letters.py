"""Letters with what comes in them: files become evidence of the complaint, and what is not sure is said."""

import base64
from typing import Any

import pytest

from complaints import access, actions
from complaints.models import Complaint, Letter
from complaints.serializers import readings
from core import files
from core.errors import Invalid, TooLarge
from tests.complaints.letters.test_machines import ACNS, ITEM, PLAIN
from tests.complaints.world import NOW, World

HEAD = "From: rights@films.example\nSubject: Notice\nMIME-Version: 1.0\n"


def mail_with(**attached: bytes) -> bytes:
    parts = "".join(
        f'--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{base64.b64encode(data).decode()}\n"
        for name, data in attached.items()
    )
    words = "--b\nContent-Type: text/plain\n\nPlease remove https://files.example/1, it infringes our copyright.\n"
    return f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n{words}{parts}--b--\n'.encode()


def keep(world: World, content: bytes) -> Letter:
    return actions.keep_letter(by=world.handler, provider=world.provider, content=content, now=NOW)


def filed(world: World, letter: Letter, **changes: Any) -> Complaint:
    notice = world.notice(**changes)
    return actions.complaint_from_letter(letter_id=letter.pk, by=world.handler, regime="us", notice=notice, now=NOW)


@pytest.mark.django_db
def test_what_came_with_a_letter_is_evidence_of_its_complaint_and_what_is_not_taken_stays_in_it(world: World):
    letter = keep(world, mail_with(proof=b"%PDF-1.7 proof", program=b"MZ\x90\0\x03"))

    complaint = filed(world, letter)

    assert [files.content_of(file) for file in files.attached_to(complaint.reference)] == [b"%PDF-1.7 proof"]
    assert [file["name"] for file in access.reading_of(letter)["files"]] == ["proof", "program"]
    assert b"program" in access.letter_bytes_of(letter)


@pytest.mark.django_db
def test_a_connection_is_offered_as_the_item_where_no_address_on_the_web_is_known(world: World):
    letter = keep(world, PLAIN.encode())

    draft = readings.draft_of(access.reading_of(letter))

    assert draft["items"] == "203.0.113.5:6881 2026-01-02T03:04:05Z The.Ferry.mkv"
    assert (draft["works"], draft["name"]) == ("The Ferry", "Paragon Film & Sons")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"<?xml version='1.0'?><!DOCTYPE I [<!ENTITY a 'b'>]><Infringement/>", Invalid),
        (b"x" * 1_000_001, TooLarge),
        (mail_with(a=b"%PDF-" + b"x" * 9_000_000), TooLarge),
        (b"%PDF-1.7 x", Invalid),
    ],
    ids=["XML with entities", "long text", "a mail with too much", "a PDF"],
)
def test_what_no_letter_may_be_is_refused_with_a_reason(world: World, content: bytes, refusal: type[Exception]):
    with pytest.raises(refusal):
        keep(world, content)

    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_a_mail_with_its_files_may_be_larger_than_a_letter(world: World):
    letter = keep(world, mail_with(a=b"%PDF-" + b"x" * 1_500_000))

    assert [file["size"] for file in access.reading_of(letter)["files"]] == [1_500_005]


@pytest.mark.django_db
def test_the_page_says_what_is_not_sure(world: World, client: Any):
    letter = keep(world, ACNS.replace("{item}", ITEM)[:-60].encode())
    client.force_login(world.handler)

    page = client.get(f"/desk/letters/{letter.pk}/").content.decode()

    assert "Not sure, please look at it:" in page
    assert "its ACNS part" in page
