"""Questions that are asked at almost every request: their SQL is built once in a process, and then only filled in.

Building it costs the ORM several times what PostgreSQL needs to answer.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Lookup, QuerySet
from psycopg.sql import quote

from core import prepared

Row = TypeVar("Row")


class Given(Expression):
    """The place of a value in a planned question, by its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002 - the framework's own shape
        """Return the place, and ourselves instead of a value."""
        return "%s", [self]


class AnyOf(Lookup):
    """Whether a field is one of a list of texts, however many: ``AnyOf(F("url"), urls)``, which no other lookup plans."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the comparison with an array."""
        field, params = self.process_lhs(compiler, connection)
        return f"{field} = ANY(%s)", (*params, *compiler.compile(self.rhs)[1])


@dataclass(frozen=True)
class _Plan:
    queryset: QuerySet[Any]
    compiler: Any
    sql: str
    names: tuple[str, ...]
    # How values of the database become those of fields, by the place of the column.
    converters: dict[int, Any]

    def asked(self, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Ask with these values and return the rows as the database gave them."""
        with prepared.cursor() as cursor:
            cursor.execute(self.sql, [given[name] for name in self.names])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


class _Answered:
    """What an iterable of Django's asks a queryset and its compiler for: here it gets the plan and the rows of this time."""

    db = DEFAULT_DB_ALIAS

    def __init__(self, plan: _Plan, rows: list[tuple[Any, ...]]) -> None:
        self.plan, self.rows, self.query, self.model = plan, rows, self, plan.queryset.model
        self.select, self.klass_info = plan.compiler.select, plan.compiler.klass_info
        self.annotation_col_map = plan.compiler.annotation_col_map
        self._known_related_objects: dict[Any, Any] = {}

    def get_compiler(self, using: str) -> "_Answered":  # noqa: ARG002 - the framework's own shape
        """Return ourselves: everything is compiled already."""
        return self

    def execute_sql(self, **_kwargs: Any) -> list[tuple[Any, ...]]:
        """Return the rows: they were asked for already."""
        return self.rows

    def results_iter(self, *_args: Any, **_kwargs: Any) -> Iterable[Sequence[Any]]:
        """Return the rows with the values that fields have."""
        converters = self.plan.converters
        return self.plan.compiler.apply_converters(self.rows, converters) if converters else self.rows


class Planned(Generic[Row]):
    """A question of which the function told once, with a ``Given`` for each of its arguments.

    Fit for rows of a model and for ``values_list(…, flat=True)``, not for prefetching. The values are plain (str, bytes,
    UUID, datetime, int), or a list for ``AnyOf``; never None, with which the SQL would be another.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.build = build
        self.names = build.__code__.co_varnames[: build.__code__.co_argcount]
        self.plan: _Plan | None = None
        self.__doc__ = build.__doc__

    def __call__(self, *values: Any) -> list[Row]:
        """Ask, and return the rows."""
        if any(value is None for value in values):
            raise TypeError("a planned question is not asked with None")
        plan = self.plan = self.plan or self._planned()
        found = plan.asked(dict(zip(self.names, values, strict=True)))
        if not found:
            return []
        rows: Any = plan.queryset._iterable_class  # there is no other way to the rows
        return list(rows(_Answered(plan, found)))

    def _planned(self) -> _Plan:
        connection: Any = connections[DEFAULT_DB_ALIAS]
        connection.ensure_connection()
        queryset = self.build(*(Given(name) for name in self.names))
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        names = tuple(one.name for one in params if isinstance(one, Given))
        return _Plan(
            queryset, compiler, _placed(sql, params, connection.connection), names, compiler.get_converters(columns)
        )


def _placed(sql: str, params: Iterable[Any], connection: Any) -> str:
    """Return the SQL with ``$1`` and so on for what is given, and constants written out, so that they are planned with."""
    places = (f"${number}" for number in itertools.count(1))
    return sql % tuple(next(places) if isinstance(one, Given) else quote(one, connection) for one in params)


def planned(build: Callable[..., QuerySet[Any, Row]]) -> Planned[Row]:
    """Make a function that builds a queryset of its arguments into one that answers with its rows."""
    return Planned(build)
