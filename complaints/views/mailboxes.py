"""The page of a provider's mailbox: set it, see how it goes, end it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import MailboxForm
from complaints.serializers import boxes
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Invalid
from core.pages import page, posted, redirect_with, show_refusal


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show which mailbox letters are fetched from and how it goes, and take another one."""
    provider = access.provider_with_mailbox(account_of(request))
    box = access.mailbox_of(provider)
    form = MailboxForm(posted(request), initial={"address": box.address} if box else {})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_mailbox(by=account_of(request), provider=provider, **form.cleaned_data, now=times.now())
        except Invalid as error:
            show_refusal(form, error)
        else:
            to = reverse("complaints:mailbox")
            return redirect_with(request, to, _("Set. What lies in the mailbox is fetched within a minute."))
    context = {"form": form, "mailbox": box, "failure": boxes.failure_of(box)}
    return render(request, "complaints/mailbox.html", context, status=400 if form.errors else 200)


@never_cache
@page(who=Who.SIGNED_IN, methods=("POST",))
def mailbox_end(request: HttpRequest) -> HttpResponse:
    """Fetch nothing any more, and forget who signs in."""
    provider = access.provider_with_mailbox(account_of(request))
    actions.end_mailbox(by=account_of(request), provider=provider, now=times.now())
    return redirect_with(request, reverse("complaints:mailbox"), _("Ended. Nothing is fetched any more."))
