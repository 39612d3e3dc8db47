"""The acts on a matter, each a page with one form: what it does, why something is asked, one button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from complaints import access, actions, forms
from complaints.serializers import pages as matter_pages
from complaints.views.who import account_of
from core import times
from core.access import Who
from core.errors import Conflict, NotFound
from core.pages import carried_out, page, posted, redirect_with

Call = Callable[[HttpRequest, str, dict[str, Any]], object]


@dataclass(frozen=True)
class Act:
    """A page for one act: its words, its form, its call."""

    title: str | Promise
    submit: str | Promise
    done: str | Promise
    form: Callable[..., Any]
    call: Call
    tone: str = "primary"


def _with_reasons(action: Callable[..., object]) -> Call:
    def call(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
        return action(reference=reference, by=account_of(request), reasons=given["reasons"], now=times.now())

    return call


def _plain(action: Callable[..., object]) -> Call:
    def call(request: HttpRequest, reference: str, _given: dict[str, Any]) -> object:
        return action(reference=reference, by=account_of(request), now=times.now())

    return call


def _rejection(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    if given["items"] is None:
        return _with_reasons(actions.reject)(request, reference, given)
    return actions.reject_items(reference=reference, by=account_of(request), now=times.now(), **given)


def _measure(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    terms = actions.Terms(**given.pop("terms"))
    return actions.order_measure(reference=reference, by=account_of(request), terms=terms, now=times.now(), **given)


def _counter(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    contact = {name: given.pop(name) for name in ("name", "postal_address", "email", "phone")}
    counter = actions.CounterStatement(contact=contact, **given)
    return actions.file_counter_notice(
        reference=reference, by=account_of(request), counter=counter, letter=letter_of(request), now=times.now()
    )


def letter_of(request: HttpRequest) -> UUID | None:
    """Return the letter from which a handler files, where the address names one; NotFound when that is none."""
    try:
        return UUID(request.GET["letter"]) if "letter" in request.GET else None
    except ValueError:
        raise NotFound from None


def _suit(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    return actions.show_suit(reference=reference, by=account_of(request), now=times.now(), **given)


def _misuse(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    return actions.find_misuse(reference=reference, by=account_of(request), now=times.now(), **given)


def _correction(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    return actions.correct_complaint(reference=reference, by=account_of(request), changes=given, now=times.now())


def _cure(request: HttpRequest, reference: str, given: dict[str, Any]) -> object:
    return actions.ask_for_more(reference=reference, by=account_of(request), now=times.now(), **given)


ACTS: dict[str, Act] = {
    "acceptance": Act(
        gettext_lazy("Accept the notice"),
        gettext_lazy("Accept"),
        gettext_lazy("Accepted. The next step is a measure."),
        forms.AcceptForm,
        _with_reasons(actions.accept),
    ),
    "rejection": Act(
        gettext_lazy("Reject the notice"),
        gettext_lazy("Reject"),
        gettext_lazy("Rejected. The complainant is told why and can appeal."),
        forms.RejectForm,
        _rejection,
        "danger",
    ),
    "cure": Act(
        gettext_lazy("Ask the complainant for more"),
        gettext_lazy("Ask, and pause the clock"),
        gettext_lazy("Asked. The complainant is told what to add; the clock is paused till then."),
        forms.CureForm,
        _cure,
    ),
    "measure": Act(
        gettext_lazy("Order a measure"),
        gettext_lazy("Order it and tell the uploader"),
        gettext_lazy("Ordered. The uploader is told with the notice."),
        forms.MeasureForm,
        _measure,
        "danger",
    ),
    "counter-notice": Act(
        gettext_lazy("Contest the notice"),
        gettext_lazy("Send the counter-notice"),
        gettext_lazy("Sent. It goes to the complainant."),
        forms.CounterForm,
        _counter,
    ),
    "forwarding": Act(
        gettext_lazy("The counter-notice was sent by post"),
        gettext_lazy("It has reached the complainant"),
        gettext_lazy("Recorded. The clock runs."),
        forms.PlainForm,
        _plain(actions.forward_counter_notice),
    ),
    "suit": Act(
        gettext_lazy("Show that you went further"),
        gettext_lazy("Show it and stop the clock"),
        gettext_lazy("The clock is stopped. The uploader is told."),
        forms.SuitForm,
        _suit,
    ),
    "correction": Act(
        gettext_lazy("Correct the notice"),
        gettext_lazy("Save and check again"),
        gettext_lazy("Saved and checked again."),
        forms.CorrectionForm,
        _correction,
    ),
    "withdrawal": Act(
        gettext_lazy("Take the notice back"),
        gettext_lazy("Take it back"),
        gettext_lazy("Taken back. Measures were lifted."),
        forms.AcceptForm,
        _with_reasons(actions.withdraw),
        "danger",
    ),
    "restoration": Act(
        gettext_lazy("Restore the content"),
        gettext_lazy("Restore"),
        gettext_lazy("Restored. Both sides are told."),
        forms.ReasonsForm,
        _with_reasons(actions.restore),
    ),
    "upholding": Act(
        gettext_lazy("Let the measure stay"),
        gettext_lazy("Let it stay"),
        gettext_lazy("The measure stays. Both sides are told."),
        forms.ReasonsForm,
        _with_reasons(actions.uphold),
        "danger",
    ),
    "closing": Act(
        gettext_lazy("Close the matter"),
        gettext_lazy("Close"),
        gettext_lazy("Closed."),
        forms.PlainForm,
        _plain(actions.close),
    ),
    "inquiry": Act(
        gettext_lazy("Ask the uploader whether it consents to the removal"),
        gettext_lazy("Ask"),
        gettext_lazy("Asked. The uploader has the question, and both sides see the clock."),
        forms.PlainForm,
        _plain(actions.send_inquiry),
    ),
    "pause": Act(
        gettext_lazy("Pause the clock"),
        gettext_lazy("Pause it"),
        gettext_lazy("The clock stands still. Both sides see it."),
        forms.ReasonsForm,
        _with_reasons(actions.pause_clock),
    ),
    "resumption": Act(
        gettext_lazy("Let the clock go on"),
        gettext_lazy("Let it go on"),
        gettext_lazy("The clock runs on with what was left."),
        forms.PlainForm,
        _plain(actions.resume_clock),
    ),
    "misuse": Act(
        gettext_lazy("Find the notice to be a misuse"),
        gettext_lazy("Record the finding"),
        gettext_lazy("Recorded. The sender is told why and how to contest it."),
        forms.MisuseForm,
        _misuse,
        "danger",
    ),
    "appeal": Act(
        gettext_lazy("Appeal"),
        gettext_lazy("Send the appeal"),
        gettext_lazy("Sent. Somebody else than who decided looks at it again."),
        forms.AppealForm,
        _with_reasons(actions.appeal),
    ),
}
APPEAL_DECISION = Act(
    gettext_lazy("Decide the appeal"),
    gettext_lazy("Decide"),
    gettext_lazy("Decided. Both sides are told."),
    forms.AppealDecisionForm,
    lambda request, reference, given: actions.decide_appeal(
        reference=reference,
        by=account_of(request),
        outcome=given["decision"],
        reasons=given["reasons"],
        now=times.now(),
    ),
)


INQUIRY_RECEIPT = Act(
    gettext_lazy("The uploader has received the question"),
    gettext_lazy("It was received"),
    gettext_lazy("Recorded. The clock runs."),
    forms.PlainForm,
    _plain(actions.record_inquiry_received),
)
INQUIRY_ANSWER = Act(
    gettext_lazy("Do you consent to the removal?"),
    gettext_lazy("Send the answer"),
    gettext_lazy("Sent. The provider decides now, and both sides are told."),
    forms.InquiryAnswerForm,
    lambda request, reference, given: actions.answer_inquiry(
        reference=reference, by=account_of(request), now=times.now(), **given
    ),
)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """Ask what an act needs, and carry it out."""
    if act not in ACTS:
        raise NotFound
    return answer_act(request, reference, act, ACTS[act])


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def appeal_decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide an appeal."""
    return answer_act(request, reference, "appeal/decision", APPEAL_DECISION)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def inquiry_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that the question reached an uploader without account."""
    return answer_act(request, reference, "inquiry/receipt", INQUIRY_RECEIPT)


@never_cache
@page(who=Who.SIGNED_IN, methods=("GET", "POST"))
def inquiry_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the question whether one consents."""
    return answer_act(request, reference, "inquiry/answer", INQUIRY_ANSWER)


def answer_act(request: HttpRequest, reference: str, name: str, act: Act) -> HttpResponse:
    """Show the page of an act that is possible now, or carry it out."""
    complaint = access.get_for(account_of(request), reference)
    viewer = access.viewer_of(account_of(request), complaint)
    letter = letter_of(request)
    if name not in access.acts_for(viewer, complaint) and letter is None:
        raise Conflict(_("This is not possible (any more)."), state=complaint.state)
    needs = matter_pages.needs_of(name, complaint, viewer, letter)
    form = act.form(posted(request), **needs)

    def call() -> object:
        return act.call(request, reference, form.changes() if hasattr(form, "changes") else dict(form.cleaned_data))

    to = reverse("complaints:matter", args=[reference])
    if answer := carried_out(request, form, call, to=to, done=act.done, on_form=matter_pages.on_form):
        return answer
    context = {"form": form, "act": act, "name": name, "complaint": complaint}
    context |= matter_pages.explained(name, complaint, viewer)
    return render(request, "complaints/act.html", context, status=400 if form.errors else 200)


@page(who=Who.SIGNED_IN, methods=("POST",))
def conversation(request: HttpRequest, reference: str) -> HttpResponse:
    """Open the conversation about the matter, or go to it."""
    found = actions.conversation_for(account_of(request), reference, times.now())
    to = reverse("messaging:conversation", args=[found.pk])
    return redirect_with(request, to, _("Both of you see each other as roles, not by name."))
