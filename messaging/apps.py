"""Conversations over websockets; it knows nothing of what a conversation is about."""

from typing import ClassVar

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Loads the edges that register themselves: followers, clock handlers, readers."""

    name = "messaging"
    # The application's role may add messages, revisions of them and happenings and read them, nothing else.
    append_only_tables: ClassVar[tuple[str, ...]] = ("messaging_message", "messaging_revision", "messaging_event")

    def ready(self) -> None:
        """Import what registers itself."""
        from core.modules import load

        load(self.name, "tasks", "followers", "readers", "verifying")
