"""The complaint channel: the way in, each provider's own page of it, and what it puts on its own pages."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions, forms
from complaints.rules import brought_language
from complaints.serializers import channels
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import NotFound
from core.pages import page, posted, redirect_with

EMBEDDED = Path(__file__).resolve().parent.parent / "embedded"
# What other sites may load from here, and nothing else: four pictures and a module.
KINDS = {".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}
FILES = {path.name: path.read_bytes() for path in sorted(EMBEDDED.iterdir()) if path.suffix in KINDS}
KEPT_FOR_SECONDS = 24 * 60 * 60


def language_of(request: HttpRequest) -> str:
    """Return the language that the address asks for with ``?lang=``, or else the reader's."""
    known = tuple(code for code, _label in settings.LANGUAGES)
    return brought_language(request.GET.get("lang", ""), known) or translation.get_language() or known[0]


def _shown(request: HttpRequest, template: str, context: Callable[[], dict[str, Any]]) -> HttpResponse:
    language = language_of(request)
    with translation.override(language):
        answer = render(request, template, context())
    answer["Content-Language"] = language
    return answer


@page(who=Who.PUBLIC)
def channel(request: HttpRequest) -> HttpResponse:
    """Show the way in: what one needs, at whom, under which law."""
    return _shown(request, "complaints/channel.html", channels.portal_page)


@page(who=Who.PUBLIC)
def provider_channel(request: HttpRequest, provider: str) -> HttpResponse:
    """Show the channel of one provider: where it can be reached, under which laws, what happens next."""
    found = access.provider_of_channel(provider)
    may_publish = {"may_publish": access.may_publish(account_of(request), found)}
    point = access.contact_point_of(found)
    return _shown(request, "complaints/provider.html", lambda: channels.page(found, point) | may_publish)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def contact_point(request: HttpRequest, provider: str) -> HttpResponse:
    """Let the provider's handlers and authorizers say where it can be reached."""
    found = access.provider_of_channel(provider)
    access.require_publisher(account_of(request), found)
    initial = channels.as_published(found, access.contact_point_of(found))
    form = forms.ContactPointForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        by = account_of(request)
        actions.publish_contact_point(provider=found.code, given=form.cleaned_data, by=by, now=times.now())
        to = reverse("complaints:provider", args=[found.code])
        return redirect_with(request, to, _("Published. It holds from now on."))
    context = {"form": form, "provider": found}
    return render(request, "complaints/contact_point.html", context, status=400 if form.errors else 200)


@page(who=Who.PUBLIC)
def badge(request: HttpRequest, provider: str) -> HttpResponse:
    """Show how a provider puts the channel on its own pages: snippets to copy, each with what it looks like."""
    return render(request, "complaints/badge.html", channels.snippets(access.provider_of_channel(provider)))


@page(who=Who.PUBLIC)
def embedded(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out a badge or the component to pages of any origin: the same for everybody, kept for a day, no cookie."""
    if name not in FILES:
        raise NotFound
    etag = f'"{sha256(FILES[name]).hexdigest()[:32]}"'
    whole = HttpResponse(FILES[name], content_type=KINDS[Path(name).suffix], headers={"ETag": etag})
    answer = get_conditional_response(request, etag=etag, response=whole) or whole
    answer["Cache-Control"] = f"public, max-age={KEPT_FOR_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@page(who=Who.PUBLIC)
def well_known(_request: HttpRequest) -> HttpResponse:
    """Describe the complaint channel to programs."""
    return JsonResponse(channels.channel(), json_dumps_params={"ensure_ascii": False})


@page(who=Who.PUBLIC)
def provider_well_known(_request: HttpRequest, provider: str) -> HttpResponse:
    """Describe the complaint channel of one provider to programs."""
    found = access.provider_of_channel(provider)
    described = channels.of_provider(found, access.contact_point_of(found))
    return JsonResponse(described, json_dumps_params={"ensure_ascii": False})
