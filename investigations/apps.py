"""Requests for an uploader's identity: assessment, authorization, disclosure, evidence packages."""

from django.apps import AppConfig


class InvestigationsConfig(AppConfig):
    """Loads the edges that register themselves, and names the tables that the application may only read and add to."""

    name = "investigations"
    append_only_tables = ("investigations_assessment", "investigations_authorization", "investigations_access")

    def ready(self) -> None:
        """Import what registers itself."""
        from core.modules import load

        load(self.name, "tasks", "followers", "readers", "verifying")
