"""Mending a notice without an account: the mailed link, and asking for a new one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import MendingForm
from complaints.serializers import curing
from complaints.serializers import pages as matter_pages
from complaints.views.who import account_of, network_address
from core import times
from core.access import Who
from core.actors import PUBLIC
from core.errors import Invalid
from core.pages import page, posted, redirect_with, show_refusal


@never_cache
@page(who=Who.PUBLIC, methods=("GET", "POST"))
def mend(request: HttpRequest, token: str) -> HttpResponse:
    """Show the notice of a mailed link as it stands, with what is missing; save and check it anew."""
    now = times.now()
    access.require_room_to_look(network_address(request), now)
    complaint = access.correction_link(token, now).complaint
    form = MendingForm(posted(request), **matter_pages.needs_of_correction(complaint))
    if request.method == "POST" and form.is_valid():
        by = account_of(request) if request.user.is_authenticated else PUBLIC
        try:
            actions.correct_complaint(reference=complaint.reference, by=by, changes=form.changes(), link=token, now=now)
        except Invalid as error:
            show_refusal(form, matter_pages.on_form(error))
        else:
            to = reverse("complaints:tracked", args=[access.tracking_code_of(complaint).reveal()])
            return redirect_with(request, to, _("Saved and checked again."))
    context = {"form": form, "complaint": complaint, **curing.explained(complaint)}
    return render(request, "complaints/mend.html", context, status=400 if form.errors else 200)


@never_cache
@page(who=Who.PUBLIC, methods=("POST",))
def mending_link(request: HttpRequest, tracking_code: str) -> HttpResponse:
    """Mail a new link to the address of the notice, for whoever knows its tracking code; it is told nothing else."""
    now = times.now()
    access.require_room_to_look(network_address(request), now)
    found = access.by_tracking_code(tracking_code)
    actions.mail_correction_link(reference=found.reference, by=PUBLIC, now=now)
    to = reverse("complaints:tracked", args=[tracking_code])
    return redirect_with(request, to, _("A new link is on its way to the address that was given in the notice."))
