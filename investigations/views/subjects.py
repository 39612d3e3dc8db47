"""The uploader's pages: what it is asked, and what was disclosed about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import times
from core.access import Who
from core.pages import page, redirect_with
from core.paging import USUAL_LIMIT, keyset, keyset_of
from investigations import access, actions
from investigations.forms import StatementForm
from investigations.rules import Category
from investigations.serializers import shown
from investigations.views.requests import me


@never_cache
@page(who=Who.SIGNED_IN)
def notices(request: HttpRequest) -> HttpResponse:
    """Show what was disclosed about the signed-in uploader, and what it is asked."""
    rows, after, before = keyset_of(access.disclosures_of(me(request)), request.GET.get("cursor"), USUAL_LIMIT)
    asked, _after, _before = keyset(access.consultations_of(me(request)), None, USUAL_LIMIT)
    context = {
        "notices": [_notice(row) for row in rows],
        "asked": [{"one": one, "shown": shown.masked(one)} for one in asked],
        "after": after,
        "before": before,
    }
    return render(request, "investigations/notices.html", context)


def _notice(row: Any) -> dict[str, Any]:
    told = shown.told(row)
    # With a counter-notice it stands in the complaint, at whose provider it is.
    provider = getattr(row, "complaint", None) or row.investigation
    categories = [str(Category(value).label) for value in told["categories"]]
    return {"one": row, "shown": told, "categories": categories, "provider": provider.provider}


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def statement(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the uploader the masked copy of a request, and take its answer."""
    asked = access.own_consultation(me(request), reference)
    form = StatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.give_statement(
            reference=reference,
            statement=form.cleaned_data["statement"],
            has_consented=form.cleaned_data["consents"],
            by=me(request),
            now=times.now(),
        )
        return redirect_with(request, "investigations:notices", _("Your answer is recorded. Thank you."))
    copy = shown.masked(asked)
    labels = [Category(value).label for value in copy["categories"]]
    context = {"asked": asked, "copy": copy, "categories": labels, "form": form}
    return render(request, "investigations/statement.html", context)
