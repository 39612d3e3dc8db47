"""Who asks for a page, and from where."""

from typing import Any

from django.http import HttpRequest


def account_of(request: HttpRequest) -> Any:
    """Return the signed-in account; on pages for those who are signed in there is always one."""
    return request.user


def network_address(request: HttpRequest) -> str:
    """Return the address that the request came from, as the server (behind its trusted proxies) saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))
