"""Letters to a party and their templates, for people: chosen, filled in, changed, sent."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import LetterStartForm, SendLetterForm, TemplateForm
from complaints.serializers import letters_sent
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Denied, Invalid, NotFound
from core.pages import page, posted, redirect_with, show_refusal


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def letter_to_party(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask to whom and with which template; then show the letter filled in, to be changed and sent."""
    complaint = access.get_for(account_of(request), reference)
    access.require_handler(account_of(request), complaint)
    recipients = access.recipients_of(complaint)
    context: dict[str, Any] = {"complaint": complaint}
    to, template = request.GET.get("to", ""), request.GET.get("template", "")
    if to not in {one.key for one in recipients} or not template:
        choices = [(one.key, letters_sent.recipient_label(one)) for one in recipients]
        templates = letters_sent.template_choices(complaint.provider)
        context["form"] = LetterStartForm(recipients=choices, templates=templates)
        return render(request, "complaints/letter_start.html", context)
    draft = actions.draft_letter(complaint=complaint, to=to, template=template, now=times.now())
    form = SendLetterForm(posted(request), initial=draft)
    context |= {"form": form, "to": next(letters_sent.recipient_label(one) for one in recipients if one.key == to)}
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_letter(
                reference=reference, by=account_of(request), to=to, template=template, language=draft["language"],
                now=times.now(), **form.cleaned_data,
            )  # fmt: skip
        except Invalid as error:
            show_refusal(form, error)
        else:
            return redirect_with(request, reverse("complaints:matter", args=[reference]), _("Sent."))
    return render(request, "complaints/letter_send.html", context, status=400 if form.errors else 200)


def _provider(request: HttpRequest) -> Any:
    try:
        return access.provider_of_handler(account_of(request))
    except Denied:
        raise NotFound from None


@never_cache
@page(who=Who.SIGNED_IN)
def templates(request: HttpRequest) -> HttpResponse:
    """List the templates of my provider and of the house."""
    return render(request, "complaints/templates.html", {"rows": letters_sent.templates_shown(_provider(request))})


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def template_edit(request: HttpRequest) -> HttpResponse:
    """Write a template, begun with another where one is named; under a name that there is it is the next version."""
    provider = _provider(request)
    found = {one["id"]: one for one in letters_sent.templates_shown(provider)}
    form = TemplateForm(posted(request), initial=found.get(request.GET.get("from", "")))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_template(by=account_of(request), provider=provider, now=times.now(), **form.cleaned_data)
        except Invalid as error:
            show_refusal(form, error)
        else:
            return redirect_with(request, reverse("complaints:templates"), _("Saved."))
    context = {"form": form, "placeholders": letters_sent.placeholders()}
    return render(request, "complaints/template_edit.html", context, status=400 if form.errors else 200)


@page(who=Who.SIGNED_IN, methods=("POST",))
def template_retire(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Take a template out of use."""
    actions.retire_template(template_id=template_id, by=account_of(request), now=times.now())
    return redirect_with(request, reverse("complaints:templates"), _("Out of use. What was sent with it stays."))
