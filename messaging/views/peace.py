"""Pages for peace: muting, ending, blocking, reporting a message; the provider's desk of reports, and its visible staff."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core import times
from core.access import Who, account_of
from core.pages import carried_out, page, posted
from core.paging import keyset
from messaging import access, actions, shown, words
from messaging.forms import ConfirmForm, DecisionForm, ReasonsForm, ReportForm
from verification.access import organisations_by_role
from verification.rules import Role

ROWS = 50
DONE = words.DONE


def _do(act: str, conversation_id: UUID, by: Any) -> None:
    given = {"conversation_id": conversation_id, "by": by, "now": times.now()}
    if act in ("mute", "unmute"):
        actions.mute(**given, is_muted=act == "mute")
    else:
        {"end": actions.end_conversation, "block": actions.block, "unblock": actions.unblock}[act](**given)


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def act_on_conversation(request: HttpRequest, conversation_id: UUID, act: str) -> HttpResponse:
    """Ask before it is done what it means, and do it when the button is pressed."""
    if act not in DONE:
        raise Http404
    found = access.get_for(account_of(request), conversation_id)
    form = ConfirmForm(posted(request))
    to = reverse("messaging:conversation", args=[found.pk])

    def call() -> None:
        _do(act, found.pk, account_of(request))

    if answer := carried_out(request, form, call, to=to, done=DONE[act]):
        return answer
    return render(request, "messaging/act.html", {"act": act, "conversation": shown.row(found), "back": to})


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def report_message(request: HttpRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Report a message of the other side to the provider."""
    found = access.get_for(account_of(request), conversation_id)
    message = access.message_of(found, message_id)
    form = ReportForm(posted(request))

    def act() -> object:
        return actions.report_message(
            conversation_id=found.pk, message_id=message.pk, **form.cleaned_data, by=account_of(request),
            now=times.now(),
        )  # fmt: skip

    to = reverse("messaging:conversation", args=[found.pk])
    said = _("Reported. The provider reads it with the few messages before it; you are told what it decides.")
    if answer := carried_out(request, form, act, to=to, done=said):
        return answer
    told = {"form": form, "message": message, "conversation": shown.row(found)}
    return render(request, "messaging/report_message.html", told, status=400 if form.errors else 200)


# --- the provider's staff


@page(who=Who.SIGNED_IN)
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports at the handler's provider, the newest first."""
    rows, after, before = keyset(access.reports_for(account_of(request)), request.GET.get("cursor"), ROWS)
    return render(request, "messaging/reports.html", {"rows": rows, "after": after, "before": before})


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show a report with what was said, as it stood, and take the decision."""
    found = access.report_for(account_of(request), report_id)
    form = DecisionForm(posted(request))

    def act() -> object:
        return actions.decide_report(report_id=found.pk, **form.cleaned_data, by=account_of(request), now=times.now())

    done = _("Decided. Both sides are told.")
    if answer := carried_out(request, form, act, to=reverse("messaging:reports"), done=done):
        return answer
    evidence = access.evidence_for(account_of(request), found, times.now())
    told = {"report": found, "form": form, "reasons": evidence["reasons"], "messages_": shown.evidence(evidence)}
    return render(request, "messaging/report.html", told, status=400 if form.errors else 200)


@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def staff(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Let the provider's staff join visibly, leave, and keep a conversation from being forgotten."""
    account = account_of(request)
    found = access.conversation_of_provider(account, conversation_id, *access.KEEPERS)
    act = request.POST.get("act", "")
    # One form for each act that needs reasons: what was typed into one is no reason for the other.
    forms = {one: ReasonsForm(request.POST if act == one else None, prefix=one) for one in WITH_REASONS}
    if act in STAFF_ACTS and (answer := _staff_act(request, found.pk, act, forms.get(act))):
        return answer
    place = next((one for one in access.staff_of(found) if one.account_id == account.pk), None)
    told = {"conversation": found, "forms": forms, "is_here": place is not None, "hold": access.hold_on(found)}
    told |= {
        "facts": shown.to_staff(found),
        "may_join": found.provider_id in organisations_by_role(account).get(Role.HANDLER, ()),
    }
    return render(request, "messaging/staff.html", told, status=400 if act in STAFF_ACTS else 200)


def _staff_act(
    request: HttpRequest, conversation_id: UUID, act: str, reasons: ReasonsForm | None
) -> HttpResponse | None:
    """Do the act and return where to go on; None where its form must be shown again."""
    form = reasons or ConfirmForm(request.POST)

    def call() -> object:
        return STAFF_ACTS[act](
            conversation_id=conversation_id, by=account_of(request), now=times.now(), **form.cleaned_data
        )

    to = reverse("messaging:conversation", args=[conversation_id]) if act == "join" else request.path
    return carried_out(request, form, call, to=to, done=_("Done; it is recorded."))


STAFF_ACTS: dict[str, Any] = {
    "join": actions.join_as_staff,
    "leave": actions.leave_as_staff,
    "hold": actions.place_hold,
    "release": actions.lift_hold,
}
WITH_REASONS = ("join", "hold")
