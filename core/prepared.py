"""Cursors for the few statements that almost every request runs: PostgreSQL parses and plans them once in a connection.

All other statements reach PostgreSQL with their values written into them, and are parsed and planned each time.
"""

from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import CursorMixin
from psycopg.pq import TransactionStatus


class _Cursor(CursorMixin, psycopg.RawCursor[Any]):
    """Django's half of a cursor, and psycopg's that hands statements on as they are."""

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "_Cursor":
        """Run the statement; one that was kept for a column whose type was changed since is planned anew."""
        try:
            return super().execute(query, params, **kwargs)
        except psycopg.errors.FeatureNotSupported:
            # In a transaction all is lost anyway, and with its rollback psycopg lets go of what it kept.
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            self.connection._prepared.clear()
            return super().execute(query, params, **kwargs)

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        # psycopg forgets what it sends as prepared already, and Django shows it (``connection.queries``).
        self._query = super()._convert_query(query, params)
        return self._query


def cursor() -> Any:
    """Return a cursor of Django's whose statements are kept prepared, unless ``PREPARED_STATEMENTS`` is off.

    A statement has the places ``$1``, ``$2``, … and its text is fixed: whatever differs from time to time is a value, which
    gets the type of its place. Where the place has none, write it, as in ``$1::tsvector``.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS]
    if connection.connection is None:
        connection.ensure_connection()
    return connection._prepare_cursor(_Cursor(connection.connection))  # as Django does with its own
