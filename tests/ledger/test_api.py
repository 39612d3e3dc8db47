"""The ledger's addresses: public what proves the whole, and entries only for those whose matter it is."""

import base64
from typing import Any

import pytest
from django.urls import include, path
from pytest_django import Settings
from rest_framework.test import APIClient

from core.errors import Denied, NotFound
from ledger import access, checks, keys, merkle, notes, sealing
from ledger.models import Entry
from ledger.urls import well_known
from tests.ledger.conftest import NOW, Act

urlpatterns = [path("api/v1/", include("ledger.urls")), path(".well-known/", include(well_known))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.ledger.test_api")]


class Somebody:
    """An account as far as the ledger knows one."""

    is_authenticated = True
    is_active = True
    pk = 1

    def __init__(self, *readable: str) -> None:
        self.readable = readable


def of_matter(account: Somebody, subject: str, provider: str) -> None:
    if subject not in account.readable:
        raise NotFound


def of_provider(account: Somebody, subject: str, provider: str) -> None:
    if f"provider {provider}" not in account.readable:
        raise Denied


@pytest.fixture(autouse=True)
def _readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_readers", {})
    access.register_reader("C-", of_matter)
    access.register_reader("C-", of_matter)
    access.register_reader(access.EVERY_SUBJECT, of_provider)


@pytest.fixture
def recorded(act: Act) -> list[Entry]:
    entries = [act("C-1", state="filed"), act("C-2", provider="music"), act("C-1", state="accepted")]
    sealing.seal(NOW)
    return entries


def get(address: str, account: Somebody | None = None, **query: Any) -> Any:
    client = APIClient()
    if account is not None:
        client.force_authenticate(account)  # type: ignore[arg-type]  # the ledger asks nothing else of an account
    return client.get(address, query)


@pytest.mark.parametrize("address", ["/api/v1/ledger/checkpoint", "/.well-known/ledger-checkpoint"])
def test_anybody_may_have_the_checkpoint_as_plain_text(address: str, recorded: list[Entry]) -> None:
    answer = get(address)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert notes.open_note(answer.content.decode(), keys.own_verifiers()).tree_size == 3


@pytest.mark.parametrize("address", ["checkpoint", "key"])
def test_a_note_stays_a_note_for_who_would_rather_have_json(address: str, recorded: list[Entry]) -> None:
    answer = APIClient().get(f"/api/v1/ledger/{address}", HTTP_ACCEPT="application/json")

    assert answer.content == get(f"/api/v1/ledger/{address}").content
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("address", ["/api/v1/ledger/key", "/.well-known/ledger-key"])
def test_anybody_may_have_the_public_key(address: str) -> None:
    assert get(address).content.decode() == f"{keys.signer().verifier}\n"


def test_without_a_checkpoint_the_answer_is_a_problem() -> None:
    answer = get("/api/v1/ledger/checkpoint")

    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


def test_a_party_reads_the_entries_of_its_matter_newest_first(recorded: list[Entry]) -> None:
    answer = get("/api/v1/ledger/entries", Somebody("C-1"), subject="C-1")

    assert [entry["facts"]["state"] for entry in answer.json()["results"]] == ["accepted", "filed"]
    assert answer.json()["results"][0] == {
        "id": str(recorded[2].id),
        "act": "matter.moved",
        "subject": "C-1",
        "provider": "films",
        "actor": "system",
        "at": "2026-03-29T01:00:00.123456Z",
        "facts": {"state": "accepted"},
    }


def test_a_list_goes_on_page_by_page(recorded: list[Entry]) -> None:
    first = get("/api/v1/ledger/entries", Somebody("C-1"), subject="C-1", limit=1).json()

    second = get(first["next"], Somebody("C-1")).json()

    assert [page["results"][0]["id"] for page in (first, second)] == [str(recorded[2].id), str(recorded[0].id)]


def test_an_account_is_never_shown_beyond_its_kind(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.actors import Nobody

    monkeypatch.setattr("tests.ledger.conftest.SYSTEM", Nobody("account:0190a1b2-0000-7000-8000-000000000000"))
    entry = act("C-1")

    answer = get(f"/api/v1/ledger/entries/{entry.id}", Somebody("C-1"))

    assert answer.json()["actor"] == "account"
    assert b"0190a1b2" not in answer.content.replace(str(entry.id).encode(), b"")


def test_no_fact_says_which_account_it_is_about(act: Act) -> None:
    account = "account:0190a1b2-0000-7000-8000-000000000000"
    entry = act("C-1", **{"for": account, "about": "content:1", "all": [account, {"by": account}]})

    answers = [
        get(f"/api/v1/ledger/entries/{entry.id}", Somebody("C-1")).json(),
        get("/api/v1/ledger/entries", Somebody("C-1"), subject="C-1").json()["results"][0],
    ]

    shown = {"for": "account", "about": "content:1", "all": ["account", {"by": "account"}]}
    assert [answer["facts"] for answer in answers] == [shown, shown]
    assert Entry.objects.get().facts["for"] == account


def test_an_entry_and_its_proof_are_given_to_a_party(recorded: list[Entry]) -> None:
    party, address = Somebody("C-1"), f"/api/v1/ledger/entries/{recorded[2].id}"

    entry, proof = get(address, party).json(), get(f"{address}/proof", party).json()

    assert entry["id"] == str(recorded[2].id)
    checkpoint = notes.open_note(proof["checkpoint"], keys.own_verifiers())
    leaf, *path_ = [base64.b64decode(value) for value in (proof["leaf_hash"], *proof["hashes"])]
    merkle.check_inclusion(proof["index"], proof["tree_size"], leaf, path_, checkpoint.root)


def test_an_auditor_reads_the_provider_and_no_other(recorded: list[Entry]) -> None:
    auditor = Somebody("provider films")

    own = get("/api/v1/ledger/entries", auditor, provider="films").json()["results"]

    assert [entry["subject"] for entry in own] == ["C-1", "C-1"]
    assert get("/api/v1/ledger/entries", auditor, subject="C-1").status_code == 200
    assert get("/api/v1/ledger/entries", auditor, subject="C-2").status_code == 404
    assert get("/api/v1/ledger/entries", auditor, provider="music").status_code == 404


def test_a_stranger_is_told_that_nothing_is_there(recorded: list[Entry]) -> None:
    stranger, entry = Somebody(), f"/api/v1/ledger/entries/{recorded[0].id}"
    unknown = "/api/v1/ledger/entries/00000000-0000-7000-8000-000000000000"

    answers = [
        get("/api/v1/ledger/entries", stranger, subject="C-1"),
        get("/api/v1/ledger/entries", stranger, subject="C-unknown"),
        get("/api/v1/ledger/entries", stranger, provider="films"),
        get(entry, stranger),
        get(unknown, stranger),
        get(f"{entry}/proof", stranger),
        get(f"{unknown}/proof", stranger),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_entries_are_not_for_who_is_not_signed_in(recorded: list[Entry]) -> None:
    entry = f"/api/v1/ledger/entries/{recorded[0].id}"

    for address in ("/api/v1/ledger/entries?subject=C-1", entry, f"{entry}/proof"):
        assert get(address).status_code in (401, 403)


def test_a_subject_nobody_answers_for_is_read_by_nobody(act: Act) -> None:
    act("X-1", provider="")

    assert get("/api/v1/ledger/entries", Somebody("X-1", "C-1"), subject="X-1").status_code == 404


def test_anybody_may_have_a_consistency_proof(recorded: list[Entry]) -> None:
    proof = get("/api/v1/ledger/consistency", first=1, second=3).json()

    assert (proof["first"], proof["second"], len(proof["hashes"])) == (1, 3, 2)


@pytest.mark.parametrize(
    ("address", "query", "status"),
    [
        ("/api/v1/ledger/entries", {}, 400),
        ("/api/v1/ledger/entries", {"subject": "C-1", "provider": "films"}, 400),
        ("/api/v1/ledger/entries", {"subject": "C-1", "order": "at"}, 400),
        ("/api/v1/ledger/entries", {"subject": "C\x001"}, 400),
        ("/api/v1/ledger/entries", {"subject": "C" * 200}, 400),
        ("/api/v1/ledger/entries", {"subject": "C-1", "cursor": "nonsense"}, 400),
        ("/api/v1/ledger/entries", {"subject": "C-1", "limit": "0"}, 400),
        ("/api/v1/ledger/entries/nonsense", {}, 404),
        ("/api/v1/ledger/consistency", {}, 400),
        ("/api/v1/ledger/consistency", {"first": "x", "second": "3"}, 400),
        ("/api/v1/ledger/consistency", {"first": "0", "second": "3"}, 400),
        ("/api/v1/ledger/consistency", {"first": "1", "second": "9" * 30}, 400),
        ("/api/v1/ledger/consistency", {"first": "3", "second": "1"}, 404),
        ("/api/v1/ledger/consistency", {"first": "1", "second": "4"}, 404),
    ],
)
def test_bad_questions_get_clear_answers(
    address: str, query: dict[str, str], status: int, recorded: list[Entry]
) -> None:
    assert get(address, Somebody("C-1"), **query).status_code == status


def test_wrong_names_and_keys_stop_the_start(settings: Settings) -> None:
    assert checks.ledger_settings_are_right() == []

    settings.LEDGER_PUBLIC_KEY, settings.LEDGER_ORIGIN = "nonsense", "a b"

    assert [message.id for message in checks.ledger_settings_are_right()] == ["ledger.E001", "ledger.E002"]
