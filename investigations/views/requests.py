"""Asking: the choice of a ground, the request, its page, its change, the lists."""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from core import times
from core.access import Who
from core.errors import Invalid, NotFound, TooLarge
from core.pages import page, redirect_with, show_refusal
from core.paging import USUAL_LIMIT, keyset
from investigations import access, actions, bases, downloads
from investigations.forms import RequestForm
from investigations.serializers import pages, shown
from verification.actions import store_file

if TYPE_CHECKING:
    from verification.models import Account

STEPS = (gettext_lazy("Ground"), gettext_lazy("Request"), gettext_lazy("Sent"))


def me(request: HttpRequest) -> "Account":
    """Return the signed-in account; the page's rule saw to it that there is one."""
    return cast("Account", request.user)


@never_cache
@page(who=Who.SIGNED_IN)
def own_requests(request: HttpRequest) -> HttpResponse:
    """List the requests that one made oneself."""
    rows, after, before = keyset(access.own(me(request)), request.GET.get("cursor"), USUAL_LIMIT)
    return render(request, "investigations/list.html", {"rows": pages.rows(rows), "after": after, "before": before})


@never_cache
@page(who=Who.SIGNED_IN)
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits at the provider for the signed-in member of its staff, and all requests to it."""
    rows, after, before = keyset(access.desk_of(me(request)), request.GET.get("cursor"), USUAL_LIMIT)
    tasks = access.waiting_for(me(request), times.now())
    context = {"rows": pages.rows(rows), "after": after, "before": before, "tasks": tasks}
    return render(request, "investigations/desk.html", context)


@never_cache
@page(who=Who.SIGNED_IN)
def choose_ground(request: HttpRequest) -> HttpResponse:
    """Show on which grounds the signed-in account may ask, and what each needs and allows."""
    mine = access.capacities_of(me(request), times.now())
    grounds = [shown.basis(one) for one in bases.current() if one.capacity in mine]
    context = {"grounds": grounds, "query": request.GET.urlencode(), "steps": STEPS}
    return render(request, "investigations/ground.html", context)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def new_request(request: HttpRequest, basis: str) -> HttpResponse:
    """Ask on one ground."""
    ground = bases.known(basis)
    if ground is None:
        raise NotFound
    initial = {name: request.GET[name] for name in ("provider", "complaint", "content") if name in request.GET}
    form = RequestForm(ground, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            filed = actions.file_request(
                provider=form.cleaned_data["provider"],
                capacity=ground.capacity,
                regime=ground.regime,
                legal_basis=ground.code,
                given=form.asked(_documents(request, form)),
                by=me(request),
                now=times.now(),
            )
        except (Invalid, TooLarge) as error:
            _show(form, error)
        else:
            text = _("Your request was received. Its reference is %(reference)s.") % {"reference": filed.reference}
            return redirect_with(request, reverse("investigations:matter", args=[filed.reference]), text)
    context = {"form": form, "ground": shown.basis(ground), "steps": STEPS}
    return render(request, "investigations/request.html", context)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def correction(request: HttpRequest, reference: str) -> HttpResponse:
    """Change the request, or complete it."""
    investigation = access.get_for(me(request), reference)
    access.require_requester(me(request), investigation)
    one = shown.matter(investigation, access.REQUESTER)
    form = RequestForm(investigation.basis, request.POST or None, request.FILES or None, initial=_initial(one))
    form.fields["provider"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            changes = form.asked(_documents(request, form))
            actions.correct_request(reference=reference, changes=changes, by=me(request), now=times.now())
        except (Invalid, TooLarge) as error:
            _show(form, error)
        else:
            text = _("The request was changed. What was assessed or decided about it before no longer counts.")
            return redirect_with(request, reverse("investigations:matter", args=[reference]), text)
    context = {
        "form": form,
        "ground": shown.basis(investigation.basis),
        "reference": reference,
        "elements": pages.elements(one),
        "documents": pages.documents(one),
    }
    return render(request, "investigations/correction.html", context)


def _initial(one: dict[str, Any]) -> dict[str, Any]:
    names = ("provider", "complaint", "categories", "purpose", "necessity", "confidentiality_ground")
    initial = {name: one[name] for name in names}
    initial["content"] = "\n".join(one["content"])
    initial["notify_subject_after"] = (one["notify_subject_after"] or "")[:16]
    initial["kept"] = ",".join(file["id"] for file in one["documents"])
    return initial


def _documents(request: HttpRequest, form: RequestForm) -> list[str]:
    """Store what was handed in, and keep it beside the form so that a second try need not send it again."""
    kept = [part for part in form.cleaned_data["kept"].split(",") if _is_id(part)]
    for upload in form.uploads:
        stored = store_file(data=upload.read(), name=upload.name or "file", by=me(request), now=times.now())
        kept.append(str(stored.pk))
    form.keep(kept)
    return kept


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _show(form: RequestForm, error: Invalid | TooLarge) -> None:
    if isinstance(error, Invalid):
        show_refusal(form, error)
    else:
        form.add_error("documents", str(error.detail))


@never_cache
@page(who=Who.SIGNED_IN)
def matter(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the request: where it stands, who is to do what, what happened; the look is noted."""
    investigation = actions.look(reference=reference, by=me(request), now=times.now())
    return render(request, "investigations/matter.html", pages.matter(investigation, me(request), times.now()))


@never_cache
@page(who=Who.SIGNED_IN)
def document(request: HttpRequest, reference: str, document_id: UUID) -> HttpResponse:
    """Hand out a document of the request as an attachment; the look is noted."""
    file, data = actions.open_document(reference=reference, document_id=document_id, by=me(request), now=times.now())
    return downloads.document(file, data)
