"""The base of every API view: deny by default, strict JSON, problem answers, idempotent POSTs."""

from functools import cache
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import idempotency
from core.access import Who
from core.actors import PUBLIC
from core.errors import DomainError, invalid
from core.strict import StatesItsRule, StrictJSONParser, read_json, require_sound

__all__ = ["ApiView", "StatesItsRule", "StrictJSONParser", "actor_of", "read_json", "require_sound", "shaped"]

FIRST_REFUSAL = 400


def actor_of(request: Request) -> Any:
    """Return the signed-in account, or the public."""
    return request.user if request.user.is_authenticated else PUBLIC


class ApiView(APIView):
    """An API address. ``who`` must be stated; POSTs with an Idempotency-Key run once, in one transaction."""

    who: ClassVar[Who | None] = None
    parser_classes = [StrictJSONParser]
    permission_classes = [StatesItsRule]
    is_replayable: ClassVar[bool] = True  # False where the answer must never be given twice
    signed_in: Request | None = None
    refused: Exception | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Handle the request; with an Idempotency-Key, in one transaction with the key's row."""
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None or not self.is_replayable:
            return super().dispatch(request, *args, **kwargs)
        # Signed in before the transaction begins: a wrong or used one-time code counts, even when the act is undone.
        self.signed_in = self.initialize_request(request, *args, **kwargs)
        self.refused = _refusal_of(self.signed_in)
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= FIRST_REFUSAL:  # nothing to keep, and nothing half done
                transaction.set_rollback(True)
        return response

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Return DRF's request, the one that was signed in already where there is one."""
        return self.signed_in or super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the caller first, then give back a kept answer where the key was used before."""
        if self.refused is not None:
            raise self.refused
        super().initial(request, *args, **kwargs)
        key = request.headers.get("Idempotency-Key")
        self.first_use: Any = None
        if request.method == "POST" and key is not None and self.is_replayable:
            self.first_use = idempotency.claim(key, request, actor_of(request))

    def handle_exception(self, exc: Exception) -> Response:
        """Give the kept answer again, or translate the refusal."""
        if isinstance(exc, idempotency.ReplayError):
            return Response(exc.answer, status=exc.status, headers={"Idempotency-Replayed": "true"})
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep the answer of a first use beside its key."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        first_use = getattr(self, "first_use", None)
        if first_use is not None and answer.status_code < FIRST_REFUSAL:
            idempotency.keep(first_use, answer)
        return answer


def _refusal_of(request: Request) -> Exception | None:
    try:
        assert request.user is not None
    except (DomainError, APIException) as refusal:
        return refusal
    return None


def shaped(serializer: type[Any], request: Request) -> dict[str, Any]:
    """Return the request's body as the serializer's validated data; Invalid with pointers otherwise."""
    if not isinstance(request.data, dict):
        raise invalid("", "type", _("Give a JSON object."))
    filled = _filled_in(serializer)  # type: ignore[arg-type]  # every class is hashable
    return dict(filled.run_validation(request.data))


@cache
def _filled_in(serializer: type[Any]) -> Any:
    """Return the one of this kind that all requests are checked against: checking reads its fields and changes nothing.

    Making one costs more than checking against it.
    """
    return serializer()
