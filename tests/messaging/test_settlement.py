"""Settlement records and transcripts: the same for both sides, nothing identifying, wrong after any change."""

import datetime as dt
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from core import sealing as sealed_fields
from core.actors import SYSTEM
from hosting.models import Subscriber
from ledger import keys, package, packages, packing, sealing
from ledger.package import Bag, WrongPackage
from messaging import actions, documents, evidence, rules, tasks, transcripts, verifying
from messaging.models import Conversation, Message, Proposal
from messaging.rules import ProposalKind, Terms
from tests.core.test_cleaning import png
from tests.messaging import world
from tests.messaging.test_proposals import TERMS, bearer

CANARY = ("Quillon", "quillon-street", "+4930901820")


def own_keys() -> keys.Verifiers:
    return {keys.signer().key_id: keys.signer().verifier}


def say(pair: world.Pair, by: Any, body: str, files: tuple[Any, ...] = ()) -> None:
    actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body=body, attachments=list(files), by=by,
        now=world.now(),
    )  # fmt: skip


def settled() -> world.Pair:
    """Make a pair that has talked, and settled one of two proposals; the uploader's account is full of canaries."""
    made = world.pair()
    made.uploader.email = "quillon@films.example"
    made.uploader.save()
    Subscriber.objects.filter(pk=made.subscriber.pk).update(external_id="quillon-street-7")
    say(made, made.rights_holder, "Good morning, 你好\nsecond line")
    actions.cover(
        conversation=Conversation.objects.select_related("provider").get(pk=made.conversation.pk), by=SYSTEM,
        now=world.now(),
    )  # fmt: skip
    say(made, made.uploader, "Good evening")
    first = actions.propose(
        conversation_id=made.conversation.pk, terms=TERMS[ProposalKind.LICENSE], by=made.rights_holder, now=world.now()
    )
    second = actions.counter(
        proposal_id=first.pk, terms=TERMS[ProposalKind.REMOVE_BY], by=made.uploader, now=world.now()
    )
    actions.accept(proposal_id=second.pk, by=made.rights_holder, now=world.now())
    actions.propose(
        conversation_id=made.conversation.pk, terms=Terms(ProposalKind.CREDIT, text="Film by the studio"),
        by=made.uploader, now=world.now(),
    )  # fmt: skip
    return made


@pytest.fixture
def pair(transactional_db: None) -> world.Pair:
    return settled()


def accepted(pair: world.Pair) -> Proposal:
    return Proposal.objects.get(conversation=pair.conversation, state="accepted")


def fetched(client: Client, pair: world.Pair, by: Any, place: str, form: str) -> Any:
    return client.get(f"/api/v1/conversations/{pair.conversation.pk}/{place}?format={form}", **bearer(by))


def record_of(pair: world.Pair) -> bytes:
    one = actions.settlement_of(
        proposal_id=accepted(pair).pk, conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now()
    )
    return evidence.record_package(one)


def transcript_of(pair: world.Pair) -> bytes:
    return actions.transcript_package(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())


@dataclass
class Packages:
    """The bytes of a record, of its conversation's transcript, and of the transcript once messages were changed."""

    record: bytes
    transcript: bytes
    revised: bytes


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Packages:
    """Give packages whose making was emptied out of the tables at once: to check them nothing else is needed."""
    sealed_fields.forget_index_key()
    checkpoints = override_settings(LEDGER_CHECKPOINT_DIR=tmp_path_factory.mktemp("checkpoints"))
    with django_db_blocker.unblock(), checkpoints:
        pair = settled()
        record, transcript = record_of(pair), transcript_of(pair)
        revised(pair)
        found = Packages(record, transcript, transcript_of(pair))
        call_command("flush", verbosity=0, interactive=False)
    return found


def test_both_sides_get_the_same_record_and_it_proves_itself(client: Client, pair: world.Pair) -> None:
    place = f"proposals/{accepted(pair).pk}/record"

    of_holder, of_uploader = (
        fetched(client, pair, by, place, "zip").content for by in (pair.rights_holder, pair.uploader)
    )

    assert of_holder == of_uploader
    assert " remove_by accepted " in packages.verify(of_holder, own_keys())
    as_json = fetched(client, pair, pair.uploader, place, "json").json()
    assert as_json["terms"] == {"date": TERMS[ProposalKind.REMOVE_BY].due_on.isoformat()}  # type: ignore[union-attr]
    assert (as_json["made_by"]["side"], as_json["accepted_by"]["side"]) == ("uploader", "rights_holder")


def test_both_sides_get_the_same_transcript_also_when_the_ledger_has_grown(client: Client, pair: world.Pair) -> None:
    first = fetched(client, pair, pair.rights_holder, "transcript", "zip").content
    other = world.pair()
    say(other, other.uploader, "elsewhere")
    sealing.seal(world.now())

    assert fetched(client, pair, pair.uploader, "transcript", "zip").content == first
    assert " messages 2 proposals 3 " in packages.verify(first, own_keys())


def test_a_transcript_is_complete_and_ordered(client: Client, pair: world.Pair) -> None:
    told = fetched(client, pair, pair.uploader, "transcript", "json").json()

    assert [one["body"] for one in told["messages"]] == ["Good morning, 你好\nsecond line", "Good evening"]
    assert [one["seq"] for one in told["messages"]] == [1, 2]
    assert [one["state"] for one in told["proposals"]] == ["countered", "accepted", "open"]
    assert [one["number"] for one in told["events"]] == list(range(1, len(told["events"]) + 1))
    assert told["last_seq"] == 2
    assert [one["kind"] for one in told["undertakings"]] == ["removal"]


def test_a_transcript_names_files_by_their_digest(client: Client, pair: world.Pair) -> None:
    import hashlib

    from verification.actions import store_file

    data = png()
    file = store_file(data=data, name="quillon.png", by=pair.uploader, now=world.now())
    say(pair, pair.uploader, "See this", (file.pk,))

    told = fetched(client, pair, pair.rights_holder, "transcript", "json").json()

    [attached] = told["messages"][2]["attachments"]
    assert attached["sha256"] == hashlib.sha256(data).hexdigest()
    assert "quillon" not in json.dumps(told).lower()
    packages.verify(transcript_of(pair), own_keys())


@pytest.mark.parametrize("form", ["json", "zip", "pdf"])
def test_a_stranger_gets_neither(client: Client, pair: world.Pair, form: str) -> None:
    stranger = world.account()

    for place in ("transcript", f"proposals/{accepted(pair).pk}/record"):
        assert fetched(client, pair, stranger, place, form).status_code == 404


def test_only_what_was_accepted_has_a_record(client: Client, pair: world.Pair) -> None:
    waiting = Proposal.objects.get(conversation=pair.conversation, state="open")

    assert fetched(client, pair, pair.uploader, f"proposals/{waiting.pk}/record", "zip").status_code == 409
    assert fetched(client, pair, pair.uploader, "transcript", "docx").status_code == 400
    assert fetched(client, world.pair(), pair.uploader, "transcript", "zip").status_code == 404


def test_before_anything_was_said_there_is_no_transcript(client: Client, transactional_db: None) -> None:
    silent = world.pair()

    assert fetched(client, silent, silent.uploader, "transcript", "zip").status_code == 409


def test_both_can_be_had_as_pdf(client: Client, pair: world.Pair) -> None:
    for place in ("transcript", f"proposals/{accepted(pair).pk}/record"):
        answer = fetched(client, pair, pair.rights_holder, place, "pdf")

        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
        assert fetched(client, pair, pair.rights_holder, place, "pdf").content == answer.content


def test_a_long_conversation_is_not_set_as_pages_while_somebody_waits(
    client: Client, pair: world.Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.rules.MOST_MESSAGES_IN_PDF", 1)

    assert fetched(client, pair, pair.rights_holder, "transcript", "pdf").status_code == 409


def test_three_messages_of_nothing_but_line_ends_are_no_thousand_pages(client: Client, pair: world.Pair) -> None:
    for _ in range(3):
        say(pair, pair.uploader, "." + "\n" * 7_998 + ".")

    refused = fetched(client, pair, pair.rights_holder, "transcript", "pdf")

    assert refused.status_code == 409
    assert "take the package" in refused.content.decode()


def everything(pair: world.Pair) -> list[bytes]:
    """Return every file of both packages, and all words of both documents."""
    found = []
    for data in (record_of(pair), transcript_of(pair)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found += [name.encode() + archive.read(name) for name in archive.namelist()]
    conversation, told = actions.transcript_of(
        conversation_id=pair.conversation.pk, by=pair.rights_holder, now=world.now()
    )
    words = [documents.transcript_words(conversation, told), documents.record_words(accepted(pair))]
    return found + [json.dumps(one, ensure_ascii=False).encode() for one in words]


def test_nothing_in_either_says_who_the_two_are(pair: world.Pair) -> None:
    accounts = (pair.rights_holder, pair.uploader)
    secrets = [*CANARY, *(account.email for account in accounts), *(str(account.pk) for account in accounts)]
    secrets += [str(pair.subscriber.pk), pair.uploader.pk.hex]

    for held in everything(pair):
        assert [secret for secret in secrets if secret.lower().encode() in held.lower()] == []


# --- the check


@pytest.mark.parametrize("which", ["record", "transcript"])
def test_any_changed_byte_is_noticed(made: Packages, which: str) -> None:
    data, verifiers = getattr(made, which), own_keys()
    packages.verify(data, verifiers)
    places = {*range(0, len(data), 5), *range(200), *range(len(data) - 800, len(data))}

    for place in sorted(places):
        damaged = bytearray(data)
        damaged[place] ^= 1 << place % 8
        with pytest.raises(WrongPackage):
            packages.verify(bytes(damaged), verifiers)
    for changed in (b"", data[:-1], data[1:], data + b"\x00"):
        with pytest.raises(WrongPackage):
            packages.verify(changed, verifiers)


def forged(data: bytes, kind: packages.Kind, changes: dict[str, bytes], name: str = "") -> bytes:
    """Make a package that bears the portal's own signature, so that only the ledger can contradict it."""
    bag = package.unzipped(data)
    payload = {**bag.payload, **changes}
    tags = dict(bag.tags)
    tags[package.MANIFEST] = package.manifest({f"data/{path}": content for path, content in payload.items()})
    name = name or bag.name
    tags[package.SIGNATURE] = packing.signed(kind.context, name.removesuffix(kind.ending), tags)
    return package.zipped(Bag(name, tags, payload))


def changed(data: bytes, path: str, change: Any) -> dict[str, bytes]:
    value = json.loads(package.unzipped(data).payload[path])
    change(value)
    return {path: packing.json_bytes(value)}


@pytest.mark.parametrize(
    ("path", "change", "found"),
    [
        ("record.json", lambda v: v["record"]["terms"].update(date="2027-01-01"), "not the one in the ledger"),
        ("record.json", lambda v: v["record"]["accepted_by"].update(side="staff"), "not the one in the ledger"),
        ("record.json", lambda v: v.update(salt="00" * 32), "not the one in the ledger"),
        ("record.json", lambda v: v.pop("record"), "form"),
        (packages.PROOF, lambda v: v.update(index=v["index"] + 1), "data/ledger"),
        (packages.PROOF, lambda v: v.update(tree_size=1), "another checkpoint"),
        (packages.ENTRY, lambda v: v.update(act="proposal.declined"), "entry of the proof"),
    ],
)
def test_even_the_portal_cannot_contradict_its_ledger_in_a_record(
    made: Packages, path: str, change: Any, found: str
) -> None:
    with pytest.raises(WrongPackage, match=found):
        packages.verify(forged(made.record, verifying.RECORD, changed(made.record, path, change)), own_keys())


CHANGE = {
    "number": 1, "kind": "edited", "body": "Good night", "made_at": "2026-01-01T00:00:00.000000Z",
    "digest": rules.content_digest("Good night").hex(),
}  # fmt: skip


def reworded(value: dict[str, Any]) -> None:
    """Change a message and its digest with it, as a forger would."""
    value["messages"][0]["body"] = "Good night"
    value["messages"][0]["digest"] = rules.content_digest("Good night").hex()


@pytest.mark.parametrize(
    ("path", "change", "found"),
    [
        ("transcript.json", lambda v: v["messages"][0].update(body="Good night"), "message 1 is not"),
        ("transcript.json", reworded, "messages 1 to 1 are not"),
        ("transcript.json", lambda v: v["messages"][1].update(sent_at="2026-01-01T00:00:00.000000Z"), "messages 2 to 2"),
        ("transcript.json", lambda v: v["messages"][1].update(sender=v["messages"][0]["sender"]), "messages 2 to 2"),
        ("transcript.json", lambda v: v["messages"].pop(), "without a gap"),
        ("transcript.json", lambda v: (v["messages"].pop(), v.update(last_seq=1)), "messages 2 to 2|cover"),
        ("transcript.json", lambda v: v["messages"].reverse(), "without a gap"),
        ("transcript.json", lambda v: v["proposals"].pop(), "proposals are not those"),
        ("transcript.json", lambda v: v["proposals"][0]["terms"].update(amount="5.00"), "proposal 1 is not"),
        ("transcript.json", lambda v: v["proposals"][2].update(state="accepted"), "proposal 3 is in another"),
        ("transcript.json", lambda v: v["proposals"][1]["record"].update(title="x"), "record is not"),
        ("transcript.json", lambda v: v.update(salt="zz"), "form"),
        ("transcript.json", lambda v: v["messages"][0].update(revisions=[CHANGE]), "edited"),
        (verifying.PROOFS, lambda v: v["proofs"].pop(), "a proof for each"),
        (verifying.PROOFS, lambda v: v["proofs"].reverse(), "order"),
    ],
)  # fmt: skip
def test_even_the_portal_cannot_contradict_its_ledger_in_a_transcript(
    made: Packages, path: str, change: Any, found: str
) -> None:
    with pytest.raises(WrongPackage, match=found):
        packages.verify(
            forged(made.transcript, verifying.TRANSCRIPT, changed(made.transcript, path, change)), own_keys()
        )


def test_an_entry_cannot_be_left_out(made: Packages) -> None:
    data = made.transcript
    bag = package.unzipped(data)
    lines = bag.payload[verifying.ENTRIES].splitlines(keepends=True)
    proofs = json.loads(bag.payload[verifying.PROOFS])["proofs"]

    for place in range(len(lines)):
        if b'"undertaking.' in lines[place]:
            continue
        less = {
            verifying.ENTRIES: b"".join(lines[:place] + lines[place + 1 :]),
            verifying.PROOFS: packing.json_bytes({"proofs": proofs[:place] + proofs[place + 1 :]}),
        }
        with pytest.raises(WrongPackage):
            packages.verify(forged(data, verifying.TRANSCRIPT, less), own_keys())


def test_a_package_under_another_name_is_none(made: Packages) -> None:
    for data, kind, name in (
        (made.record, verifying.RECORD, f"{uuid4()}-settlement"),
        (made.transcript, verifying.TRANSCRIPT, f"{uuid4()}-transcript"),
        (made.record, verifying.RECORD, "something-else"),
    ):
        with pytest.raises(WrongPackage):
            packages.verify(forged(data, kind, {}, name), own_keys())


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"[]", b"null", b'{"at":1e999}', b""])
def test_hostile_json_is_refused_in_one_sentence(made: Packages, text: bytes) -> None:
    for data, kind in ((made.record, verifying.RECORD), (made.transcript, verifying.TRANSCRIPT)):
        for path in set(package.unzipped(data).payload) - {packages.VERIFIER}:
            with pytest.raises(WrongPackage) as refused:
                packages.verify(forged(data, kind, {path: text}), own_keys())
            assert "\n" not in str(refused.value)


def test_the_command_checks_both_with_the_key_alone(
    pair: world.Pair, tmp_path: Path, capsys: Any, django_assert_num_queries: Any
) -> None:
    made = {"record.zip": record_of(pair), "transcript.zip": transcript_of(pair)}
    key = str(keys.signer().verifier)
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)

    with django_assert_num_queries(0), override_settings(LEDGER_SEED=b"", SECRET_KEY="", FIELD_KEYS=""):
        for name in made:
            call_command("verify_package", str(tmp_path / name), "--key", key)
    assert capsys.readouterr().out.count("OK ") == 2

    (tmp_path / "record.zip").write_bytes(made["record.zip"][:-3])
    with pytest.raises(CommandError, match="WRONG"):
        call_command("verify_package", str(tmp_path / "record.zip"), "--key", key)


def test_what_was_said_after_the_last_entry_is_covered_first(pair: world.Pair) -> None:
    say(pair, pair.uploader, "One more")

    data = transcript_of(pair)

    assert " messages 3 " in packages.verify(data, own_keys())
    assert Message.objects.filter(conversation=pair.conversation).count() == 3
    assert Conversation.objects.get(pk=pair.conversation.pk).is_covered


def revised(pair: world.Pair) -> list[Message]:
    """Have the uploader say three things, edit the second, which quotes the first, and withdraw the third after an edit."""
    said = []
    for place, body in enumerate(("First word", "Second word", "Third word")):
        quotes = said[0].pk if place == 1 else None
        made = actions.post_message(
            conversation_id=pair.conversation.pk, client_id=str(uuid4()), body=body, attachments=[], quotes=quotes,
            by=pair.uploader, now=world.now(),
        )  # fmt: skip
        said.append(Message.objects.get(pk=made.id))
    for message, body in ((said[1], "Second thought"), (said[2], "Third thought")):
        actions.edit_message(
            conversation_id=pair.conversation.pk, message_id=message.pk, body=body, by=pair.uploader, now=world.now()
        )
    actions.withdraw_message(
        conversation_id=pair.conversation.pk, message_id=said[2].pk, by=pair.uploader, now=world.now()
    )
    return said


def test_what_was_edited_stands_there_twice_and_what_was_withdrawn_by_its_digests_alone(
    client: Client, pair: world.Pair
) -> None:
    revised(pair)

    told = fetched(client, pair, pair.rights_holder, "transcript", "json").json()["messages"][2:]

    assert [one["body"] for one in told] == ["First word", "Second word", None]
    assert [[change["body"] for change in one["revisions"]] for one in told] == [[], ["Second thought"], [None, None]]
    assert told[1]["quotes"] == told[0]["id"]
    data = transcript_of(pair)
    assert b"Third" not in data
    packages.verify(data, own_keys())
    conversation, whole = actions.transcript_of(
        conversation_id=pair.conversation.pk, by=pair.rights_holder, now=world.now()
    )
    lines = documents.transcript_words(conversation, whole)["lines"]
    assert {"said": "Second thought"} in [part for line in lines for part in line["parts"]]
    assert "Third" not in str(lines)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda m: m[3]["revisions"][0].update(body="Second lie"), "message 4 is not"),
        (lambda m: m[3]["revisions"].pop(), "edited or withdrawn"),
        (lambda m: m[3]["revisions"][0].update(made_at="2026-01-01T00:00:00.000000Z"), "edited or withdrawn"),
        (lambda m: m[3]["revisions"][0].update(number=2), "without a gap"),
        (lambda m: m[4]["revisions"].pop(), "lacks its words"),
        (lambda m: m[4].update(body="Third lie"), "though it was withdrawn"),
        (lambda m: m[3].update(body=None), "lacks its words"),
        (lambda m: m[3].update(quotes=None), "message 4 is not"),
    ],
)
def test_no_change_of_a_message_can_be_forged(made: Packages, change: Any, found: str) -> None:
    with pytest.raises(WrongPackage, match=found):
        packages.verify(
            forged(
                made.revised,
                verifying.TRANSCRIPT,
                changed(made.revised, "transcript.json", lambda v: change(v["messages"])),
            ),
            own_keys(),
        )


def test_what_was_erased_at_its_time_is_said_to_be_so_and_the_proof_stays(client: Client, pair: world.Pair) -> None:
    revised(pair)
    transcript_of(pair)
    long_ago = world.now() - dt.timedelta(days=3 * 366 + 2)
    Conversation.objects.filter(pk=pair.conversation.pk).update(state="closed", closed_at=long_ago)
    assert tasks.forget_old(world.now()) == 1

    data = transcript_of(pair)

    packages.verify(data, own_keys())
    assert not [word for word in (b"Good morning", b"Second", b"Shown on one page", b"Film by") if word in data]
    assert fetched(client, pair, pair.uploader, f"proposals/{accepted(pair).pk}/record", "zip").status_code == 409
    kept = changed(data, "transcript.json", lambda v: v.update(forgotten_at=None))
    with pytest.raises(WrongPackage, match="erased"):
        packages.verify(forged(data, verifying.TRANSCRIPT, kept), own_keys())
    conversation, told = actions.transcript_of(
        conversation_id=pair.conversation.pk, by=pair.rights_holder, now=world.now()
    )
    assert documents.transcript_words(conversation, told)["lines"]


def test_a_day_in_documents_is_the_same_for_everybody() -> None:
    at = dt.datetime(2026, 3, 29, 1, 30, 5, tzinfo=dt.UTC)

    assert transcripts.when(at).endswith("01:30:05 UTC")
