"""Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, under a secret that only the receiver has."""

import base64
import datetime as dt
import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """Return a new secret, written as Standard Webhooks writes it: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def headers(*, message: str | UUID, at: dt.datetime, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """Return the headers of a delivery that is sent at this time, signed under each of the secrets."""
    seconds = str(int(at.timestamp()))
    signed = f"{message}.{seconds}.".encode() + body
    return {
        "content-type": "application/json",
        "user-agent": "Portal-Webhooks/1",
        "webhook-id": str(message),
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in keys),
    }
