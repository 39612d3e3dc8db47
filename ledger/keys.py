"""Ed25519 keys of the ledger, named as C2SP signed-note names them; it owns no note and no table."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SEED_BYTES = 32
VERIFIER_FILE = "verifier.txt"
_ED25519 = b"\x01"
_NAME = re.compile(r"^[^\s+]+$")


class WrongSignature(ValueError):
    """The signature is not one of this key over these bytes."""


class WrongKey(ValueError):
    """The text is not a verifier key, or no key is known by that id."""


@dataclass(frozen=True)
class Verifier:
    """A public key with its name: whoever holds it can check, and can't sign."""

    name: str
    public_bytes: bytes

    @property
    def key_hash(self) -> bytes:
        """The four bytes that C2SP signed-note puts before each signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public_bytes).digest()[:4]

    @property
    def key_id(self) -> str:
        """The same four bytes in hex, as the tables keep them."""
        return self.key_hash.hex()

    def check(self, signature: bytes, data: bytes) -> None:
        """Raise WrongSignature unless this key signed the data."""
        try:
            _public_key(self.public_bytes).verify(signature, data)
        except InvalidSignature:
            raise WrongSignature("does not bear the right signature: it was changed, or not made here") from None

    def __str__(self) -> str:
        """Return the verifier key as C2SP signed-note writes it: name+hash+base64."""
        return f"{self.name}+{self.key_id}+{base64.b64encode(_ED25519 + self.public_bytes).decode()}"


@dataclass(frozen=True, repr=False)
class Signer:
    """The secret key; it prints nothing of itself."""

    verifier: Verifier
    _private: Ed25519PrivateKey
    key_id: str

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of the Ed25519 signature."""
        return self._private.sign(data)


Verifiers = Mapping[str, Verifier]


@lru_cache(maxsize=64)
def _public_key(public_bytes: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_bytes)


def parse_verifier(text: str) -> Verifier:
    """Return the verifier of a `name+hash+base64` line; raises WrongKey."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        data = b""
    if not _NAME.fullmatch(name) or data[:1] != _ED25519 or len(data) != 1 + SEED_BYTES:
        raise WrongKey("a verifier key reads name+hash+base64, with an Ed25519 key")
    verifier = Verifier(name, data[1:])
    if verifier.key_id != key_id:
        raise WrongKey("the verifier key's hash does not belong to its name and key")
    return verifier


def collect(verifiers: Iterable[Verifier]) -> Verifiers:
    """Return the verifiers by key id."""
    return {verifier.key_id: verifier for verifier in verifiers}


def read_verifiers(text: str) -> Verifiers:
    """Return every verifier key in the text, separated by blanks, lines or commas; raises WrongKey."""
    return collect(parse_verifier(part) for part in re.split(r"[\s,]+", text) if part)


@lru_cache(maxsize=8)
def _signer(seed: bytes, name: str) -> Signer:
    if len(seed) != SEED_BYTES:
        raise ImproperlyConfigured("LEDGER_KEY must be 32 random bytes in base64 (openssl rand -base64 32)")
    if not _NAME.fullmatch(name):
        raise ImproperlyConfigured("LEDGER_ORIGIN must be a name without blanks and plus signs")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    verifier = Verifier(name, private.public_key().public_bytes_raw())
    return Signer(verifier, private, verifier.key_id)


def signer() -> Signer:
    """Return the key that signs entries and checkpoints; raises ImproperlyConfigured if there is none."""
    return _signer(settings.LEDGER_SEED, settings.LEDGER_ORIGIN)


def require_signed(verifiers: Verifiers, key_id: str, signature: bytes, data: bytes) -> None:
    """Raise WrongSignature unless the known key of this id signed the data."""
    if key_id not in verifiers:
        raise WrongSignature(f"is signed by the unknown key {key_id}")
    verifiers[key_id].check(signature, data)


def checkpoint_dir() -> Path:
    """Return the folder outside the database where checkpoints are kept."""
    return Path(settings.LEDGER_CHECKPOINT_DIR)


def public_verifiers() -> Verifiers:
    """Return the public keys that the deployment publishes: LEDGER_PUBLIC_KEY and the verifier file; no secret."""
    text, path = str(settings.LEDGER_PUBLIC_KEY), checkpoint_dir() / VERIFIER_FILE
    if path.is_file():
        text += "\n" + path.read_text(encoding="utf-8")
    return read_verifiers(text)


def own_verifiers() -> Verifiers:
    """Return the keys whose entries are sealed: the present one, and earlier ones that are still published."""
    return {**public_verifiers(), signer().key_id: signer().verifier}
