"""The pages of strikes and restrictions: what stands against me, a restriction and its acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from complaints import access, actions, forms
from complaints.serializers import penalties
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Conflict, Invalid, NotFound, Problem
from core.pages import carried_out, page, posted
from core.paging import keyset
from verification.access import organisations_where
from verification.rules import STAFF_ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import Promise

    from complaints.models import Restriction

ROWS = 50


@never_cache
@page(who=Who.SIGNED_IN)
def restrictions(request: HttpRequest) -> HttpResponse:
    """Show what stands against me: points, strikes, and what was ordered."""
    account, now = account_of(request), times.now()
    ordered = access.concerning(account).select_related("provider", "policy", "subscriber")
    found, after, _before = keyset(ordered, request.GET.get("cursor"), ROWS)
    records = [
        {"provider": one.provider, "points": one.points, "rows": penalties.strike_rows(one.strikes, one.side, now)}
        for one in access.records_of(account, now)
    ]
    context = {"records": records, "rows": [penalties.page_row(one) for one in found], "next": after}
    return render(request, "complaints/restrictions.html", context)


@never_cache
@page(who=Who.SIGNED_IN)
def restrictions_desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for a decision, the oldest first; or everything at my providers, newest first."""
    account = account_of(request)
    providers = organisations_where(account, *STAFF_ROLES)
    if not providers.exists():
        raise NotFound
    tab = "all" if request.GET.get("tab") == "all" else "waiting"
    if tab == "all":
        visible = access.restrictions_visible_to(account).filter(provider__in=providers)
        found, after, _before = keyset(visible, request.GET.get("cursor"), ROWS)
    else:
        found, after = list(access.restrictions_desk(account)[:ROWS]), None
    context = {"rows": [penalties.page_row(one) for one in found], "next": after, "tab": tab}
    return render(request, "complaints/restrictions_desk.html", context)


@never_cache
@page(who=Who.SIGNED_IN)
def restriction(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a restriction: its state and clock, what I can do, what happened, what it rests on, why."""
    found = access.restriction_for(account_of(request), reference)
    viewer = access.restriction_viewer(account_of(request), found)
    return render(request, "complaints/restriction.html", penalties.page_of(found, viewer, times.now()))


@dataclass(frozen=True)
class Act:
    """A page for one act on a restriction: its words, its form, its call."""

    title: str | Promise
    submit: str | Promise
    done: str | Promise
    form: Callable[..., Any]
    call: Callable[[dict[str, Any], Any], object]
    tone: str = "primary"


def _with_reasons(action: Callable[..., object]) -> Callable[[dict[str, Any], Any], object]:
    return lambda given, form: action(reasons=form.cleaned_data["reasons"], **given)


ACTS: dict[str, Act] = {
    "confirmation": Act(
        gettext_lazy("Order a restriction"),
        gettext_lazy("Order it and tell whom it concerns"),
        gettext_lazy("Ordered. Whom it concerns is told, with the reasons and how to appeal."),
        forms.OrderForm,
        lambda given, form: actions.order_restriction(order=form.order(), **given),
        "danger",
    ),
    "dismissal": Act(
        gettext_lazy("Order nothing"),
        gettext_lazy("Order nothing"),
        gettext_lazy("Nothing was ordered."),
        forms.ReasonsForm,
        _with_reasons(actions.decline_restriction),
    ),
    "lifting": Act(
        gettext_lazy("Lift the restriction"),
        gettext_lazy("Lift it"),
        gettext_lazy("Lifted. Whom it concerned is told."),
        forms.ReasonsForm,
        _with_reasons(actions.lift_restriction),
    ),
    "appeal": Act(
        gettext_lazy("Appeal"),
        gettext_lazy("Send the appeal"),
        gettext_lazy("Sent. Somebody else than who decided looks at it again."),
        forms.AppealForm,
        _with_reasons(actions.appeal_restriction),
    ),
}
DECISION = Act(
    gettext_lazy("Decide the appeal"),
    gettext_lazy("Decide"),
    gettext_lazy("Decided. Whom it concerns is told."),
    forms.AppealDecisionForm,
    lambda given, form: actions.decide_restriction_appeal(
        outcome=form.cleaned_data["decision"], reasons=form.cleaned_data["reasons"], **given
    ),
)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def restriction_act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """Ask what an act on a restriction needs, and carry it out."""
    if act not in ACTS:
        raise NotFound
    return _answer(request, reference, act, ACTS[act])


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def restriction_appeal_decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide the appeal against a restriction."""
    return _answer(request, reference, "appeal/decision", DECISION)


def _answer(request: HttpRequest, reference: str, name: str, act: Act) -> HttpResponse:
    account, now = account_of(request), times.now()
    found = access.restriction_for(account, reference)
    viewer = access.restriction_viewer(account, found)
    if name not in access.acts_on(viewer, found, now):
        raise Conflict(_("This is not possible (any more)."), state=found.state)
    form = act.form(posted(request), **_needs_of(name, found))

    def call() -> object:
        return act.call({"reference": reference, "by": account, "now": now}, form)

    to = reverse("complaints:restriction", args=[reference])
    if answer := carried_out(request, form, call, to=to, done=act.done, on_form=_on_form):
        return answer
    context = {**penalties.page_of(found, viewer, now), "form": form, "act": act, "name": name}
    return render(request, "complaints/restriction_act.html", context, status=400 if form.errors else 200)


def _needs_of(name: str, found: Restriction) -> dict[str, Any]:
    if name != "confirmation":
        return {}
    return {"restriction": found, "scale": access.numbers_under(found).of(found.side)}


def _on_form(error: Invalid) -> Invalid:
    """Return the refusal with the pointers of the weighing put where the form has them."""
    moved = [Problem(one.pointer.removeprefix("/weighing"), one.code, one.detail) for one in error.problems]
    return Invalid(moved, error.detail)
