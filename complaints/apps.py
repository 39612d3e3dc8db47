"""The complaint channel: notices, regimes, measures, counter-notices, clocks."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Loads the edges that register themselves: followers, clock handlers, readers."""

    name = "complaints"

    def ready(self) -> None:
        """Import what registers itself."""
        from core.modules import load

        load(self.name, "tasks", "followers", "readers")
