"""What the application's database role may do. Made anew after every migration, by the owner of the tables."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections


def append_only_tables() -> list[str]:
    """Return the tables that the application may only read and add to, as their apps declare them."""
    return [table for app in apps.get_app_configs() for table in getattr(app, "append_only_tables", ())]


def grant_after_migrate(using: str, **_: Any) -> None:
    """Make the shared cache's table, and give the application's role what it needs and no more.

    Where owner and application are one role there is nothing to give.
    """
    call_command("createcachetable", database=using, verbosity=0)
    role = str(settings.DATABASE_APP_ROLE)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
        current, exists = cursor.fetchone()
        if not role or not exists or current == role:
            return
        name = connections[using].ops.quote_name(role)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        existing = set(connections[using].introspection.table_names(cursor))
        for table in append_only_tables():
            if table in existing:
                quoted = connections[using].ops.quote_name(table)
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quoted} FROM {name}")
