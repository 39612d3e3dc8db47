"""The exact bytes that are signed and hashed: RFC 8785 canonical JSON of a row; it knows nothing of keys or trees."""

import base64
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from ledger import rules

_KINDS_OF_FACT = "str | int | bool | None | list | dict"
_FACT_NAME = re.compile(rules.FACT_NAME_PATTERN)
_UNSAFE = re.compile("[\x00\ud800-\udfff]")

ENTRY_CONTEXT = b"portal-ledger-entry-v1\n"
SEAL_CONTEXT = b"portal-ledger-seal-v1\n"


class WrongFacts(ValueError):
    """The facts of an act can't be written down exactly, or there is too much of them."""


class EntryRow(NamedTuple):
    """The columns of an entry, in the table's order; `facts` is canonical text."""

    id: uuid.UUID
    act: str
    subject: str
    provider: str
    actor: str
    at: datetime
    facts: str
    key_id: str
    signature: bytes


class SealRow(NamedTuple):
    """The columns of a checkpoint, in the table's order."""

    tree_size: int
    root: bytes
    note: str
    at: datetime
    previous: bytes
    key_id: str
    signature: bytes


def facts_text(facts: Mapping[str, object]) -> str:
    """Return the canonical JSON of the facts, keys sorted, no spaces.

    Raises WrongFacts for floats, NUL, lone surrogates, numbers beyond 2**53 - 1, foreign types, depth and size.
    """
    _check_fact(facts, "facts", 1)
    text = json.dumps(facts, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    if len(text.encode()) > rules.FACTS_MAX_BYTES:
        raise WrongFacts(f"facts take more than {rules.FACTS_MAX_BYTES} bytes; record references, not contents")
    return text


def _check_fact(value: object, where: str, depth: int) -> None:
    if depth > rules.FACTS_MAX_DEPTH:
        raise WrongFacts(f"{where} is nested more than {rules.FACTS_MAX_DEPTH} deep")
    if isinstance(value, int):
        if abs(value) > rules.LARGEST_EXACT_INTEGER:
            raise WrongFacts(f"{where} is beyond 2**53 - 1; write it as text")
    elif isinstance(value, str):
        if _UNSAFE.search(value):
            raise WrongFacts(f"{where} holds a NUL or a lone surrogate")
    elif isinstance(value, (dict, list)):
        _check_members(value, where, depth)
    elif value is not None:
        raise WrongFacts(f"{where} is a {type(value).__name__}; a fact is one of {_KINDS_OF_FACT}")


def _check_members(value: dict[object, object] | list[object], where: str, depth: int) -> None:
    if isinstance(value, dict):
        _check_names(value, where)
        members = [(f"{where}.{name}", member) for name, member in value.items()]
    else:
        members = [(f"{where}[{number}]", member) for number, member in enumerate(value)]
    for place, member in members:
        _check_fact(member, place, depth + 1)


def _check_names(members: Mapping[object, object], where: str) -> None:
    for name in members:
        # ASCII only: there, sorting by code point and RFC 8785's sorting by UTF-16 unit are the same.
        if not isinstance(name, str) or not _FACT_NAME.fullmatch(name):
            raise WrongFacts(f"{where} has a name that is not 1 to 80 printable ASCII characters: {name!r}")


def instant(at: datetime) -> str:
    """Return the instant in UTC with six decimals, as 2026-01-31T09:30:00.000000Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _entry_json(row: EntryRow, signature: str) -> bytes:
    return (
        f'{{"act":{quoted(row.act)},"actor":{quoted(row.actor)},"at":"{instant(row.at)}","facts":{row.facts},'
        f'"id":"{row.id}","key":{quoted(row.key_id)},"provider":{quoted(row.provider)}{signature},'
        f'"subject":{quoted(row.subject)}}}'
    ).encode()


def entry_signed_bytes(row: EntryRow) -> bytes:
    """Return what the entry's Ed25519 signature is over: a context line and every other column."""
    return ENTRY_CONTEXT + _entry_json(row, "")


def entry_leaf_bytes(row: EntryRow) -> bytes:
    """Return what the entry's leaf hash is over: every column, the signature in base64."""
    return _entry_json(row, f',"signature":"{base64.b64encode(row.signature).decode()}"')


def _seal_json(row: SealRow, members: Sequence[tuple[str, object]]) -> bytes:
    content: dict[str, object] = {
        "at": instant(row.at),
        "key": row.key_id,
        "note": row.note,
        "previous": base64.b64encode(row.previous).decode(),
        "root": base64.b64encode(row.root).decode(),
        "tree_size": row.tree_size,
        **dict(members),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal_signed_bytes(row: SealRow) -> bytes:
    """Return what a checkpoint row's own signature is over: a context line and every other column."""
    return SEAL_CONTEXT + _seal_json(row, ())


def seal_link_bytes(row: SealRow) -> bytes:
    """Return what the next checkpoint's `previous` is the SHA-256 of: every column, the signature in base64."""
    return _seal_json(row, (("signature", base64.b64encode(row.signature).decode()),))
