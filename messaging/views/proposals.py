"""The pages of proposals, of the uploader's own removal, and of the documents. They need no scripts."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import times
from core.access import Who, account_of
from core.errors import Conflict, Denied, NotFound
from core.pages import carried_out, page, posted, send_back
from messaging import access, actions, cards, documents, serializers, shown, subjects, words
from messaging.downloads import as_download
from messaging.forms import PROPOSAL_FORMS, ConfirmForm, RefusalForm
from messaging.rules import ProposalKind, ProposalState, Terms

BOTH = ("GET", "POST")
FORMS = ("pdf", "zip")
PROPOSAL_ACTS: dict[str, Any] = {
    "acceptance": actions.accept,
    "refusal": actions.decline,
    "withdrawal": actions.withdraw_proposal,
}
MOVES = {
    "acceptance": ProposalState.ACCEPTED,
    "refusal": ProposalState.DECLINED,
    "withdrawal": ProposalState.WITHDRAWN,
}


def _place(conversation_id: UUID) -> str:
    return reverse("messaging:conversation", args=[conversation_id])


def _asked(
    request: HttpRequest, conversation_id: UUID, words: dict[str, Any], form: Any, status: int = 200
) -> HttpResponse:
    told = {**words, "form": form, "back": _place(conversation_id)}
    return render(request, "messaging/settle.html", told, status=400 if form.errors else status)


@page(who=Who.SIGNED_IN, methods=BOTH)
def proposal_new(request: HttpRequest, conversation_id: UUID, kind: str) -> HttpResponse:
    """Ask for the terms of a proposal, or of one that answers another, and make it."""
    if kind not in ProposalKind.values:
        raise NotFound
    account = account_of(request)
    party = access.require_can_propose(account, conversation_id)
    answered = _answered(request, conversation_id)
    if request.method == "GET" and (refusal := _why_not(partial(_require_can_make, party, answered))):
        # Nobody writes what can't be proposed.
        return send_back(request, _place(conversation_id), refusal)
    form = PROPOSAL_FORMS[ProposalKind(kind)](posted(request), initial={"client_id": uuid4()})
    terms = _terms(form, kind) if form.is_bound and form.is_valid() else None
    hints = _hints(form, terms) if terms is not None else []
    if terms is not None and not hints:
        call = partial(_propose, conversation_id, answered, terms, form.cleaned_data["client_id"], account)
        done = _("Your proposal was made. It waits for an answer.")
        if answer := carried_out(request, form, call, to=_place(conversation_id), done=done):
            return answer
    title = _("Propose: %(kind)s") % {"kind": ProposalKind(kind).label}
    lead = words.lead_of(kind, subjects.settled_by(party.conversation))
    conversation = access.get_for(account, conversation_id)
    told: dict[str, Any] = {
        "title": title,
        "lead": lead,
        "submit": _("Propose it as it is") if hints else _("Propose"),
        "hints": hints,
    }
    for name in ("date", "until"):
        if name in form.fields:
            zone = _("The day ends in the provider's time zone: %(zone)s.") % {"zone": conversation.provider.time_zone}
            form.fields[name].help_text = f"{form.fields[name].help_text} {zone}".strip()
    told |= {"about": conversation.title or conversation.subject}
    if answered is not None:
        told["card"] = cards.proposal_card(answered, party, is_open=False)
    return _asked(request, conversation_id, told, form)


def _hints(form: Any, terms: Terms) -> list[dict[str, str]]:
    """Return what the words of a proposal tell of its writer, to be shown once before it is made."""
    if form.cleaned_data["was_told"]:
        return []
    found = [one for text in (terms.text, terms.territory) for one in shown.pointed_out(text)]
    if found:
        form.point_out()
    return found


def _why_not(require: Callable[[], None]) -> str:
    """Return why something can't be done now, as the act itself would say it; nothing where it can."""
    try:
        require()
    except (Conflict, Denied) as refusal:
        return str(refusal.detail)
    return ""


def _require_can_make(party: Any, answered: Any) -> None:
    access.require_open_to_propose(party.conversation)
    access.require_can_write(party)
    if answered is not None:
        access.require_can_end(party, answered, ProposalState.COUNTERED, times.now())
    access.require_room_to_propose(party)


def _require_can_act(party: Any, proposal: Any, act: str) -> None:
    access.require_open_to_propose(proposal.conversation)
    access.require_can_end(party, proposal, MOVES[act], times.now())


def _propose(conversation_id: UUID, answered: Any, terms: Terms, client_id: UUID | None, account: Any) -> object:
    given = {"terms": terms, "client_id": client_id, "by": account, "now": times.now()}
    if answered is None:
        return actions.propose(conversation_id=conversation_id, **given)
    return actions.counter(proposal_id=answered.pk, **given)


def _answered(request: HttpRequest, conversation_id: UUID) -> Any:
    given = request.GET.get("answers", "")
    if not given:
        return None
    try:
        return access.proposal_for(account_of(request), UUID(given), conversation_id)
    except ValueError:
        raise NotFound from None


def _terms(form: Any, kind: str) -> Terms | None:
    """Return the terms that the form gives by the same rule as programs'; None, with what is wrong beside the fields."""
    own = ("client_id", "was_told")
    given = {
        name: str(value) for name, value in form.cleaned_data.items() if value not in (None, "") and name not in own
    }
    shaped = serializers.TermsInput(data={"kind": kind, **given})
    if shaped.is_valid():
        found: Terms = shaped.validated_data["offered"]
        return found
    for name, problems in shaped.errors.items():
        form.add_error(name if name in form.fields else None, [str(problem) for problem in problems])
    return None


@page(who=Who.SIGNED_IN)
def proposal(request: HttpRequest, conversation_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Show one proposal and what can be done with it."""
    account = account_of(request)
    found = access.proposal_for(account, proposal_id, conversation_id)
    conversation, me = access.get_for(account, conversation_id), access.party_of(account, conversation_id)
    card = cards.proposal_card(found, me, is_open=conversation.is_open)
    return render(request, "messaging/proposal_page.html", {"card": card, "back": _place(conversation_id)})


def _act_words(act: str, proposal: Any) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {
        "acceptance": {
            "title": _("Accept this proposal?"),
            "lead": words.lead_of_acceptance(proposal.kind, subjects.settled_by(proposal.conversation)),
            "submit": _("Accept for good"),
            "done": _("You accepted the proposal. The record can be downloaded."),
        },
        "refusal": {
            "title": _("Decline this proposal?"),
            "lead": _("The other side is told. You can still propose something yourself."),
            "submit": _("Decline"),
            "done": _("You declined the proposal."),
        },
        "withdrawal": {
            "title": _("Withdraw this proposal?"),
            "lead": _("The other side can then no longer accept it."),
            "submit": _("Withdraw"),
            "done": _("You withdrew the proposal."),
        },
    }
    return told[act]


@page(who=Who.SIGNED_IN, methods=BOTH)
def proposal_act(request: HttpRequest, conversation_id: UUID, proposal_id: UUID, act: str) -> HttpResponse:
    """Ask whether a proposal is to be accepted, declined or withdrawn, and do it."""
    account = account_of(request)
    if act not in PROPOSAL_ACTS:
        raise NotFound
    found = access.proposal_for(account, proposal_id, conversation_id)
    told = _act_words(act, found)
    to = reverse("messaging:proposal", args=[conversation_id, proposal_id])
    party = access.require_can_propose(account, conversation_id)
    if request.method == "GET" and (refusal := _why_not(partial(_require_can_act, party, found, act))):
        return send_back(request, to, refusal)
    form = (RefusalForm if act == "refusal" else ConfirmForm)(posted(request))

    def call() -> object:
        given = {"proposal_id": proposal_id, **form.cleaned_data, "by": account, "now": times.now()}
        return PROPOSAL_ACTS[act](**given)

    if answer := carried_out(request, form, call, to=to, done=told["done"]):
        return answer
    me = access.party_of(account, conversation_id)
    card = cards.proposal_card(found, me, is_open=False)
    return _asked(request, conversation_id, {**told, "card": card}, form)


@page(who=Who.SIGNED_IN, methods=BOTH)
def removal(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Ask the uploader whether its content is to be removed now, and have it removed."""
    account = account_of(request)
    access.require_uploader(account, conversation_id)
    form = ConfirmForm(posted(request))

    def act() -> object:
        return actions.remove_now(conversation_id=conversation_id, by=account, now=times.now())

    done = _("The provider's service was asked to remove it.")
    if answer := carried_out(request, form, act, to=_place(conversation_id), done=done):
        return answer
    words = {
        "title": _("Remove your content now?"),
        "lead": _(
            "The provider's service takes it down because you want it, and the other side is told. It admits nothing."
        ),
        "submit": _("I remove it now"),
    }
    return _asked(request, conversation_id, words, form)


@page(who=Who.SIGNED_IN, methods=BOTH)
def undertaking_done(request: HttpRequest, conversation_id: UUID, undertaking_id: UUID) -> HttpResponse:
    """Ask the rights holder whether what was undertaken is done, and note it."""
    account = account_of(request)
    found = access.undertaking_for(account, undertaking_id)[0]
    if found.conversation_id != conversation_id:
        raise NotFound
    form = ConfirmForm(posted(request))

    def act() -> object:
        return actions.report_done(undertaking_id=undertaking_id, by=account, now=times.now())

    to = _place(conversation_id)
    if answer := carried_out(request, form, act, to=to, done=_("You confirmed that it is done.")):
        return answer
    words = {
        "title": _("Is it done?"),
        "lead": _("Confirm only what you have seen yourself. Then nobody waits for it any more."),
        "submit": _("Yes, it is done"),
    }
    return _asked(request, conversation_id, words, form)


@page(who=Who.SIGNED_IN)
def proposal_record(request: HttpRequest, conversation_id: UUID, proposal_id: UUID, form: str) -> HttpResponse:
    """Hand out the record of an accepted proposal."""
    if form not in FORMS:
        raise NotFound
    file = documents.record_file(
        form, conversation_id=conversation_id, proposal_id=proposal_id, by=account_of(request), now=times.now()
    )
    return as_download(file)


@page(who=Who.SIGNED_IN)
def transcript(request: HttpRequest, conversation_id: UUID, form: str) -> HttpResponse:
    """Hand out the transcript of a conversation."""
    if form not in FORMS:
        raise NotFound
    file = documents.transcript_file(form, conversation_id=conversation_id, by=account_of(request), now=times.now())
    return as_download(file)
