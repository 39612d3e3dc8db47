"""The pages of who handles a matter: taken or given, given back, a conflict of interest, an exception from it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from complaints import actions, forms
from complaints.views.acts import Act, answer_act
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.pages import page


def _assign(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    return actions.assign(reference=reference, by=account_of(request), to=UUID(given["to"]), now=times.now())


def _release(request: HttpRequest, reference: str, _given: dict[str, Any]) -> object:
    return actions.release(reference=reference, by=account_of(request), now=times.now())


def _put_aside(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    by, reasons = account_of(request), given["reasons"]
    return actions.put_unreached_aside(reference=reference, by=by, reasons=reasons, now=times.now())


def _declare(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    return actions.declare_interest(reference=reference, by=account_of(request), now=times.now(), **given)


def _except(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    handler, reasons = UUID(given["handler"]), given["reasons"]
    return actions.except_interest(
        reference=reference, by=account_of(request), handler=handler, reasons=reasons, now=times.now()
    )


ASSIGNMENT = Act(
    gettext_lazy("Take or give the matter"),
    gettext_lazy("Save"),
    gettext_lazy("Saved. Your colleagues see who has the matter."),
    forms.AssignmentForm,
    _assign,
)
RELEASE = Act(
    gettext_lazy("Give the matter back"),
    gettext_lazy("Give it back"),
    gettext_lazy("Given back. Anybody on the desk can take it."),
    forms.PlainForm,
    _release,
)
UNREACHED = Act(
    gettext_lazy("Put aside that a party cannot be reached"),
    gettext_lazy("Put it aside"),
    gettext_lazy("Put aside. The next mail that is lost brings it back."),
    forms.ReasonsForm,
    _put_aside,
)
INTEREST = Act(
    gettext_lazy("Declare a conflict of interest"),
    gettext_lazy("Declare it"),
    gettext_lazy("Declared. Somebody else handles this matter."),
    forms.InterestForm,
    _declare,
    "danger",
)
EXCEPTION = Act(
    gettext_lazy("Record an exception"),
    gettext_lazy("Record it"),
    gettext_lazy("Recorded. The handler may act in this matter."),
    forms.ExceptionForm,
    _except,
    "danger",
)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def assignment(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the matter, or give it to a colleague."""
    return answer_act(request, reference, "assignment", ASSIGNMENT)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the matter back."""
    return answer_act(request, reference, "release", RELEASE)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def interest(request: HttpRequest, reference: str) -> HttpResponse:
    """Declare a conflict of interest."""
    return answer_act(request, reference, "interest", INTEREST)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def exception(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that a handler may act in spite of an interest."""
    return answer_act(request, reference, "exception", EXCEPTION)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def unreached(request: HttpRequest, reference: str) -> HttpResponse:
    """Put aside, with reasons, that a party cannot be reached by mail."""
    return answer_act(request, reference, "unreached", UNREACHED)
