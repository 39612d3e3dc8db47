"""The base of every page view: it states its rule, checks the method, and tells people what became of their act."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise

from core.access import Who
from core.errors import DomainError, Invalid, NotFound, NotSignedIn, StepUpRequired

View = Callable[..., HttpResponseBase]


def page(*, who: Who, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Declare a page: who may come through the door, by which methods (HEAD comes with GET)."""
    allowed = tuple(dict.fromkeys((*methods, "HEAD"))) if "GET" in methods else methods

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if who is Who.DEMO and not settings.PORTAL_DEMO:
                raise NotFound
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            if who is Who.SIGNED_IN and not request.user.is_authenticated:
                raise NotSignedIn
            return view(request, *args, **kwargs)

        guarded.who = who  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return guarded

    return wrap


def send_to_sign_in(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Send somebody who must sign in, or confirm a second factor, there, and back here afterwards."""
    name = "mfa_reauthenticate" if isinstance(error, StepUpRequired) else "account_login"
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.headers.get("Referer", "/")
    return redirect(f"{reverse(name)}?{urlencode({'next': back})}")


def redirect_with(request: HttpRequest, to: str, message: str | Promise) -> HttpResponse:
    """Redirect (303) to an address of ours with a sentence on what became of the act."""
    messages.success(request, str(message))
    answer = redirect(to)
    answer.status_code = 303
    return answer


def send_back(request: HttpRequest, to: str, why_not: str | Promise) -> HttpResponse:
    """Redirect (303) to an address of ours with the sentence why what was asked for can't be."""
    messages.error(request, str(why_not))
    answer = redirect(to)
    answer.status_code = 303
    return answer


def posted(request: HttpRequest) -> Any:
    """Return what a form is bound to: what was posted, even when that is nothing; None while it is only shown."""
    return request.POST if request.method == "POST" else None


def carried_out(
    request: HttpRequest,
    form: Any,
    act: Callable[[], object],
    *,
    to: str,
    done: str | Promise,
    on_form: Callable[[Invalid], Invalid] = lambda error: error,
) -> HttpResponse | None:
    """Carry out what a form that was sent and is valid asks, and return the way on; None where the form is shown (again).

    What the act refuses stands beside the fields; ``on_form`` puts its places where the form has them.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        act()
    except Invalid as error:
        show_refusal(form, on_form(error))
        return None
    return redirect_with(request, to, done)


def show_refusal(form: Any, error: Invalid) -> None:
    """Put the problems of a refused input beside the form's fields, the rest above the form."""
    for problem in error.problems:
        field = problem.pointer.strip("/").split("/")[0]
        form.add_error(field if field in form.fields else None, str(problem.detail))
    if not error.problems:
        form.add_error(None, str(error.detail))
