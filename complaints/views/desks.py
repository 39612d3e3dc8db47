"""Lists: my complaints, the handlers' desk, their letters."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import access, actions, regimes
from complaints.forms import LetterForm, LetterNoticeForm, SearchForm, notice_from
from complaints.rules import EXPORTERS, Assigned, BatchAct
from complaints.serializers import boxes, readings
from complaints.serializers import pages as rows
from complaints.views.saved import kept_above
from complaints.views.searching import searched
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Denied, Invalid, NotFound, TooLarge
from core.pages import page, posted, redirect_with, show_refusal
from core.paging import keyset
from verification.access import organisations_by_role
from verification.rules import STAFF_ROLES, Role

ROWS = 50
# The tabs of the desk that do not show everything that waits, and whose matters each shows.
WHOSE = {"mine": Assigned.ME.value, "unassigned": Assigned.NONE.value, "all": ""}


@never_cache
@page(who=Who.SIGNED_IN)
def complaints(request: HttpRequest) -> HttpResponse:
    """List the complaints that the account may see, newest first."""
    context = searched(request, ROWS)
    context["rows"] = [rows.row(one) for one in context["found"]]
    context |= kept_above(request, "list", context["asks"])
    return render(request, "complaints/list.html", context, status=context["status"])


@never_cache
@page(who=Who.SIGNED_IN)
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for the handlers, for me or for nobody yet: earning items first, then by due time; or everything."""
    roles = {role for role in organisations_by_role(account_of(request)) if role in STAFF_ROLES}
    if not roles:
        raise NotFound
    tab = request.GET.get("tab", "")
    tab = tab if tab in WHOSE else "waiting"
    if "group" in request.GET:
        context = _filed_together(request)
    elif tab == "all":
        context = searched(request, ROWS)
    else:
        found, after = access.desk_page(account_of(request), request.GET.get("cursor", ""), ROWS, WHOSE.get(tab, ""))
        context = {"search": _search(get_language() or ""), "found": found, "next": after, "status": 200}
    context |= {"rows": rows.desk_rows(context["found"]), "tab": tab}
    context |= kept_above(request, "desk", context.get("asks", ""))
    context["may_export"] = tab == "all" and not roles.isdisjoint(EXPORTERS)
    context["batch_acts"] = BatchAct.choices if Role.HANDLER in roles else []
    return render(request, "complaints/desk.html", context, status=context["status"])


@lru_cache
def _search(_language: str) -> SafeString:
    """Return the form that asks for nothing yet, which is the same for everybody and written once in each language."""
    asked = {"form": SearchForm(), "to": reverse("complaints:desk"), "tab": "all", "narrowed": False}
    return render_to_string("complaints/_search.html", asked)


def _filed_together(request: HttpRequest) -> dict[str, Any]:
    group = request.GET["group"][:40]
    found, after, _before = keyset(access.in_group(account_of(request), group), request.GET.get("cursor"), ROWS)
    asks = urlencode({"group": group})
    return {"form": SearchForm(), "found": found, "next": after, "asks": asks, "status": 200}


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def letters(request: HttpRequest) -> HttpResponse:
    """Take a letter in and list those that came."""
    try:
        provider = access.provider_of_handler(account_of(request))
    except Denied:
        raise NotFound from None
    form = LetterForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data.get("file")
        try:
            kept = actions.keep_letter(
                by=account_of(request),
                provider=provider,
                content=readings.bytes_of(file) if file else form.cleaned_data["text"].encode(),
                name=file.name if file else "",
                sender=form.cleaned_data["sender"],
                received_at=form.received_at(),
                now=times.now(),
            )
        except (Invalid, TooLarge) as error:
            show_refusal(form, error if isinstance(error, Invalid) else Invalid(detail=error.detail))
        else:
            to = reverse("complaints:letter", args=[kept.pk])
            return redirect_with(request, to, _("Kept as it came. Look at what was read in it."))
    found, after, _before = keyset(access.letters_of(account_of(request)), request.GET.get("cursor"), ROWS)
    kept_before = [{"letter": one, "words": readings.described(one)} for one in found]
    box = access.mailbox_of(provider)
    context = {"form": form, "letters": kept_before, "next": after, "Role": Role, "mailbox": box}
    context["failure"] = boxes.failure_of(box)
    return render(request, "complaints/letters.html", context, status=400 if form.errors else 200)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Show a letter with what was found marked in it, and file the corrected notice."""
    found = access.letter_for(account_of(request), letter_id)
    reading = access.reading_of(found)
    law = regimes.current(request.POST.get("regime") or found.regime) or regimes.all_current()[0]
    form = LetterNoticeForm(posted(request), initial=readings.draft_of(reading), law=law)
    if "answers" in request.GET:
        to = reverse("complaints:act", args=[request.GET["answers"].strip()[:40] or "-", "counter-notice"])
        return redirect(f"{to}?letter={letter_id}")
    if request.method == "POST" and form.is_valid():
        try:
            filed = actions.complaint_from_letter(
                letter_id=letter_id,
                by=account_of(request),
                regime=form.cleaned_data["regime"],
                notice=notice_from(form.cleaned_data),
                language=found.language,
                now=times.now(),
            )
        except Invalid as error:
            show_refusal(form, error)
        else:
            to = reverse("complaints:matter", args=[filed.reference])
            return redirect_with(request, to, _("Filed. The letter stays with the complaint."))
    context = {
        "form": form,
        "letter": found,
        "words": readings.described(found),
        "sender": access.letter_sender_of(found),
        "pieces": readings.marked(reading["text"], reading.get("found") or {}),
        "unsure": [readings.label_of(one) for one in reading.get("unsure") or []],
        "files": reading.get("files") or [],
        "missing": [readings.label_of(one) for one in reading.get("missing") or []],
        "is_counter": found.kind == "counter_notice",
        "law": law,
    }
    return render(request, "complaints/letter.html", context, status=400 if form.errors else 200)
