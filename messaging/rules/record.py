"""How a message is named and digested, and how the ledger covers stretches of them."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

COVERED_WITHIN = dt.timedelta(seconds=30)
MOST_MESSAGES_COVERED_AT_ONCE = 20_000
MOST_MESSAGES_IN_PDF = 3_000
LARGEST_PDF = 500_000
ROOM_OF_A_LINE = 60


def room_of(texts: Iterable[str]) -> int:
    """Return how much room texts take on paper, in characters; a line that ends early takes most of a line's.

    House rule: up to ``LARGEST_PDF`` a document is set within some seconds, whatever is in it.
    """
    return sum(len(text) + ROOM_OF_A_LINE * len(text.splitlines()) for text in texts)


# Of an id (RFC 9562, version 8): what says which kind it is, and what is free in its second half.
_VERSION_AND_VARIANT = 0x8 << 76 | 0x2 << 62
_RANDOM_BITS = (1 << 80) - 1 & ~(0xF << 76 | 0x3 << 62)


class Said(NamedTuple):
    """What the digest of a stretch of messages is made of, message by message."""

    seq: int
    id: UUID
    sender: UUID
    sent_at: dt.datetime
    digest: bytes


def message_id(sender: UUID, client_id: str) -> UUID:
    """Return the id of the message that this party sent under this client's id: the same pair, always the same id.

    House rule: so the primary key itself keeps a message from being stored twice, without an index of its own. The
    first half comes from the sender, so that one sender's messages lie near each other in the index; 122 bits in all
    (RFC 9562, version 8). ``client_id`` is a UUID in its usual lower-case writing.
    """
    place, sends = _place_of(sender)
    own = sends.copy()
    own.update(client_id.encode())
    return UUID(int=place | int.from_bytes(own.digest()[:10], "big") & _RANDOM_BITS)


@lru_cache(maxsize=8_192)
def _place_of(sender: UUID) -> tuple[int, "hashlib._Hash"]:
    """Return the half that all ids of a sender begin with, version and variant set, and the digest begun for the other."""
    digest = hashlib.sha256(sender.bytes)
    return int.from_bytes(digest.digest()[:6], "big") << 80 | _VERSION_AND_VARIANT, digest


def content_digest(body: str, attachments: Iterable[str] = (), quotes: str = "") -> bytes:
    """Return the SHA-256 of what a message says: the length of its text, the text, the ids of its attachments, by lines.

    House rule: by it a repeated ``client_id`` is seen to be the same message or another one. The length (in characters)
    keeps a text that ends in an id from being taken for a text with an attachment. A quoted message is named in a last
    line of its own, ``quotes ID``; where none is quoted there is no such line.
    """
    if quotes:
        attachments = (*attachments, f"quotes {quotes}")
    return hashlib.sha256("\n".join((str(len(body)), body, *attachments)).encode()).digest()


class Revised(NamedTuple):
    """What the digest of a revision is made of; ``digest`` is that of what the message says from then on."""

    message: UUID
    number: int
    kind: str
    made_at: dt.datetime
    digest: bytes


def revision_digest(salt: bytes, revised: Revised) -> str:
    """Return the digest (64 hex digits) of a revision, as the ledger keeps it.

    House rule: SHA-256 over the conversation's salt and a line of message, number, kind, time and digest, for the same
    reason as ``coverage_digest``; a message's own digest stays that of what was first said.
    """
    at = revised.made_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    line = f"{revised.message} {revised.number} {revised.kind} {at} {revised.digest.hex()}\n"
    return hashlib.sha256(salt + line.encode()).hexdigest()


def coverage_digest(salt: bytes, messages: Iterable[Said]) -> str:
    """Return the digest (64 hex digits) of a stretch of messages in their order, as the ledger keeps it.

    House rule: SHA-256 over the conversation's salt and a line for each message: number, id, sender, time, digest. The
    salt is in the transcript and not in the ledger, so the ledger alone confirms no guess of what was said.
    """
    whole = hashlib.sha256(salt)
    for said in messages:
        at = said.sent_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        whole.update(f"{said.seq} {said.id} {said.sender} {at} {said.digest.hex()}\n".encode())
    return whole.hexdigest()
