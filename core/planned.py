"""Questions that are asked at almost every request: their SQL is built once in a process, and then only filled in.

Building it costs the ORM several times what PostgreSQL needs to answer.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Lookup, QuerySet

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
    params: tuple[Any, ...]


class _Filled:
    """What an iterable of Django's asks a queryset for: here it gets the plan, with the values of this time."""

    def __init__(self, plan: _Plan, given: dict[str, Any]) -> None:
        params = tuple(given[one.name] if isinstance(one, Given) else one for one in plan.params)
        self.compiler = copy.copy(plan.compiler)
        self.compiler.connection = connections[DEFAULT_DB_ALIAS]
        self.compiler.as_sql = lambda: (plan.sql, params)
        self.db, self.query, self.model = DEFAULT_DB_ALIAS, self, plan.queryset.model
        self._known_related_objects: dict[Any, Any] = {}

    def get_compiler(self, using: str) -> Any:  # noqa: ARG002 - the framework's own shape
        """Return the compiler, which has compiled already."""
        return self.compiler


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
        filled = _Filled(plan, dict(zip(self.names, values, strict=True)))
        rows: Any = plan.queryset._iterable_class  # there is no other way to the rows
        return list(rows(filled))

    def _planned(self) -> _Plan:
        queryset = self.build(*(Given(name) for name in self.names))
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        return _Plan(queryset, compiler, sql, tuple(params))


def planned(build: Callable[..., QuerySet[Any, Row]]) -> Planned[Row]:
    """Make a function that builds a queryset of its arguments into one that answers with its rows."""
    return Planned(build)
