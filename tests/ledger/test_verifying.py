"""Whatever is done to the tables is seen, and the first entry that shows it is named."""

import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from ledger import canonical, keys, merkle, notes, sealing, stored, verifying
from ledger.models import Checkpoint, Entry, Leaf, Node
from ledger.tree import newest_checkpoint
from tests.ledger.conftest import NOW, Act, Sql

pytestmark = pytest.mark.django_db


def fault() -> verifying.WrongLedger:
    with pytest.raises(verifying.WrongLedger) as caught:
        verifying.verify(keys.own_verifiers())
    return caught.value


def test_a_whole_ledger_is_said_to_be_whole(sealed: list[Entry], act: Act) -> None:
    act("C-later")

    found = verifying.verify(keys.own_verifiers())

    newest = newest_checkpoint()
    assert newest is not None
    assert (found.tree_size, found.root, found.pending) == (300, bytes(newest.root), 1)


def test_an_empty_ledger_is_whole() -> None:
    assert verifying.verify(keys.own_verifiers()) == verifying.Verified(0, merkle.EMPTY_ROOT, 0)


# Entry 4 is sealed in the second checkpoint; each change is the smallest that the column's constraint lets pass.
CHANGED_ENTRIES = {
    "id": "id = ('f' || substr(id::text, 2))::uuid",
    "act": "act = 'matter.noved'",
    "subject": "subject = 'C-5'",
    "provider": "provider = 'gilms'",
    "actor": "actor = 'systen'",
    "at": "at = at + interval '1 microsecond'",
    "at, hours": "at = at - interval '1 hour'",
    "facts": "facts = replace(facts, 'filed', 'giled')",
    "facts, spelling": "facts = replace(facts, ':', ': ')",
    "key_id": "key_id = 'ffffffff'",
    "signature": "signature = set_byte(signature, 63, get_byte(signature, 63) # 1)",
}


@pytest.mark.parametrize("change", CHANGED_ENTRIES.values(), ids=CHANGED_ENTRIES.keys())
def test_a_changed_entry_is_named(change: str, sealed: list[Entry], tamper: Sql) -> None:
    tamper(f"UPDATE ledger_entry SET {change} WHERE id = %s", sealed[4].id)

    found = fault()

    assert found.index == 4
    assert found.entry == sealed[4].id


CHANGED_TREES = {
    "leaf hash": (
        "UPDATE ledger_leaf SET leaf_hash = set_byte(leaf_hash, 0, get_byte(leaf_hash, 0) # 1) WHERE index = 4",
        4,
    ),
    "leaf index": ("UPDATE ledger_leaf SET index = 400 WHERE index = 4", 4),
    "leaf entry": (
        "UPDATE ledger_leaf SET entry_id = ('f' || substr(entry_id::text, 2))::uuid WHERE index = 4",
        4,
    ),
    "leaf removed": ("DELETE FROM ledger_leaf WHERE index = 4", 4),
    "first leaf removed": ("DELETE FROM ledger_leaf WHERE index = 0", 0),
    "last leaf removed": ("DELETE FROM ledger_leaf WHERE index = 299", 299),
    "node hash": ("UPDATE ledger_node SET hash = set_byte(hash, 31, get_byte(hash, 31) # 1)", 0),
    "node level": ("UPDATE ledger_node SET level = 16", 0),
    "node index": ("UPDATE ledger_node SET index = 1", 0),
    "node removed": ("DELETE FROM ledger_node", 0),
    "node added": ("INSERT INTO ledger_node (level, index, hash) SELECT level, 1, hash FROM ledger_node", 256),
    "checkpoint size": ("UPDATE ledger_checkpoint SET tree_size = 4 WHERE tree_size = 3", 0),
    "newest checkpoint size": ("UPDATE ledger_checkpoint SET tree_size = 299 WHERE tree_size = 300", 260),
    "checkpoint root": (
        "UPDATE ledger_checkpoint SET root = set_byte(root, 0, get_byte(root, 0) # 1) WHERE tree_size = 3",
        0,
    ),
    "checkpoint note": ("UPDATE ledger_checkpoint SET note = 'x' || note WHERE tree_size = 260", 260),
    "newest checkpoint note": (
        "UPDATE ledger_checkpoint SET note = overlay(note placing 'q' from 1) WHERE tree_size = 300",
        260,
    ),
    "checkpoint time": ("UPDATE ledger_checkpoint SET at = at + interval '1 microsecond' WHERE tree_size = 260", 260),
    "newest checkpoint time": (
        "UPDATE ledger_checkpoint SET at = at + interval '1 microsecond' WHERE tree_size = 300",
        260,
    ),
    "checkpoint link": (
        "UPDATE ledger_checkpoint SET previous = set_byte(previous, 0, get_byte(previous, 0) # 1) WHERE tree_size = 3",
        0,
    ),
    "checkpoint key": ("UPDATE ledger_checkpoint SET key_id = 'ffffffff' WHERE tree_size = 300", 260),
    "checkpoint signature": (
        "UPDATE ledger_checkpoint SET signature = set_byte(signature, 9, get_byte(signature, 9) # 1)"
        " WHERE tree_size = 260",
        260,
    ),
    "newest checkpoint signature": (
        "UPDATE ledger_checkpoint SET signature = set_byte(signature, 9, get_byte(signature, 9) # 1)"
        " WHERE tree_size = 300",
        260,
    ),
    "first checkpoint removed": ("DELETE FROM ledger_checkpoint WHERE tree_size = 3", 0),
    "checkpoint removed": ("DELETE FROM ledger_checkpoint WHERE tree_size = 260", 3),
    "newest checkpoint removed": ("DELETE FROM ledger_checkpoint WHERE tree_size = 300", 260),
    "every checkpoint removed": ("DELETE FROM ledger_checkpoint", 0),
    "two leaves swapped": (
        "UPDATE ledger_leaf SET index = CASE index WHEN 4 THEN 1005 ELSE 1004 END WHERE index IN (4, 5)",
        4,
    ),
}


@pytest.mark.parametrize(("statement", "index"), CHANGED_TREES.values(), ids=CHANGED_TREES.keys())
def test_a_changed_tree_is_seen_at_its_first_entry(
    statement: str, index: int, sealed: list[Entry], tamper: Sql
) -> None:
    tamper(statement)

    assert fault().index == index


def test_every_byte_of_the_newest_checkpoints_note_counts(sealed: list[Entry], tamper: Sql) -> None:
    newest = newest_checkpoint()
    assert newest is not None

    for place in range(0, len(newest.note), 7):
        changed = newest.note[:place] + chr(ord(newest.note[place]) ^ 1) + newest.note[place + 1 :]
        if changed.endswith("\n"):
            tamper("UPDATE ledger_checkpoint SET note = %s WHERE tree_size = 300", changed)
            assert fault().index == 260


def test_every_column_of_every_table_is_among_the_changes() -> None:
    """A column added later must be covered as well."""
    columns = {model: {field.column for field in model._meta.fields} for model in (Entry, Leaf, Node, Checkpoint)}

    assert columns[Entry] == {name for name in CHANGED_ENTRIES if "," not in name}
    changed = " ".join(statement for statement, _ in CHANGED_TREES.values())
    for model in (Leaf, Node, Checkpoint):
        for column in columns[model] - {None}:  # a composite key has no column of its own
            assert re.search(rf"UPDATE {model._meta.db_table} SET {column} =", changed), (model, column)


def test_a_removed_entry_is_named(sealed: list[Entry], tamper: Sql) -> None:
    tamper("DELETE FROM ledger_entry WHERE id = %s", sealed[4].id)

    assert (fault().index, fault().entry) == (4, sealed[4].id)


def test_swapped_entries_are_named(sealed: list[Entry], tamper: Sql) -> None:
    """Both leaves and their hashes change places: every single hash is right, and the tree is not."""
    tamper("UPDATE ledger_leaf SET index = index + 1000 WHERE index IN (4, 5)")
    tamper("UPDATE ledger_leaf SET index = CASE index WHEN 1004 THEN 5 ELSE 4 END WHERE index > 1000")

    found = fault()

    assert found.index is not None
    assert 0 <= found.index <= 4


def rewritten(change: Callable[[Entry], None], entry: Entry, tamper: Sql) -> None:
    """Change an entry and everything that hashes it, as far as it goes without the key."""
    change(entry)
    leaf_hash = merkle.leaf_hash(canonical.entry_leaf_bytes(entry.row))
    tamper("UPDATE ledger_entry SET facts = %s WHERE id = %s", entry.facts_text, entry.id)
    tamper("UPDATE ledger_leaf SET leaf_hash = %s WHERE entry_id = %s", leaf_hash, entry.id)
    frontier = merkle.Frontier()
    roots = {}
    for leaf in Leaf.objects.order_by("index"):
        for level, index, value in frontier.append(bytes(leaf.leaf_hash)):
            tamper("UPDATE ledger_node SET hash = %s WHERE level = %s AND index = %s", value, level, index)
        roots[frontier.size] = frontier.root()
    link = b""
    for checkpoint in Checkpoint.objects.order_by("tree_size"):
        checkpoint.root, checkpoint.previous = roots[checkpoint.tree_size], hashlib.sha256(link).digest()
        tamper(
            "UPDATE ledger_checkpoint SET root = %s, previous = %s WHERE tree_size = %s",
            checkpoint.root, checkpoint.previous, checkpoint.tree_size,
        )  # fmt: skip
        link = canonical.seal_link_bytes(checkpoint.row)


def test_an_entry_rewritten_with_every_hash_above_it_is_named(sealed: list[Entry], tamper: Sql) -> None:
    def change(entry: Entry) -> None:
        entry.facts_text = '{"state":"never filed"}'

    rewritten(change, sealed[150], tamper)

    assert (fault().index, fault().entry) == (150, sealed[150].id)


ADDED = (
    "INSERT INTO ledger_entry SELECT '00000000-0000-7000-8000-000000000000', act, subject, provider, actor, at, facts,"
    " key_id, signature FROM ledger_entry LIMIT 1"
)


def test_an_entry_added_by_hand_is_named(sealed: list[Entry], tamper: Sql) -> None:
    tamper(ADDED)

    assert fault().index is None
    assert str(fault().entry) == "00000000-0000-7000-8000-000000000000"
    assert "was added" in fault().what


def test_an_entry_added_with_a_leaf_is_named(sealed: list[Entry], tamper: Sql) -> None:
    tamper(ADDED)
    added = Entry.objects.get(pk="00000000-0000-7000-8000-000000000000")
    leaf_hash = merkle.leaf_hash(canonical.entry_leaf_bytes(added.row))
    tamper("INSERT INTO ledger_leaf (index, entry_id, leaf_hash) VALUES (300, %s, %s)", added.id, leaf_hash)

    assert (fault().index, fault().entry) == (300, added.id)


def test_a_waiting_entry_that_was_changed_removed_or_forgotten_is_named(act: Act, tamper: Sql) -> None:
    entry = act()

    for statement, words in (
        ("UPDATE ledger_entry SET at = at + interval '1 microsecond'", "was added"),
        ("UPDATE ledger_entry SET at = at - interval '1 microsecond'", ""),
        ("DELETE FROM ledger_pending", "neither sealed nor waiting"),
        ("INSERT INTO ledger_pending (entry_id) SELECT id FROM ledger_entry", ""),
        ("DELETE FROM ledger_entry", "is missing"),
    ):
        tamper(statement)
        if words:
            assert words in fault().what
            assert fault().entry == entry.id


def kept() -> list[notes.Checkpoint]:
    newest = newest_checkpoint()
    assert newest is not None
    return [notes.open_note(newest.note, keys.own_verifiers())]


def cut_to(size: int, tamper: Sql) -> None:
    tamper("DELETE FROM ledger_entry e USING ledger_leaf l WHERE l.entry_id = e.id AND l.index >= %s", size)
    tamper("DELETE FROM ledger_leaf WHERE index >= %s", size)
    tamper("DELETE FROM ledger_node WHERE (index + 1) << level > %s", size)
    tamper("DELETE FROM ledger_checkpoint WHERE tree_size > %s", size)


@pytest.mark.parametrize("size", [0, 3, 260])
def test_a_cut_off_end_is_seen_by_the_checkpoint_that_was_kept_and_not_without(
    size: int, sealed: list[Entry], tamper: Sql
) -> None:
    outside = kept()
    cut_to(size, tamper)

    assert verifying.verify(keys.own_verifiers()).tree_size == size
    with pytest.raises(verifying.WrongLedger, match="cut off, or an older backup") as caught:
        verifying.verify(keys.own_verifiers(), outside)
    assert caught.value.index == size


def test_an_older_backup_that_went_on_is_seen(sealed: list[Entry], act: Act, tamper: Sql) -> None:
    outside = kept()
    cut_to(260, tamper)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    for number in range(50):
        act(f"C-new-{number}")
    sealing.seal(NOW)

    assert verifying.verify(keys.own_verifiers()).tree_size == 310
    with pytest.raises(verifying.WrongLedger, match="re-written"):
        verifying.verify(keys.own_verifiers(), outside)


def rewrite_all(act: Act, tamper: Sql) -> None:
    cut_to(0, tamper)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    for number in range(300):
        act(f"C-{number}", state="never filed")
    sealing.seal(NOW)


def test_a_full_rewrite_with_the_stolen_key_is_seen_by_the_checkpoint_that_was_kept(
    sealed: list[Entry], act: Act, tamper: Sql
) -> None:
    outside = kept()
    rewrite_all(act, tamper)

    assert verifying.verify(keys.own_verifiers()).tree_size == 300
    with pytest.raises(verifying.WrongLedger, match="re-written"):
        verifying.verify(keys.own_verifiers(), outside)


def test_a_full_rewrite_with_another_key_is_seen_by_the_public_key(
    sealed: list[Entry], act: Act, tamper: Sql, settings: Settings
) -> None:
    honest = keys.collect([keys.signer().verifier])
    settings.LEDGER_SEED = bytes(32)
    rewrite_all(act, tamper)

    with pytest.raises(verifying.WrongLedger, match="unknown key") as caught:
        verifying.verify(honest)
    assert caught.value.index == 0


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("verify_ledger", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_size_and_root_and_needs_no_secret(sealed: list[Entry], settings: Settings) -> None:
    settings.LEDGER_SEED = b""

    assert re.fullmatch(r"OK size 300 root [A-Za-z0-9+/]{43}= pending 0\n", run())


def test_the_command_takes_the_key_as_text_or_file(sealed: list[Entry], tmp_path: Path, settings: Settings) -> None:
    key = str(keys.signer().verifier)
    (tmp_path / "key").write_text(key)
    settings.LEDGER_SEED = bytes(32)

    assert run("--key", key) == run("--key", str(tmp_path / "key"))
    with pytest.raises(CommandError, match="verifier key"):
        run("--key", "nonsense")
    with pytest.raises(CommandError, match="no known key"):
        run("--key", str(keys.signer().verifier))


def test_the_command_names_the_first_wrong_entry(sealed: list[Entry], tamper: Sql) -> None:
    tamper("UPDATE ledger_entry SET act = 'matter.noved' WHERE id IN (%s, %s)", sealed[280].id, sealed[7].id)

    with pytest.raises(CommandError, match=rf"WRONG entry \(index 7, id {sealed[7].id}\): ") as caught:
        run()
    assert caught.value.returncode == 1


def test_the_command_holds_the_ledger_against_the_checkpoint_outside(
    sealed: list[Entry], tamper: Sql, checkpoints_of_this_test: Path, tmp_path: Path
) -> None:
    (history,) = checkpoints_of_this_test.glob("history-*.txt")
    assert run("--against", str(history)).startswith("OK size 300")
    (tmp_path / "kept").write_text((checkpoints_of_this_test / "checkpoint.txt").read_text())
    cut_to(260, tamper)

    for arguments in ((), ("--against", str(tmp_path / "kept"))):
        with pytest.raises(CommandError, match=r"index 260\): is missing"):
            run(*arguments)


def test_the_command_refuses_files_that_hold_no_checkpoint(sealed: list[Entry], tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")

    for name, words in (("empty", "holds no checkpoint"), ("bytes", "decode"), ("missing", "No such file")):
        with pytest.raises(CommandError, match=words):
            run("--against", str(tmp_path / name))


def test_a_time_that_no_program_can_read_is_an_error_and_no_crash(sealed: list[Entry], tamper: Sql) -> None:
    tamper("UPDATE ledger_entry SET at = 'infinity' WHERE id = %s", sealed[4].id)

    assert "can't be read" in fault().what


@pytest.mark.django_db(transaction=True)
def test_entries_may_be_added_while_the_ledger_is_verified(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    act("C-1")
    sealing.seal(NOW)

    def add_and_seal() -> None:
        act("C-2", now=NOW + dt.timedelta(seconds=1))
        sealing.seal(NOW)
        connection.close()

    def leaves(*bounds: int) -> Iterator[stored.LeafRow]:
        found = list(original(*bounds))
        thread = threading.Thread(target=add_and_seal)
        thread.start()
        thread.join()
        yield from found

    original = stored.leaves
    monkeypatch.setattr(stored, "leaves", leaves)

    assert verifying.verify(keys.own_verifiers()).tree_size == 1
    assert Leaf.objects.count() == 2
