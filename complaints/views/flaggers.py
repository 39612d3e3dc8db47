"""The page of the trusted flaggers: the staff sees them, an authorizer records, suspends and ends them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions, regimes
from complaints.forms import FlaggerForm, ReasonsForm
from complaints.serializers import flaggers as shapes
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Conflict, Denied, Invalid, NotFound
from core.pages import page, posted, redirect_with, show_refusal

MOST_SHOWN = 200
ENDS = {"resumption": actions.resume_flagger, "ending": actions.end_flagger}


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def flaggers(request: HttpRequest) -> HttpResponse:
    """List the trusted flaggers; an authorizer records a new one."""
    now, account = times.now(), account_of(request)
    found = access.flaggers_of(account)
    form = FlaggerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        provider = access.provider_of_authorizer(account)
        try:
            actions.record_flagger(by=account, provider=provider, award=shapes.award_of(form.given()), now=now)
        except (Invalid, Conflict) as error:
            show_refusal(form, error if isinstance(error, Invalid) else Invalid(detail=error.detail))
        else:
            return redirect_with(
                request, reverse("complaints:flaggers"), _("Recorded. Its notices come first from now on.")
            )
    context = {
        "rows": [shapes.flagger_row(one, now) for one in found[:MOST_SHOWN]],
        "sources": [law.trusted_flaggers for law in regimes.all_current() if law.trusted_flaggers],
        "form": form if _may_record(request) else None,
    }
    return render(request, "complaints/flaggers.html", context, status=400 if form.errors else 200)


def _may_record(request: HttpRequest) -> bool:
    try:
        access.provider_of_authorizer(account_of(request))
    except Denied:
        return False
    return True


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def flagger_act(request: HttpRequest, flagger_id: UUID, act: str) -> HttpResponse:
    """Suspend a flagger with reasons, let it be trusted again, or end the status."""
    account = account_of(request)
    flagger = access.flagger_for(account, flagger_id)
    to, now = reverse("complaints:flaggers"), times.now()
    if act in ENDS and request.method == "POST":
        ENDS[act](flagger_id=flagger_id, by=account, now=now)
        return redirect_with(request, to, _("Recorded."))
    if act != "suspension":
        raise NotFound
    form = ReasonsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.suspend_flagger(flagger_id=flagger_id, by=account, reasons=form.cleaned_data["reasons"], now=now)
        return redirect_with(request, to, _("Suspended. Its new notices come no longer first."))
    context = {"form": form, "row": shapes.flagger_row(flagger, now)}
    return render(request, "complaints/flagger.html", context, status=400 if form.errors else 200)
