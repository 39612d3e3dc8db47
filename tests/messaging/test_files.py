"""What the other side gets of a file: cleaned, or as it is where its sender says so; and small pictures of pictures."""

import io
import os
import struct
import subprocess
import sys
import threading
import time
import uuid
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from core import confined, files, sealing
from core.cleaning import NotCleanableError
from core.errors import Unavailable
from core.file_check import FileCheck
from core.models import Rendition, StoredFile
from ledger.models import Entry
from messaging import access
from messaging.models import Message
from tests.core.test_cleaning import SAMPLES, exif, paper, picture
from tests.messaging import world
from tests.messaging.test_api import Program, message
from tests.messaging.test_views import signed_in

pytestmark = pytest.mark.django_db
LOOPS = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
MAIL = b"From: zhang.san@films.example\nTo: li.si@films.example\n\nTake it down.\n"


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def pair() -> world.Pair:
    return world.pair()


def sent(pair: world.Pair, data: bytes, name: str = "zhang-san.bin") -> StoredFile:
    file = files.store(data=data, name=name, by=pair.rights_holder, now=world.NOW)
    answer = Program(pair.rights_holder).post(
        f"conversations/{pair.conversation.pk}/messages", message("", attachments=[str(file.pk)])
    )
    assert answer.status_code == 201
    return file


def got(pair: world.Pair, file: StoredFile, what: str = "") -> Any:
    return Program(pair.uploader).get(f"conversations/{pair.conversation.pk}/files/{file.pk}{what}")


TELLING = {
    "a photo": lambda: picture("JPEG", exif=exif()),
    "a scan": lambda: picture("TIFF", exif=exif()),
    "a document": paper,
    "a film": (SAMPLES / "film.mp4").read_bytes,
    "a recording": (SAMPLES / "vorbis.ogg").read_bytes,
}


@pytest.mark.parametrize("name", TELLING)
def test_the_other_side_learns_nothing_of_who_made_a_file_and_its_owner_keeps_all_of_it(
    pair: world.Pair, name: str
) -> None:
    data = TELLING[name]()
    file = sent(pair, data)

    answer = got(pair, file)

    assert answer.status_code == 200
    shown = answer.content + str(answer.headers).encode() + got(pair, file, "/preview").content
    assert b"Zhang San" in data
    assert b"zhang" not in shown.lower()
    own = Program(pair.rights_holder)
    assert own.get(f"conversations/{pair.conversation.pk}/files/{file.pk}").content == data
    assert own.get(f"files/{file.pk}/for-others").json() == {"others_get": "cleaned"}


def test_what_is_made_of_a_file_is_made_once_and_lies_sealed_and_known(pair: world.Pair, tmp_path: Path) -> None:
    file = sent(pair, picture("JPEG", exif=exif()))

    first, again = got(pair, file), got(pair, file)
    got(pair, file, "/preview")

    assert first.content == again.content
    assert sorted(Rendition.objects.values_list("kind", flat=True)) == ["cleaned", "preview"]
    lying = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(lying) == 3
    assert not [data for data in lying if b"JFIF" in data or b"WEBP" in data]
    assert list(FileCheck(world.now()).findings()) == []


def test_a_check_of_the_files_misses_what_was_made_of_one(pair: world.Pair, tmp_path: Path) -> None:
    file = sent(pair, picture("PNG"))
    got(pair, file)
    made = Rendition.objects.get()
    (tmp_path / files.path_of(made.pk)).unlink()

    assert [f"{one.fault} {one.what}" for one in FileCheck(world.now()).findings()] == [f"missing {made.pk}"]


def test_with_the_key_of_a_file_all_that_was_made_of_it_is_gone(pair: world.Pair) -> None:
    file = sent(pair, picture("PNG"))
    got(pair, file, "/preview")

    sealing.destroy(file.data_key, now=world.now())

    assert (got(pair, file, "/preview").status_code, got(pair, file).status_code) == (410, 410)


WITHHELD = {"a mail": MAIL, "a document that nobody can read": b"%PDF-1.4\n% canary\n%%EOF\n"}


@pytest.mark.parametrize("name", WITHHELD)
def test_what_can_not_be_cleaned_is_withheld_until_its_sender_says_so(pair: world.Pair, name: str) -> None:
    file, holder = sent(pair, WITHHELD[name]), Program(pair.rights_holder)
    assert holder.get(f"files/{file.pk}/for-others").json() == {"others_get": "withheld"}
    refused = got(pair, file)
    assert (refused.status_code, refused.json()["code"]) == (403, "withheld")
    assert Program(pair.uploader).post(f"files/{file.pk}/unchanged", {}).status_code == 404

    answers = [holder.post(f"files/{file.pk}/unchanged", {}).status_code for _ in range(2)]

    assert answers == [200, 409]
    assert got(pair, file).content == WITHHELD[name]
    assert holder.get(f"files/{file.pk}/for-others").json() == {"others_get": "as_it_is"}
    assert Entry.objects.filter(act="file.passed_unchanged").count() == 1


def test_a_text_is_the_same_and_an_archive_passes_with_a_warning(pair: world.Pair) -> None:
    archive = b"PK\x05\x06" + bytes(18)
    text, packed = sent(pair, b"The contract."), sent(pair, b"PK\x03\x04" + bytes(40) + archive)
    holder = Program(pair.rights_holder)

    assert holder.get(f"files/{text.pk}/for-others").json() == {"others_get": "same"}
    assert holder.get(f"files/{packed.pk}/for-others").json() == {"others_get": "as_it_is"}
    assert (got(pair, text).content, got(pair, packed).status_code) == (b"The contract.", 200)
    assert Program(pair.uploader).get(f"files/{text.pk}/for-others").status_code == 404


def test_a_page_tells_the_sender_what_the_other_side_gets_and_takes_the_decision(pair: world.Pair) -> None:
    file = sent(pair, MAIL)
    place = reverse("messaging:passing", args=[pair.conversation.pk, file.pk])
    browser = signed_in(pair.rights_holder)

    told = browser.get(place).content.decode()
    assert "can't open this file yet" in told
    assert signed_in(pair.uploader).get(place).status_code == 404
    assert browser.post(place).status_code == 303

    assert got(pair, file).content == MAIL
    assert "as it is, with all that it says" in browser.get(place).content.decode()


@pytest.mark.parametrize(("data", "ends"), [(MAIL, "/passing/"), (b"The contract.", "")])
def test_a_form_without_scripts_leads_to_the_decision_where_there_is_one(
    pair: world.Pair, data: bytes, ends: str
) -> None:
    upload = SimpleUploadedFile("zhang-san.eml", data)
    place = reverse("messaging:conversation", args=[pair.conversation.pk])

    answer = signed_in(pair.rights_holder).post(
        place, {"client_id": str(uuid.uuid4()), "body": "See this", "file": upload}
    )

    file = StoredFile.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{place}files/{file.pk}{ends}" if ends else place)


def test_the_page_shows_small_pictures_and_leads_the_sender_to_what_others_get(pair: world.Pair) -> None:
    file = sent(pair, picture("PNG"))
    place = reverse("messaging:conversation", args=[pair.conversation.pk])

    mine, theirs = (signed_in(one).get(place).content.decode() for one in (pair.rights_holder, pair.uploader))

    assert f"{place}files/{file.pk}/preview/" in mine
    assert f"{place}files/{file.pk}/preview/" in theirs
    assert (f"{file.pk}/passing/" in mine, f"{file.pk}/passing/" in theirs) == (True, False)


@pytest.mark.parametrize("name", ["a photo", "a scan"])
def test_a_preview_is_small_upright_and_runs_nowhere(pair: world.Pair, name: str) -> None:
    big = io.BytesIO()
    Image.new("RGB", (1200, 600), "red").save(big, {"a photo": "JPEG", "a scan": "TIFF"}[name], exif=exif())
    file = sent(pair, big.getvalue())

    place = reverse("messaging:preview", args=[pair.conversation.pk, file.pk])
    answers = [got(pair, file, "/preview"), signed_in(pair.rights_holder).get(place)]

    for answer in answers:
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        small = Image.open(io.BytesIO(answer.content))
        assert (small.size, dict(small.getexif())) == ((240, 480), {})
    assert signed_in(world.pair().uploader).get(place).status_code == 404


def test_a_withdrawn_picture_has_no_preview_any_more(pair: world.Pair) -> None:
    file, holder = sent(pair, picture("PNG")), Program(pair.rights_holder)
    path = f"conversations/{pair.conversation.pk}/messages"
    said = holder.get(path).json()["results"][0]["id"]
    assert got(pair, file, "/preview").status_code == 200

    assert holder.post(f"{path}/{said}/withdrawal", {}).status_code in (200, 201)

    assert got(pair, file, "/preview").status_code == 404


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that says it is that large, in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("data", [bomb(60_000, 60_000), bomb(8_001, 8_001), b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_a_bomb_and_what_is_no_picture_have_no_preview_and_are_tried_once(pair: world.Pair, data: bytes) -> None:
    file = sent(pair, data)
    began = time.monotonic()

    assert [got(pair, file, "/preview").status_code for _ in range(2)] == [404, 404]

    assert time.monotonic() - began < 10
    assert not Rendition.objects.get(kind="preview").is_made


def test_texts_and_sounds_have_no_preview(pair: world.Pair) -> None:
    for data in (b"The contract.", (SAMPLES / "sound.flac").read_bytes()):
        assert got(pair, sent(pair, data), "/preview").status_code == 404


def limited(program: str) -> subprocess.CompletedProcess[bytes]:
    start = f"import sys; sys.path[:0] = {sys.path!r}; from core.confined_jobs import confine; confine(); {program}"
    return subprocess.run([sys.executable, "-c", start], capture_output=True, check=False)


def test_a_confined_process_gets_no_more_memory_and_writes_no_file(tmp_path: Path) -> None:
    greedy = limited("bytearray(2 * 1024**3)")
    limited(f"open({str(tmp_path / 'x')!r}, 'wb').write(b'x' * 100)")

    assert b"MemoryError" in greedy.stderr
    assert not [path for path in tmp_path.iterdir() if path.stat().st_size]


def test_a_confined_process_knows_no_secret_and_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "START", "import os, sys; sys.stdout.write(repr(sorted(os.environ)))")
    assert "FIELD_KEYS" in os.environ
    assert b"FIELD_KEYS" not in confined.run("cleaned", b"", "image/png")

    monkeypatch.setattr(confined, "START", "import time; time.sleep(60)")
    monkeypatch.setattr(confined, "WITHIN_SECONDS", 0.2)
    with pytest.raises(Unavailable):
        confined.run("cleaned", b"", "image/png")


def test_a_job_that_dies_is_the_files_fault_and_a_missing_library_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for start, refusal in ((LOOPS, NotCleanableError), ("import sys; sys.exit(3)", Unavailable)):
        monkeypatch.setattr(confined, "START", start)
        with pytest.raises(refusal):
            confined.run("cleaned", b"", "image/png")


def test_while_too_many_wait_nothing_is_said_of_a_file(pair: world.Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sent(pair, picture("PNG"))
    with monkeypatch.context() as patch:
        patch.setattr(confined, "WITHIN_SECONDS", 0.01)
        patch.setattr(confined, "_room", threading.BoundedSemaphore(1))
        with confined._room:
            assert got(pair, file).status_code == 503

    assert not Rendition.objects.exists()
    assert got(pair, file).status_code == 200


def test_a_file_of_another_conversation_is_none_of_this_one(pair: world.Pair) -> None:
    file = sent(world.pair(), picture("PNG"))

    assert (got(pair, file).status_code, got(pair, file, "/preview").status_code) == (404, 404)
    assert not access.visible_to(pair.uploader, conversation=file.pk)


def test_a_pdf_that_was_cleaned_still_opens(pair: world.Pair) -> None:
    with pikepdf.open(io.BytesIO(got(pair, sent(pair, paper())).content)) as read:
        assert len(read.pages) == 1


def test_a_file_of_an_old_message_is_saved_under_the_name_that_it_has_there(pair: world.Pair) -> None:
    file = files.store(data=b"The contract.", name="zhang-san.txt", by=pair.rights_holder, now=world.NOW)
    files.attach(
        file_ids=[file.pk], subject=pair.conversation.ledger_reference, purpose="message", by=pair.rights_holder,
        pointer="", now=world.NOW,
    )  # fmt: skip
    told = {"id": str(file.pk), "name": "attachment-1.txt", "media_type": "text/plain", "size": 13}
    Message.objects.create(
        id=uuid.uuid4(), client_id=uuid.uuid4(), conversation=pair.conversation, sender=pair.party("rights_holder"),
        seq=1, body="", attachments=[told], digest=b"x" * 32, sent_at=world.NOW,
    )  # fmt: skip

    assert got(pair, file).headers["Content-Disposition"] == 'attachment; filename="attachment-1.txt"'


def test_the_page_about_a_file_tells_its_sender_its_own_name_for_it_and_nobody_else(pair: world.Pair) -> None:
    file = sent(pair, b"The contract.", name="zhang-san.txt")
    address = reverse("messaging:passing", args=[pair.conversation.pk, file.pk])

    page = signed_in(pair.rights_holder).get(address).content.decode()

    assert "Your name for it: zhang-san.txt" in page
    assert access.name_of(file) in page
    assert signed_in(pair.uploader).get(address).status_code == 404
    conversation = reverse("messaging:conversation", args=[pair.conversation.pk])
    assert "zhang-san" in signed_in(pair.rights_holder).get(conversation).content.decode()
    assert "zhang-san" not in signed_in(pair.uploader).get(conversation).content.decode()


@pytest.mark.django_db(transaction=True)
def test_messages_with_the_same_files_in_another_order_wait_for_each_other_and_not_for_ever(pair: world.Pair) -> None:
    kept = [files.store(data=b"%d" % n, name="a.txt", by=pair.rights_holder, now=world.NOW).pk for n in range(6)]
    meeting, answers = threading.Barrier(2, timeout=20), list[int]()

    def send(order: list[uuid.UUID]) -> None:
        try:
            for _ in range(8):
                meeting.wait()
                given = message("", attachments=[str(one) for one in order])
                answer = Program(pair.rights_holder).post(f"conversations/{pair.conversation.pk}/messages", given)
                answers.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(order,)) for order in (kept, kept[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [201] * 16
