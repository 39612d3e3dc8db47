"""The pages of a provider's policy: what everybody reads, and where its authorizers publish the next version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions
from complaints.forms import PolicyForm, on_policy_form, policy_as_form
from complaints.serializers import penalties
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Conflict, Invalid, Problem
from core.pages import page, posted, redirect_with, show_refusal

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from verification.models import Organisation


@page(who=Who.PUBLIC)
def policy(request: HttpRequest, provider: str) -> HttpResponse:
    """Show the policy of a provider on repeated infringement and on misuse, to everybody."""
    found = access.provider_with_policy(provider)
    may_publish = access.may_publish_policy(account_of(request), found)
    context = {**penalties.policy_page(found, times.now()), "may_publish": may_publish}
    return render(request, "complaints/policy.html", context)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def policy_new(request: HttpRequest, provider: str) -> HttpResponse:
    """Let an authorizer write the next version, show what would change, and publish it once that is confirmed."""
    found, now = access.provider_with_policy(provider), times.now()
    access.require_policy_publisher(account_of(request), found)
    newest = penalties.newest_policy(found, now)
    form = PolicyForm(posted(request), initial=policy_as_form(newest, penalties.texts_in_both(newest)))
    step = request.POST.get("step", "")
    if request.method == "POST" and form.is_valid() and _stands(request, found, form) and step != "edit":
        if step == "publish" and _published(request, found, form):
            to = reverse("complaints:policy", args=[found.code])
            return redirect_with(
                request, to, _("Published. It is announced from now on, and holds from the day given.")
            )
        if not form.errors:
            return render(request, "complaints/policy_preview.html", _preview(found, form))
    context = {**penalties.policy_versions(found, now), "form": form, "starts_from": newest}
    return render(request, "complaints/policy_new.html", context, status=400 if form.errors else 200)


def _stands(request: HttpRequest, provider: Organisation, form: PolicyForm) -> bool:
    """Say whether the version could be published as it is; what is wrong with it is shown beside its fields."""
    return _tried(form, actions.check_policy, form.version_given(provider), request)


def _published(request: HttpRequest, provider: Organisation, form: PolicyForm) -> bool:
    return _tried(form, actions.publish_policy, form.version_given(provider), request)


def _tried(form: PolicyForm, act: Any, given: dict[str, Any], request: HttpRequest) -> bool:
    try:
        act(by=account_of(request), now=times.now(), **given)
    except Invalid as error:
        show_refusal(form, on_policy_form(error))
        return False
    except Conflict as error:
        show_refusal(form, Invalid([Problem("/version", "taken", error.detail)]))
        return False
    return True


def _preview(provider: Organisation, form: PolicyForm) -> dict[str, Any]:
    given = form.version_given(provider)
    begins = given["effective_at"] or actions.earliest_for_policy(times.now())
    replaced = access.policy_in_force(provider, begins)
    before = policy_as_form(replaced, penalties.texts_in_both(replaced))
    changes = [
        {"title": title, "rows": [row for field in fields if (row := _change(field, form, before))]}
        for title, fields in form.groups()[1:]
    ]
    return {
        "provider": provider,
        "form": form,
        "version": given["version"],
        "begins": begins,
        "replaced": replaced,
        "changes": [group for group in changes if group["rows"]],
    }


def _change(field: Any, form: PolicyForm, before: dict[str, Any]) -> dict[str, Any] | None:
    was, will = before[field.name], form.cleaned_data[field.name]
    if isinstance(will, str):
        was, will = str(was).replace("\r\n", "\n").strip(), will.replace("\r\n", "\n").strip()
    lang = field.field.widget.attrs.get("lang", "")
    return None if was == will else {"label": field.label, "was": was, "will": will, "lang": lang}
