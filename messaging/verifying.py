"""The check of settlement records and transcripts with nothing but themselves and the ledger's public key."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from ledger import package, packages
from ledger.keys import Verifiers
from ledger.package import Bag, WrongPackage
from messaging import rules
from messaging.rules import Revised, Said

PROOFS = "ledger/inclusion-proofs.json"
ENTRIES = "ledger/entries.jsonl"
RECORD_PAYLOAD = ("record.json", packages.ENTRY, packages.PROOF, packages.CHECKPOINT, packages.VERIFIER)
TRANSCRIPT_PAYLOAD = ("transcript.json", ENTRIES, PROOFS, packages.CHECKPOINT, packages.VERIFIER)
WRONG_FORM = (LookupError, TypeError, AttributeError, ValueError, RecursionError)


def _in_form(check: Callable[[Bag, Verifiers], str], data: bytes, verifiers: Verifiers) -> str:
    """Return what a check says; whatever the files' form makes it stumble over, they are no package of ours."""
    bag = package.unzipped(data)
    try:
        return check(bag, verifiers)
    except WrongPackage:
        raise
    except WRONG_FORM:
        raise WrongPackage("a file does not have the form that this portal writes") from None


def verify_record(data: bytes, verifiers: Verifiers) -> str:
    """Return in one line what a settlement record proves; raises WrongPackage with the first thing that is wrong."""
    return _in_form(_verify_record, data, verifiers)


def verify_transcript(data: bytes, verifiers: Verifiers) -> str:
    """Return in one line what a transcript proves; raises WrongPackage with the first thing that is wrong."""
    return _in_form(_verify_transcript, data, verifiers)


RECORD = packages.Kind("portal-settlement-record-v1", "-settlement", verify_record)
TRANSCRIPT = packages.Kind("portal-transcript-v1", "-transcript", verify_transcript)


def _verify_record(bag: Bag, verifiers: Verifiers) -> str:
    packages.require_payload(bag, RECORD_PAYLOAD)
    reference = bag.name.removesuffix(RECORD.ending)
    packages.check_signature(bag, RECORD.context, reference, verifiers)
    checkpoint = packages.check_inclusion(bag, verifiers)
    entry, held = packages.read(bag, packages.ENTRY), packages.read(bag, "record.json")
    agreed, salt = held["record"], bytes.fromhex(held["salt"])
    if entry["act"] != "proposal.accepted":
        raise WrongPackage("the ledger's entry is not about an accepted proposal")
    _check_agreed(agreed, salt, entry)
    if agreed["proposal"] != reference:
        raise WrongPackage("the folder is named for another proposal")
    return (
        f"{reference} {agreed['kind']} accepted {agreed['accepted_at']} by {agreed['accepted_by']['side']}"
        f" ledger {checkpoint.origin} entry {packages.read(bag, packages.PROOF)['index']} of {checkpoint.tree_size}"
    )


def _check_agreed(agreed: dict[str, Any], salt: bytes, entry: dict[str, Any]) -> None:
    facts = entry["facts"]
    if rules.record_digest(salt, agreed) != facts["record"]:
        raise WrongPackage("the record is not the one in the ledger")
    same = (
        (facts["proposal"], agreed["proposal"]),
        (entry["subject"], f"conversation:{agreed['conversation']}"),
        (entry["at"], agreed["accepted_at"]),
        (entry["actor"], f"party:{agreed['accepted_by']['id']}"),
    )
    if any(one != other for one, other in same):
        raise WrongPackage("the record and the ledger's entry are not about one acceptance")


def _verify_transcript(bag: Bag, verifiers: Verifiers) -> str:
    packages.require_payload(bag, TRANSCRIPT_PAYLOAD)
    reference = bag.name.removesuffix(TRANSCRIPT.ending)
    packages.check_signature(bag, TRANSCRIPT.context, reference, verifiers)
    said = packages.read(bag, "transcript.json")
    if said["conversation"] != reference:
        raise WrongPackage("the folder is named for another conversation")
    checkpoint = packages.checkpoint_of(bag, verifiers)
    entries = _entries(bag, checkpoint, reference)
    salt = bytes.fromhex(said["salt"])
    _check_messages(said, _is_forgotten(said, entries))
    _check_coverage(said["messages"], salt, [one for one in entries if one["act"] == "conversation.covered"])
    _check_revisions(said["messages"], salt, [one for one in entries if one["act"].startswith("message.")])
    _check_proposals(said, salt, [one for one in entries if one["act"].startswith("proposal.")])
    return (
        f"{reference} messages {len(said['messages'])} proposals {len(said['proposals'])} proved by {len(entries)}"
        f" entries of ledger {checkpoint.origin} at {checkpoint.tree_size}"
    )


def _entries(bag: Bag, checkpoint: Any, reference: str) -> list[dict[str, Any]]:
    """Return the entries, each of which stands in the checkpoint's tree, in order, and is about the conversation."""
    lines = bag.payload[ENTRIES].split(b"\n")
    if lines.pop() != b"":
        raise WrongPackage(f"data/{ENTRIES} does not end with its last entry")
    proofs = packages.read(bag, PROOFS)["proofs"]
    if len(proofs) != len(lines):
        raise WrongPackage(f"data/{PROOFS} does not have a proof for each entry")
    places = [int(proof["index"]) for proof in proofs]
    if places != sorted(set(places)):
        raise WrongPackage(f"data/{PROOFS} is not in the ledger's order")
    found = []
    for number, (line, proof) in enumerate(zip(lines, proofs, strict=True), start=1):
        packages.check_leaf(line, proof, checkpoint, f"data/{ENTRIES}, line {number},")
        entry = json.loads(line)
        if entry["subject"] != f"conversation:{reference}":
            raise WrongPackage(f"data/{ENTRIES}, line {number}, is about something else")
        found.append(entry)
    return found


def _is_forgotten(said: dict[str, Any], entries: list[dict[str, Any]]) -> bool:
    """Return whether what was said was erased at its time, as the ledger says too."""
    is_forgotten = said["forgotten_at"] is not None
    if is_forgotten != any(one["act"] == "conversation.forgotten" for one in entries):
        raise WrongPackage("the ledger does not say the same about whether the words were erased")
    return is_forgotten


def _check_messages(said: dict[str, Any], is_forgotten: bool) -> None:
    messages = said["messages"]
    if [one["seq"] for one in messages] != list(range(1, said["last_seq"] + 1)):
        raise WrongPackage("the messages are not numbered without a gap")
    for one in messages:
        kept = [one, *one["revisions"]]
        if [change["number"] for change in one["revisions"]] != list(range(1, len(kept))):
            raise WrongPackage(f"what became of message {one['seq']} is not numbered without a gap")
        is_gone = is_forgotten or any(change["kind"] == "withdrawn" for change in one["revisions"])
        for wording in kept:
            if (wording["body"] is None) != is_gone:
                raise WrongPackage(f"message {one['seq']} lacks its words, or has them though it was withdrawn")
            if wording["body"] is not None and _digest_of(one, wording["body"]).hex() != wording["digest"]:
                raise WrongPackage(f"message {one['seq']} is not what its digest says")


def _digest_of(message: dict[str, Any], body: str) -> bytes:
    return rules.content_digest(body, [file["id"] for file in message["attachments"]], message["quotes"] or "")


def _check_coverage(messages: list[dict[str, Any]], salt: bytes, covering: list[dict[str, Any]]) -> None:
    following = 1
    for entry in covering:
        first, last = entry["facts"]["first"], entry["facts"]["last"]
        if first != following or last < first:
            raise WrongPackage("the ledger's entries do not cover the messages one after the other")
        stretch = [_said(one) for one in messages[first - 1 : last]]
        if rules.coverage_digest(salt, stretch) != entry["facts"]["sha256"]:
            raise WrongPackage(f"messages {first} to {last} are not those in the ledger")
        following = last + 1
    if following != len(messages) + 1:
        raise WrongPackage("the ledger does not cover all messages")


def _said(one: dict[str, Any]) -> Said:
    at = dt.datetime.fromisoformat(one["sent_at"])
    return Said(one["seq"], UUID(one["id"]), UUID(one["sender"]), at, bytes.fromhex(one["digest"]))


def _check_revisions(messages: list[dict[str, Any]], salt: bytes, entries: list[dict[str, Any]]) -> None:
    """Check that what was edited or withdrawn is what the ledger says, each once and in its order."""
    held = {}
    for one in messages:
        for change in one["revisions"]:
            at = dt.datetime.fromisoformat(change["made_at"])
            digest = bytes.fromhex(change["digest"])
            revised = Revised(UUID(one["id"]), change["number"], change["kind"], at, digest)
            held[one["id"], change["number"]] = (f"message.{change['kind']}", rules.revision_digest(salt, revised))
    told = {(e["facts"]["message"], e["facts"]["number"]): (e["act"], e["facts"]["sha256"]) for e in entries}
    if held != told:
        raise WrongPackage("what was edited or withdrawn is not what the ledger says")


def _check_proposals(said: dict[str, Any], salt: bytes, entries: list[dict[str, Any]]) -> None:
    """Check that the proposals are those of the ledger: each made once, with these terms, in the state it says."""
    made: dict[str, str] = {}
    state: dict[str, str] = {}
    for entry in entries:
        facts = entry["facts"]
        if entry["act"] != "proposal.made" and facts["proposal"] not in made:
            raise WrongPackage("the ledger answers a proposal that it does not know")
        state[facts["proposal"]] = facts["state"]
        for named in [facts, facts["counter"]] if "counter" in facts else [facts]:
            made.setdefault(named["proposal"], named["terms"])
            state.setdefault(named["proposal"], "open")
        if entry["act"] == "proposal.accepted" and said["forgotten_at"] is None:
            agreed = next(one["record"] for one in said["proposals"] if one["id"] == facts["proposal"])
            _check_agreed(agreed, salt, entry)
    held = {one["id"]: one for one in said["proposals"]}
    if set(held) != set(made) or len(held) != len(said["proposals"]):
        raise WrongPackage("the proposals are not those in the ledger")
    for key, one in held.items():
        if (
            said["forgotten_at"] is None
            and rules.record_digest(salt, {"kind": one["kind"], **one["terms"]}) != made[key]
        ):
            raise WrongPackage(f"proposal {one['number']} is not the one in the ledger")
        if one["state"] != state[key]:
            raise WrongPackage(f"proposal {one['number']} is in another state in the ledger")


packages.register(RECORD)
packages.register(TRANSCRIPT)
