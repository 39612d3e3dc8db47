"""What `manage.py check_files` finds, and what it leaves alone."""

import io
import os
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from core import files
from core.actors import Nobody
from core.ids import uuid7
from core.models import StoredFile
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db
OWNER = Nobody("account:owner")


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "storage"
    return tmp_path / "storage"


def stored(name: str = "contract-of-somebody.txt") -> StoredFile:
    return files.store(data=b"what nobody may read in a report", name=name, by=OWNER, now=NOW)


def orphan(storage: Path, path: str, age_seconds: float) -> None:
    file = storage / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"sealed")
    os.utime(file, (time.time() - age_seconds,) * 2)


def checked() -> tuple[int, list[str]]:
    """Run the command; return its exit code and its lines."""
    out = io.StringIO()
    try:
        call_command("check_files", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_files_as_they_were_stored_are_counted():
    stored()
    stored()

    assert checked() == (0, ["OK 2 files"])


def test_a_portal_without_any_file_is_well():
    assert checked() == (0, ["OK 0 files"])


def test_a_missing_a_changed_and_an_orphaned_file_are_named_by_ids_only(storage: Path):
    missing, changed, lost = stored(), stored(), uuid7()
    (storage / files.path_of(missing.pk)).unlink()
    with (storage / files.path_of(changed.pk)).open("ab") as file:
        file.write(b".")
    orphan(storage, files.path_of(lost), 301)

    code, lines = checked()

    assert code == 1
    assert lines == [f"missing {missing.pk}", f"changed {changed.pk}", f"orphaned {files.path_of(lost)}"]


def test_a_single_changed_byte_is_seen(storage: Path):
    changed = stored()
    path = storage / files.path_of(changed.pk)
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(bytes(sealed))

    assert checked() == (1, [f"changed {changed.pk}"])


@pytest.mark.parametrize(("age_seconds", "code"), [(0, 0), (290, 0), (310, 1)])
def test_an_upload_in_flight_is_no_orphan(storage: Path, age_seconds: int, code: int):
    orphan(storage, files.path_of(uuid7()), age_seconds)

    assert checked()[0] == code


@pytest.mark.parametrize("path", ["files/no-id", "files/zz/{}", "files/{}"])
def test_a_file_where_none_belongs_is_an_orphan_whatever_its_name(storage: Path, path: str):
    known: UUID = stored().pk
    orphan(storage, path.format(known), 3600)

    assert checked() == (1, [f"orphaned {path.format(known)}"])
