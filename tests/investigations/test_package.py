"""The package and its check: deterministic, minimal, verifiable offline, and wrong after any change (promise D9)."""

import base64
import hashlib
import io
import json
import struct
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import bagit
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from core import sealing
from investigations import evidence, verifying
from investigations.models import Investigation
from ledger import keys, package
from ledger.package import Bag, WrongPackage
from tests.investigations import world as worlds
from tests.investigations.world import CANARY, World


@pytest.fixture
def made(world: World) -> Investigation:
    return world.disclosed()


@pytest.fixture(scope="module")
def data(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the bytes of one package, made in a transaction that is undone: to check them nothing else is needed."""
    sealing.forget_index_key()
    checkpoints = override_settings(LEDGER_CHECKPOINT_DIR=tmp_path_factory.mktemp("checkpoints"))
    with django_db_blocker.unblock(), checkpoints, transaction.atomic():
        world = worlds.make()
        made = world.collected(world.disclosed())
        transaction.set_rollback(True)
    return made


def own_keys() -> keys.Verifiers:
    return {keys.signer().key_id: keys.signer().verifier}


def test_it_holds_just_the_authorized_fields(data: bytes):
    disclosed = json.loads(worlds.unzip(data)["data/disclosure.json"])

    assert disclosed["categories"] == {"name": CANARY["name"], "email": CANARY["email"]}
    assert CANARY["phone"].encode() not in data
    assert CANARY["postal_address"].encode() not in data


def test_what_the_provider_does_not_hold_is_said_to_be_nothing(world: World):
    made = world.filed()
    world.assess(made, categories=["network_address", "upload_times"])
    world.authorize(made, ["network_address", "upload_times"])
    made = Investigation.objects.get(pk=made.pk)
    worlds.seal()
    from investigations import actions

    actions.disclose(reference=made.reference, by=world.authorizer, now=worlds.now())
    worlds.seal()

    disclosed = json.loads(worlds.unzip(world.collected(made))["data/disclosure.json"])

    assert disclosed["categories"]["network_address"] is None
    assert set(disclosed["categories"]["upload_times"]) == {"item-1"}


def test_the_same_things_make_the_same_bytes_also_when_the_ledger_has_grown(world: World, made: Investigation):
    from core.sealing import Plain

    contact = {"name": Plain("N"), "email": Plain("e@films.example")}
    delivery = worlds.live(made)

    first = evidence.package_of(made, delivery, contact)
    for _ in range(5):
        world.filed()
    worlds.seal()

    assert evidence.package_of(made, delivery, contact) == first


def test_any_bagit_tool_and_sha256sum_accept_it(data: bytes, tmp_path: Path):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path / "bag")
    (folder,) = (tmp_path / "bag").iterdir()

    bagit.Bag(str(folder)).validate()

    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "--strict", "--quiet", "-c", manifest], cwd=folder, check=True)


def test_it_is_checked_with_the_key_alone(
    data: bytes, tmp_path: Path, capsys: Any, db: None, django_assert_num_queries: Any
):
    path = tmp_path / "package.zip"
    path.write_bytes(data)
    key = tmp_path / "key.txt"
    key.write_text(f"{keys.signer().verifier}\n")

    with django_assert_num_queries(0), override_settings(LEDGER_SEED=b"", SECRET_KEY="", FIELD_KEYS=""):
        call_command("verify_package", str(path), "--key", str(key))
        call_command("verify_package", str(path), "--key", key.read_text().strip())

    assert "OK I-" in capsys.readouterr().out


def test_the_key_inside_the_package_is_not_trusted(data: bytes, tmp_path: Path):
    path = tmp_path / "package.zip"
    path.write_bytes(data)

    nothing_published = override_settings(LEDGER_CHECKPOINT_DIR=tmp_path / "none", LEDGER_PUBLIC_KEY="")
    with nothing_published, pytest.raises(CommandError, match="inside the package is not trusted"):
        call_command("verify_package", str(path))


def test_another_key_does_not_accept_it(data: bytes):
    other = keys._signer(bytes(32), "other.example/ledger").verifier

    with pytest.raises(WrongPackage, match="key that you trust"):
        verifying.verify(data, {other.key_id: other})


def test_any_changed_byte_is_noticed(data: bytes):
    verifiers = own_keys()
    verifying.verify(data, verifiers)
    # Every byte of the archive's own structure, and every seventh of all.
    places = {*range(0, len(data), 7), *range(200), *range(len(data) - 1500, len(data))}

    for place in sorted(places):
        damaged = bytearray(data)
        damaged[place] ^= 1 << place % 8
        with pytest.raises(WrongPackage):
            verifying.verify(bytes(damaged), verifiers)


def test_nothing_can_be_cut_off_or_added(data: bytes):
    for changed in (b"", data[:-1], data[:-23], data[1:], data + b"\x00", b"\x00" + data, data + data):
        with pytest.raises(WrongPackage):
            verifying.verify(changed, own_keys())


def rebuilt(data: bytes, changes: dict[str, bytes]) -> bytes:
    """Make a package whose manifests are right again after a change: what a forger without the key can do."""
    bag = package.unzipped(data)
    payload = {path: changes.get(path, content) for path, content in bag.payload.items()}
    tags = {path: changes.get(path, content) for path, content in bag.tags.items()}
    if package.MANIFEST not in changes:
        tags[package.MANIFEST] = package.manifest({f"data/{path}": content for path, content in payload.items()})
    return package.zipped(Bag(bag.name, tags, payload))


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("disclosure.json", b"Quillon", b"Another"),
        ("authorization.json", b'"decision": "authorize"', b'"decision": "authorise"'),
        ("documents.json", b'"salt": "', b'"salt": "0'),
        ("custody.json", b"investigation.filed", b"investigation.fined"),
        ("ledger/entry.json", b"investigation.disclosed", b"investigation.reissued"),
        ("README.txt", b"disclosure", b"Disclosure"),
        ("bag-info.txt", b"host-", b"most-"),
    ],
)
def test_a_forger_who_makes_the_manifests_anew_is_found_out(data: bytes, path: str, old: bytes, new: bytes):
    bag = package.unzipped(data)
    content = {**bag.payload, **bag.tags}[path]
    assert old in content

    with pytest.raises(WrongPackage, match=r"signature\.txt"):
        verifying.verify(rebuilt(data, {path: content.replace(old, new, 1)}), own_keys())


def forged_by_the_portal(data: bytes, changes: dict[str, bytes]) -> bytes:
    """Make a package that also bears the portal's signature, so that only the ledger can contradict it."""
    bag = package.unzipped(rebuilt(data, changes))
    tags = dict(bag.tags)
    tags[package.SIGNATURE] = evidence.signed(bag.name.removesuffix("-disclosure"), tags)
    return package.zipped(Bag(bag.name, tags, bag.payload))


def changed_json(data: bytes, path: str, change: Any) -> dict[str, bytes]:
    value = json.loads(package.unzipped(data).payload[path])
    change(value)
    return {path: json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"}


@pytest.mark.parametrize(
    ("path", "change", "found"),
    [
        ("disclosure.json", lambda v: v["categories"].update(phone="+49"), "categories"),
        ("disclosure.json", lambda v: v["categories"].pop("email"), "categories"),
        ("disclosure.json", lambda v: v.update(request="I-0000000000000000"), "one request"),
        ("authorization.json", lambda v: v["request"].update(purpose="x"), "record of the request"),
        ("authorization.json", lambda v: v["assessment"].update(at="x"), "record of the assessment"),
        ("authorization.json", lambda v: v["authorization"]["categories"].append("phone"), "the authorization"),
        ("authorization.json", lambda v: v["disclosure"].update(expires_at="x"), "record of the disclosure"),
        ("authorization.json", lambda v: v.pop("assessment"), "form"),
        ("documents.json", lambda v: v["documents"].pop(), "documents"),
        ("ledger/inclusion-proof.json", lambda v: v.update(index=v["index"] + 1), "data/ledger"),
        ("ledger/inclusion-proof.json", lambda v: v["hashes"].append("AAAA"), "data/ledger"),
        ("ledger/inclusion-proof.json", lambda v: v.update(tree_size=1), "another checkpoint"),
        ("ledger/inclusion-proof.json", lambda v: v.update(index="x"), "cannot be read|can be read"),
    ],
)
def test_even_the_portal_cannot_contradict_its_ledger(data: bytes, path: str, change: Any, found: str):
    forged = forged_by_the_portal(data, changed_json(data, path, change))

    with pytest.raises(WrongPackage, match=found):
        verifying.verify(forged, own_keys())


def test_an_entry_or_checkpoint_of_another_ledger_does_not_help(data: bytes):
    bag = package.unzipped(data)
    entry = bag.payload["ledger/entry.json"].replace(b'"email"', b'"phone"')
    note = bag.payload["ledger/checkpoint.txt"].decode()
    size = note.split("\n")[1]

    grown = note.replace(f"\n{size}\n", f"\n{int(size) + 1}\n", 1).encode()
    forged = {
        "entry of the proof": forged_by_the_portal(data, {"ledger/entry.json": entry}),
        "signature is wrong": forged_by_the_portal(data, {"ledger/checkpoint.txt": grown}),
    }

    for found, package_bytes in forged.items():
        with pytest.raises(WrongPackage, match=found):
            verifying.verify(package_bytes, own_keys())


# --- hostile archives


def archive_of(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_huge_claim() -> bytes:
    data = bytearray(archive_of({"bag/bagit.txt": b"x" * 100}))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 2**31)
    return bytes(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_archives_are_refused_in_one_sentence():
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("bag/bagit.txt", b"a")
        archive.writestr("bag/bagit.txt", b"b")
    hostile = [
        b"no zip at all",
        b"PK\x05\x06" + bytes(18),
        archive_of({"bag/bomb.txt": bytes(50_000_000)}, zipfile.ZIP_DEFLATED),
        archive_of({"../../etc/passwd": b"x"}),
        archive_of({"/etc/passwd": b"x"}),
        archive_of({"bag/../x": b"x"}),
        archive_of({"bag\\x": b"x"}),
        archive_of({"a/bagit.txt": b"x", "b/bagit.txt": b"x"}),
        archive_of({f"bag/{n}": b"x" for n in range(200)}),
        archive_of({"bag/bagit.txt": package.BAGIT_TEXT}),
        twice.getvalue(),
        with_huge_claim(),
        bytes(package.LARGEST_BYTES + 1),
    ]

    for data in hostile:
        with pytest.raises(WrongPackage) as refused:
            verifying.verify(data, {})
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"[]", b"null", b'{"at":1e999}'])
def test_hostile_json_is_refused(data: bytes, text: bytes):
    for path in ("authorization.json", "ledger/entry.json", "disclosure.json", "ledger/inclusion-proof.json"):
        with pytest.raises(WrongPackage):
            verifying.verify(forged_by_the_portal(data, {path: text}), own_keys())


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path):
    with pytest.raises(CommandError, match="WRONG it cannot be read"):
        call_command("verify_package", str(tmp_path / "none.zip"), "--key", str(keys.signer().verifier))


def test_the_documents_can_be_checked_by_whoever_has_them(data: bytes):
    listed = json.loads(worlds.unzip(data)["data/documents.json"])
    digest = hashlib.sha256(b"Evidence request, with its seal").hexdigest()
    entry = json.loads(worlds.unzip(data)["data/ledger/entry.json"])

    assert [one["sha256"] for one in listed["documents"]] == [digest]
    assert entry["facts"]["documents"] == [hashlib.sha256((listed["salt"] + digest).encode()).hexdigest()]
    assert digest not in json.dumps(entry)
    assert base64.b64decode(json.loads(worlds.unzip(data)["data/ledger/inclusion-proof.json"])["leaf_hash"])
