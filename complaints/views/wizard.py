"""Filing a notice, one question a page; it works without scripts and keeps what was given."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from complaints import access, actions, forms, regimes
from complaints.forms.filing import lines_of
from complaints.regimes.engine import lacks_of
from complaints.regimes.shape import Regime
from complaints.rules import MOST_ITEMS, brought_item
from complaints.serializers import acting, public, shown
from complaints.views.providers import language_of
from complaints.views.who import account_of, network_address
from core import times
from core.access import Who
from core.actors import PUBLIC
from core.errors import Invalid, NotFound
from core.pages import page, posted, show_refusal
from verification.access import providers
from verification.actions import store_file

REVIEW = "review"
ORDER = (*forms.STEPS, REVIEW)
# The answers without which no later question can be asked.
NEEDED = {"where": "provider", "law": "regime"}
RECEIPT = "complaint_receipt"


@page(who=Who.PUBLIC)
def begin(request: HttpRequest) -> HttpResponse:
    """Go to the first question, as the links on providers' own pages do.

    ``?provider=`` chooses the provider, ``content=`` fills in what is complained about, ``lang=`` chooses the language.
    """
    draft, item = actions.draft_of(request.session), brought_item(request.GET.get("content", ""))
    if item and item not in lines_of(draft.get("items") or "", MOST_ITEMS):
        draft["items"] = f"{draft.get('items') or ''}\n{item}".strip()
    if "provider" in request.GET:
        draft["provider"] = request.GET["provider"][:40]
    if item or "provider" in request.GET:
        actions.keep_draft(request.session, draft, times.now())
    answer = redirect("complaints:step", step=ORDER[0])
    if "lang" in request.GET:
        same_site = {"samesite": settings.LANGUAGE_COOKIE_SAMESITE, "secure": settings.SESSION_COOKIE_SECURE}
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language_of(request), **same_site)
    return answer


def _law(draft: dict[str, Any]) -> Regime:
    return regimes.current(draft.get("regime", "")) or regimes.all_current()[0]


@never_cache
@page(who=Who.PUBLIC, methods=("GET", "POST"))
def step(request: HttpRequest, step: str) -> HttpResponse:
    """Ask one question, keep the answer, go to the next; on the last page show all and file."""
    if step not in ORDER:
        raise NotFound
    draft = actions.draft_of(request.session)
    needed = [name for name, field in NEEDED.items() if not draft.get(field) and ORDER.index(name) < ORDER.index(step)]
    if needed:
        return redirect("complaints:step", step=needed[0])
    if step == REVIEW:
        return _review(request, draft)
    form_class = forms.step_form(step, signed_in=request.user.is_authenticated)
    form = form_class(posted(request), request.FILES or None, initial=_initial(request, draft), law=_law(draft))
    if step == "who" and request.user.is_authenticated:
        forms.offer_powers(form, acting.powers_to_name(account_of(request), draft["provider"]))
    if request.method == "POST" and form.is_valid():
        _keep(request, draft, dict(form.cleaned_data))
        return redirect("complaints:step", step=ORDER[ORDER.index(step) + 1])
    place = ORDER.index(step)
    context = {
        "form": form,
        "step": step,
        "elements": form.elements(),
        "steps": _labels(),
        "current": place + 1,
        "title": forms.STEPS[step][0],
        "before": ORDER[place - 1] if place else "",
        "files": draft.get("file_names") or [],
    }
    return render(request, "complaints/step.html", context, status=400 if form.errors else 200)


def _labels() -> list[str]:
    return [*(str(label) for label, _form in forms.STEPS.values()), str(public.REVIEW_LABEL)]


def _initial(request: HttpRequest, draft: dict[str, Any]) -> dict[str, Any]:
    email = account_of(request).email if request.user.is_authenticated else ""
    return {"email": email, **draft}


def _keep(request: HttpRequest, draft: dict[str, Any], given: dict[str, Any]) -> None:
    now, file = times.now(), given.pop("file", None)
    if file is not None:
        stored = store_file(data=file.read(), name=file.name, by=account_of(request), now=now)
        draft["evidence"] = [*draft.get("evidence", []), str(stored.pk)]
        draft["file_names"] = [*draft.get("file_names", []), file.name[:200]]
    actions.keep_draft(request.session, {**draft, **given}, now)


def _review(request: HttpRequest, draft: dict[str, Any]) -> HttpResponse:
    law, notice = _law(draft), forms.notice_from(draft)
    form = forms.PlainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _file(request, draft)
        except Invalid as error:
            show_refusal(form, error)
    lacks = lacks_of(law.elements, notice.as_seen_by_law())
    context = {
        "form": form,
        "draft": draft,
        "provider": next((one.name for one in providers() if one.code == draft["provider"]), draft["provider"]),
        "law": law,
        "lacks": lacks,
        "elements": public.elements_checked(law, lacks),
        "items": [item.get("url") or item.get("external_id") for item in notice.items],
        "statements": [one for one in law.statements if one.code in notice.statements],
        "steps": _labels(),
        "current": len(ORDER),
        "before": ORDER[-2],
    }
    return render(request, "complaints/review.html", context, status=400 if form.errors else 200)


def _file(request: HttpRequest, draft: dict[str, Any]) -> HttpResponse:
    now, notice = times.now(), forms.notice_from(draft)
    by = account_of(request) if request.user.is_authenticated else PUBLIC
    email = str(notice.contact["email"])
    access.require_room_to_file(by, address=network_address(request), email=email, provider=draft["provider"], now=now)
    complaint = actions.file_complaint(
        by=by,
        provider=draft["provider"],
        regime=draft["regime"],
        notice=notice,
        language=get_language() or "",
        now=now,
    )
    actions.drop_draft(request.session, now)
    request.session[RECEIPT] = shown.receipt(complaint, now)
    answer = redirect(reverse("complaints:done"))
    answer.status_code = 303
    return answer


@never_cache
@page(who=Who.PUBLIC)
def done(request: HttpRequest) -> HttpResponse:
    """Show the receipt of what was filed last in this session."""
    receipt = request.session.get(RECEIPT)
    if receipt is None:
        return redirect("complaints:channel")
    return render(request, "complaints/done.html", {"receipt": receipt, **public.receipt_words(receipt)})
