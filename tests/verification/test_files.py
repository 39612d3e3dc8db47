"""Handing in files, and getting them back."""

import hashlib
import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from core import files, renditions
from core.errors import Conflict
from core.file_check import FileCheck
from core.models import Attachment, DataKey, Opening, Rendition, StoredFile
from core.renditions import OthersGet
from ledger.models import Entry
from tests.factories import people
from verification import actions, files_access, submissions
from verification.models import Account
from verification.rules import Role

pytestmark = pytest.mark.django_db
FILES = "/api/v1/files"
PDF = b"%PDF-1.4\n% canary-Quetzalcoatl\n%%EOF\n"


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner() -> Account:
    return people.account("owner")


def hand_in(client: APIClient, data: bytes = PDF, name: str = "scan.pdf", **extra: Any) -> Any:
    return client.post(FILES, {"file": SimpleUploadedFile(name, data)}, format="multipart", **extra)


def test_a_file_is_told_by_its_bytes_and_sealed(owner: Account, tmp_path: Any):
    answer = hand_in(people.program(owner), name="scan.png")

    told = answer.json()
    assert answer.status_code == 201
    assert (told["name"], told["size"], told["media_type"], told["state"]) == (
        "scan.png",
        len(PDF),
        "application/pdf",
        "clean",
    )
    assert told["sha256"] == hashlib.sha256(PDF).hexdigest()
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert stored
    assert b"Quetzalcoatl" not in stored
    row = StoredFile.objects.values().get()
    assert told["sha256"] not in str(row) + Entry.objects.get(act="file.stored").facts_text


def test_it_comes_back_as_an_attachment_that_no_browser_runs(owner: Account):
    client = people.program(owner)
    file = hand_in(client, name='x"\r\nSet-Cookie: a=b; 合同.pdf').json()["id"]

    answer = client.get(f"{FILES}/{file}/content")

    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "\r" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script>", "page.txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.png"),
        (b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200, "film.mp4"),
        (b"\x00" * 50, "nothing.pdf"),
        (b"", "empty.pdf"),
    ],
)
def test_what_is_not_taken_is_refused_whatever_its_name(owner: Account, data: bytes, name: str):
    answer = hand_in(people.program(owner), data, name)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/file")
    assert not StoredFile.objects.exists()


def test_too_much_is_413_by_what_is_announced(owner: Account):
    client = people.program(owner)

    answer = client.post(FILES, b"--x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="99999999999")

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_too_much_is_413_while_it_arrives(owner: Account, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("verification.uploads.LARGEST_BYTES", 100_000)
    monkeypatch.setattr("verification.uploads.ROOM_AROUND_BYTES", 10**9)

    answer = hand_in(people.program(owner), b"%PDF-1.4" + b"a" * 200_000)

    assert answer.status_code == 413
    assert not StoredFile.objects.exists()


def test_the_limit_itself_is_taken_and_one_more_is_not(owner: Account):
    client = people.program(owner)

    assert hand_in(client, b"a" * files.LARGEST_BYTES, "a.txt").status_code == 201
    assert hand_in(client, b"a" * (files.LARGEST_BYTES + 1), "a.txt").status_code == 413


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"", "multipart/form-data; boundary=x", 400),
        (b"no form", "multipart/form-data", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (b"{}", "application/json", 415),
    ],
)
def test_what_is_no_form_with_a_file_is_4xx(owner: Account, body: bytes, content_type: str, code: int):
    answer = people.program(owner).post(FILES, body, content_type=content_type)

    assert (answer.status_code, answer["Content-Type"]) == (code, "application/problem+json")


def test_one_file_at_a_time_and_nothing_else(owner: Account):
    client = people.program(owner)
    two = {"file": [io.BytesIO(PDF), io.BytesIO(PDF)]}
    other = {"file": SimpleUploadedFile("a.pdf", PDF), "note": "x"}

    assert client.post(FILES, two, format="multipart").status_code == 400
    assert client.post(FILES, other, format="multipart").status_code == 400


def test_the_same_key_and_file_are_kept_once(owner: Account):
    client = people.program(owner)

    first, second = (hand_in(client, HTTP_IDEMPOTENCY_KEY="once") for _ in range(2))
    other = hand_in(client, PDF + b"\n", HTTP_IDEMPOTENCY_KEY="once")

    assert first.json() == second.json()
    assert other.status_code == 409
    assert StoredFile.objects.count() == 1


def test_a_file_is_its_owners_alone_until_it_is_attached(owner: Account):
    file = hand_in(people.program(owner)).json()["id"]
    party = people.program(people.account("party"))

    def is_party(account: Account, subject: str) -> None:
        assert subject == "X-1"

    assert party.get(f"{FILES}/{file}").status_code == 404
    Attachment.objects.create(file_id=file, subject="X-1", purpose="evidence", attached_at=people.NOW)
    assert party.get(f"{FILES}/{file}/content").status_code == 404
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(files_access._readers, "X-", is_party)
        assert party.get(f"{FILES}/{file}/content").content == PDF


def test_two_readers_of_one_prefix_are_a_mistake():
    with pytest.raises(ValueError, match="two readers"):
        files_access.register("identity:", lambda _account, _subject: None)


def test_a_reviewers_look_at_a_document_is_recorded(owner: Account):
    host = people.provider()
    reviewer = people.program(people.member(Role.REVIEWER, host))
    file = hand_in(people.program(owner)).json()["id"]
    people.identity(owner, host, file_ids=(uuid.UUID(file),))

    assert reviewer.get(f"{FILES}/{file}/content").content == PDF

    assert Opening.objects.get().fields == ["document"]
    assert Entry.objects.filter(act="identity.document_opened").count() == 1
    told = people.program(owner).get("/api/v1/identities/mine/accesses").json()["results"]
    assert [one["fields"] for one in told] == [["document"]]


def test_a_document_is_opened_for_the_review_only(owner: Account):
    host = people.provider()
    reviewer = people.member(Role.REVIEWER, host)
    file = hand_in(people.program(owner)).json()["id"]
    identity = people.verified(owner, host, reviewer, file_ids=(uuid.UUID(file),))

    answer = people.program(reviewer).get(f"{FILES}/{file}/content")

    assert answer.status_code == 404
    with pytest.raises(Conflict):
        actions.open_document(
            identity_id=identity.pk, file=StoredFile.objects.get(), by=reviewer, now=identity.submitted_at
        )
    assert not Opening.objects.exists()
    # Handed in again, it is there for the new review.
    people.identity(owner, host, file_ids=(uuid.UUID(file),))
    assert people.program(reviewer).get(f"{FILES}/{file}/content").content == PDF
    assert not any(row["url"] for row in submissions.for_review(reviewer, identity.pk).shown_documents)


def test_so_many_files_and_no_more(owner: Account, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("verification.api.files.FILES_MOST", 2)
    client = people.program(owner)

    assert [hand_in(client).status_code for _ in range(3)] == [201, 201, 429]


def test_a_file_that_is_part_of_nothing_is_given_up_for_good(
    owner: Account, tmp_path: Any, django_capture_on_commit_callbacks: Any
):
    client = people.program(owner)
    file = hand_in(client).json()["id"]
    key = StoredFile.objects.get().data_key_id
    assert renditions.others_get(StoredFile.objects.get(), people.NOW) == OthersGet.WITHHELD
    assert Rendition.objects.exists()  # of what was tried to make of it

    with django_capture_on_commit_callbacks() as committed:
        assert client.delete(f"{FILES}/{file}").status_code == 204

    assert (client.get(f"{FILES}/{file}").status_code, client.delete(f"{FILES}/{file}").status_code) == (404, 404)
    assert not StoredFile.objects.exists()
    assert DataKey.objects.get(pk=key).destroyed_at is not None
    # Not before it is committed: an act that is rolled back has deleted nothing.
    assert [path for path in tmp_path.rglob("*") if path.is_file()]
    for after in committed:
        after()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert list(FileCheck(people.NOW).findings()) == []


def test_a_file_that_is_part_of_a_matter_or_of_somebody_else_is_not_given_up(owner: Account):
    client = people.program(owner)
    file = hand_in(client).json()["id"]
    files.attach(
        file_ids=[uuid.UUID(file)], subject="C-1", purpose="evidence", by=owner, pointer="/evidence", now=people.NOW
    )

    answers = [client.delete(f"{FILES}/{file}"), people.program(people.account("stranger")).delete(f"{FILES}/{file}")]

    assert [answer.status_code for answer in answers] == [409, 404]
    assert answers[0].json()["state"] == "attached"
    assert client.get(f"{FILES}/{file}/content").content == PDF
