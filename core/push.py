"""Web push: a short text to a browser, encrypted for it alone (RFC 8291), signed by the portal (RFC 8292).

The push services that carry it see its size and to which browser it goes. It knows no accounts and keeps nothing.
"""

import base64
import binascii
import datetime as dt
import json
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from core import outgoing

SEED_BYTES = 32
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256
POINT_BYTES = 65
SECRET_BYTES = 16
SALT_BYTES = 16
RECORD_BYTES = 4096
LONGEST_TEXT_BYTES = 3_000  # the whole must fit into one record
SIGNED_FOR = dt.timedelta(hours=12)
KEPT_FOR = dt.timedelta(days=1)  # by the push service, for a browser that is off


class Unfit(ValueError):
    """A key of a subscription that is none."""


def is_on() -> bool:
    """Say whether the portal has a key with which it signs: 32 random bytes in base64, as its other keys."""
    return _seed(settings.WEB_PUSH_KEY) is not None


@lru_cache(maxsize=4)
def _seed(text: str) -> bytes | None:
    try:
        seed = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    # All but one in four thousand million such numbers are a key of the curve.
    return seed if len(seed) == SEED_BYTES and 0 < int.from_bytes(seed) < ORDER else None


def text_of(data: bytes) -> str:
    """Return the bytes as base64url without padding, as everything of web push is written."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """Return the bytes of base64url with or without padding; Unfit when it is something else."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unfit("no base64url") from None


@lru_cache(maxsize=4)
def _private(text: str) -> ec.EllipticCurvePrivateKey:
    seed = _seed(text)
    if seed is None:
        raise ValueError("WEB_PUSH_KEY is no key")
    return ec.derive_private_key(int.from_bytes(seed), ec.SECP256R1())


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key() -> str:
    """Return the portal's key as browsers want it when they subscribe; empty where push is off."""
    return text_of(_point(_private(settings.WEB_PUSH_KEY))) if is_on() else ""


def require_keys(browser_key: str, secret: str) -> None:
    """Raise Unfit unless these are the keys of a browser's subscription (``p256dh`` and ``auth``)."""
    point = bytes_of(browser_key)
    if len(point) != POINT_BYTES or len(bytes_of(secret)) != SECRET_BYTES:
        raise Unfit("not as long as a key")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise Unfit("no point of the curve") from None


def encrypted(
    text: bytes, *, browser_key: str, secret: str, salt: bytes = b"", key: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """Return the body that only the browser opens (RFC 8291, ``aes128gcm``); salt and key are new each time."""
    if len(text) > LONGEST_TEXT_BYTES:
        raise ValueError("a push carries a sentence, not a message")
    key, salt = key or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(SALT_BYTES)
    theirs, ours = bytes_of(browser_key), _point(key)
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    agreed = _derived(shared, salt=bytes_of(secret), info=b"WebPush: info\0" + theirs + ours, length=32)
    content_key = _derived(agreed, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(agreed, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    # One record, the last: the text and the mark of its end.
    sealed = AESGCM(content_key).encrypt(nonce, text + b"\x02", None)
    return salt + RECORD_BYTES.to_bytes(4) + bytes([len(ours)]) + ours + sealed


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def signature(endpoint: str, now: dt.datetime) -> str:
    """Return the header by which the push service knows who sends (RFC 8292), good for its own host and some hours."""
    target = outgoing.target_of(endpoint)
    told = {
        "aud": f"{'https' if target.is_tls else 'http'}://{target.named}",
        "exp": int((now + SIGNED_FOR).timestamp()),
        "sub": settings.SECURITY_CONTACT,
    }
    parts = [text_of(json.dumps(one, separators=(",", ":")).encode()) for one in ({"typ": "JWT", "alg": "ES256"}, told)]
    signed = ".".join(parts)
    r, s = utils.decode_dss_signature(_private(settings.WEB_PUSH_KEY).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{text_of(r.to_bytes(32) + s.to_bytes(32))}, k={public_key()}"


def send(text: bytes, *, endpoint: str, browser_key: str, secret: str, topic: str, now: dt.datetime) -> int:
    """Send the text and return the status of the push service; NotCallable where nobody answers or may be called.

    Of several texts of one ``topic`` (at most 32 characters) a browser that was off gets the last.
    """
    headers = {
        "Authorization": signature(endpoint, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(KEPT_FOR.total_seconds())),
        "Topic": topic,
        "Urgency": "normal",
    }
    return outgoing.post(endpoint, body=encrypted(text, browser_key=browser_key, secret=secret), headers=headers)
