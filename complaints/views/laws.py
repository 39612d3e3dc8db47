"""The law in plain words, for one provider where one is named, and the page on which a provider says how it reads it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions, regimes
from complaints.forms import LawSettingForm
from complaints.regimes.settling import setting_of, settled
from complaints.serializers import laws as law_shown
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Conflict, Invalid, NotFound
from core.pages import page, posted, redirect_with, show_refusal
from verification.access import providers


@page(who=Who.PUBLIC)
def laws(request: HttpRequest) -> HttpResponse:
    """List the regimes."""
    context = {"laws": [law_shown.regime_shown(one) for one in regimes.all_current()]}
    return render(request, "complaints/laws.html", context)


@page(who=Who.PUBLIC)
def law(request: HttpRequest, code: str) -> HttpResponse:
    """Explain one regime to both sides, as it is for the provider that ``?provider=`` names, else with its defaults."""
    found = regimes.current(code)
    if found is None:
        raise NotFound
    hosts = list(providers())
    values = access.law_settings_of_all(hosts, found)
    chosen = next((one for one in hosts if one.code == request.GET.get("provider")), None)
    may_set = access.providers_to_set_for(account_of(request)) if request.user.is_authenticated else []
    context = {
        "law": law_shown.regime_shown(settled(found, {} if chosen is None else values[chosen.pk])),
        "settings": law_shown.settings_shown(found, [(host, values[host.pk]) for host in hosts], may_set),
        "chosen": chosen,
        "providers": hosts if found.settings else [],
    }
    return render(request, "complaints/law.html", context)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def law_setting(request: HttpRequest, code: str, provider: str, setting: str) -> HttpResponse:
    """Say, as an authorizer of the provider, how an unsure point of the law is read for it."""
    found = regimes.current(code)
    one = None if found is None else setting_of(found, setting)
    host = next((host for host in access.providers_to_set_for(account_of(request)) if host.code == provider), None)
    if found is None or one is None or host is None:
        raise NotFound
    form = LawSettingForm(posted(request), setting=one, value=access.law_settings_of(host, found)[setting])
    if request.method == "POST" and form.is_valid():
        given = {"provider": provider, "regime": code, "setting": setting, **form.cleaned_data}
        try:
            actions.change_law_setting(by=account_of(request), now=times.now(), **given)
        except (Invalid, Conflict) as error:
            show_refusal(form, error if isinstance(error, Invalid) else Invalid(detail=error.detail))
        else:
            to = f"{reverse('complaints:law', args=[code])}?provider={provider}"
            return redirect_with(request, to, _("Changed for matters that are filed from now on."))
    context = {"form": form, "law": found, "setting": law_shown.setting_shown(one), "provider": host}
    return render(request, "complaints/law_setting.html", context, status=400 if form.errors else 200)
