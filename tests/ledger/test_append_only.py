"""The tables of the record are only added to: triggers say so to everybody, rights to the application."""

from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from ledger import keys, rules
from ledger.models import Checkpoint, Entry, Follower, FollowerFailure, Leaf, Node
from tests.ledger.conftest import NOW, Act

pytestmark = pytest.mark.django_db

COLUMNS = {"ledger_entry": "act", "ledger_leaf": "index", "ledger_node": "index", "ledger_checkpoint": "note"}


def refused(statement: str, error: type[DatabaseError], words: str) -> None:
    with pytest.raises(error, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_table_that_is_only_added_to_is_tested() -> None:
    assert set(COLUMNS) == set(rules.APPEND_ONLY_TABLES)


@pytest.mark.parametrize("table", rules.APPEND_ONLY_TABLES)
def test_triggers_refuse_every_change_even_to_the_owner(table: str, sealed: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    for statement in (
        f"UPDATE {table} SET {COLUMNS[table]} = {COLUMNS[table]}",
        f"UPDATE {table} SET {COLUMNS[table]} = {COLUMNS[table]} WHERE false",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        refused(statement, IntegrityError, "only added to")


@pytest.mark.parametrize("table", rules.APPEND_ONLY_TABLES)
def test_the_applications_role_may_read_and_add_and_nothing_else(table: str, sealed: list[Entry]) -> None:
    role = settings.DATABASE_APP_ROLE
    with connection.cursor() as cursor:
        if role == connection.settings_dict["USER"]:
            pytest.skip("this database has one role for everything")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0

    for statement in (
        f"UPDATE {table} SET {COLUMNS[table]} = {COLUMNS[table]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TRIGGER {table}_append_only ON {table}",
        f"DROP TABLE {table} CASCADE",
    ):
        refused(statement, ProgrammingError, "permission denied|must be owner")


def test_the_applications_role_may_act_and_seal(act: Act) -> None:
    from ledger import sealing

    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_APP_ROLE}")

    act()

    assert sealing.seal(NOW) == 1


def entry(**changed: Any) -> Entry:
    good = {"act": "a.b", "subject": "C-1", "actor": "system", "at": NOW, "facts_text": "{}", "key_id": "0badcafe"}
    return Entry(**{**good, "signature": bytes(64), **changed})


def checkpoint(**changed: Any) -> Checkpoint:
    good = {"tree_size": 9, "root": bytes(32), "note": "\n", "at": NOW, "previous": bytes(32), "key_id": "0badcafe"}
    return Checkpoint(**{**good, "signature": bytes(64), **changed})


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        (entry(act="A"), "entry_act"),
        (entry(subject=""), "entry_subject"),
        (entry(provider="a b"), "entry_provider"),
        (entry(actor="a person"), "entry_actor"),
        (entry(key_id="xyz"), "entry_key_id"),
        (entry(signature=bytes(63)), "entry_signature"),
        (entry(facts_text="[]"), "entry_facts_object"),
        (entry(facts_text='{"a":"' + "x" * 16_384 + '"}'), "entry_facts_size"),
        (Leaf(index=-1, leaf_hash=bytes(32)), "leaf_index"),
        (Leaf(index=1, leaf_hash=bytes(31)), "leaf_hash"),
        (Node(level=9, index=0, hash=bytes(32)), "node_level"),
        (Node(level=8, index=-1, hash=bytes(32)), "node_index"),
        (Node(level=8, index=0, hash=bytes(31)), "node_hash"),
        (checkpoint(tree_size=-1), "checkpoint_tree_size"),
        (checkpoint(root=b""), "checkpoint_root"),
        (checkpoint(previous=b""), "checkpoint_previous"),
        (checkpoint(note="x"), "checkpoint_note"),
        (checkpoint(key_id=""), "checkpoint_key_id"),
        (checkpoint(signature=b""), "checkpoint_signature"),
        (Follower(name="f", position=-1), "follower_position"),
        (FollowerFailure(index=0, attempts=-1, next_try_at=NOW, error="E"), "failure_attempts"),
        (FollowerFailure(index=0, attempts=1, next_try_at=NOW), "failure_error_named"),
        (FollowerFailure(index=0, attempts=0, next_try_at=NOW, error="E"), "failure_error_named"),
    ],
)
def test_no_row_that_could_never_be_right_gets_in(row: Any, constraint: str, act: Act) -> None:
    if isinstance(row, Leaf | FollowerFailure):
        row.entry = act()
    if isinstance(row, FollowerFailure):
        row.follower = Follower.objects.create(name="follower", position=0)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


def test_an_entry_has_one_leaf_and_a_follower_puts_it_aside_once(act: Act) -> None:
    one = act()
    Leaf.objects.create(index=0, entry=one, leaf_hash=bytes(32))
    follower = Follower.objects.create(name="follower", position=0)
    aside = {"follower": follower, "entry": one, "index": 0, "attempts": 0, "next_try_at": NOW}
    FollowerFailure.objects.create(**aside)

    with pytest.raises(IntegrityError, match="entry_id"), transaction.atomic():
        Leaf.objects.create(index=1, entry=one, leaf_hash=bytes(32))
    with pytest.raises(IntegrityError, match="failure_once"), transaction.atomic():
        FollowerFailure.objects.create(**aside)


def test_the_key_that_signed_is_named_in_each_row(sealed: list[Entry]) -> None:
    assert {entry.key_id for entry in sealed} == {keys.signer().key_id}
