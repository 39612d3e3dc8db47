"""The register of works: ownership proofs, review, matching of uploads."""

from django.apps import AppConfig


class WorksConfig(AppConfig):
    """Loads the edges that register themselves: followers, clock handlers, readers."""

    name = "works"

    def ready(self) -> None:
        """Import what registers itself."""
        from core.modules import load

        load(self.name, "tasks", "followers", "readers")
