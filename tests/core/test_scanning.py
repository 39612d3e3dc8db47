"""What a ClamAV daemon says of a file: clean, found, nothing; and what becomes of the file."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from core import files, scanning
from core.actors import PUBLIC
from core.errors import Invalid, Unavailable
from core.models import FileState, StoredFile
from tests.factories.people import NOW

FOUND = b"stream: Eicar-Test-Signature FOUND\0"
TEXT = b"A text that somebody hands in. " * 20_000


class Daemon:
    """Speaks as clamd does: takes one stream, keeps it, answers as it is told."""

    def __init__(self) -> None:
        self.answer = b"stream: OK\0"
        self.came: list[bytes] = []

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                said = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    said += stream.read(size)
                self.came.append(said)
                caller.sendall(self.answer)


@pytest.fixture(params=["tcp", "unix"])
def daemon(request: Any, settings: Settings, tmp_path: Path) -> Iterator[Daemon]:
    if request.param == "tcp":
        listening = socket.create_server(("127.0.0.1", 0))
        settings.CLAMD_URL = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
    else:
        listening = socket.create_server(str(tmp_path / "s"), family=socket.AF_UNIX)
        settings.CLAMD_URL = f"unix://{tmp_path}/s"
    settings.MEDIA_ROOT = tmp_path / "storage"
    found = Daemon()
    thread = threading.Thread(target=found.serve, args=[listening], daemon=True)
    thread.start()
    yield found
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


def stored() -> StoredFile:
    return files.store(data=TEXT, name="a.txt", by=PUBLIC, now=NOW)


def attach(file: StoredFile) -> None:
    files.attach(file_ids=[file.pk], subject="C-1", purpose="evidence", by=PUBLIC, pointer="/evidence", now=NOW)


@pytest.mark.django_db
def test_a_file_in_which_nothing_is_found_can_be_attached(daemon: Daemon):
    file = stored()

    assert (file.state, daemon.came) == (FileState.CLEAN, [TEXT])
    attach(file)


@pytest.mark.django_db
def test_a_file_in_which_something_is_found_is_refused_and_part_of_nothing(daemon: Daemon):
    daemon.answer = FOUND

    file = stored()

    assert file.state == FileState.REFUSED
    with pytest.raises(Invalid):
        attach(file)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK but", b"\xff" * 5000])
def test_without_a_clear_answer_nothing_is_taken(daemon: Daemon, answer: bytes):
    daemon.answer = answer

    with pytest.raises(Unavailable):
        stored()

    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_without_a_daemon_where_one_should_be_nothing_is_taken(settings: Settings, url: str):
    settings.CLAMD_URL = url

    with pytest.raises(Unavailable):
        scanning.is_clean(TEXT)


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("tcp://clamd:3310", True), ("tcp://clamd", True), ("tcp://[::1]:3310", True), ("unix:///run/clamd.ctl", True),
        ("clamd:3310", False), ("tcp://", False), ("tcp://clamd:x", False), ("unix://", False), ("http://clamd", False),
    ],
)  # fmt: skip
def test_where_a_daemon_can_be(url: str, is_one: bool):
    assert scanning.is_daemon(url) is is_one
