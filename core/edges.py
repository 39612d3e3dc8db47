"""One table from refusals to answers, for HTTP, pages and sockets. No edge catches a domain error by itself."""

import logging
import re
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotFound,
    NotSignedIn,
    Problem,
    StepUpRequired,
    TooFast,
    Unavailable,
)
from core.strict import read_json

log = logging.getLogger(__name__)
MATTER = re.compile(r"/(?:[a-z]+/[A-Z]-[0-9A-Z]{16}|conversations/[0-9a-f-]{36})/(?=.)")
PROBLEM_TYPE = "application/problem+json"
# The library behind these addresses parses JSON by itself, and nested too deep it fails there instead of refusing.
SIGN_IN = "/_allauth/"
CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_fast",
}


def problem_of(error: DomainError) -> dict[str, Any]:
    """Return the RFC 9457 object of a refusal, with ``errors`` for bad input and ``state`` for a conflict."""
    body: dict[str, Any] = {
        "type": f"{settings.PORTAL_URL}/problems/{error.code}",
        "title": str(error.title),
        "status": error.status,
        "code": error.code,
    }
    if str(error.detail) != body["title"]:
        body["detail"] = str(error.detail)
    if isinstance(error, Invalid):
        body["errors"] = [{"pointer": p.pointer, "code": p.code, "detail": str(p.detail)} for p in error.problems]
    if isinstance(error, Conflict) and error.state:
        body["state"] = error.state
    return body


def headers_of(error: DomainError) -> dict[str, str]:
    """Return the headers that belong to a refusal."""
    if isinstance(error, TooFast):
        return {"Retry-After": str(error.retry_after)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, NotSignedIn) else {}


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def problems_of(detail: Any, pointer: str = "") -> list[Problem]:
    """Return a framework's nested validation errors as problems with JSON pointers."""
    if isinstance(detail, dict):
        own = ("non_field_errors",)
        return [
            p for k, v in detail.items() for p in problems_of(v, pointer if k in own else f"{pointer}/{_escaped(k)}")
        ]
    if isinstance(detail, list) and any(isinstance(one, (dict, list)) for one in detail):
        return [p for place, one in enumerate(detail) for p in problems_of(one, f"{pointer}/{place}")]
    if isinstance(detail, list):
        return [p for one in detail for p in problems_of(one, pointer)]
    return [Problem(pointer, str(getattr(detail, "code", "invalid")), str(detail))]


def _domain_error_of(error: exceptions.APIException) -> DomainError:
    if isinstance(error, exceptions.ValidationError):
        return Invalid(problems_of(error.detail))
    if isinstance(error, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        return NotSignedIn()
    if isinstance(error, exceptions.ParseError):
        return Invalid([Problem("", "malformed", str(error.detail))])
    same = DomainError(str(error.detail), code=CODES.get(error.status_code, "refused"))
    same.status, same.title = error.status_code, HTTPStatus(error.status_code).phrase
    return same


def answer_api(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any foreseen error of an API view into a problem answer (DRF's EXCEPTION_HANDLER)."""
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, OperationalError):
        error = Unavailable()
    if isinstance(error, exceptions.APIException):
        error = _domain_error_of(error)
    if not isinstance(error, DomainError):
        return None
    set_rollback()
    # Rendered here and not by negotiation: an error is always problem+json, whatever was asked for.
    return Response(problem_of(error), status=error.status, headers=headers_of(error), content_type=PROBLEM_TYPE)


def problem_response(error: DomainError) -> JsonResponse:
    """Return the problem answer outside a DRF view."""
    # Byte for byte what a DRF view answers, so that the two cannot be told apart.
    compact = {"separators": (",", ":"), "ensure_ascii": False}
    answer = JsonResponse(problem_of(error), status=error.status, json_dumps_params=compact, content_type=PROBLEM_TYPE)
    for name, value in headers_of(error).items():
        answer.headers[name] = value
    return answer


def answer_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Turn a refusal into a page that says what happened and what to do."""
    told = {"error": error, "matter": _matter_at(request.path)}
    answer = render(request, "core/refused.html", told, status=error.status)
    for name, value in headers_of(error).items():
        answer.headers[name] = value
    return answer


def _matter_at(path: str) -> str:
    """Return the address of the matter of which this is a page below, or nothing."""
    found = MATTER.match(path)
    return found[0] if found else ""


def _answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problem_response(error) if is_api(request) else answer_page(request, error)


def is_api(request: HttpRequest) -> bool:
    """Say whether the request came to a program's address."""
    return request.path.startswith("/api/")


class DomainErrors:
    """Middleware: refusals raised in page views become pages, or problem answers under ``/api/``."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL takes no NUL in a text, and no identifier of ours holds one.
        if "\x00" in request.path:
            return _answer(request, NotFound())
        for name, values in request.GET.lists():
            if any("\x00" in text for text in (name, *values)):
                text = _("Remove the characters that are not text.")
                return _answer(request, Invalid([Problem(f"/{_escaped(name)}", "characters", text)]))
        if request.path.startswith(SIGN_IN) and request.content_type == "application/json":
            try:
                read_json(request.body or b"{}")
            except ValueError as error:
                return problem_response(Invalid([Problem("", "malformed", str(error))]))
        return self.get_response(request)  # type: ignore[no-any-return]  # Django types the callable loosely

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Translate a domain error; leave every other error to Django."""
        if isinstance(error, OperationalError):
            # The database is away, for some seconds as a rule; whatever was begun has not happened.
            error = Unavailable()
        if not isinstance(error, DomainError):
            return None
        if not is_api(request) and isinstance(error, (NotSignedIn, StepUpRequired)):
            from core.pages import send_to_sign_in

            return send_to_sign_in(request, error)
        return _answer(request, error)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an unknown address, for people or programs."""
    return _answer(request, NotFound())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be read."""
    return _answer(request, Invalid())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that a guard of the framework refused (a missing form token, above all)."""
    error = DomainError(_("The form was open too long, or cookies are off. Go back, reload, and send it again."))
    error.status, error.code = 403, "denied"
    return problem_response(error) if is_api(request) else answer_page(request, error)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after an error of ours, with nothing of the request in it."""
    error = DomainError(_("Something broke on our side. Nothing was half done; please try again."))
    error.status, error.code, error.title = 500, "error", _("An error of ours")
    if is_api(request):
        return problem_response(error)
    return HttpResponse(
        f"<!doctype html><html lang='{get_language() or 'en'}'><title>{error.title}</title>"
        f"<main><h1>{error.title}</h1><p>{error.detail}</p></main></html>",
        status=500,
    )
