"""The schema of the API, and the same made readable for people: operations by subject, fields by name."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

PREFIX = "/api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")
Endpoint = tuple[str, str, str, Any]
Json = dict[str, Any]


def only_the_api(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Return the endpoints below ``/api/v1/``; the same views also answer at well-known addresses."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]


@dataclass(frozen=True)
class Field:
    """A field of a body, or a parameter: its name, what it is, whether it must be given."""

    name: str
    kind: str
    is_required: bool
    text: str


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    key: str
    method: str
    path: str
    text: str
    parameters: list[Field]
    body: list[Field]
    answers: list[tuple[str, str, list[Field]]]


def operations() -> dict[str, list[Operation]]:
    """Return the operations of the API by subject (the first part of their address), in the present language."""
    return _operations(translation.get_language() or "en")


@lru_cache(maxsize=4)
def _operations(_language: str) -> dict[str, list[Operation]]:
    document: Json = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped there
    shapes = document.get("components", {}).get("schemas", {})
    found: dict[str, list[Operation]] = {}
    for path, methods in sorted(document["paths"].items()):
        subject = path.removeprefix(PREFIX).split("/")[0]
        for method in METHODS:
            if method in methods:
                found.setdefault(subject, []).append(_operation(method, path, methods[method], shapes))
    return found


def _operation(method: str, path: str, said: Json, shapes: Json) -> Operation:
    parameters = [
        Field(one["name"], _kind(one.get("schema", {})), bool(one.get("required")), str(one.get("description", "")))
        for one in said.get("parameters", [])
        if one["in"] in ("query", "header", "path")
    ]
    answers = [
        (code, str(answer.get("description", "")), _fields(_schema_of(answer), shapes))
        for code, answer in said.get("responses", {}).items()
    ]
    text = str(said.get("summary") or said.get("description") or "")
    body = _fields(_schema_of(said.get("requestBody", {})), shapes)
    return Operation(said["operationId"], method.upper(), path, text, parameters, body, answers)


def _schema_of(part: Json) -> Json:
    schemas = [content.get("schema", {}) for content in part.get("content", {}).values()]
    return schemas[0] if schemas else {}


def _resolved(schema: Json, shapes: Json) -> Json:
    if schema.get("type") == "array":
        schema = schema.get("items", {})
    if len(schema.get("allOf", [])) == 1:
        schema = schema["allOf"][0]
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Json = shapes.get(name, schema)
    return found


def _fields(schema: Json, shapes: Json) -> list[Field]:
    shape = _resolved(schema, shapes)
    required = shape.get("required", [])
    return [
        Field(name, _kind(inner), name in required, str(inner.get("description", "")).split("\n* ")[0])
        for name, inner in shape.get("properties", {}).items()
    ]


def _kind(schema: Json) -> str:
    if "$ref" in schema or "allOf" in schema:
        reference = schema.get("$ref") or schema["allOf"][0].get("$ref", "")
        return str(reference).rpartition("/")[2]
    if "oneOf" in schema or "anyOf" in schema:
        choices: list[Json] = schema.get("oneOf") or schema.get("anyOf") or []
        return " | ".join(_kind(one) for one in choices if one)
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kind = schema.get("type", "")
    names = [str(one) for one in kind] if isinstance(kind, list) else [str(kind)]
    return " | ".join(filter(None, [*names, str(schema.get("format", ""))]))
