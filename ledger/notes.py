"""Checkpoints as the outside keeps them: C2SP tlog-checkpoint texts in C2SP signed notes; it reads no table."""

import base64
import binascii
import re
from dataclasses import dataclass

from ledger.keys import Signer, Verifier, Verifiers, WrongSignature
from ledger.rules import HASH_BYTES

_SIGNATURE_LINE = "\u2014 "
_SIZE = re.compile(r"^(0|[1-9][0-9]{0,18})$")


class WrongNote(ValueError):
    """The text is not a checkpoint, or no known key signed it."""


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says: this ledger had this root when it had this many entries."""

    origin: str
    tree_size: int
    root: bytes

    @property
    def text(self) -> str:
        """The signed text: origin, size and root, each on its line."""
        return f"{self.origin}\n{self.tree_size}\n{base64.b64encode(self.root).decode()}\n"


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the checkpoint as a signed note."""
    signature = signer.verifier.key_hash + signer.sign(checkpoint.text.encode())
    encoded = base64.b64encode(signature).decode()
    return f"{checkpoint.text}\n{_SIGNATURE_LINE}{signer.verifier.name} {encoded}\n"


def open_note(note: str, verifiers: Verifiers) -> Checkpoint:
    """Return what the note says, once a known key is seen to have signed it; raises WrongNote.

    Signatures of unknown keys are passed over, as C2SP signed-note asks; a wrong one of a known key is an error.
    """
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise WrongNote("not a signed note: a text, an empty line and signature lines are expected")
    text += "\n"
    lines = signatures[:-1].split("\n")
    if True not in [_is_signed(line, text, verifiers) for line in lines]:
        raise WrongNote("no known key signed this checkpoint")
    return _parse(text)


def _is_signed(line: str, text: str, verifiers: Verifiers) -> bool:
    name, _, encoded = line.removeprefix(_SIGNATURE_LINE).partition(" ")
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        data = b""
    if not line.startswith(_SIGNATURE_LINE) or not name or len(data) <= len(b"hash"):
        raise WrongNote("not a signed note: a signature line is malformed")
    verifier = verifiers.get(data[:4].hex())
    if verifier is None or verifier.name != name:
        return False
    _check(verifier, data[4:], text)
    return True


def _check(verifier: Verifier, signature: bytes, text: str) -> None:
    try:
        verifier.check(signature, text.encode())
    except WrongSignature as error:
        raise WrongNote("the checkpoint's signature is wrong") from error


def _parse(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    try:
        origin, size, encoded = lines[:3]
        root = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise WrongNote("not a checkpoint: origin, size and root are expected") from None
    if not origin or not _SIZE.fullmatch(size) or len(root) != HASH_BYTES:
        raise WrongNote("not a checkpoint: origin, size and root are expected")
    return Checkpoint(origin, int(size), root)


def split_notes(content: str) -> list[str]:
    """Return the notes of a file in which one stands after the other, as in the history of checkpoints."""
    notes: list[str] = []
    current: list[str] = []
    for line in content.splitlines(keepends=True):
        if current and current[-1].startswith(_SIGNATURE_LINE) and not line.startswith(_SIGNATURE_LINE):
            notes.append("".join(current))
            current = []
        if current or line.strip():
            current.append(line)
    return [*notes, "".join(current)] if current else notes
