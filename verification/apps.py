"""Accounts, organisations and roles, real-name identities, service rules."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """Loads the edges that register themselves: allauth's hooks, signals, followers, clock handlers, readers."""

    name = "verification"

    def ready(self) -> None:
        """Import what registers itself."""
        from core.modules import load

        load(self.name, "authentication", "signals", "schema", "tasks", "followers", "readers")
