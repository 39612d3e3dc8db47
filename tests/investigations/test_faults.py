"""What only shows between transactions: many collectors, a revocation at the same moment, a ledger that cannot be written."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from core.errors import DomainError, Unavailable
from core.models import Opening
from investigations import actions
from investigations.models import Disclosure, Investigation, SubjectNotice
from ledger.models import Entry
from tests.investigations import world as worlds
from tests.investigations.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return worlds.make()


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Do all of them at the same moment, each on a connection of its own; return results and refusals."""
    outcomes: list[object] = []
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            outcomes.append(act())
        except DomainError as refused:
            outcomes.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def codes(outcomes: list[object]) -> Counter[str]:
    return Counter(type(one).__name__ for one in outcomes)


def test_of_fifty_collectors_exactly_one_gets_the_package(world: World):
    made = world.disclosed()
    apis = [world.api("officer") for _ in range(50)]
    path = f"investigations/{made.reference}/disclosure/collection"

    answers = at_once([lambda api=api: api.post(path).status_code for api in apis])

    assert Counter(answers) == {200: 1, 410: 49}
    assert Entry.objects.filter(act="investigation.collected").count() == 1
    assert Opening.objects.filter(data_key=world.subscriber.data_key).count() == 1
    assert SubjectNotice.objects.count() == 1


@pytest.mark.parametrize("turn", range(6))
def test_collection_and_revocation_at_the_same_moment_have_one_winner(world: World, turn: int):
    made = world.disclosed()
    world.officer.second_factor_at = worlds.now()

    def collect() -> object:
        return actions.collect(reference=made.reference, by=world.officer, now=worlds.now())

    def revoke() -> object:
        return actions.revoke(reference=made.reference, reasons="Wrong.", by=world.authorizer, now=worlds.now())

    outcomes = at_once([collect, revoke] if turn % 2 else [revoke, collect])

    delivery = Disclosure.objects.get(investigation=made)
    packages = [one for one in outcomes if isinstance(one, bytes)]
    assert len(packages) == (1 if delivery.collected_at else 0)
    assert (delivery.collected_at is None) != (delivery.revoked_at is None)
    assert Entry.objects.filter(act__in=("investigation.collected", "investigation.revoked")).count() == 1


def test_two_authorizers_at_once_make_one_decision(world: World):
    made = world.assessed()

    outcomes = at_once([lambda: world.authorize(made)] * 4)

    assert codes(outcomes)["Authorization"] == 1
    assert Entry.objects.filter(act="investigation.authorized").count() == 1


@pytest.fixture
def _unwritable_ledger() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS refuse_all ON ledger_entry")
        cursor.execute("DROP FUNCTION IF EXISTS refuse_all()")


def break_ledger() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION refuse_all() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse_all BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_all()"
        )


def mend_ledger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse_all ON ledger_entry")


@pytest.mark.usefixtures("_unwritable_ledger")
def test_without_a_writable_ledger_nothing_leaves_and_nothing_is_used_up(world: World):
    made = world.disclosed()
    officer = world.api("officer")
    path = f"investigations/{made.reference}/disclosure/collection"
    break_ledger()

    refused = officer.post(path)

    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert worlds.CANARY["name"] not in refused.content.decode()
    assert Disclosure.objects.get(investigation=made).collected_at is None
    assert not Opening.objects.filter(data_key=world.subscriber.data_key).exists()
    mend_ledger()
    assert officer.post(path).status_code == 200


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_locked_ledger_holds_nobody_for_ever_and_uses_nothing_up(
    world: World, monkeypatch: pytest.MonkeyPatch, is_sealed: bool
):
    made = world.authorized()
    worlds.seal()
    world.authorizer.second_factor_at = worlds.now()
    actions.disclose(reference=made.reference, by=world.authorizer, now=worlds.now())
    if is_sealed:
        worlds.seal()
    monkeypatch.setattr("ledger.packing.LONGEST_WAIT", "300ms")
    outcomes: list[object] = []

    def collect() -> None:
        outcomes.extend(at_once([lambda: world.collected(made)]))

    collector = threading.Thread(target=collect)
    with transaction.atomic():
        connection.cursor().execute("LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE")
        collector.start()
        collector.join(8)
        was_answered = bool(outcomes)
    collector.join()

    assert was_answered
    assert codes(outcomes) == {"Unavailable": 1}
    assert worlds.live(made).collected_at is None
    assert world.collected(made)
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_an_entry_that_nobody_seals_keeps_the_delivery_closed(world: World, monkeypatch: pytest.MonkeyPatch):
    made = world.authorized()
    worlds.seal()
    world.authorizer.second_factor_at = worlds.now()
    actions.disclose(reference=made.reference, by=world.authorizer, now=worlds.now())
    with monkeypatch.context() as patch:
        patch.setattr("ledger.packing.sealing.seal", lambda _now: 0)
        patch.setattr("ledger.packing.SEALED_WITHIN", worlds.dt.timedelta(seconds=0.3))
        with pytest.raises(Unavailable):
            world.collected(made)
    assert worlds.live(made).collected_at is None

    assert world.collected(made), "without a worker the collector seals by itself"


def test_what_is_refused_leaves_no_trace(world: World):
    made = world.assessed()
    before = Entry.objects.count()
    world.reviewer.second_factor_at = worlds.now()

    with pytest.raises(DomainError):
        actions.authorize(
            reference=made.reference, categories=["name"], reasons="R", by=world.reviewer, now=worlds.now()
        )

    assert Entry.objects.count() == before
    assert Investigation.objects.get(pk=made.pk).state == "recommended"
