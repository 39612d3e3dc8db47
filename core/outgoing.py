"""The one client with which the portal calls an address that somebody named: public addresses only, and no surprises.

The name is resolved once and the call goes to just that address, so that it can't change in between; redirects are not
followed, a proxy of the environment is not used, and size and time are bounded. A host that the deployment allows by
name (WEBHOOK_HOSTS) may be private and without TLS.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings

CONNECT_WITHIN_SECONDS = 5.0
ANSWER_WITHIN_SECONDS = 10.0
MOST_ANSWER_BYTES = 64 * 1024
# Translated, tunnelled and "compatible" addresses, which lead to whatever they hold, and the site-local ones of old.
NOT_PUBLIC = tuple(
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "fec0::/10")
)
# What stands in a path or query as it is, a percent sign of what is written with them included.
AS_WRITTEN = "%/:?#[]@!$&'()*+,;=~"
LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa")


class NotCallable(Exception):
    """The address is none that the portal calls, or nobody answered there; ``code`` says why, in one word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """An address that may be called, as far as its spelling tells."""

    host: str
    port: int
    path: str
    is_tls: bool
    is_allowed_by_name: bool

    @property
    def named(self) -> str:
        """The host and port as they stand in a request."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_tls else 80) else f"{host}:{self.port}"


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, whatever it is wrapped in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in network for network in NOT_PUBLIC):
            return False
    return found.is_global and not found.is_multicast


def target_of(url: str) -> Target:
    """Return where an address leads; NotCallable when its spelling alone rules it out.

    Whether a name leads to a public address is seen only when it is called: it may lead elsewhere by then.
    """
    if " " in url:
        raise NotCallable("malformed")
    spelt = spelling_of(url, schemes={"https": 443, "http": 80})
    parts = spelt.parts
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=AS_WRITTEN)
    return target_at(spelt, path, allowed=settings.WEBHOOK_HOSTS)


@dataclass(frozen=True)
class Spelling:
    """An address taken apart: the host as somebody wrote it and as a request and a certificate write it, and the port."""

    parts: SplitResult
    written: str
    host: str
    port: int
    is_tls: bool


def spelling_of(address: str, *, schemes: Mapping[str, int]) -> Spelling:
    """Return the address taken apart; NotCallable for another scheme, for who signs in by it, and for what is no address.

    ``schemes`` gives each scheme's port, the one over TLS first.
    """
    try:
        parts = urlsplit(address)
        written, port = (parts.hostname or "").rstrip("."), parts.port
        # What is meant by other characters is settled here, and once.
        host = written if written.isascii() else written.encode("idna").decode()
    except ValueError:
        raise NotCallable("malformed") from None
    if parts.scheme not in schemes or not host or not address.isprintable() or port == 0:
        raise NotCallable("malformed")
    if parts.username is not None or parts.password is not None:
        raise NotCallable("malformed")
    return Spelling(parts, written, host, port or schemes[parts.scheme], parts.scheme == next(iter(schemes)))


def target_at(spelt: Spelling, path: str, *, allowed: Iterable[str]) -> Target:
    """Return the target; NotCallable for a host that is neither allowed by name nor, by its spelling, public and with TLS."""
    is_allowed = bool({spelt.written, spelt.host} & set(allowed))
    if not is_allowed:
        require_fit(spelt.host, is_tls=spelt.is_tls)
    return Target(spelt.host, spelt.port, path, spelt.is_tls, is_allowed)


def require_fit(host: str, *, is_tls: bool) -> None:
    """Raise NotCallable for a host that is not public as far as its spelling tells, and for a call without TLS."""
    if not is_tls:
        raise NotCallable("not_https")
    if host.rpartition(".")[2] in LOCAL_NAMES or host.endswith(".home.arpa"):
        raise NotCallable("not_public")
    # Numbers in any spelling (one number, octal, hexadecimal, mapped) are read as the system would read them.
    with contextlib.suppress(OSError, UnicodeError):
        numeric = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        if not all(is_public(str(one[4][0])) for one in numeric):
            raise NotCallable("not_public")


def resolved(target: Target) -> str:
    """Return the one address to which the host leads now; NotCallable where it leads nowhere or to what is not public."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotCallable("not_found") from None
    addresses = [str(one[4][0]) for one in found]
    if not target.is_allowed_by_name and not all(map(is_public, addresses)):
        raise NotCallable("not_public")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one resolved address, under the name that the certificate must bear."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_WITHIN_SECONDS)
        self._target, self._address = target, address
        self._opened: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the address that was looked at, and to no other."""
        self.sock = socket.create_connection((self._address, self._target.port), CONNECT_WITHIN_SECONDS)
        if self._target.is_tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._target.host)
        # Kept, because the library forgets its own while it still reads an answer that ends with the connection.
        self._opened = self.sock

    def cut(self) -> None:
        """End whatever is under way; from another thread."""
        if self._opened is not None:
            with contextlib.suppress(OSError):
                self._opened.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def _ended_in_time(connection: _Pinned) -> Iterator[None]:
    """Cut the connection when all of it takes too long: a receiver that drips never runs into a socket's own time-out."""
    timer = threading.Timer(ANSWER_WITHIN_SECONDS, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
    """Send the body and return the status of the answer, whatever it is; of the answer's own body nothing is kept.

    Raises NotCallable: ``malformed``, ``not_https``, ``not_public``, ``not_found``, ``certificate``, ``no_answer``.
    """
    target = target_of(url)
    connection = _Pinned(target, resolved(target))
    with _ended_in_time(connection):
        try:
            connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": target.named, "Content-Length": str(len(body)), **headers}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            answer.read(MOST_ANSWER_BYTES)
        except ssl.SSLCertVerificationError:
            raise NotCallable("certificate") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise NotCallable("no_answer") from None
    return answer.status
