"""The page on which everybody says what the others in its conversations may see of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import push, times
from core.access import Who, account_of
from core.pages import page, posted, redirect_with
from messaging import access, actions
from messaging.forms import PreferencesForm


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def preferences(request: HttpRequest) -> HttpResponse:
    """Show what is set, and take what is set anew."""
    now = access.preferences_of(account_of(request))
    names = ("shows_presence", "shows_typing", "notify")
    form = PreferencesForm(posted(request), initial={name: getattr(now, name) for name in names})
    if form.is_bound and form.is_valid():
        actions.set_preferences(**form.cleaned_data, by=account_of(request), now=times.now())
        return redirect_with(request, reverse("messaging:preferences"), _("It is set."))
    return render(request, "messaging/preferences.html", {"form": form, "push_key": push.public_key()})
