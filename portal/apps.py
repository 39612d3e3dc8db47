"""The site: settings, addresses, public pages, dashboards, the demo world."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Nothing stands above this app."""

    name = "portal"
