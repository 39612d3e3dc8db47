"""The home page: what waits for me, what became of my matters, and where to begin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core import times
from core.access import Who
from core.pages import page
from portal import access, context, navigation
from verification import access as accounts
from verification.rules import STAFF_ROLES

TONES = {"submitted": "waiting", "verified": "done", "refused": "against"}


@page(who=Who.SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """Show the signed-in account its own desk."""
    account: Any = request.user
    now = times.now()
    roles = context.site_of(request).roles
    identity = accounts.current_identity(account, now)
    told = {
        "is_staff": bool(roles.intersection(STAFF_ROLES)),
        "tasks": access.waiting_for(account, identity, now),
        "matters": access.newest_matters(account),
        "identity": identity,
        "identity_tone": TONES.get(identity.state, "neutral") if identity else "neutral",
        "starts": navigation.for_roles(navigation.STARTS, roles),
    }
    return render(request, "portal/home.html", told)
