"""The pages of the contact details that the law makes part of a forwarded counter-notice: by account, or by a mailed code."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import ContactCodeForm
from complaints.serializers import pages as matter_pages
from complaints.serializers import public
from complaints.views.who import account_of, network_address
from core import times
from core.access import Who
from core.actors import PUBLIC, Actor
from core.errors import Invalid, NotFound
from core.pages import page, posted, redirect_with, show_refusal


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def counter_contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the details to whom they were forwarded, and record that they were read."""
    found = actions.read_counter_contact(
        reference=reference, by=account_of(request), counter_notice=_chosen(request), now=times.now()
    )
    contact = {name: plain.reveal() for name, plain in found.items()}
    back = reverse("complaints:matter", args=[reference])
    return render(request, "complaints/contact.html", {"contact": contact, "reference": reference, "back": back})


def _chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST["counter_notice"]) if "counter_notice" in request.POST else None
    except ValueError:
        raise NotFound from None


@never_cache
@page(who=Who.PUBLIC, methods=("GET", "POST"))
def guest_contact(request: HttpRequest, tracking_code: str) -> HttpResponse:
    """Ask a complainant without account for the mailed code; when it is sent, show the details once and record it.

    Looking uses nothing up, whoever opens the address: only a code that is sent by the form does.
    """
    now = times.now()
    access.require_room_to_look(network_address(request), now)
    complaint = access.by_tracking_code(tracking_code)
    access.require_disclosed_to_guest(complaint)
    form = ContactCodeForm(posted(request), disclosed=public.disclosed_choices(complaint))
    back = reverse("complaints:tracked", args=[tracking_code])
    if request.method == "POST" and form.is_valid():
        access.require_room_to_try_code(complaint, network_address(request), now)
        try:
            found = actions.read_counter_contact(
                reference=complaint.reference, by=_who(request), now=now, **_given(form)
            )
        except Invalid as error:
            show_refusal(form, matter_pages.on_form(error))
        else:
            contact = {name: plain.reveal() for name, plain in found.items()}
            context = {"contact": contact, "reference": complaint.reference, "back": back}
            return render(request, "complaints/contact.html", context)
    asked = {"form": form, "back": back, "tracking_code": tracking_code, "basis": public.disclosed_by(complaint)}
    return render(request, "complaints/guest_contact.html", asked, status=400 if form.errors else 200)


def _who(request: HttpRequest) -> Actor:
    return account_of(request) if request.user.is_authenticated else PUBLIC


def _given(form: ContactCodeForm) -> dict[str, Any]:
    chosen = form.cleaned_data.get("counter_notice")
    return {"code": form.cleaned_data["code"], "counter_notice": UUID(chosen) if chosen else None}


@never_cache
@page(who=Who.PUBLIC, methods=("POST",))
def contact_code(request: HttpRequest, tracking_code: str) -> HttpResponse:
    """Mail a one-time code to the confirmed address, for whoever knows the tracking code; it is told nothing else."""
    now = times.now()
    access.require_room_to_look(network_address(request), now)
    found = access.by_tracking_code(tracking_code)
    actions.mail_contact_code(reference=found.reference, by=_who(request), now=now)
    to = reverse("complaints:guest-contact", args=[tracking_code])
    return redirect_with(
        request, to, _("A code is on its way to the address that you confirmed. It works for ten minutes.")
    )
