"""The public side: the law in plain words, following by a code, the mailed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import TrackForm
from complaints.rules import TONES, State
from complaints.serializers import public, shown
from complaints.views.who import account_of, network_address
from core import times
from core.access import Who
from core.actors import PUBLIC, Actor
from core.pages import page, posted, redirect_with


@never_cache
@page(who=Who.PUBLIC, methods=("GET", "POST"))
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a complaint."""
    form = TrackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return redirect("complaints:tracked", tracking_code=form.cleaned_data["tracking_code"].strip().replace("/", ""))
    return render(request, "complaints/track.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@page(who=Who.PUBLIC, methods=("GET", "POST"))
def tracked(request: HttpRequest, tracking_code: str) -> HttpResponse:
    """Show where a complaint stands and what comes next; its sender can take it into an account."""
    now = times.now()
    access.require_room_to_look(network_address(request), now)
    if request.method == "POST":
        return _adopt(request, tracking_code)
    complaint = access.by_tracking_code(tracking_code)
    found = shown.public(complaint, now)
    context = {
        "found": found,
        "provider": complaint.provider.name,
        "tone": TONES.get(State(complaint.state), "waiting"),
        "clocks": public.page_clocks(complaint, now),
        "steps": public.public_steps(complaint),
        "filed_at": complaint.filed_at,
        "cure": public.page_cure(complaint),
        "may_mend": complaint.complainant_id is None and complaint.state == State.DEFECTIVE,
        "may_read_contact": access.is_disclosed_to_guest(complaint),
        "may_adopt": complaint.complainant_id is None and complaint.confirmed_at is not None,
    }
    return render(request, "complaints/tracked.html", context)


def _adopt(request: HttpRequest, tracking_code: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    complaint = actions.adopt_complaint(tracking_code=tracking_code, by=account_of(request), now=times.now())
    to = reverse("complaints:matter", args=[complaint.reference])
    return redirect_with(request, to, _("The complaint is in your account now."))


@never_cache
@page(who=Who.PUBLIC, methods=("GET", "POST"))
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the complaint of a mailed link.

    In a browser looking consumes nothing and pressing the button confirms, because scanners of mail open links as
    browsers do. A program that asks for no page has followed the link, and that confirms (ADR 23).
    """
    now = times.now()
    access.require_room_to_look(network_address(request), now)
    if request.method == "POST":
        return _confirmed(request, token, account_of(request) if request.user.is_authenticated else PUBLIC)
    access.confirmation(token, now)
    if request.method == "GET" and "text/html" not in request.headers.get("Accept", ""):
        return _confirmed(request, token, PUBLIC)
    return render(request, "complaints/confirm.html")


def _confirmed(request: HttpRequest, token: str, by: Actor) -> HttpResponse:
    complaint = actions.confirm_complaint(token=token, by=by, now=times.now())
    code = access.tracking_code_of(access.for_follower(complaint.reference)).reveal()
    to = reverse("complaints:tracked", args=[code])
    return redirect_with(request, to, _("Confirmed. Your notice counts from now on."))
