"""What files are taken, by their bytes, and how they are kept."""

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core import files
from core.actors import PUBLIC, Nobody
from core.errors import Invalid, NotFound, TooLarge
from core.models import Attachment, StoredFile
from tests.factories.people import NOW

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005fe02fea735"
    "81840000000049454e44ae426082"
)
MAIL = b"Return-Path: <a@films.example>\nReceived: by mx\n\tfor b; today\nFrom: a@films.example\n\n<html>hello</html>\n"
OWNER = Nobody("account:owner")


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "a")
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.4\n% only text\n%%EOF\n", "application/pdf"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", "image/jpeg"),
        (zipped(), "application/zip"),
        ("A letter. 一封信。\n".encode(), "text/plain"),
        (b"Dear agent: please remove this.\nFrom: me\n", "text/plain"),
        (MAIL, "message/rfc822"),
        (b"<!DOCTYPE html><p>page", ""),
        (b"<?xml version='1.0'?><svg/>", ""),
        (b"hello <ScRiPt>alert(1)</script>", ""),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00", ""),
        (b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 60, ""),
        (b"\x00\x01\x02\x03", ""),
    ],
)
def test_the_bytes_say_what_a_file_is(data: bytes, media_type: str):
    assert files.media_type_of(data) == media_type


def test_looking_for_a_mail_takes_no_time_on_hostile_text():
    started = time.monotonic()

    files.media_type_of(b"a:\n" * 1_000_000)
    files.media_type_of(b"a" * 3_000_000)
    files.media_type_of(b"a: b\n \n" * 500_000)

    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("scan.pdf", "scan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\somebody\\scan.pdf", "scan.pdf"),
        ('a"b\r\nc.pdf', "abc.pdf"),
        ("\u202egnp.exe", "gnp.exe"),
        ("", "file"),
        ("...", "file"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("合同.pdf", "合同.pdf"),
    ],
)
def test_names_are_safe_in_headers_and_on_disks(name: str, safe: str):
    assert files.safe_name(name) == safe


@pytest.mark.django_db
class TestKeeping:
    @pytest.fixture(autouse=True)
    def _own_storage(self, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path

    def test_a_file_comes_back_as_it_was(self):
        stored = files.store(data=MAIL, name="mail.eml", by=OWNER, now=NOW)

        found = files.owned_by(OWNER, stored.pk)
        assert (files.content_of(found), files.name_of(found)) == (MAIL, "mail.eml")

    def test_it_is_nobody_elses(self):
        stored = files.store(data=MAIL, name="mail.eml", by=OWNER, now=NOW)

        with pytest.raises(NotFound):
            files.owned_by(PUBLIC, stored.pk)

    def test_bytes_that_were_changed_on_disk_do_not_open(self, tmp_path: Path):
        stored = files.store(data=MAIL, name="mail.eml", by=OWNER, now=NOW)
        path = tmp_path / files.path_of(stored.pk)
        sealed = bytearray(path.read_bytes())
        sealed[40] ^= 1
        path.write_bytes(bytes(sealed))

        with pytest.raises(ValueError, match="does not belong"):
            files.content_of(stored)

    def test_too_much_or_nothing_leaves_nothing(self, tmp_path: Path):
        with pytest.raises(TooLarge):
            files.store(data=b"a" * (files.LARGEST_BYTES + 1), name="a.txt", by=OWNER, now=NOW)
        with pytest.raises(Invalid):
            files.store(data=b"", name="a.txt", by=OWNER, now=NOW)

        assert not StoredFile.objects.exists()
        assert not list(tmp_path.rglob("*"))

    def test_it_is_attached_once_and_in_the_order_given(self):
        one, two = (files.store(data=MAIL, name=f"{n}.eml", by=OWNER, now=NOW) for n in "12")
        given = {"subject": "C-1", "purpose": "evidence", "by": OWNER, "pointer": "/evidence", "now": NOW}

        files.attach(file_ids=[two.pk, one.pk], **given)
        files.attach(file_ids=[two.pk], **given)

        assert files.attached_to("C-1") == [two, one]
        assert files.attached_to("C-1", "other") == []
        assert Attachment.objects.count() == 2

    def test_somebody_elses_file_is_pointed_at(self):
        one = files.store(data=MAIL, name="1.eml", by=OWNER, now=NOW)

        with pytest.raises(Invalid) as refused:
            files.attach(file_ids=[one.pk], subject="C-1", purpose="evidence", by=PUBLIC, pointer="/evidence", now=NOW)

        assert refused.value.problems[0].pointer == "/evidence/0"
