"""Acts: one transaction, one entry, nothing that can't be written exactly."""

import datetime as dt
import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.actors import SYSTEM, Nobody
from core.models import RateCount
from ledger import acts, canonical, keys
from ledger.models import Entry, Pending
from tests.ledger.conftest import NOW, Act

pytestmark = pytest.mark.django_db


def record(**changed: Any) -> Entry:
    given: dict[str, Any] = {"subject": "C-1", "provider": "films", "by": SYSTEM, "facts": {}, "now": NOW}
    return acts.record(**{**given, **changed})


def declared(body: Callable[[], object]) -> Callable[[], object]:
    @acts.action("matter.moved")
    def move() -> object:
        return body()

    return move


def test_an_act_leaves_one_signed_entry_that_waits_for_the_sealer(act: Act) -> None:
    entry = act("C-1", state="filed", items=[1, True, None, {"b": "ä", "a": ""}])

    kept = Entry.objects.get()
    assert (kept.act, kept.subject, kept.provider, kept.actor, kept.at) == (
        "matter.moved",
        "C-1",
        "films",
        "system",
        NOW,
    )
    assert kept.facts_text == '{"items":[1,true,null,{"a":"","b":"ä"}],"state":"filed"}'
    assert kept.facts == entry.facts
    keys.signer().verifier.check(bytes(kept.signature), canonical.entry_signed_bytes(kept.row))
    assert Pending.objects.get().entry_id == kept.id


def test_the_signed_bytes_are_the_documented_ones() -> None:
    row = canonical.EntryRow(
        uuid.UUID(int=7), "matter.moved", "C-1", "", "system", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        '{"a":"\\n"}', "0badcafe", bytes(64),
    )  # fmt: skip

    signed, leaf = canonical.entry_signed_bytes(row), canonical.entry_leaf_bytes(row)

    content = {
        "act": "matter.moved",
        "actor": "system",
        "at": "2026-01-02T03:04:05.000000Z",
        "facts": {"a": "\n"},
        "id": "00000000-0000-0000-0000-000000000007",
        "key": "0badcafe",
        "provider": "",
        "subject": "C-1",
    }
    exactly = {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}
    assert signed == b"portal-ledger-entry-v1\n" + json.dumps(content, **exactly).encode()  # type: ignore[arg-type]
    assert leaf == json.dumps({**content, "signature": "A" * 86 + "=="}, **exactly).encode()  # type: ignore[arg-type]


def test_an_action_is_known_by_its_name_and_keeps_its_own() -> None:
    move = declared(record)

    assert {"matter.moved": move} == acts.ACTIONS
    assert move.__name__ == "move"


@pytest.mark.parametrize("times", [0, 2])
def test_an_act_without_exactly_one_entry_is_rolled_back(times: int) -> None:
    move = declared(lambda: [record() for _ in range(times)])

    with pytest.raises(acts.ActionMisuse, match=f"recorded {times} entries"):
        move()

    assert not Entry.objects.exists()
    assert not Pending.objects.exists()


def test_an_act_that_fails_leaves_no_entry() -> None:
    def body() -> None:
        record()
        raise KeyError

    with pytest.raises(KeyError):
        declared(body)()

    assert not Entry.objects.exists()


def test_new_rows_of_an_act_go_in_with_its_entry(django_assert_num_queries: Any) -> None:
    rows = [RateCount(pk=number, bucket=f"bucket {number}", window_at=NOW, count=number) for number in (1, 2)]
    with django_assert_num_queries(3):  # the savepoint, all rows, the savepoint
        declared(lambda: record(rows=rows))()

    assert list(RateCount.objects.order_by("pk").values_list("pk", "count")) == [(1, 1), (2, 2)]
    assert Entry.objects.get().subject == "C-1"


def test_an_entry_does_not_go_in_without_its_rows() -> None:
    twice = [RateCount(pk=number, bucket="same", window_at=NOW) for number in (1, 2)]
    with pytest.raises(IntegrityError):
        declared(lambda: record(rows=twice))()

    assert (Entry.objects.count(), RateCount.objects.count()) == (0, 0)


def test_an_action_does_not_call_an_action(act: Act) -> None:
    @acts.action("matter.outer")
    def outer() -> None:
        act()

    with pytest.raises(acts.ActionMisuse, match=r"inside matter\.outer"):
        outer()
    assert act().act == "matter.moved"


def test_what_runs_on_commit_may_be_an_action(act: Act, django_capture_on_commit_callbacks: Any) -> None:
    def body() -> None:
        record()
        transaction.on_commit(lambda: act("C-2") and None)

    with django_capture_on_commit_callbacks(execute=True):
        acts.action("matter.outer")(body)()

    assert set(Entry.objects.values_list("subject", flat=True)) == {"C-1", "C-2"}


def test_nothing_is_recorded_outside_of_an_action() -> None:
    with pytest.raises(acts.ActionMisuse, match="outside of an action"):
        record()


async def _asynchronous() -> None: ...


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("Moved", lambda: None),
        ("moved", lambda: None),
        ("matter.moved\n", lambda: None),
        ("matter.moved", lambda matter: None),
        ("matter.moved", lambda *matters: None),
        ("matter.moved", _asynchronous),
    ],
)
def test_a_declaration_that_breaks_the_rules_is_refused(name: str, function: Callable[..., Any]) -> None:
    with pytest.raises(acts.ActionMisuse):
        acts.action(name)(function)
    assert acts.ACTIONS == {}


def test_two_functions_do_not_share_a_name(act: Act) -> None:
    with pytest.raises(acts.ActionMisuse, match="twice"):
        declared(record)


@pytest.mark.parametrize(
    "facts",
    [
        {"a": 1.5},
        {"a": "\x00"},
        {"a": "\ud800"},
        {"a": 2**53},
        {"a": b"bytes"},
        {"a": NOW},
        {"a": {1: "number as a name"}},
        {"": 1},
        {"ä": 1},
        {"a": [[[[[[1]]]]]]},
        {"a": "x" * 16_384},
        {"a": (1, 2)},
    ],
)
def test_facts_that_cannot_be_written_exactly_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(canonical.WrongFacts):
        declared(lambda: record(facts=facts))()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": ""},
        {"subject": "two words"},
        {"subject": "C-1\n"},
        {"provider": "a b"},
        {"by": Nobody("a person's name")},
        {"now": dt.datetime(2026, 1, 1)},  # noqa: DTZ001 - the refused case
    ],
)
def test_references_that_could_be_anything_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(acts.ActionMisuse):
        declared(lambda: record(**changed))()


@pytest.mark.django_db(transaction=True)
def test_two_open_acts_do_not_wait_for_each_other() -> None:
    """Each thread records, then waits for the other to have recorded too, before either commits."""
    meeting = threading.Barrier(2, timeout=10)

    def body() -> None:
        record()
        meeting.wait()

    move = declared(body)

    def run() -> None:
        try:
            move()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Entry.objects.count() == 2
