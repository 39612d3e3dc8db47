"""What DRF uses where a view says nothing: nobody comes in, and JSON is read strictly.

Apart from core.api because DRF's own views import these when they are made, so they must not import those.
"""

import codecs
import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, parsers, permissions

from core.access import Who
from core.errors import TooLarge
from core.shapes import has_unfit_characters

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

LARGEST_JSON_BYTES = 2 * 1024 * 1024
DEEPEST_JSON = 20


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_("A key stands twice in one object."))
    return found


def _no_constant(name: str) -> None:
    raise ValueError(_("%(name)s is no JSON.") % {"name": name})


def require_sound(value: Any, depth: int = 0) -> None:
    """Refuse JSON that is too deep, or has text or numbers that cannot be kept (ValueError says why)."""
    if depth > DEEPEST_JSON:
        raise ValueError(_("The JSON is nested too deep."))
    if isinstance(value, str) and has_unfit_characters(value):
        raise ValueError(_("A text holds characters that are not text (NUL or half a surrogate pair)."))
    if isinstance(value, (int, float)) and abs(value) > 2**53:
        raise ValueError(_("A number is larger than 2^53."))
    if isinstance(value, dict):
        for key, inner in value.items():
            require_sound(key, depth + 1)
            require_sound(inner, depth + 1)
    if isinstance(value, list):
        for inner in value:
            require_sound(inner, depth + 1)


def read_json(data: bytes) -> Any:
    """Return the JSON value of the bytes.

    Raises ValueError with a sentence for people: not UTF-8, not JSON, too deep, a key twice, NUL or lone surrogates.
    """
    try:
        text = codecs.decode(data, "utf-8")
        value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise ValueError(_("The body is not UTF-8.")) from None
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise ValueError(_("The body is not JSON (line %(line)s, column %(column)s).") % place) from None
    except RecursionError:
        raise ValueError(_("The JSON is nested too deep.")) from None
    require_sound(value)
    return value


class StrictJSONParser(parsers.BaseParser):
    """JSON as ``read_json`` takes it, of a bounded size."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the parsed body; ParseError or TooLarge when it is none that we take."""
        data = stream.read(LARGEST_JSON_BYTES + 1)
        if len(data) > LARGEST_JSON_BYTES:
            raise TooLarge
        try:
            return read_json(data) if data.strip() else {}
        except ValueError as error:
            raise exceptions.ParseError(str(error)) from None


class StatesItsRule(permissions.BasePermission):
    """Lets in whom the view's ``who`` lets in; a view that states none lets in nobody."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        """Say whether the caller may come through this door (DRF's own protocol is a boolean)."""
        who = getattr(view, "who", None)
        if who is Who.PUBLIC:
            return True
        if who is Who.SIGNED_IN:
            if not request.user.is_authenticated:
                raise exceptions.NotAuthenticated
            return True
        return False
