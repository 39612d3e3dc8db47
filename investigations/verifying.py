"""The check of a package with nothing but the package and the ledger's public key: no database, no secret."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from investigations import package, rules
from investigations.package import Bag, WrongPackage
from ledger import merkle, notes
from ledger.keys import Verifiers, WrongSignature

SIGNATURE_LINE = "\u2014 "
ACTS = ("investigation.disclosed", "investigation.reissued")
PAYLOAD = (
    "authorization.json",
    "custody.json",
    "disclosure.json",
    "documents.json",
    "ledger/checkpoint.txt",
    "ledger/entry.json",
    "ledger/inclusion-proof.json",
    "ledger/verifier.txt",
)


@dataclass(frozen=True)
class Verified:
    """A package that is what the portal gave: of which request, when, at which place in which ledger."""

    reference: str
    legal_basis: str
    categories: list[str]
    disclosed_at: str
    origin: str
    index: int
    tree_size: int


def verify(data: bytes, verifiers: Verifiers) -> Verified:
    """Return what the package proves, or raise WrongPackage with the first thing that is wrong."""
    bag = package.unzipped(data)
    if missing := sorted(set(PAYLOAD) - set(bag.payload)):
        raise WrongPackage(f"data/{missing[0]} is missing")
    if added := sorted(set(bag.payload) - set(PAYLOAD)):
        raise WrongPackage(f"data/{added[0]} was added")
    try:
        return _verify(bag, verifiers)
    except WrongPackage:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise WrongPackage("a file does not have the form that this portal writes") from None


def _verify(bag: Bag, verifiers: Verifiers) -> Verified:
    _check_signature(bag, verifiers)
    entry = _read(bag, "ledger/entry.json")
    proof = _read(bag, "ledger/inclusion-proof.json")
    checkpoint = _check_inclusion(bag, proof, verifiers)
    if entry["act"] not in ACTS:
        raise WrongPackage("the ledger's entry is not about a disclosure")
    facts, approvals = entry["facts"], _read(bag, "authorization.json")
    _check_approvals(approvals, facts)
    _check_documents(_read(bag, "documents.json"), facts, approvals["request"])
    disclosed = _read(bag, "disclosure.json")
    categories = [*facts["categories"]]
    if set(disclosed["categories"]) != set(categories):
        raise WrongPackage("data/disclosure.json does not hold the categories that were authorized")
    names = {entry["subject"], facts["request"], disclosed["request"], approvals["request"]["reference"]}
    if len(names) != 1 or facts["disclosure"] != disclosed["disclosure"]:
        raise WrongPackage("the files are not about one request and one disclosure")
    if bag.name != f"{entry['subject']}-disclosure":
        raise WrongPackage("the folder is named for another request")
    return Verified(
        entry["subject"],
        facts["legal_basis"],
        categories,
        entry["at"],
        checkpoint.origin,
        proof["index"],
        checkpoint.tree_size,
    )


def _read(bag: Bag, path: str) -> Any:
    try:
        value = json.loads(bag.payload[path].decode())
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise WrongPackage(f"data/{path} is not JSON") from None
    if not isinstance(value, dict):
        raise WrongPackage(f"data/{path} is not a JSON object")
    return value


def _check_signature(bag: Bag, verifiers: Verifiers) -> None:
    listed = package.manifest({path: bag.tags[path] for path in package.SIGNED_TAGS}).decode()
    reference = bag.name.removesuffix("-disclosure")
    text = f"{package.SIGNATURE_CONTEXT}\n{reference}\n{listed}"
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


def _check_inclusion(bag: Bag, proof: Mapping[str, Any], verifiers: Verifiers) -> notes.Checkpoint:
    try:
        checkpoint = notes.open_note(bag.payload["ledger/checkpoint.txt"].decode(), verifiers)
        hashes = [base64.b64decode(value, validate=True) for value in proof["hashes"]]
        index, size = int(proof["index"]), int(proof["tree_size"])
        leaf = merkle.leaf_hash(bag.payload["ledger/entry.json"])
        if base64.b64encode(leaf).decode() != proof["leaf_hash"]:
            raise WrongPackage("data/ledger/entry.json is not the entry of the proof")
        if size != checkpoint.tree_size:
            raise WrongPackage("the proof is for another checkpoint")
        merkle.check_inclusion(index, size, leaf, hashes, checkpoint.root)
    except (notes.WrongNote, merkle.WrongProof) as error:
        raise WrongPackage(f"data/ledger: {error}") from None
    except (binascii.Error, ValueError) as error:
        if isinstance(error, WrongPackage):
            raise
        raise WrongPackage("data/ledger does not hold a proof that can be read") from None
    return checkpoint


def _check_approvals(approvals: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Every record must have the digest that the next one, and at last the sealed entry, names."""
    request, assessment = approvals["request"], approvals["assessment"]
    authorization, disclosure = approvals["authorization"], approvals["disclosure"]
    links = (
        ("request", request, facts["request_digest"]),
        ("request", request, assessment["request_digest"]),
        ("request", request, authorization["request_digest"]),
        ("assessment", assessment, authorization["assessment_digest"]),
        ("authorization", authorization, facts["authorization_digest"]),
        ("authorization", authorization, disclosure["authorization_digest"]),
        ("disclosure", disclosure, facts["disclosure_digest"]),
    )
    for name, record, digest in links:
        if rules.digest_of(record) != digest or approvals[f"{name}_digest"] != digest:
            raise WrongPackage(f"the record of the {name} is not the one in the ledger")
    persons = {assessment["by"], authorization["by"], request["requester"]}
    if authorization["decision"] != "authorize" or len(persons) != 3:  # noqa: PLR2004 - requester and two approvers
        raise WrongPackage("the disclosure was not authorized by two persons")
    asked, advised = set(request["categories"]), set(assessment["categories"])
    allowed = set(authorization["categories"])
    if not allowed <= advised <= asked or list(facts["categories"]) != authorization["categories"]:
        raise WrongPackage("more was disclosed than was asked, advised and authorized")
    if (facts["assessor"], facts["authorizer"]) != (assessment["by"], authorization["by"]):
        raise WrongPackage("the ledger names other approvers")


def _check_documents(listed: Mapping[str, Any], facts: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    salt = listed["salt"]
    made = [rules.commitment(salt, document["sha256"]) for document in listed["documents"]]
    said = [document["commitment"] for document in listed["documents"]]
    if not made == said == facts["documents"] == request["documents"]:
        raise WrongPackage("the documents are not those in the ledger")
