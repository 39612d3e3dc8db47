"""What every page knows: the portal's name, who is signed in with which roles, and where they can go."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from core.access import account_of
from messaging.access import unread_of
from portal import navigation
from portal.navigation import Place
from verification import access
from verification.rules import Role

if TYPE_CHECKING:
    from verification.models import Membership


class Site:
    """What the templates read as ``portal``; nothing is asked of the database before a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.name = gettext(settings.PORTAL_NAME)
        self.is_demo = settings.PORTAL_DEMO
        self.languages = settings.LANGUAGES

    @cached_property
    def memberships(self) -> "list[Membership]":
        """The signed-in account's present roles, with their organisations."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return []
        return list(access.memberships_of(user))

    @cached_property
    def roles(self) -> set[str]:
        """The signed-in account's roles, wherever it has them."""
        return {membership.role for membership in self.memberships}

    @cached_property
    def role_labels(self) -> list[str]:
        """The roles as people read them, with the organisation where there is one."""
        labels = []
        for held in self.memberships:
            role = str(Role(held.role).label)
            labels.append(f"{role}, {held.organisation.name}" if held.organisation else role)
        return labels

    @cached_property
    def navigation(self) -> list[dict[str, Any]]:
        """Where the signed-in account can go, by its roles, and where it is now."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return []
        places = navigation.for_roles(navigation.NAVIGATION, self.roles)
        here = navigation.here_of(places, self._request.path)
        return [
            {"label": place.label, "url": place.url, "is_here": place.url == here, "news": self._news_of(place)}
            for place in places
        ]

    def _news_of(self, place: Place) -> int | None:
        """Return how much that is unread waits at a place; None where nothing is read."""
        return self.unread if place.name == "messaging:list" else None

    @cached_property
    def unread(self) -> int:
        """How many messages of others wait for the signed-in account."""
        return unread_of(account_of(self._request))


def site_of(request: HttpRequest) -> Site:
    """Return what the request's page knows of the site: one, whoever asks first, so that nothing is asked for twice."""
    site: Site | None = getattr(request, "site_of_portal", None)
    if site is None:
        site = request.site_of_portal = Site(request)  # type: ignore[attr-defined]  # kept for as long as the request
    return site


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give every page the site as ``portal``."""
    return {"portal": site_of(request)}
