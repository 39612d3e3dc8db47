"""How the portal connects to PostgreSQL: the embedded one, or any other by its address. Starts and opens nothing."""

from pathlib import Path
from typing import Any

import environ

from core.embedded_postgres import APPLICATION, OWNER, EmbeddedPostgres

ENGINE = "django.db.backends.postgresql"
# Under ASGI each request runs in a thread of its own, so a connection kept by its thread would be lost with it, and one
# opened for each request costs a password exchange. So the application's role takes connections from a pool. Measured with
# a page of one query, 16 callers on 2 cores: pool 274 pages/s; a new connection each 133; kept by threads 98, 129 left open.
POOL: dict[str, Any] = {"min_size": 2, "max_size": 24, "timeout": 10, "max_idle": 120, "reconnect_timeout": 5}
# The statements of `core.prepared` are planned once in a connection and never for single values: they are few, and each has an
# index for what it asks.
PREPARED: dict[str, Any] = {"prepare_threshold": 1, "options": "-c plan_cache_mode=force_generic_plan"}
OURS = ("pool", *PREPARED)


def application_role(database_url: str) -> str:
    """Return the name of the role as which the application connects: it gets its rights after each migration."""
    return str(environ.Env.db_url_config(database_url)["USER"]) if database_url else APPLICATION


def database_settings(
    *, data_dir: Path, database_url: str, owner_url: str, as_owner: bool, keeps_statements: bool = True
) -> dict[str, object]:
    """Return Django's settings of the database, for the owner of the tables or else for the application.

    Without ``database_url`` it is the embedded server under ``data_dir``, which need not run yet.
    Without ``owner_url`` the owner is whoever ``database_url`` names.
    It is said to keep prepared statements unless something in between gives each transaction another connection.
    """
    if not database_url:
        found = EmbeddedPostgres(data_dir).address(OWNER if as_owner else APPLICATION)
        parts: dict[str, Any] = {"NAME": found.database, "USER": found.user, "PASSWORD": found.password}
        parts["HOST"] = found.host
    else:
        parts = dict(environ.Env.db_url_config((as_owner and owner_url) or database_url))
    options = dict(parts.get("OPTIONS") or {})
    if not as_owner:
        options.setdefault("pool", dict(POOL))
    if keeps_statements:
        options = {**PREPARED, **options}
    return {
        "PORT": "",
        **parts,
        "ENGINE": ENGINE,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
    }


def channel_layer_settings(database: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of a channel layer that carries its hints over this database.

    The layer opens connections of its own and wants every one of Django's database settings spelled out.
    """
    where = {name: database.get(name, "") for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    usual = {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False}
    options = {name: value for name, value in dict(database.get("OPTIONS") or {}).items() if name not in OURS}
    return {"ENGINE": ENGINE, **where, **usual, "TIME_ZONE": None, "OPTIONS": options}
