"""`manage.py make_demo_world`: makes what is missing of the demo's accounts, content and matters."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core import times
from portal import demo_world


class Command(BaseCommand):
    help = "Makes the demo's accounts, content and matters where they are missing. Only in a demo or test database."

    def handle(self, **_: Any) -> None:
        if not settings.PORTAL_DEMO and not str(connection.settings_dict["NAME"]).startswith("test_"):
            raise CommandError("This is no demo (PORTAL_DEMO is not set): no demo world is made here.")
        demo_world.make(times.now())
