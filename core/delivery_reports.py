"""What mail servers write back: read a message and say whether it reports a delivery, and how that went. No tables.

Delivery status notifications are read as RFC 3464 writes them, with what older Exim servers send instead; automatic
answers are told apart by RFC 3834. A report is input of strangers: its size and its nesting are bounded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import Enum

LONGEST_REPORT_BYTES = 1_000_000
MOST_NESTED_PARTS = 20
LONGEST_TEXT_READ = 20_000
NO_STATUS = ""
RETURN_ADDRESSES = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To")
LONGEST_CONTENT_TYPE = 2_000  # the parser's work grows with its square
_CONTENT_TYPE = re.compile(rb"^content-type:.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_NESTS = re.compile(rb"\s*(?:multipart|message)/", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d[ -]")


class Outcome(Enum):
    """What a message to a return path says of the mail that it answers, the worst first."""

    FAILED = "failed"
    DELAYED = "delayed"
    ARRIVED = "arrived"
    ANSWERED = "answered"  # by a machine, as "out of office" is; nothing is wrong with the mail


@dataclass(frozen=True)
class Report:
    """What a report says: the outcome, its enhanced status (RFC 3463; empty where it gives none), to whom it came."""

    outcome: Outcome
    status: str
    returned_to: tuple[str, ...]

    @property
    def is_permanent(self) -> bool:
        """Whether the receiving server will never take the mail; without a status nothing is proved."""
        return self.outcome == Outcome.FAILED and self.status.startswith("5.")


_ACTIONS = {
    "failed": Outcome.FAILED,
    "delayed": Outcome.DELAYED,
    "delivered": Outcome.ARRIVED,
    "relayed": Outcome.ARRIVED,
    "expanded": Outcome.ARRIVED,
}


def read(raw: bytes) -> Report | None:
    """Return what the message reports of a mail; None for any message that is no report, or too large or too nested."""
    if not _is_bounded(raw):
        return None
    try:
        message = message_from_bytes(raw)
        found = _from_status_part(message) or _from_exim(message) or _from_automatic_answer(message)
        return None if found is None else Report(*found, returned_to=tuple(_returned_to(message)))
    except Exception:  # noqa: BLE001 - what the parser stumbles over was made for that, and is no report
        return None


def _is_bounded(raw: bytes) -> bool:
    if len(raw) > LONGEST_REPORT_BYTES:
        return False
    kinds = _CONTENT_TYPE.findall(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    nesting = sum(1 for kind in kinds if _NESTS.match(kind, len(b"content-type:")))
    return nesting <= MOST_NESTED_PARTS and all(len(kind) <= LONGEST_CONTENT_TYPE for kind in kinds)


def _returned_to(message: Message) -> Iterator[str]:
    for name in RETURN_ADDRESSES:
        yield from (str(value) for value in message.get_all(name, [])[:5])


def _from_status_part(message: Message) -> tuple[Outcome, str] | None:
    """Read the machine-readable part of a multipart/report: the worst that it says of any recipient."""
    if message.get_content_type() != "multipart/report":
        return None
    found = []
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            found += [one for block in _blocks(part) if (one := _of_recipient(block)) is not None]
    order = list(Outcome)
    return min(found, key=lambda one: order.index(one[0]), default=None)


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _of_recipient(block: Message) -> tuple[Outcome, str] | None:
    outcome = _ACTIONS.get(str(block.get("Action", "")).strip().lower())
    if outcome is None:
        return None
    return outcome, _status_in(f"{block.get('Status', '')} {block.get('Diagnostic-Code', '')}")


def _status_in(text: str) -> str:
    """Return the first enhanced status in the text, or else one of the class of its first reply code."""
    if found := _STATUS.search(text):
        return found.group()
    return f"{code[1]}.0.0" if (code := _REPLY_CODE.search(text)) else NO_STATUS


def _from_exim(message: Message) -> tuple[Outcome, str] | None:
    """Read a failure as Exim wrote them before it spoke RFC 3464: a header that names who did not get it, and text."""
    if "X-Failed-Recipients" not in message:
        return None
    text = _text_of(message)
    if "retry timeout exceeded" in text:
        return Outcome.FAILED, "4.4.7"
    return Outcome.FAILED, _status_in(text) or "5.0.0"


def _text_of(message: Message) -> str:
    payload = message.get_payload()
    return payload[:LONGEST_TEXT_READ] if isinstance(payload, str) else ""


def _from_automatic_answer(message: Message) -> tuple[Outcome, str] | None:
    """Tell an answer by a machine (RFC 3834, and what was used before it) from one by a person."""
    submitted = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    is_marked = any(name in message for name in ("X-Autoreply", "X-Autorespond"))
    if submitted != "no" or (is_marked and "Auto-Submitted" not in message):
        return Outcome.ANSWERED, NO_STATUS
    return None
