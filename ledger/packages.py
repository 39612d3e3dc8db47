"""The check of packages with nothing but themselves and the ledger's public key: no database, no secret.

What every package must bear is checked here: the portal's signature, and the proof of its entries. What a package of
one kind must hold besides, the app that makes it registers.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger import merkle, notes, package
from ledger.keys import Verifiers, WrongSignature
from ledger.package import Bag, WrongPackage

SIGNATURE_LINE = "\u2014 "
ENTRY = "ledger/entry.json"
PROOF = "ledger/inclusion-proof.json"
CHECKPOINT = "ledger/checkpoint.txt"
VERIFIER = "ledger/verifier.txt"


@dataclass(frozen=True)
class Kind:
    """A kind of package: the first line of what is signed, how its folder's name ends, how it is checked and told."""

    context: str
    ending: str
    check: Callable[[bytes, Verifiers], str]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let ``verify`` know packages of this kind; an app registers at its start, once."""
    _kinds[kind.ending] = kind


def verify(data: bytes, verifiers: Verifiers) -> str:
    """Return in one line what the package proves, or raise WrongPackage with the first thing that is wrong."""
    name = package.unzipped(data).name
    kind = next((one for ending, one in sorted(_kinds.items()) if name.endswith(ending)), None)
    if kind is None:
        raise WrongPackage("the folder is not named as a package of this portal")
    return kind.check(data, verifiers)


def require_payload(bag: Bag, expected: Sequence[str]) -> None:
    """Raise WrongPackage unless the package holds just these files below ``data/``."""
    if missing := sorted(set(expected) - set(bag.payload)):
        raise WrongPackage(f"data/{missing[0]} is missing")
    if added := sorted(set(bag.payload) - set(expected)):
        raise WrongPackage(f"data/{added[0]} was added")


def read(bag: Bag, path: str) -> Any:
    """Return the JSON object in a file of the payload."""
    try:
        value = json.loads(bag.payload[path].decode())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise WrongPackage(f"data/{path} is not JSON") from None
    if not isinstance(value, dict):
        raise WrongPackage(f"data/{path} is not a JSON object")
    return value


def signed_text(context: str, reference: str, tags: Mapping[str, bytes]) -> str:
    """Return what is signed of a package: its kind, whose it is, and the digests of its tag files."""
    listed = package.manifest({path: tags[path] for path in package.SIGNED_TAGS}).decode()
    return f"{context}\n{reference}\n{listed}"


def check_signature(bag: Bag, context: str, reference: str, verifiers: Verifiers) -> None:
    """Raise WrongPackage unless one of these keys signed the package as one of this kind."""
    text = signed_text(context, reference, bag.tags)
    note = bag.tags[package.SIGNATURE].decode(errors="replace")
    if not note.startswith(f"{text}\n{SIGNATURE_LINE}"):
        raise WrongPackage(f"{package.SIGNATURE} signs something else than these files")
    _name, _, encoded = note[len(text) + 1 + len(SIGNATURE_LINE) :].rstrip("\n").partition(" ")
    try:
        signature = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    verifier = verifiers.get(signature[:4].hex())
    if verifier is None:
        raise WrongPackage(f"{package.SIGNATURE} was not made by a key that you trust")
    try:
        verifier.check(signature[4:], text.encode())
    except WrongSignature:
        raise WrongPackage(f"{package.SIGNATURE} does not bear the right signature") from None


def check_inclusion(bag: Bag, verifiers: Verifiers) -> notes.Checkpoint:
    """Return the checkpoint in whose tree the package's one entry stands, as its proof says."""
    checkpoint = checkpoint_of(bag, verifiers)
    check_leaf(bag.payload[ENTRY], read(bag, PROOF), checkpoint, f"data/{ENTRY}")
    return checkpoint


def checkpoint_of(bag: Bag, verifiers: Verifiers) -> notes.Checkpoint:
    """Return the package's checkpoint, if one of these keys signed it."""
    try:
        return notes.open_note(bag.payload[CHECKPOINT].decode(), verifiers)
    except notes.WrongNote as error:
        raise WrongPackage(f"data/ledger: {error}") from None
    except UnicodeDecodeError:
        raise WrongPackage("data/ledger does not hold a proof that can be read") from None


def check_leaf(data: bytes, proof: Mapping[str, Any], checkpoint: notes.Checkpoint, named: str) -> None:
    """Raise WrongPackage unless the entry with these bytes stands in the checkpoint's tree, as its proof says."""
    try:
        hashes = [base64.b64decode(value, validate=True) for value in proof["hashes"]]
        index, size = int(proof["index"]), int(proof["tree_size"])
        leaf = merkle.leaf_hash(data)
        if base64.b64encode(leaf).decode() != proof["leaf_hash"]:
            raise WrongPackage(f"{named} is not the entry of the proof")
        if size != checkpoint.tree_size:
            raise WrongPackage("the proof is for another checkpoint")
        merkle.check_inclusion(index, size, leaf, hashes, checkpoint.root)
    except merkle.WrongProof as error:
        raise WrongPackage(f"data/ledger: {error}") from None
    except (binascii.Error, ValueError) as error:
        if isinstance(error, WrongPackage):
            raise
        raise WrongPackage("data/ledger does not hold a proof that can be read") from None
