"""The one client with which the portal reads mailboxes: IMAP over TLS at public hosts, bounded in size and time.

As with webhooks the name is resolved once and the connection goes to just that address. A host that the deployment allows
by name (MAILBOX_HOSTS) may be private and without TLS. It marks what was read; it deletes and moves nothing.
"""

import contextlib
import datetime as dt
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings

from core.outgoing import NotCallable, Target, resolved, spelling_of, target_at

CONNECT_WITHIN_SECONDS = 5.0
ANSWER_WITHIN_SECONDS = 15.0
DONE_WITHIN_SECONDS = 120.0
TLS_PORT, PLAIN_PORT = 993, 143
MOST_HEADER_BYTES = 64 * 1024
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,99}")
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")
# An answer that is longer than this is no mail that was asked for.
_ROOM_BYTES = 64 * 1024


class Unreadable(Exception):
    """The mailbox cannot be read; ``code`` says why, in one word: nothing of what its server said is in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Folder:
    """Which folder of which host."""

    target: Target
    name: str


@dataclass(frozen=True)
class Message:
    """A message as it lies in a mailbox; of one that is too large (``is_whole`` False) only its header."""

    uid: int
    raw: bytes
    received_at: dt.datetime | None
    is_whole: bool


def folder_of(address: str) -> Folder:
    """Return where an address such as ``imaps://mail.example:993/INBOX`` leads; NotCallable when its spelling rules it out."""
    spelt = spelling_of(address, schemes={"imaps": TLS_PORT, "imap": PLAIN_PORT})
    name = unquote(spelt.parts.path.strip("/")) or "INBOX"
    if not _FOLDER.fullmatch(name) or spelt.parts.query or spelt.parts.fragment:
        raise NotCallable("malformed")
    return Folder(target_at(spelt, "", allowed=settings.MAILBOX_HOSTS), name)


class _Pinned(imaplib.IMAP4):
    """A connection to one resolved address, under the name that the certificate must bear; it takes no endless answer."""

    def __init__(self, target: Target, *, most_bytes: int) -> None:
        self._target, self._address, self._most_bytes = target, resolved(target), most_bytes
        super().__init__(target.host, target.port, timeout=CONNECT_WITHIN_SECONDS)
        self.sock.settimeout(ANSWER_WITHIN_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self._target.port), timeout)
        if not self._target.is_tls:
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)
        except (OSError, ValueError):
            plain.close()
            raise

    def read(self, size: int) -> bytes:
        """Return so many bytes of an answer, unless that is more than was asked for."""
        if size > self._most_bytes + _ROOM_BYTES:
            raise self.abort("too long")
        return super().read(size)

    def cut(self) -> None:
        """End whatever is under way; from another thread."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)


class Session:
    """A folder that was opened: what is new in it, and the marks that say what was read."""

    def __init__(self, connection: _Pinned, most_bytes: int) -> None:
        self._connection, self._most_bytes = connection, most_bytes
        self.uid_validity = self._uid_validity()

    def _uid_validity(self) -> int:
        _kind, found = self._connection.response("UIDVALIDITY")
        text = found[0] if found and isinstance(found[0], bytes) else b""
        if not text.isdigit():
            raise Unreadable("no_uids")
        return int(text)

    def uids_after(self, last: int, most: int) -> list[int]:
        """Return the numbers of the messages that came after this one, the oldest first, so many at most."""
        found = self._asked("SEARCH", f"UID {last + 1}:*")
        words = b" ".join(one for one in found if isinstance(one, bytes)).split()
        return sorted(uid for word in words if word.isdigit() and (uid := int(word)) > last)[:most]

    def message(self, uid: int) -> Message | None:
        """Return a message without marking it; None where it is not there any more."""
        about = self._asked("FETCH", str(uid), "(RFC822.SIZE INTERNALDATE)")
        line = next((one for one in about if isinstance(one, bytes)), b"")
        size = _SIZE.search(line)
        if size is None:
            return None
        is_whole = int(size.group(1)) <= self._most_bytes
        part = "BODY.PEEK[]" if is_whole else f"BODY.PEEK[HEADER]<0.{MOST_HEADER_BYTES}>"
        found = self._asked("FETCH", str(uid), f"({part})")
        raw = next((one[1] for one in found if isinstance(one, tuple)), None)
        return None if raw is None else Message(uid, raw, _received_at(line), is_whole)

    def mark_read(self, uid: int) -> None:
        """Mark a message as seen, for people who look into the mailbox."""
        self._asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _asked(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes]]:
        with _broken_off():
            kind, found = self._connection.uid(command, *arguments)
        if kind != "OK":
            raise Unreadable("refused")
        return found


def _received_at(line: bytes) -> dt.datetime | None:
    found = re.search(rb'INTERNALDATE "([^"]{20,30})"', line)
    if found is None:
        return None
    try:
        return dt.datetime.strptime(found.group(1).decode().strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(dt.UTC)
    except ValueError:
        return None


@contextlib.contextmanager
def _broken_off() -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ValueError):
        raise Unreadable("broken_off") from None


@contextlib.contextmanager
def opened(folder: Folder, *, user: str, password: str, most_bytes: int) -> Iterator[Session]:
    """Sign in and open the folder; whatever goes wrong with it, here or while it is read, is raised as Unreadable."""
    try:
        connection = _Pinned(folder.target, most_bytes=most_bytes)
    except NotCallable as refusal:
        raise Unreadable(refusal.code) from None
    except ssl.SSLError:
        raise Unreadable("certificate") from None
    except (OSError, imaplib.IMAP4.error, ValueError):
        raise Unreadable("not_reached") from None
    timer = threading.Timer(DONE_WITHIN_SECONDS, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        with _broken_off():
            _sign_in(connection, user, password)
            if connection.select(f'"{folder.name}"')[0] != "OK":
                raise Unreadable("no_folder")
            session = Session(connection, most_bytes)
        yield session
    finally:
        timer.cancel()
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
            connection.logout()


def _sign_in(connection: _Pinned, user: str, password: str) -> None:
    try:
        if "AUTH=PLAIN" in connection.capabilities:
            connection.authenticate("PLAIN", lambda _challenge: f"\0{user}\0{password}".encode())
        else:
            quoted = user.replace("\\", "\\\\").replace('"', '\\"')
            connection.login(f'"{quoted}"', password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise Unreadable("not_signed_in") from None
