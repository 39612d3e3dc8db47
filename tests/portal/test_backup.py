"""A backup put back into another database: what comes back, what is refused, and what is said about an older one."""

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection

from core import files
from core.actors import Nobody
from core.models import Clock, StoredFile
from investigations import actions
from investigations.models import Investigation
from investigations.rules import DisclosureState, State
from ledger import keys, publishing
from ledger.models import Entry
from portal import backup, dumping
from tests.investigations import world as worlds
from tests.investigations.world import CANARY

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = Nobody("account:owner")


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "storage"
    return tmp_path / "storage"


@pytest.fixture
def other_machine(settings: Any, tmp_path: Path) -> Iterator[Any]:
    """Give a function that moves this process to a machine with an empty database, no files and no checkpoints."""
    here = connection.settings_dict["NAME"]
    there = f"{here}_other"  # each of the processes that test side by side has its own

    def to_maintenance(statement: str) -> None:
        where = connection.settings_dict
        with psycopg.connect(
            host=where["HOST"], port=where["PORT"] or None, user=where["USER"], password=where["PASSWORD"],
            dbname="postgres", autocommit=True,
        ) as maintenance:  # fmt: skip
            maintenance.execute(statement)

    def move() -> None:
        to_maintenance(f"CREATE DATABASE {there}")
        connection.close()
        connection.settings_dict["NAME"] = there
        settings.MEDIA_ROOT = tmp_path / "other-storage"
        settings.LEDGER_CHECKPOINT_DIR = tmp_path / "other-checkpoints"

    yield move
    connection.close()
    connection.settings_dict["NAME"] = here
    # Not with FORCE: that may not end a vacuum that the server began there, and without it the server waits for it.
    to_maintenance(f"DROP DATABASE IF EXISTS {there}")


def manage(*arguments: object) -> list[str]:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def refusal(*arguments: object) -> str:
    """Return the one line with which the command refuses."""
    with pytest.raises(CommandError) as refused:
        manage(*arguments)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def stored() -> StoredFile:
    return files.store(data=b"what somebody handed in", name="a.txt", by=OWNER, now=worlds.now())


def tables() -> list[str]:
    return connection.introspection.table_names()


def test_all_of_it_comes_back_on_an_empty_machine(tmp_path: Path, other_machine: Any):
    world = worlds.make()
    collected, waiting = world.disclosed(), world.disclosed()
    world.collected(collected)
    worlds.seal()
    file = stored()
    entries = set(Entry.objects.values_list("pk", flat=True))
    made = manage("backup", tmp_path / "backup")
    other_machine()

    lines = manage("restore", tmp_path / "backup")

    count = StoredFile.objects.count()
    assert made == [f"OK {tmp_path / 'backup'}: {count} files, ledger size {len(entries)}"]
    assert lines == [
        f"VOIDED the delivery of {waiting.reference}: only a reissue makes it ready again",
        f"OK {count} files, ledger size {len(entries)}",
    ]
    assert files.content_of(StoredFile.objects.get(pk=file.pk)) == b"what somebody handed in"
    assert manage("check_files") == [f"OK {count} files"]
    assert set(Entry.objects.values_list("pk", flat=True)) > entries
    assert [worlds.live(one).state for one in (collected, waiting)] == [
        DisclosureState.COLLECTED,
        DisclosureState.EXPIRED,
    ]
    assert not Clock.objects.filter(matter=waiting.reference, name="collection", state="running").exists()
    worlds.follow()
    assert manage("verify_ledger")[0].startswith(f"OK size {Entry.objects.count()} ")
    with connection.cursor() as cursor:  # the application's role can add to the record, and no more
        rights = [f"has_table_privilege('portal_app', 'ledger_entry', '{right}')" for right in ("INSERT", "UPDATE")]
        cursor.execute(f"SELECT {', '.join(rights)}")
        assert cursor.fetchone() == (True, False)

    world.authorizer.second_factor_at = worlds.now()
    actions.reissue(reference=waiting.reference, reasons="Restored.", by=world.authorizer, now=worlds.now())
    assert Investigation.objects.get(pk=waiting.pk).state == State.DISCLOSED


def test_it_shows_nothing_of_a_person_and_no_password_and_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    worlds.make()
    arguments: list[str] = []
    original = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda a, **k: (arguments.extend(map(str, a)), original(a, **k))[1])

    manage("backup", tmp_path / "backup")

    read = [dumping._program("pg_restore"), "-f", "-", str(tmp_path / "backup" / backup.DUMP)]
    everything = original(read, capture_output=True, check=True).stdout
    everything += b"".join(path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file())
    assert [value for value in CANARY.values() if value.encode() in everything] == []
    assert arguments
    assert not any(connection.settings_dict["PASSWORD"] in argument for argument in arguments)
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_a_full_folder_and_a_lost_file_stop_the_backup_and_leave_nothing(tmp_path: Path, storage: Path):
    for name in ("full", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "full" / "mine").touch()

    assert "not an empty folder" in refusal("backup", tmp_path / "full")
    assert manage("backup", tmp_path / "empty") == [f"OK {tmp_path / 'empty'}: 0 files, ledger size 0"]
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine"]

    lost = stored()
    (storage / files.path_of(lost.pk)).unlink()

    assert str(lost.pk) in refusal("backup", tmp_path / "to" / "backup")
    assert list((tmp_path / "to").iterdir()) == []


def test_whatever_is_damaged_or_missing_is_refused_before_anything_is_touched(tmp_path: Path, other_machine: Any):
    stored()
    worlds.seal()
    manage("backup", tmp_path / "backup")
    parts = [path.relative_to(tmp_path / "backup") for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    other_machine()

    refusals = []
    for number, part in enumerate(parts):
        for damage in ("changed", "gone"):
            copy = tmp_path / f"copy-{number}-{damage}"
            shutil.copytree(tmp_path / "backup", copy)
            if damage == "gone":
                (copy / part).unlink()
            else:
                content = bytearray((copy / part).read_bytes())
                content[len(content) // 2] ^= 1
                (copy / part).write_bytes(bytes(content))
            refusals.append(refusal("restore", copy))

    assert len(parts) == 6
    assert all("damaged" in line or "incomplete" in line or "not a whole" in line for line in refusals)
    assert "not a whole backup" in refusal("restore", tmp_path / "nowhere")
    assert tables() == []


def test_an_older_backup_is_reported_and_what_proves_the_loss_is_kept(tmp_path: Path):
    world = worlds.make()
    world.filed()
    worlds.seal()
    manage("backup", tmp_path / "backup")
    world.filed()
    worlds.seal()
    newest = (keys.checkpoint_dir() / publishing.LATEST_FILE).read_text()

    lines = manage("restore", tmp_path / "backup", "--replace")

    warnings = [line for line in lines if line.startswith("WARNING")]
    assert len(warnings) == 1
    assert "older" in warnings[0]
    assert [path.read_text() for path in keys.checkpoint_dir().glob("before-restore-*")] == [newest]


def test_a_ledger_that_is_not_the_kept_one_is_refused_and_all_stays_as_it_was(tmp_path: Path):
    worlds.make().filed()
    worlds.seal()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET actor = 'somebody:else' WHERE act = 'investigation.filed'")
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    manage("backup", tmp_path / "backup")
    later = stored()

    line = refusal("restore", tmp_path / "backup", "--replace")

    assert "does not verify: entry (" in line
    assert StoredFile.objects.filter(pk=later.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [dumping.ASIDE])
        assert cursor.fetchone() == (0,)


def test_the_keys_must_be_those_it_was_sealed_with(tmp_path: Path, settings: Any, other_machine: Any):
    stored()
    manage("backup", tmp_path / "backup")
    other_machine()
    right = settings.FIELD_KEYS

    settings.FIELD_KEYS = right.replace("test1:", "another:")
    assert "FIELD_KEYS lacks what the backup is sealed with: test1" in refusal("restore", tmp_path / "backup")

    settings.FIELD_KEYS = "test1:" + "B" * 43 + "="
    assert "the key named test1 in FIELD_KEYS is another" in refusal("restore", tmp_path / "backup")
    assert tables() == []


def test_a_database_that_holds_something_is_replaced_only_when_told_and_nobody_uses_it(tmp_path: Path):
    stored()
    Session.objects.create(session_key="a", session_data="", expire_date=worlds.now())
    manage("backup", tmp_path / "backup")
    later = stored()

    assert "--replace" in refusal("restore", tmp_path / "backup")
    where = connection.settings_dict
    with psycopg.connect(
        host=where["HOST"],
        port=where["PORT"] or None,
        user=where["USER"],
        password=where["PASSWORD"],
        dbname=where["NAME"],
    ):
        assert "stop serve and worker" in refusal("restore", tmp_path / "backup", "--replace")
    # As a restore leaves it that was killed half-way: the next one, here refused, first undoes it.
    dumping.load(tmp_path / "backup" / backup.DUMP)
    assert not StoredFile.objects.filter(pk=later.pk).exists()
    assert "--replace" in refusal("restore", tmp_path / "backup")
    assert StoredFile.objects.filter(pk=later.pk).exists()

    assert manage("restore", tmp_path / "backup", "--replace")[-1].startswith("OK 1 files")
    assert not StoredFile.objects.filter(pk=later.pk).exists()
    assert not Session.objects.exists()

    content = json.loads((tmp_path / "backup" / backup.MANIFEST).read_text())
    newer = backup.Manifest(**content | {"migrations": [*content["migrations"], "ledger.9999_later"]})
    backup._write_manifest(tmp_path / "backup", newer)
    assert "ledger.9999_later is not known" in refusal("restore", tmp_path / "backup", "--replace")
