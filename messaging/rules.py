"""What a conversation may be: sides, states, sizes, close codes, and how a message is named and digested; no tables."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Side(TextChoices):
    """On which side of a conversation a party stands. To the others a party is its side, never a name."""

    RIGHTS_HOLDER = "rights_holder", _("Rights holder")
    UPLOADER = "uploader", _("Uploader")
    STAFF = "staff", _("Provider's staff")


class State(TextChoices):
    """Whether a conversation can be written in; a closed one is still readable."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


MOVES: dict[State, tuple[State, ...]] = {State.OPEN: (State.CLOSED,), State.CLOSED: ()}

LONGEST_BODY = 8_000  # characters
MOST_ATTACHMENTS = 10
LONGEST_TITLE = 200
HIGHEST_SEQ = 2**53 - 1  # what a browser's numbers can hold

# What a file is called to the other side: its own name may say who sent it.
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tif",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "application/zip": "zip",
    "message/rfc822": "eml",
    "text/plain": "txt",
}

# --- the socket
SUBPROTOCOL = "portal.v1"
LARGEST_FRAME_BYTES = 64 * 1024
NOT_SIGNED_IN = 4401
WRONG_ORIGIN = 4403
READS_TOO_SLOWLY = 4408
FRAME_TOO_LARGE = 4413
TOO_FAST = 4429
SESSION_ENDED = 4440

# House rule: a person types one frame a second, a program that waits for each ack some hundreds; a flood sends more.
FRAMES_A_SECOND = 400.0
FRAMES_AT_ONCE = 1_200.0
# So many refused frames, before half of that room is there again, close the socket.
REFUSALS_BEFORE_CLOSE = 300
# What may wait for a socket that reads slowly, in frames and in characters, before it is closed.
MOST_WAITING_FRAMES = 4_000
MOST_WAITING_CHARACTERS = 2 * 1024 * 1024
CATCH_UP_CHUNK = 100
MOST_OPEN_CONVERSATIONS = 500  # by one socket
SLOW_READER_WITHIN = 15.0  # seconds that a reader may stand still
# Half of what is promised (5 s), so that a slow query leaves room.
LOOK_AGAIN_SECONDS = 2.0

# --- the record
COVERED_WITHIN = dt.timedelta(seconds=30)
MOST_MESSAGES_COVERED_AT_ONCE = 20_000


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
    place = hashlib.sha256(sender.bytes).digest()[:6]
    own = hashlib.sha256(sender.bytes + client_id.encode()).digest()[:10]
    value = int.from_bytes(place + own, "big")
    value = value & ~(0xF << 76) | 0x8 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def content_digest(body: str, attachments: Iterable[str] = ()) -> bytes:
    """Return the SHA-256 of what a message says: the length of its text, the text, the ids of its attachments, by lines.

    House rule: by it a repeated ``client_id`` is seen to be the same message or another one. The length (in characters)
    keeps a text that ends in an id from being taken for a text with an attachment.
    """
    return hashlib.sha256("\n".join((str(len(body)), body, *attachments)).encode()).digest()


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
