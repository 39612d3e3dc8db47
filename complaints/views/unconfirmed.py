"""The handlers' page of notices without account and address: how the sender can be reached, and that it was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import ByHandForm
from complaints.serializers import unconfirmed as shapes
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Denied, NotFound
from core.pages import page, posted, redirect_with
from core.paging import keyset

ROWS = 50


@never_cache
@page(who=Who.SIGNED_IN)
def unconfirmed(request: HttpRequest) -> HttpResponse:
    """List what only a handler can confirm, newest first."""
    try:
        access.provider_of_handler(account_of(request))
    except Denied:
        raise NotFound from None
    found, after, _before = keyset(access.unreached_filings(account_of(request)), request.GET.get("cursor"), ROWS)
    return render(request, "complaints/unconfirmed.html", {"rows": found, "next": after})


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def by_hand(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what it says and how its sender can be reached; record how it was made sure whose it is."""
    account, now = account_of(request), times.now()
    found = access.unreached_filing(account, reference)
    form = ByHandForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.confirm_by_hand(reference=reference, by=account, how=form.cleaned_data["how"], now=now)
        to = reverse("complaints:matter", args=[reference])
        return redirect_with(request, to, _("Confirmed. The notice counts from now on."))
    context = {"form": form, "found": shapes.whole(found, by=account, now=now), "complaint": found}
    return render(request, "complaints/by_hand.html", context, status=400 if form.errors else 200)
