"""Pages for everybody: what this is, how it works, the language, and what programs look for first."""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core import edges, errors, times
from core.access import Who
from core.pages import page
from portal import schema
from verification import access as accounts

SECURITY_TXT_HOLDS_FOR = dt.timedelta(days=180)


@page(who=Who.PUBLIC)
def landing(request: HttpRequest) -> HttpResponse:
    """Show what the portal is and its doors: complain, follow a complaint, sign in."""
    return render(request, "portal/landing.html", {"providers": accounts.providers()})


@page(who=Who.PUBLIC)
def about(request: HttpRequest) -> HttpResponse:
    """Tell who meets here, and with which rights."""
    return render(request, "portal/about.html", {"providers": accounts.providers()})


@page(who=Who.PUBLIC)
def about_disclosure(request: HttpRequest) -> HttpResponse:
    """Tell who can learn an uploader's name, and how."""
    return render(request, "portal/about_disclosure.html")


@page(who=Who.PUBLIC)
def about_ledger(request: HttpRequest) -> HttpResponse:
    """Tell what the record proves, how to check it, and what it cannot prove."""
    return render(request, "portal/about_ledger.html")


@page(who=Who.PUBLIC)
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Explain a kind of refusal: the address that problem answers carry as their type."""
    kinds = {kind.code: kind for kind in errors.DomainError.__subclasses__()}
    return render(request, "portal/problem.html", {"code": code, "kind": kinds.get(code), "kinds": kinds.values()})


@page(who=Who.PUBLIC, methods=("POST",))
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language that was chosen, and go back."""
    answer = set_language(request)
    answer.status_code = 303
    return answer


@page(who=Who.PUBLIC)
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Say how to report a weakness (RFC 9116)."""
    expires = (times.now() + SECURITY_TXT_HOLDS_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, zh",
        f"Canonical: {settings.PORTAL_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@page(who=Who.PUBLIC)
def icon(_request: HttpRequest) -> HttpResponse:
    """Lead to the icon who asks for it at the place where browsers look when no page tells them another."""
    return redirect(static("portal/mark.svg"), permanent=True)


@page(who=Who.PUBLIC)
def password_address(_request: HttpRequest) -> HttpResponse:
    """Send password managers to where a password is changed."""
    return redirect("account_change_password")


def form_refused(request: HttpRequest, **_reason: str) -> HttpResponse:
    """Answer a form without its token (Django's CSRF_FAILURE_VIEW)."""
    return edges.permission_denied(request)


class Schema(SpectacularAPIView):
    """The OpenAPI 3.1 schema."""

    who = Who.PUBLIC
    authentication_classes: list[type] = []


@page(who=Who.PUBLIC)
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the schema, readable."""
    return render(request, "portal/api_docs.html", {"subjects": schema.operations()})


class ApiTrial(SpectacularSwaggerSplitView):
    """The schema as a page in which one can try each address."""

    who = Who.PUBLIC
    authentication_classes: list[type] = []
    template_name = "portal/api_trial.html"
