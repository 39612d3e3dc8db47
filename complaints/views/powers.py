"""The pages of powers of attorney: an agent records and withdraws its own, the staff sees and checks them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import PowersCheckForm, PowersForm
from complaints.rules import PowersDecision
from complaints.serializers import powers as shapes
from complaints.views.who import account_of
from core import files, times
from core.access import Who
from core.errors import Conflict, Denied, Invalid, NotFound
from core.pages import page, posted, redirect_with, show_refusal
from core.paging import keyset
from verification.actions import store_file

ROWS = 50


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def powers(request: HttpRequest) -> HttpResponse:
    """List the powers of attorney that I recorded; record new ones with their document."""
    now, account = times.now(), account_of(request)
    form = PowersForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _submit(form, request)
        except Invalid as error:
            show_refusal(form, error)
        else:
            return redirect_with(request, reverse("complaints:powers"), _("Recorded. The provider can check them now."))
    found, after, _before = keyset(access.own_powers(account), request.GET.get("cursor"), ROWS)
    context = {"rows": [shapes.own_row(one, now) for one in found], "next": after, "form": form}
    return render(request, "complaints/powers.html", context, status=400 if form.errors else 200)


def _submit(form: PowersForm, request: HttpRequest) -> None:
    now, account, given = times.now(), account_of(request), form.cleaned_data
    stored = store_file(data=given["file"].read(), name=given["file"].name, by=account, now=now)
    made = shapes.powers_of({**given, "documents": [stored.pk]})
    actions.submit_powers(by=account, provider=given["provider"], given=made, now=now)


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def powers_withdrawal(request: HttpRequest, powers_id: UUID) -> HttpResponse:
    """Withdraw powers of mine."""
    actions.withdraw_powers(powers_id=powers_id, by=account_of(request), now=times.now())
    return redirect_with(request, reverse("complaints:powers"), _("Withdrawn. No new notice can name them."))


@never_cache
@page(who=Who.SIGNED_IN)
def powers_desk(request: HttpRequest) -> HttpResponse:
    """Show the staff which powers wait to be checked, or all."""
    tab = "all" if request.GET.get("tab") == "all" else "waiting"
    mine = access.powers_at_my_providers(account_of(request), waiting=tab == "waiting")
    found, after, _before = keyset(mine, request.GET.get("cursor"), ROWS)
    context = {"rows": [shapes.page_row(one, times.now()) for one in found], "next": after, "tab": tab}
    return render(request, "complaints/powers_desk.html", context)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def powers_check(request: HttpRequest, powers_id: UUID) -> HttpResponse:
    """Show powers to the staff of their provider; a handler or reviewer says with reasons what it found."""
    now, account = times.now(), account_of(request)
    found = access.powers_at_my_providers(account, waiting=False).filter(pk=powers_id).first()
    if found is None:
        raise NotFound
    form = PowersCheckForm(posted(request))
    if request.method == "POST" and form.is_valid():
        is_good = form.cleaned_data["decision"] == PowersDecision.CHECK
        decide = actions.check_powers if is_good else actions.refuse_powers
        try:
            decide(powers_id=powers_id, by=account, reasons=form.cleaned_data["reasons"], now=now)
        except Conflict as error:
            show_refusal(form, Invalid(detail=error.detail))
        else:
            return redirect_with(request, reverse("complaints:powers-desk"), _("Recorded."))
    context = {**shapes.check_page(found, account, now), "form": form if _may_check(request, found.pk) else None}
    return render(request, "complaints/powers_check.html", context, status=400 if form.errors else 200)


def _may_check(request: HttpRequest, powers_id: UUID) -> bool:
    account = account_of(request)
    try:
        access.require_powers_checker(account, access.powers_for(account, powers_id))
    except Denied:
        return False
    return True


@never_cache
@page(who=Who.SIGNED_IN)
def powers_document(request: HttpRequest, powers_id: UUID, file_id: UUID) -> HttpResponse:
    """Hand out a document of powers as an attachment: to their agent, and to handlers and reviewers of the provider."""
    account = account_of(request)
    found = access.powers_for(account, powers_id)
    readable = access.powers_documents(found) if access.may_read_powers(account, found) else []
    file = next((one for one in readable if one.pk == file_id), None)
    if file is None:
        raise NotFound
    answer = HttpResponse(files.content_of(file), content_type=file.media_type)
    name = content_disposition_header(as_attachment=True, filename=files.name_of(file))
    answer["Content-Disposition"] = name or "attachment"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
