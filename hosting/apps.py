"""What the provider's service tells us: subscribers and content."""

from django.apps import AppConfig


class HostingConfig(AppConfig):
    """Loads the edges that register themselves: followers, clock handlers, readers."""

    name = "hosting"

    def ready(self) -> None:
        """Import what registers itself."""
        from core.modules import load

        load(self.name, "tasks", "followers", "readers")
