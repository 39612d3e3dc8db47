"""Asking a ClamAV daemon about a file (CLAMD_URL). It keeps nothing, and decides nothing about what is found."""

import socket
from urllib.parse import urlsplit

from django.conf import settings

from core.errors import Unavailable

USUAL_PORT = 3310
ANSWER_WITHIN_SECONDS = 20.0
CHUNK_BYTES = 256 * 1024
LONGEST_ANSWER_BYTES = 4096


def is_daemon(url: str) -> bool:
    """Say whether this can be where a daemon is: ``tcp://host:port`` or ``unix:///path``."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0 if parts.scheme == "tcp" else _is_path(parts.scheme, parts.path)
    except ValueError:
        return False


def _is_path(scheme: str, path: str) -> bool:
    return scheme == "unix" and path.startswith("/")


def is_clean(data: bytes) -> bool:
    """Say whether the daemon finds nothing in the bytes; without a daemon nobody looks, and nothing is found.

    Raises Unavailable when it does not answer, or not whether the bytes are clean: nothing is taken unseen then.
    """
    if not settings.CLAMD_URL:
        return True
    try:
        answer = _asked(data)
    except OSError:
        raise Unavailable from None
    if answer.endswith(b" FOUND"):
        return False
    if answer != b"stream: OK":
        raise Unavailable
    return True


def _asked(data: bytes) -> bytes:
    with _connected() as daemon:
        daemon.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK_BYTES):
            chunk = data[start : start + CHUNK_BYTES]
            daemon.sendall(len(chunk).to_bytes(4, "big") + chunk)
        daemon.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER_BYTES:
            more = daemon.recv(LONGEST_ANSWER_BYTES)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0\n")


def _connected() -> socket.socket:
    parts = urlsplit(settings.CLAMD_URL)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or USUAL_PORT), ANSWER_WITHIN_SECONDS)
    daemon = socket.socket(socket.AF_UNIX)
    daemon.settimeout(ANSWER_WITHIN_SECONDS)
    try:
        daemon.connect(parts.path)
    except OSError:
        daemon.close()
        raise
    return daemon
