"""Handing in a file in pieces, by tus 1.0.0: nothing acknowledged is lost, nothing lies open, nobody else sees it."""

import base64
import datetime as dt
import hashlib
import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from rest_framework.test import APIClient

from core import files, partial, scanning
from core.errors import Unavailable
from core.file_check import FileCheck
from core.models import DataKey, Piece, StoredFile, Upload
from ledger.models import Entry
from tests.factories import people
from verification.models import Account

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/uploads"
PDF = b"%PDF-1.4\n% canary-Quetzalcoatl\n" + b"x" * 3000 + b"\n%%EOF\n"
TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner() -> Account:
    return people.account("owner")


@pytest.fixture
def client(owner: Account) -> APIClient:
    return people.program(owner)


def begin(client: APIClient, size: int | str = len(PDF), name: str = "合同 of Zhang San.pdf", **extra: Any) -> Any:
    metadata = f"filename {base64.b64encode(name.encode()).decode()},filetype YQ=="
    return client.post(UPLOADS, HTTP_UPLOAD_LENGTH=str(size), HTTP_UPLOAD_METADATA=metadata, **{**TUS, **extra})


def place_of(answer: Any) -> str:
    assert answer.status_code == 201
    return str(answer["Location"].removeprefix("http://testserver"))


def send(client: APIClient, place: str, offset: int | str, data: bytes, **extra: Any) -> Any:
    given = {"content_type": "application/offset+octet-stream", "HTTP_UPLOAD_OFFSET": str(offset), **TUS, **extra}
    return client.patch(place, data, **given)


def standing(client: APIClient, place: str) -> Any:
    return client.head(place, **TUS)


def test_a_file_that_comes_in_pieces_is_the_same_as_one_that_came_whole(client: APIClient):
    place = place_of(begin(client))

    assert standing(client, place)["Upload-Offset"] == "0"
    first = send(client, place, 0, PDF[:1000])
    assert (first.status_code, first["Upload-Offset"], first.has_header("Upload-File")) == (204, "1000", False)
    # The connection was lost here: another request asks where it stands.
    assert standing(client, place)["Upload-Offset"] == "1000"
    last = send(client, place, 1000, PDF[1000:])

    shown = client.get(f"/api/v1/files/{last['Upload-File']}").json()
    assert shown["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (shown["name"], shown["media_type"], shown["state"]) == ("合同 of Zhang San.pdf", "application/pdf", "clean")
    assert client.get(f"/api/v1/files/{last['Upload-File']}/content").content == PDF
    assert Entry.objects.filter(act="file.stored").count() == 1
    assert client.get(place, **TUS).json()["file"]["id"] == last["Upload-File"]
    assert standing(client, place)["Upload-File"] == last["Upload-File"]


def test_pieces_lie_sealed_while_they_wait_and_go_when_the_file_is_there(client: APIClient, storage: Path):
    place = place_of(begin(client))
    send(client, place, 0, PDF[:1000])

    lying = b"".join(path.read_bytes() for path in storage.rglob("*") if path.is_file())
    row = str(Upload.objects.values().get()) + str(Piece.objects.values().get())
    assert len(lying) > 1000
    assert b"Quetzalcoatl" not in lying
    assert "Zhang" not in row
    send(client, place, 1000, PDF[1000:])

    assert not Piece.objects.exists()
    assert len([path for path in storage.rglob("*") if path.is_file()]) == 1
    assert checked() == []


def checked(now: dt.datetime = people.NOW) -> list[str]:
    return [f"{finding.fault} {finding.what}" for finding in FileCheck(now + dt.timedelta(days=400)).findings()]


def test_a_piece_at_the_wrong_place_is_409_and_changes_nothing(client: APIClient):
    place = place_of(begin(client))
    send(client, place, 0, PDF[:1000])

    answers = [send(client, place, offset, b"x" * 10) for offset in (0, 999, 1001)]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert standing(client, place)["Upload-Offset"] == "1000"


def test_a_foreign_an_unknown_and_an_old_upload_do_not_exist(client: APIClient):
    place = place_of(begin(client))
    stranger = people.program(people.account("stranger"))

    answers = [standing(stranger, place), send(stranger, place, 0, b"x"), stranger.delete(place, **TUS)]
    answers += [stranger.get(place, **TUS), standing(client, f"{UPLOADS}/{UUID(int=5)}")]
    Upload.objects.update(begun_at=people.NOW - dt.timedelta(days=2), expires_at=people.NOW - dt.timedelta(days=1))
    answers += [standing(client, place), send(client, place, 0, b"x")]

    assert {answer.status_code for answer in answers} == {404}
    assert APIClient().head(place, **TUS).status_code == 401


@pytest.mark.parametrize(
    ("size", "status"),
    [("", 400), ("x", 400), ("-1", 400), ("0", 400), (files.LARGEST_BYTES + 1, 413), ("9" * 400, 413)],
)
def test_a_size_that_is_none_or_too_much_is_refused_before_any_byte(client: APIClient, size: int | str, status: int):
    assert begin(client, size).status_code == status
    assert not Upload.objects.exists()


def test_more_than_was_announced_is_413(client: APIClient):
    place = place_of(begin(client, 10))

    assert send(client, place, 0, b"x" * 11).status_code == 413
    assert send(client, place, 0, b"x" * 11, HTTP_UPLOAD_CHECKSUM=sha256(b"x" * 11)).status_code == 413
    assert standing(client, place)["Upload-Offset"] == "0"


def sha256(data: bytes) -> str:
    return "sha256 " + base64.b64encode(hashlib.sha256(data).digest()).decode()


def test_what_arrives_damaged_is_460_and_not_kept(client: APIClient):
    place = place_of(begin(client))

    damaged = send(client, place, 0, PDF[:999] + b"?", HTTP_UPLOAD_CHECKSUM=sha256(PDF[:1000]))
    unknown = send(client, place, 0, PDF[:1000], HTTP_UPLOAD_CHECKSUM="crc32 AAAA")
    whole = send(client, place, 0, PDF[:1000], HTTP_UPLOAD_CHECKSUM=sha256(PDF[:1000]))

    assert (damaged.status_code, damaged.json()["code"]) == (460, "checksum_mismatch")
    assert (unknown.status_code, whole.status_code, whole["Upload-Offset"]) == (400, 204, "1000")


def test_another_version_is_412_and_every_answer_tells_ours(client: APIClient):
    place = place_of(begin(client))

    answers = [begin(client, HTTP_TUS_RESUMABLE="0.2.2"), client.head(place), client.patch(place)]
    told = client.options(UPLOADS)

    assert {answer.status_code for answer in answers} == {412}
    assert {answer["Tus-Version"] for answer in answers} == {"1.0.0"}
    assert (told.status_code, told["Tus-Max-Size"]) == (204, str(files.LARGEST_BYTES))
    assert told["Tus-Extension"] == "creation,expiration,checksum,termination"


def test_other_content_and_headers_that_are_none_are_4xx(client: APIClient):
    place = place_of(begin(client))

    assert send(client, place, 0, b"{}", content_type="application/json").status_code == 415
    assert send(client, place, "x", b"x").status_code == 400
    assert client.post(UPLOADS, HTTP_UPLOAD_LENGTH="5", HTTP_UPLOAD_METADATA="filename !", **TUS).status_code == 400


def test_what_is_not_taken_as_a_file_is_refused_at_its_end_and_given_up(client: APIClient, storage: Path):
    program = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200
    place = place_of(begin(client, len(program), "film.mp4"))

    answer = send(client, place, 0, program)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "type")
    assert standing(client, place).status_code == 404
    assert not StoredFile.objects.exists()
    assert not [path for path in storage.rglob("*") if path.is_file()]


def test_while_nobody_can_look_into_it_the_whole_waits_and_is_taken_later(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
):
    def away(_data: bytes) -> bool:
        raise Unavailable

    place = place_of(begin(client))
    with monkeypatch.context() as patch:
        patch.setattr(scanning, "is_clean", away)
        assert send(client, place, 0, PDF).status_code == 503
    waiting = standing(client, place)
    assert (waiting["Upload-Offset"], waiting.has_header("Upload-File")) == (str(len(PDF)), False)

    first = send(client, place, len(PDF), b"")
    again = send(client, place, len(PDF), b"")

    assert first["Upload-File"] == again["Upload-File"]
    assert StoredFile.objects.count() == 1


def test_so_many_at_once_and_no_more(client: APIClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(partial, "MOST_OPEN", 2)

    answers = [begin(client) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert client.delete(place_of(answers[0]), **TUS).status_code == 204

    assert begin(client).status_code == 201


def test_what_is_given_up_once_all_of_it_arrived_is_gone_too(client: APIClient):
    place = place_of(begin(client))
    file = send(client, place, 0, PDF)["Upload-File"]

    assert client.delete(place, **TUS).status_code == 204

    assert not StoredFile.objects.exists()
    assert not Upload.objects.exists()
    assert client.get(f"/api/v1/files/{file}").status_code == 404
    assert Entry.objects.filter(act="file.given_up").count() == 1


def test_of_a_file_that_is_part_of_a_matter_only_the_upload_is_given_up(client: APIClient, owner: Account):
    place = place_of(begin(client))
    file = send(client, place, 0, PDF)["Upload-File"]
    files.attach(
        file_ids=[UUID(file)], subject="C-1", purpose="evidence", by=owner, pointer="/evidence", now=people.NOW
    )

    assert client.delete(place, **TUS).status_code == 204

    assert not Upload.objects.exists()
    assert client.get(f"/api/v1/files/{file}/content").content == PDF


def test_what_nobody_finishes_is_gone_after_a_day(client: APIClient, storage: Path, owner: Account):
    upload = partial.begin(size_bytes=10, name="a", by=owner, now=people.NOW)
    partial.append(upload_id=upload.pk, offset=0, data=b"12345", by=owner, now=people.NOW)

    assert partial.forget_old(people.NOW + dt.timedelta(hours=23)) == 0
    assert partial.forget_old(people.NOW + partial.KEPT_FOR) == 1

    assert not Upload.objects.exists()
    assert not DataKey.objects.filter(pk=upload.data_key_id).exists()
    assert not [path for path in storage.rglob("*") if path.is_file()]


def test_a_crash_between_bytes_and_row_loses_nothing_and_leaves_nothing(
    owner: Account, monkeypatch: pytest.MonkeyPatch
):
    now = people.NOW
    upload = partial.begin(size_bytes=10, name="a", by=owner, now=now)
    partial.append(upload_id=upload.pk, offset=0, data=b"12345", by=owner, now=now)
    with monkeypatch.context() as patch:

        def killed(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        patch.setattr(Piece, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            partial.append(upload_id=upload.pk, offset=5, data=b"67890", by=owner, now=now)
    assert default_storage.exists(files.path_of(partial.piece_id(upload.pk, 5)))
    # What the crash left belongs to an upload under way, so it is no orphan.
    assert list(FileCheck(now + dt.timedelta(hours=1)).findings()) == []

    whole = partial.append(upload_id=upload.pk, offset=5, data=b"67890", by=owner, now=now)

    assert partial.content_of(whole) == b"1234567890"


def test_what_a_crash_left_after_the_file_was_stored_is_swept(owner: Account, storage: Path):
    now = people.NOW
    upload = partial.begin(size_bytes=5, name="a", by=owner, now=now)
    upload = partial.append(upload_id=upload.pk, offset=0, data=b"12345", by=owner, now=now)
    partial.note_file(upload, files.store(data=b"12345", name="a", by=owner, now=now))

    assert partial.forget_old(now) == 1
    assert partial.forget_old(now) == 0

    assert len([path for path in storage.rglob("*") if path.is_file()]) == 1


def test_a_check_of_the_files_looks_at_pieces_too(client: APIClient):
    place = place_of(begin(client))
    send(client, place, 0, PDF[:1000])
    piece = Piece.objects.get()
    out = io.StringIO()
    default_storage.delete(files.path_of(piece.pk))

    with pytest.raises(SystemExit):
        call_command("check_files", stdout=out)

    assert out.getvalue() == f"missing {piece.pk}\n"
