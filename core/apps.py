"""The app that holds what has no domain: errors, edges, sealing, clocks, files, mail."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Connects the database roles to migrations and checks the deployment's secrets at the start."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the shared cache's table and the grants of the application's role after every migration."""
        from django.db.models.signals import post_migrate

        from core import checks, roles  # noqa: F401 - importing registers the system checks

        post_migrate.connect(roles.grant_after_migrate, sender=self, dispatch_uid="core.roles")
