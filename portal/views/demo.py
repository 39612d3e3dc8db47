"""The demo's doors: be anybody with one click, read the mail, see the components. None of it exists elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core import times
from core.access import Who
from core.errors import NotFound
from core.pages import page, redirect_with
from portal import demo_accounts, demo_gallery, demo_mail


@page(who=Who.DEMO)
def people(request: HttpRequest) -> HttpResponse:
    """Show the demo's accounts, each with a button to be it, and the present one-time code."""
    code = demo_accounts.one_time_code(times.now())
    return render(request, "portal/demo.html", {"people": demo_accounts.PEOPLE, "code": code})


@page(who=Who.DEMO, methods=("POST",))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's accounts."""
    person = next((one for one in demo_accounts.PEOPLE if one.email == request.POST.get("email")), None)
    if person is None:
        raise NotFound
    demo_accounts.sign_in(request, person, times.now())
    return redirect_with(request, "portal:home", _("You are now: %(who)s.") % {"who": person.label})


@page(who=Who.DEMO)
def mail(request: HttpRequest) -> HttpResponse:
    """Show the mails that the portal wrote, newest first."""
    return render(request, "portal/demo_mail.html", {"mails": demo_mail.newest()})


@page(who=Who.DEMO)
def mail_message(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail."""
    return render(request, "portal/demo_mail_message.html", {"mail": demo_mail.get(name)})


@page(who=Who.DEMO)
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in its states."""
    return render(request, "portal/gallery.html", demo_gallery.samples(times.now()))
