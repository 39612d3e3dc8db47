"""Identifiers and secrets: how they are made, and how secrets are kept."""

import hashlib
import os
import secrets
import time
import uuid

# Crockford's alphabet: no I, L, O, U, so that a reference survives the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_CHARACTERS = 16
TRACKING_CHARACTERS = 30
CODE_CHARACTERS = 8


def uuid7() -> uuid.UUID:
    """Return a time-ordered identifier (RFC 9562, version 7), so that newest first is ``-id``.

    Its time is kept to a quarter of a microsecond (section 6.2, method 3), so that rows of one request keep their order.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | (nanoseconds * 4096 // 1_000_000) << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=value)


def _random_text(characters: int) -> str:
    # Five bits of each byte choose among the thirty-two letters, each as often as every other.
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in os.urandom(characters))


def new_reference(letter: str) -> str:
    """Return a new reference of a matter, as in ``C-7K3M9Q2XW8RT4VBN``: 80 random bits, not guessable."""
    return f"{letter}-{_random_text(REFERENCE_CHARACTERS)}"


def new_tracking_code() -> str:
    """Return a code by which a stranger may follow one complaint: 150 random bits."""
    return _random_text(TRACKING_CHARACTERS)


def new_code() -> str:
    """Return a one-time code that is typed by hand and lives for minutes: 40 random bits."""
    return _random_text(CODE_CHARACTERS)


def new_secret() -> str:
    """Return 256 random bits as URL-safe text, for tokens and one-time links."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """Return the only form in which a secret of ours is kept: its SHA-256 (32 bytes)."""
    return hashlib.sha256(secret.encode()).digest()
