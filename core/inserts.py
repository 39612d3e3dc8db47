"""New rows that go into their tables together: in one statement, whose SQL is built once in a process."""

import itertools
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BinaryField, BooleanField, CharField, DateTimeField, Field, Model, TextField, UUIDField

from core import prepared

# The values of these fields (and of none that are made of them), where they are of exactly this type, are prepared already.
AS_THEY_ARE: dict[type[Any], type[Any]] = {
    CharField: str, TextField: str, BooleanField: bool, UUIDField: UUID, BinaryField: bytes, DateTimeField: datetime,
}  # fmt: skip


@dataclass(frozen=True)
class Making:
    """How PostgreSQL makes a row of one of a model that goes in with it.

    The SQL inserts it, with ``{row}`` for the other row, ``{rows}`` for what to select that from, and ``{value}``.
    """

    of: type[Model]
    sql: str


@dataclass(frozen=True)
class Made:
    """A row that PostgreSQL makes of the only one of its model that goes in with it, and of a value."""

    how: Making
    value: Any


# How many rows of which kind, one kind after the other.
Kind = type[Model] | Making
Series = tuple[tuple[Kind, int], ...]


@dataclass(frozen=True)
class _Table:
    """How rows of a model are inserted: the table, the beginning of the statement, what fills it, and the casts."""

    name: str
    beginning: str
    # Each with the type of which its values go to the database as they are.
    fields: tuple[tuple["Field[Any, Any]", type[Any] | None], ...]
    casts: tuple[str, ...]


def insert(*rows: Model | Made) -> None:
    """Insert new rows, of one model or of several, in one statement; all of them or none.

    As ``save(force_insert=True)`` of each, without signals. The rows have their primary keys already and no values that
    only the database knows. Whatever they refer to is among them or there: the order in which they are given is of no
    meaning, because foreign keys are looked at when the transaction ends.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    series = tuple((kind, sum(1 for _ in some)) for kind, some in itertools.groupby(rows, key=_kind))
    values = [value for row in rows for value in _values(row, connection)]
    with prepared.cursor() as cursor:
        cursor.execute(_statement(series), values)
    for row in rows:
        if isinstance(row, Model):
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _kind(row: Model | Made) -> Kind:
    return row.how if isinstance(row, Made) else type(row)


def _values(row: Model | Made, connection: Any) -> list[Any]:
    if isinstance(row, Made):
        return [row.value]
    return [_value(field, as_it_is, row, connection) for field, as_it_is in _table(type(row)).fields]


def _value(field: Any, as_it_is: type[Any] | None, row: Model, connection: Any) -> Any:
    value = field.pre_save(row, add=True)
    if value is None or type(value) is as_it_is:
        return value
    return field.get_db_prep_save(value, connection)


@lru_cache(maxsize=256)
def _statement(series: Series) -> str:
    numbers = itertools.count(1)
    *before, last = [_part(kind, count, series, numbers) for kind, count in series]
    if not before:
        return last
    return "WITH " + ", ".join(f"part_{place} AS ({part})" for place, part in enumerate(before)) + f" {last}"


def _part(kind: Kind, count: int, series: Series, numbers: "itertools.count[int]") -> str:
    if isinstance(kind, Making):
        part = f"part_{series.index((kind.of, 1))}"
        return kind.sql.format(row=f"{part}.whole", rows=part, value=f"${next(numbers)}")
    table = _table(kind)
    rows = (", ".join(f"${next(numbers)}{cast}" for cast in table.casts) for _ in range(count))
    is_made_of = any(isinstance(other, Making) and other.of is kind for other, _count in series)
    returning = f" RETURNING {table.name} AS whole" if is_made_of else ""
    return table.beginning + ", ".join(f"({row})" for row in rows) + returning


@cache
def _table(model: type[Model]) -> _Table:
    connection, meta = connections[DEFAULT_DB_ALIAS], model._meta
    quoted, fields = connection.ops.quote_name, tuple(meta.local_concrete_fields)
    name, columns = quoted(meta.db_table), ", ".join(quoted(str(field.column)) for field in fields)
    casts = tuple(_place(field, connection).removeprefix("%s") for field in fields)
    beginning = f"INSERT INTO {name} ({columns}) VALUES "  # noqa: S608 - names of the model, quoted
    return _Table(name, beginning, tuple((field, _as_it_is(field)) for field in fields), casts)


def _as_it_is(field: Any) -> type[Any] | None:
    return AS_THEY_ARE.get(type(field.target_field if field.is_relation else field))


def _place(field: Any, connection: Any) -> str:
    return str(field.get_placeholder(None, None, connection)) if hasattr(field, "get_placeholder") else "%s"
