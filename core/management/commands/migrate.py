"""`manage.py migrate`: Django's own, with an executor that renders only the models that a step is about."""

from django.core.management.commands import migrate as djangos

from core.migrating import Executor

# Django's command has no other place where an executor could be named.
djangos.MigrationExecutor = Executor  # type: ignore[attr-defined]  # a name that it imports


class Command(djangos.Command):
    """Django's command, word for word."""
