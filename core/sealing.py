"""Sealed fields: a person's data as ciphertext in the database, and the only way to open it.

Each person (or matter) has a data key, wrapped by one of FIELD_KEYS. A sealed value is bound to its table, row
and field, so a ciphertext that was moved does not open. Opening for somebody takes a purpose and is recorded.
"""

import base64
import contextlib
import datetime as dt
import hmac
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from hashlib import sha256
from typing import Any, NoReturn
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from core.actors import Actor
from core.errors import Gone
from core.field_keys import FieldKey, parse_field_keys
from core.inserts import insert
from core.models import DataKey, Opening

FORMAT = b"\x01"
NONCE_BYTES = 12
INDEX_KEY_ID = UUID(int=1)
INDEX_KEY_KNOWN_FOR = 60.0  # seconds until a process looks again whether the key of the indexes was destroyed elsewhere
Row = tuple[str, UUID | str]  # table and primary key


class Plain:
    """An opened value. It prints as ``***`` everywhere; only ``reveal()`` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself; call it only where the text leaves on purpose."""
        return self._text

    def __str__(self) -> str:
        return "***"

    __repr__ = __str__

    def __format__(self, _spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed value is not pickled")


@dataclass(frozen=True)
class _Known:
    """The key of the indexes, unwrapped, and until when (of the monotonic clock) it is not looked up again."""

    raw: bytes = field(repr=False)
    until: float


# By FIELD_KEYS, so that nothing is known any more to a process whose keys were changed.
_index_keys: dict[str, _Known] = {}


def _field_keys() -> tuple[FieldKey, ...]:
    return parse_field_keys(settings.FIELD_KEYS)


@lru_cache(maxsize=64)
def _derived(secret: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use.encode()).derive(secret)


def _wrap(key: FieldKey, data_key_id: UUID, raw: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    bound = f"data_key|{data_key_id}|{key.key_id}".encode()
    return nonce + AESGCM(_derived(key.secret, "wrap")).encrypt(nonce, raw, bound)


@lru_cache(maxsize=4096)
def _unwrap(data_key_id: UUID, key_id: str, wrapped: bytes, secret: bytes) -> bytes:
    bound = f"data_key|{data_key_id}|{key_id}".encode()
    return AESGCM(_derived(secret, "wrap")).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)


def unstored_data_key(*, now: dt.datetime) -> DataKey:
    """Return a new data key, wrapped by the newest of FIELD_KEYS, to be inserted together with what it seals."""
    newest = _field_keys()[0]
    key = DataKey(key_id=newest.key_id, created_at=now)
    key.wrapped = _wrap(newest, key.id, AESGCM.generate_key(256))
    return key


def new_data_key(*, now: dt.datetime) -> DataKey:
    """Return a new data key, stored and wrapped by the newest of FIELD_KEYS."""
    key = unstored_data_key(now=now)
    insert(key)
    return key


def _raw(key: DataKey) -> bytes:
    if key.wrapped is None:
        raise Gone(code="erased")
    for field_key in _field_keys():
        if field_key.key_id == key.key_id:
            return _unwrap(key.id, key.key_id, bytes(key.wrapped), field_key.secret)
    raise LookupError(f"no key named {key.key_id} in FIELD_KEYS")


def _index_key(use: str) -> bytes:
    # A data key of its own, so that the indexes stay the same when FIELD_KEYS are rotated.
    known = _index_keys.get(settings.FIELD_KEYS)
    if known is not None and time.monotonic() < known.until:
        return _derived(known.raw, use)
    key = DataKey.objects.filter(pk=INDEX_KEY_ID).first()
    if key is None:
        newest = _field_keys()[0]
        fresh = {"key_id": newest.key_id, "created_at": dt.datetime.now(dt.UTC)}
        fresh["wrapped"] = _wrap(newest, INDEX_KEY_ID, AESGCM.generate_key(256))
        key, _ = DataKey.objects.get_or_create(pk=INDEX_KEY_ID, defaults=fresh)
    raw, until = _raw(key), time.monotonic() + INDEX_KEY_KNOWN_FOR
    # Known once it is certain that the key stays: what a transaction made goes with the transaction.
    transaction.on_commit(partial(_index_keys.__setitem__, settings.FIELD_KEYS, _Known(raw, until)))
    return _derived(raw, use)


def forget_index_key() -> None:
    """Look the key of the indexes up again when it is next needed."""
    _index_keys.clear()


def _bound_to(row: Row, field: str) -> bytes:
    return "|".join((row[0], str(row[1]), field, "1")).encode()


def seal_bytes(key: DataKey, *, row: Row, field: str, data: bytes) -> bytes:
    """Return ``data`` sealed under the key for this row and field."""
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(_raw(key)).encrypt(nonce, data, _bound_to(row, field))


def open_bytes(key: DataKey, *, row: Row, field: str, sealed: bytes) -> bytes:
    """Return the bytes that were sealed for this row and field.

    Raises ValueError when the ciphertext was changed or moved here, Gone when the key was destroyed.
    """
    sealed = bytes(sealed)
    try:
        return AESGCM(_raw(key)).decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], _bound_to(row, field))
    except InvalidTag:
        raise ValueError(f"a sealed value does not belong to {row[0]}.{field}") from None


def seal(key: DataKey, *, row: Row, field: str, text: str) -> bytes:
    """Return the text sealed under the key for this row and field."""
    return seal_bytes(key, row=row, field=field, data=text.encode())


def open_sealed(key: DataKey, *, row: Row, field: str, sealed: bytes | None) -> Plain:
    """Return the sealed text of this row and field; empty where nothing was sealed. Errors as ``open_bytes``."""
    return Plain("" if sealed is None else open_bytes(key, row=row, field=field, sealed=sealed).decode())


def seal_json(key: DataKey, *, row: Row, field: str, value: Any) -> bytes:
    """Return a JSON value sealed for this row and field."""
    return seal(key, row=row, field=field, text=json.dumps(value, ensure_ascii=False))


def open_json(key: DataKey, *, row: Row, field: str, sealed: bytes) -> Any:
    """Return the JSON value that was sealed for this row and field. Errors as ``open_bytes``."""
    return json.loads(open_bytes(key, row=row, field=field, sealed=sealed))


def record_opening(*, key: DataKey, fields: Iterable[str], by: Actor, purpose: str, now: dt.datetime) -> Opening:
    """Record that somebody opened these fields of a person's data, and why. The person can read this record."""
    names = sorted(fields)
    return Opening.objects.create(data_key=key, fields=names, by=by.ledger_reference, purpose=purpose, at=now)


def blind_index(scope: str, text: str) -> bytes:
    """Return 32 bytes that are equal for equal texts of one scope, and say nothing to whoever lacks the key."""
    return hmac.new(_index_key(f"index|{scope}"), text.encode(), sha256).digest()


def keyed_digest(scope: str, text: str) -> str:
    """Return a keyed digest (64 hex digits) of the text, fit for a fact in the ledger."""
    return hmac.new(_index_key(f"fact|{scope}"), text.encode(), sha256).hexdigest()


def seal_text(use: str, text: str) -> str:
    """Return the text sealed for one use of the house itself, as text: for columns that are not ours to shape."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(_index_key(f"text|{use}")).encrypt(nonce, text.encode(), use.encode())
    return base64.b64encode(sealed).decode()


def open_text(use: str, sealed: str) -> str:
    """Return the text that was sealed for this use; ValueError when it was changed or sealed for another."""
    data = base64.b64decode(sealed, validate=True)
    try:
        opened = AESGCM(_index_key(f"text|{use}")).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], use.encode())
    except InvalidTag:
        raise ValueError(f"a sealed text is not one of {use}") from None
    return opened.decode()


def seal_token(use: str, text: str) -> str:
    """Return the text sealed for one use, fit for an address; for what is given out and comes back soon.

    It is sealed under the newest of FIELD_KEYS itself, so that no key is looked up, and opens as long as that is there.
    """
    newest, nonce = _field_keys()[0], os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(_derived(newest.secret, f"token|{use}")).encrypt(nonce, text.encode(), use.encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_token(use: str, token: str) -> str:
    """Return the text that was sealed for this use; ValueError when it was not, or its key is gone."""
    data = base64.urlsafe_b64decode(token.encode() + b"==")
    for key in _field_keys():
        with contextlib.suppress(InvalidTag):
            opened = AESGCM(_derived(key.secret, f"token|{use}")).decrypt(
                data[:NONCE_BYTES], data[NONCE_BYTES:], use.encode()
            )
            return opened.decode()
    raise ValueError(f"a token is not one of {use}")


def destroy(key: DataKey, *, now: dt.datetime) -> None:
    """Destroy the key, so that nothing sealed under it can ever be opened again."""
    DataKey.objects.filter(pk=key.pk, destroyed_at__isnull=True).update(wrapped=None, destroyed_at=now)
    key.wrapped, key.destroyed_at = None, now
    if key.pk == INDEX_KEY_ID:
        forget_index_key()


def keys_to_rotate() -> int:
    """Return how many data keys are not yet wrapped by the newest of FIELD_KEYS."""
    return DataKey.objects.filter(destroyed_at__isnull=True).exclude(key_id=_field_keys()[0].key_id).count()


def rotate_some(limit: int = 500) -> int:
    """Re-wrap up to ``limit`` data keys under the newest of FIELD_KEYS and return how many that were.

    Each call is one transaction, so a killed rotation goes on where it stopped; readers notice nothing.
    """
    newest = _field_keys()[0]
    with transaction.atomic():
        waiting = DataKey.objects.filter(destroyed_at__isnull=True).exclude(key_id=newest.key_id).order_by("pk")
        keys = list(waiting.select_for_update(skip_locked=True)[:limit])
        for key in keys:
            key.wrapped, key.key_id = _wrap(newest, key.id, _raw(key)), newest.key_id
        DataKey.objects.bulk_update(keys, ["wrapped", "key_id"])
    return len(keys)
