"""New rows that go into their tables together: in one statement, whose SQL is built once in a process."""

import itertools
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

from core import prepared

# How many rows of which models, one model after the other.
Series = tuple[tuple[type[Model], int], ...]


@dataclass(frozen=True)
class _Table:
    """How rows of a model are inserted: the beginning of the statement, what fills it, and to what each value is cast."""

    beginning: str
    fields: tuple["Field[Any, Any]", ...]
    casts: tuple[str, ...]


def insert(*rows: Model) -> None:
    """Insert new rows, of one model or of several, in one statement; all of them or none.

    As ``save(force_insert=True)`` of each, without signals. The rows have their primary keys already and no values that
    only the database knows. Whatever they refer to is among them or there: the order in which they are given is of no
    meaning, because foreign keys are looked at when the transaction ends.
    """
    if not rows:
        return
    alike = [(model, list(some)) for model, some in itertools.groupby(rows, key=type)]
    connection = connections[DEFAULT_DB_ALIAS]
    values = [_value(field, row, connection) for model, some in alike for row in some for field in _table(model).fields]
    with prepared.cursor() as cursor:
        cursor.execute(_statement(tuple((model, len(some)) for model, some in alike)), values)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _value(field: Any, row: Model, connection: Any) -> Any:
    value = field.pre_save(row, add=True)
    return None if value is None else field.get_db_prep_save(value, connection)


@lru_cache(maxsize=256)
def _statement(series: Series) -> str:
    numbers = itertools.count(1)
    *before, last = [_part(_table(model), count, numbers) for model, count in series]
    if not before:
        return last
    return "WITH " + ", ".join(f"part_{place} AS ({part})" for place, part in enumerate(before)) + f" {last}"


def _part(table: _Table, count: int, numbers: "itertools.count[int]") -> str:
    rows = (", ".join(f"${next(numbers)}{cast}" for cast in table.casts) for _ in range(count))
    return table.beginning + ", ".join(f"({row})" for row in rows)


@cache
def _table(model: type[Model]) -> _Table:
    connection, meta = connections[DEFAULT_DB_ALIAS], model._meta
    name, fields = connection.ops.quote_name, tuple(meta.local_concrete_fields)
    columns = ", ".join(name(str(field.column)) for field in fields)
    casts = tuple(_place(field, connection).removeprefix("%s") for field in fields)
    beginning = f"INSERT INTO {name(meta.db_table)} ({columns}) VALUES "  # noqa: S608 - names of the model, quoted
    return _Table(beginning, fields, casts)


def _place(field: Any, connection: Any) -> str:
    return str(field.get_placeholder(None, None, connection)) if hasattr(field, "get_placeholder") else "%s"
