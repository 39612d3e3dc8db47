"""The provider's page of the uploaders who are not here yet: how they were called, and what failed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import times
from core.access import Who, account_of
from core.pages import page, redirect_with
from core.paging import keyset
from messaging import access, actions, shown

ROWS = 50


@page(who=Who.SIGNED_IN)
def unreached(request: HttpRequest) -> HttpResponse:
    """List the conversations whose uploader was called and is not here, those that moved last first."""
    calls, after, before = keyset(access.unreached_for(account_of(request)), request.GET.get("cursor"), ROWS)
    return render(request, "messaging/unreached.html", _told(calls, after, before))


def _told(calls: list[Any], after: str | None, before: str | None) -> dict[str, Any]:
    return {"rows": [shown.call(one, times.now()) for one in calls], "after": after, "before": before}


@page(who=Who.SIGNED_IN, methods=("POST",))
def call_again(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Call the uploader of a conversation once more."""
    actions.call_again(conversation_id=conversation_id, by=account_of(request), now=times.now())
    said = _("The uploader is called again, by every way that there is.")
    return redirect_with(request, reverse("messaging:unreached"), said)
