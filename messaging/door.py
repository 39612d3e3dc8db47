"""The door of a socket: from where, and as whom. Everything behind it is for whoever was let in."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host

from core import times
from core.errors import NotSignedIn
from messaging import admission, rules
from messaging.admission import Pass

Scope = dict[str, object]
PORTS = {"http": "80", "https": "443"}
LONGEST_SECRET = 200


class NotLetIn(Exception):
    """The socket is refused; ``close_code`` says why."""

    def __init__(self, close_code: int) -> None:
        super().__init__(str(close_code))
        self.close_code = close_code


async def enter(scope: Scope) -> Pass:
    """Return the pass of whoever opens the socket.

    Raises NotLetIn: 4403 for a page of another site (with a cookie, also for a page that doesn't say), 4401 for
    nobody.
    """
    headers = _headers(scope)
    secret = _bearer(headers)
    origin = headers.get("origin")
    if origin is not None or secret is None:
        _require_our_origin(scope, headers, origin, has_cookie=_session_key(headers) is not None)
    try:
        let_in: Pass = await _sign_in(secret, _session_key(headers))
    except NotSignedIn:
        raise NotLetIn(rules.NOT_SIGNED_IN) from None
    return let_in


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:  # type: ignore[attr-defined]  # ASGI: pairs of bytes
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}; {text}" if key == "cookie" and key in found else text
    return found


def _bearer(headers: dict[str, str]) -> str | None:
    kind, _space, secret = headers.get("authorization", "").partition(" ")
    return secret.strip()[:LONGEST_SECRET] if kind.lower() == "bearer" else None


def _session_key(headers: dict[str, str]) -> str | None:
    return parse_cookie(headers.get("cookie", "")).get(admission.session_cookie_name())


def _require_our_origin(scope: Scope, headers: dict[str, str], origin: str | None, *, has_cookie: bool) -> None:
    """Let in pages of our own address only: the browser sends the cookie whichever page opens the socket."""
    if origin is None:
        if has_cookie:
            raise NotLetIn(rules.WRONG_ORIGIN)
        return
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    host = headers.get("host", "")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        raise NotLetIn(rules.WRONG_ORIGIN)
    if _normal(origin) != _normal(f"{scheme}://{host}"):
        raise NotLetIn(rules.WRONG_ORIGIN)


def _normal(origin: str) -> tuple[str, str, str] | None:
    try:
        parts = urlsplit(origin)
        return parts.scheme, (parts.hostname or "").lower(), str(parts.port or PORTS.get(parts.scheme, ""))
    except ValueError:
        return None


def _sign_in_now(secret: str | None, session_key: str | None) -> Pass:
    if secret is not None:
        return admission.sign_in_by_token(secret, times.now())
    if session_key:
        return admission.sign_in_by_session(session_key)
    raise NotSignedIn


# Threads of its own: nothing else that waits may keep anybody out.
_sign_in = database_sync_to_async(
    _sign_in_now, thread_sensitive=False, executor=ThreadPoolExecutor(4, thread_name_prefix="door")
)
