"""The complaint channel in words and for programs: the portal's, and that of each provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from complaints import access, regimes, rules
from complaints.rules import CONTACT_POINT_FIELDS
from complaints.serializers.laws import regime_shown
from core.times import rfc3339
from verification.access import providers

if TYPE_CHECKING:
    from complaints.models import ContactPoint
    from verification.models import Organisation

MODULE = "copyright-complaints.js"
BADGE_SIZE = {"en": (232, 40), "zh-hans": (152, 40)}


def as_published(provider: Organisation, point: ContactPoint | None) -> dict[str, str]:
    """Return the contact point as its fields; before one was published, what the portal knows of the provider."""
    if point is None:
        return {"name": provider.name, "email": provider.contact_email}
    return {name: str(getattr(point, name)) for name in CONTACT_POINT_FIELDS}


def portal_page() -> dict[str, Any]:
    """Return what the page of the whole portal's channel shows."""
    return {"providers": list(providers()), "laws": [regime_shown(one) for one in regimes.all_current()]}


def page(provider: Organisation, point: ContactPoint | None) -> dict[str, Any]:
    """Return what the page of a provider's channel shows."""
    return {
        "provider": provider,
        "contact": as_published(provider, point),
        "published_at": point.published_at if point is not None else None,
        "laws": [regime_shown(one) for one in regimes.all_current()],
        "languages": settings.LANGUAGES,
        "days": rules.answer_within(is_earning=False),
    }


def _links(provider: Organisation) -> dict[str, str]:
    base = settings.PORTAL_URL
    return {
        "page": base + reverse("complaints:provider", args=[provider.code]),
        "filing": f"{base}{reverse('complaints:begin')}?provider={provider.code}",
        "description": base + reverse("complaints:provider-well-known", args=[provider.code]),
        "service_rules": base + reverse("verification:rules", args=[provider.code]),
    }


def _provider_row(provider: Organisation, point: ContactPoint | None) -> dict[str, Any]:
    published = as_published(provider, point)
    return {
        "code": provider.code,
        "name": provider.name,
        "contact": published["email"] or None,
        "country": provider.country or None,
        "time_zone": provider.time_zone,
        "contact_point": {name: published.get(name) or None for name in CONTACT_POINT_FIELDS},
        "published_at": None if point is None else rfc3339(point.published_at),
        **_links(provider),
    }


def channel() -> dict[str, Any]:
    """Return the description of the complaint channel for ``/.well-known/complaint-channel.json``."""
    points = access.contact_points()
    return {**_common(), "providers": [_provider_row(one, points.get(one.pk)) for one in providers()]}


def of_provider(provider: Organisation, point: ContactPoint | None) -> dict[str, Any]:
    """Return the description of one provider's complaint channel, in the shape of the whole one."""
    return {**_common(), "providers": [_provider_row(provider, point)]}


def _common() -> dict[str, Any]:
    base = settings.PORTAL_URL
    return {
        "name": settings.PORTAL_NAME,
        "filing": {
            "page": f"{base}/complain/",
            "api": f"{base}/api/v1/complaints",
            "schema": f"{base}/api/v1/schema/",
            "account_needed": False,
        },
        "tracking": {"page": f"{base}/track/", "api": f"{base}/api/v1/public/complaints/{{tracking_code}}"},
        "languages": [code for code, _label in settings.LANGUAGES],
        "regimes": [
            {"code": law.code, "version": law.version, "title": str(law.title), "page": f"{base}/law/{law.code}/"}
            for law in regimes.all_current()
        ],
        "limits": {"items": rules.MOST_ITEMS, "works": rules.MOST_WORKS, "files": rules.MOST_FILES},
    }


def _picture(language: str, theme: str) -> str:
    return f"{settings.PORTAL_URL}{reverse('complaints:embedded', args=[f'badge-{language}-{theme}.svg'])}"


def snippets(provider: Organisation) -> dict[str, Any]:
    """Return what a provider copies into its own pages, in each language, with the addresses of the pictures."""
    module = settings.PORTAL_URL + reverse("complaints:embedded", args=[MODULE])
    shown: list[dict[str, Any]] = []
    for code, label in settings.LANGUAGES:
        width, height = BADGE_SIZE[code]
        leads_to = f"{_links(provider)['page']}?lang={code}"
        pictures = {theme: _picture(code, theme) for theme in ("light", "dark")}
        shown.append({"code": code, "label": label, "page": leads_to, "width": width, "height": height, **pictures})
    return {"provider": provider, "module": module, "shown": shown}
