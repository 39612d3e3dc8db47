"""Giving: making a delivery ready, collecting it once, making it ready again, taking it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import times
from core.access import Who
from core.pages import page
from investigations import access, actions, downloads
from investigations.forms import ConfirmForm, ReasonsForm
from investigations.serializers import pages
from investigations.views.approvals import act_page, done
from investigations.views.requests import me
from verification.access import require_second_factor


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def disclosure(request: HttpRequest, reference: str) -> HttpResponse:
    """Make what was authorized ready to be collected."""
    access.require_discloser(me(request), access.get_for(me(request), reference))
    require_second_factor(me(request), times.now())
    if request.method == "POST":
        actions.disclose(reference=reference, by=me(request), now=times.now())
        return done(request, reference, _("It is ready. The requester has seven days to collect it, once."))
    return act_page(
        request,
        reference,
        ConfirmForm(),
        title=_("Make the disclosure ready"),
        intro=_("The requester is told that it can be collected, once, within seven days."),
        submit=_("Make it ready"),
    )


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def collection(request: HttpRequest, reference: str) -> HttpResponse:
    """Explain that it can be collected once, and hand it out; looking at the page uses nothing up."""
    investigation = access.get_for(me(request), reference)
    access.require_requester(me(request), investigation)
    require_second_factor(me(request), times.now())
    if request.method == "POST":
        return downloads.package(reference, actions.collect(reference=reference, by=me(request), now=times.now()))
    context = pages.matter(investigation, me(request), times.now()) | {"form": ConfirmForm()}
    return render(request, "investigations/collection.html", context)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def reissue(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a lost or expired delivery ready again."""
    access.require_authorizer(me(request), access.get_for(me(request), reference))
    require_second_factor(me(request), times.now())
    form = ReasonsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reasons = form.cleaned_data["reasons"]
        actions.reissue(reference=reference, reasons=reasons, by=me(request), now=times.now())
        return done(request, reference, _("It is ready again, and can be collected once."))
    return act_page(
        request,
        reference,
        form,
        title=_("Make the disclosure ready again"),
        intro=_("Only for a delivery that was lost or not collected in time. It is a recorded decision of its own."),
        submit=_("Make it ready again"),
    )


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def revocation(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back what was authorized."""
    access.require_authorizer(me(request), access.get_for(me(request), reference))
    form = ReasonsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reasons = form.cleaned_data["reasons"]
        actions.revoke(reference=reference, reasons=reasons, by=me(request), now=times.now())
        return done(request, reference, _("The authorization is revoked; nothing can be collected any more."))
    return act_page(
        request,
        reference,
        form,
        title=_("Revoke the authorization"),
        intro=_("This wins over a collection that has not happened yet. It cannot be undone."),
        submit=_("Revoke"),
        act_tone="danger",
    )


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def withdrawal(request: HttpRequest, reference: str) -> HttpResponse:
    """End one's own request."""
    access.require_requester(me(request), access.get_for(me(request), reference))
    if request.method == "POST":
        actions.withdraw(reference=reference, by=me(request), now=times.now())
        return done(request, reference, _("The request is withdrawn."))
    return act_page(
        request,
        reference,
        ConfirmForm(),
        title=_("Withdraw the request"),
        intro=_("The provider stops working on it. You can make a new one at any time."),
        submit=_("Withdraw"),
    )
