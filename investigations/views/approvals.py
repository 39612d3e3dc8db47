"""Judging: hearing the uploader, the assessment, the decision."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import times
from core.access import Who
from core.errors import Invalid
from core.pages import page, redirect_with, show_refusal
from investigations import access, actions
from investigations.forms import AssessmentForm, ConsultationForm, DecisionForm
from investigations.rules import Decision
from investigations.serializers import pages
from investigations.views.requests import me
from verification.access import require_second_factor


def act_page(request: HttpRequest, reference: str, form: Form, **words: Any) -> HttpResponse:
    """Show the page of one act: what the request is, what the act does, the form; the look is noted."""
    investigation = actions.look(reference=reference, by=me(request), now=times.now())
    context = pages.matter(investigation, me(request), times.now()) | {"form": form} | words
    return render(request, "investigations/act.html", context)


def done(request: HttpRequest, reference: str, text: str) -> HttpResponse:
    """Go back to the matter's page with a sentence on what became of the act."""
    return redirect_with(request, reverse("investigations:matter", args=[reference]), text)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def consultation(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the uploader before the assessment."""
    access.require_reviewer(me(request), access.get_for(me(request), reference))
    form = ConsultationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        message = form.cleaned_data["message"]
        actions.consult(reference=reference, message=message, by=me(request), now=times.now())
        return done(request, reference, _("The uploader was asked and has 14 days to answer."))
    return act_page(
        request,
        reference,
        form,
        title=_("Hear the uploader"),
        intro=_("The uploader sees what is asked and on which ground, not who asks. Silence is no consent."),
        submit=_("Ask the uploader"),
    )


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def assessment(request: HttpRequest, reference: str) -> HttpResponse:
    """Assess the request."""
    investigation = access.get_for(me(request), reference)
    access.require_reviewer(me(request), investigation)
    form = AssessmentForm(
        investigation.categories, request.POST or None, initial={"categories": investigation.categories}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.assess(reference=reference, **form.cleaned_data, by=me(request), now=times.now())
        except Invalid as error:
            show_refusal(form, error)
        else:
            return done(request, reference, _("Your assessment is recorded. An authorizer now decides."))
    return act_page(
        request,
        reference,
        form,
        title=_("Assess the request"),
        intro=_("You advise; somebody else decides. Say what should be given, and why nothing more."),
        submit=_("Record the assessment"),
    )


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def authorization(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide on the request, after a one-time code."""
    investigation = access.get_for(me(request), reference)
    access.require_authorizer(me(request), investigation)
    require_second_factor(me(request), times.now())
    advised = access.assessment_of(investigation)
    allowed = advised.categories if advised is not None else []
    form = DecisionForm(allowed, request.POST or None, initial={"categories": allowed})
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, reference, form)
        except Invalid as error:
            show_refusal(form, error)
        else:
            return done(request, reference, _("Your decision is recorded."))
    return act_page(
        request,
        reference,
        form,
        title=_("Decide on the request"),
        intro=_("Your decision is bound to the request as it is now. If anything in it changes, it is void."),
        submit=_("Record the decision"),
    )


def _decide(request: HttpRequest, reference: str, form: DecisionForm) -> None:
    by, now, reasons = me(request), times.now(), form.cleaned_data["reasons"]
    if form.cleaned_data["decision"] == Decision.AUTHORIZE:
        categories = form.cleaned_data["categories"]
        actions.authorize(reference=reference, categories=categories, reasons=reasons, by=by, now=now)
    else:
        actions.refuse(reference=reference, reasons=reasons, by=by, now=now)
