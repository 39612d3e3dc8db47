"""Kept searches: save the one that is shown, and remove one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import actions
from complaints.forms import SaveSearchForm
from complaints.serializers import saved as shapes
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Invalid
from core.pages import page, redirect_with, show_refusal


def kept_above(request: HttpRequest, where: str, asks: str) -> dict[str, Any]:
    """Return what stands above a list ("desk" or "list"): the kept searches, and the form to keep what it was asked."""
    form = SaveSearchForm(initial={"asks": asks, "where": where})
    return {"saved": shapes.links_of(account_of(request), where), "saving": form, "where": where}


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep what a list was asked under a name, and go back to the list; ask again for a name that cannot be."""
    form = SaveSearchForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            query = shapes.query_given(QueryDict(given["asks"]).dict())
            actions.save_search(by=account_of(request), name=given["name"], query=query, now=times.now())
        except Invalid as error:
            show_refusal(form, error)
        else:
            return redirect_with(request, shapes.address_of(given["where"], query), _("Saved. Only you see it."))
    return render(request, "complaints/save_search.html", {"form": form}, status=400)


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def remove_search(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Forget a kept search, and go back to the list from which that was asked."""
    actions.remove_search(by=account_of(request), search_id=search_id, now=times.now())
    to = "complaints:desk" if request.POST.get("where") == "desk" else "complaints:list"
    return redirect_with(request, reverse(to), _("The search is removed."))
