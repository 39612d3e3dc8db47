"""The keys of the deployment that wrap all others, as FIELD_KEYS writes them; what is done with them is core.sealing's."""

import base64
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class FieldKey:
    """One of FIELD_KEYS: its name and its 32 bytes."""

    key_id: str
    secret: bytes


@lru_cache(maxsize=4)
def parse_field_keys(text: str) -> tuple[FieldKey, ...]:
    """Return the keys of ``FIELD_KEYS`` (``id:base64`` of 32 bytes, comma-separated), newest first.

    Raises ValueError with a sentence for the operator when one is not of this form.
    """
    keys = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        key_id, colon, encoded = part.partition(":")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except ValueError:
            secret = b""
        if not colon or not key_id or len(key_id) > 32 or len(secret) != 32:  # noqa: PLR2004 - AES-256
            raise ValueError("FIELD_KEYS: each key is written ID:BASE64 of 32 random bytes, newest first")
        keys.append(FieldKey(key_id, secret))
    if not keys:
        raise ValueError("FIELD_KEYS is empty: give at least one key as ID:BASE64 of 32 random bytes")
    return tuple(keys)
