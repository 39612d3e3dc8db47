"""One act over many matters, for people: chosen, previewed, confirmed, watched, stopped."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import BatchActForm, BatchForm
from complaints.rules import BatchAct, BatchState
from complaints.serializers import asked, letters_sent
from complaints.serializers import batches as shown
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Denied, Invalid, NotFound
from core.pages import page, posted, redirect_with, show_refusal
from core.paging import keyset

ROWS = 50


def _provider(request: HttpRequest) -> Any:
    try:
        return access.provider_of_handler(account_of(request), request.GET.get("provider", ""))
    except Denied:
        raise NotFound from None


@never_cache
@page(who=Who.SIGNED_IN)
def batches(request: HttpRequest) -> HttpResponse:
    """List what was done over many matters, newest first."""
    _provider(request)
    found, after, _before = keyset(access.batches_of(account_of(request)), request.GET.get("cursor"), ROWS)
    rows = [shown.listed(one) for one in found]
    return render(request, "complaints/batches.html", {"rows": rows, "next": after})


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def batch_new(request: HttpRequest) -> HttpResponse:
    """Ask what is to be done with the matters that were chosen, and make the preview."""
    provider, asks, act = _provider(request), request.GET.get("asks", ""), request.GET.get("act", "")
    chosen = _found(request, provider, asks) if asks else request.GET.getlist("reference")
    if act not in BatchAct.values:
        context = {"form": BatchActForm(), "chosen": chosen, "asks": asks}
        return render(request, "complaints/batch_act.html", context)
    form = BatchForm(
        posted(request),
        act=BatchAct(act),
        colleagues=access.handlers_of(provider),
        myself=account_of(request),
        templates=letters_sent.template_choices(provider),
        initial={"references": "\n".join(chosen)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _prepare(request, provider, act, form)
        except Invalid as error:
            show_refusal(form, error)
        else:
            return redirect("complaints:batch", batch_id=made)
    context = {"form": form, "title": BatchAct(act).label}
    return render(request, "complaints/batch_new.html", context, status=400 if form.errors else 200)


def _found(request: HttpRequest, provider: Any, asks: str) -> list[str]:
    """Return the references of what a search found or was filed together, as the list gave it on in its link."""
    given = {name: str(text) for name, text in QueryDict(asks).items()}
    if "group" in given:
        return access.group_references(account_of(request), given["group"][:40])
    return access.references_found(account_of(request), provider, asked.wanted_of(given, also=()))


def _prepare(request: HttpRequest, provider: Any, act: str, form: Any) -> UUID:
    made = actions.prepare_batch(
        by=account_of(request),
        provider=provider,
        act=act,
        references=form.chosen(),
        given=form.cleaned_data,
        now=times.now(),
    )
    return UUID(str(made.pk))


@never_cache
@page(who=Who.SIGNED_IN)
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Show the preview, or how far it is, or what became of it."""
    found = access.batch_for(account_of(request), batch_id)
    return render(request, "complaints/batch.html", shown.page(found, account_of(request)))


@never_cache
@page(who=Who.SIGNED_IN)
def batch_live(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Return how far it is; once it is over, tell the page to load itself anew and show the report."""
    found = access.batch_for(account_of(request), batch_id)
    answer = render(request, "complaints/_batch_live.html", shown.page(found, account_of(request)))
    if found.state != BatchState.RUNNING:
        answer["HX-Refresh"] = "true"
    return answer


@page(who=Who.SIGNED_IN, methods=("POST",))
def batch_start(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Confirm the preview that was shown."""
    digest = request.POST.get("digest", "")
    actions.start_batch(batch_id=batch_id, by=account_of(request), digest=digest, now=times.now())
    return redirect_with(request, reverse("complaints:batch", args=[batch_id]), _("Started."))


@page(who=Who.SIGNED_IN, methods=("POST",))
def batch_stop(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Stop it midway."""
    actions.stop_batch(batch_id=batch_id, by=account_of(request), now=times.now())
    to = reverse("complaints:batch", args=[batch_id])
    return redirect_with(request, to, _("Stopped. What was done stays done."))
