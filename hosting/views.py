"""The uploader's pages: claiming a subscriber, and what is one's own content."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import times
from core.access import Who, account_of
from core.errors import NotSignedIn
from core.pages import page, redirect_with
from core.paging import keyset
from hosting import access, actions, pending
from verification.authentication import remember_way

ROWS = 50


@page(who=Who.SIGNED_IN)
def my_content(request: HttpRequest) -> HttpResponse:
    """Show an uploader its content, and what is pending there."""
    content, after, before = keyset(access.content_of(account_of(request)), request.GET.get("cursor"), ROWS)
    known = pending.pending_at(account_of(request), [one.pk for one in content], times.now())
    rows = [{"content": one, "pending": known.get(one.pk, [])} for one in content]
    told = {"rows": rows, "next": after, "previous": before, "subscribers": access.subscribers_of(account_of(request))}
    return render(request, "hosting/my_content.html", told)


@never_cache
@page(who=Who.PUBLIC, methods=("GET", "POST"))
def claim(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what a link is for, and claim the subscriber when its button is pressed; opening it uses nothing up."""
    now = times.now()
    if request.method == "POST":
        if not request.user.is_authenticated:
            raise NotSignedIn
        claimed = actions.claim_subscriber(secret=secret, by=account_of(request), now=now)
        text = _("Your content at %(provider)s is now shown here.") % {"provider": claimed.provider.name}
        return redirect_with(request, reverse("hosting:my-content"), text)
    link = access.claim_link(secret, now)
    if not request.user.is_authenticated:
        remember_way(request, request.path)
    return render(request, "hosting/claim.html", {"link": link})
