"""The check of a package with nothing but the package and the ledger's public key: no database, no secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from investigations import rules
from ledger import package, packages
from ledger.keys import Verifiers
from ledger.package import Bag, WrongPackage

SIGNATURE_CONTEXT = "portal-disclosure-package-v1"
ENDING = "-disclosure"
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
    packages.require_payload(bag, PAYLOAD)
    try:
        return _verify(bag, verifiers)
    except WrongPackage:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise WrongPackage("a file does not have the form that this portal writes") from None


def _verify(bag: Bag, verifiers: Verifiers) -> Verified:
    packages.check_signature(bag, SIGNATURE_CONTEXT, bag.name.removesuffix(ENDING), verifiers)
    entry = packages.read(bag, "ledger/entry.json")
    proof = packages.read(bag, "ledger/inclusion-proof.json")
    checkpoint = packages.check_inclusion(bag, verifiers)
    if entry["act"] not in ACTS:
        raise WrongPackage("the ledger's entry is not about a disclosure")
    facts, approvals = entry["facts"], packages.read(bag, "authorization.json")
    _check_approvals(approvals, facts)
    _check_documents(packages.read(bag, "documents.json"), facts, approvals["request"])
    disclosed = packages.read(bag, "disclosure.json")
    categories = [*facts["categories"]]
    if set(disclosed["categories"]) != set(categories):
        raise WrongPackage("data/disclosure.json does not hold the categories that were authorized")
    names = {entry["subject"], facts["request"], disclosed["request"], approvals["request"]["reference"]}
    if len(names) != 1 or facts["disclosure"] != disclosed["disclosure"]:
        raise WrongPackage("the files are not about one request and one disclosure")
    if bag.name != f"{entry['subject']}{ENDING}":
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


def told(data: bytes, verifiers: Verifiers) -> str:
    """Return in one line what the package proves; raises WrongPackage."""
    found = verify(data, verifiers)
    return (
        f"{found.reference} basis {found.legal_basis} categories {','.join(found.categories)}"
        f" disclosed {found.disclosed_at} ledger {found.origin} entry {found.index} of {found.tree_size}"
    )


packages.register(packages.Kind(SIGNATURE_CONTEXT, ENDING, told))
