"""What the pages show of a request: state, clocks and next steps in words, and what happened."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investigations import access
from investigations.rules import UNDECIDED_STATES, Category, Decision, Recommendation, State
from investigations.serializers import shown

if TYPE_CHECKING:
    from core.models import Clock
    from investigations.models import Investigation
    from ledger.models import Entry
    from verification.models import Account

Words = str | Promise
TONES = {
    State.COLLECTED: "done",
    State.AUTHORIZED: "done",
    State.DISCLOSED: "done",
    State.REFUSED: "against",
    State.REVOKED: "against",
    State.EXPIRED: "against",
    State.WITHDRAWN: "neutral",
}
WHAT_IS_NEXT: dict[State, Words] = {
    State.FILED: gettext_lazy("A reviewer of the provider assesses the request, and may hear the uploader first."),
    State.INCOMPLETE: gettext_lazy("The requester adds what is missing."),
    State.CONSULTING: gettext_lazy(
        "The uploader is asked what it thinks of the request; the assessment waits for that."
    ),
    State.ASSESSING: gettext_lazy("A reviewer of the provider assesses the request; the uploader was heard."),
    State.RECOMMENDED: gettext_lazy("An authorizer of the provider, another person than the reviewer, decides."),
    State.AUTHORIZED: gettext_lazy("The provider makes the disclosure ready."),
    State.DISCLOSED: gettext_lazy("The requester collects it, once."),
    State.COLLECTED: gettext_lazy("Nothing more: the requester has the data, and the uploader is told."),
    State.EXPIRED: gettext_lazy("It was not collected in time. An authorizer can make it ready again, with reasons."),
    State.REFUSED: gettext_lazy("Nothing more here. A new request can be made; courts and authorities stay open."),
    State.REVOKED: gettext_lazy("Nothing more: the authorization was taken back before anything was collected."),
    State.WITHDRAWN: gettext_lazy("Nothing more: the requester withdrew the request."),
}
# In which seat and state somebody can do what.
CAN_DO: dict[str, dict[State, tuple[str, ...]]] = {
    "requester": {
        State.INCOMPLETE: ("correction", "withdrawal"),
        State.FILED: ("correction", "withdrawal"),
        State.CONSULTING: ("correction", "withdrawal"),
        State.ASSESSING: ("correction", "withdrawal"),
        State.RECOMMENDED: ("correction", "withdrawal"),
        State.AUTHORIZED: ("correction", "withdrawal"),
        State.DISCLOSED: ("collection", "correction", "withdrawal"),
        State.EXPIRED: ("withdrawal",),
    },
    "reviewer": {
        State.FILED: ("assessment", "consultation"),
        State.INCOMPLETE: ("assessment",),
        State.ASSESSING: ("assessment",),
        State.AUTHORIZED: ("disclosure",),
    },
    "authorizer": {
        State.RECOMMENDED: ("authorization",),
        State.AUTHORIZED: ("disclosure", "revocation"),
        State.DISCLOSED: ("revocation",),
        State.EXPIRED: ("reissue", "revocation"),
        State.COLLECTED: ("reissue",),
    },
}
NEEDED = ("collection", "assessment", "authorization", "disclosure")
LABELS: dict[str, Words] = {
    "correction": gettext_lazy("Change or complete the request"),
    "withdrawal": gettext_lazy("Withdraw the request"),
    "collection": gettext_lazy("Collect, once"),
    "assessment": gettext_lazy("Assess the request"),
    "consultation": gettext_lazy("Hear the uploader first"),
    "authorization": gettext_lazy("Decide"),
    "disclosure": gettext_lazy("Make the disclosure ready"),
    "revocation": gettext_lazy("Revoke the authorization"),
    "reissue": gettext_lazy("Make it ready again"),
}
ACTS: dict[str, Words] = {
    "investigation.filed": gettext_lazy("The request was filed"),
    "investigation.corrected": gettext_lazy("The request was changed; what followed on it is void"),
    "investigation.acknowledged": gettext_lazy("The receipt was sent"),
    "investigation.overdue": gettext_lazy("A time limit ran out"),
    "investigation.consulted": gettext_lazy("The uploader was asked"),
    "investigation.statement_given": gettext_lazy("The uploader answered"),
    "investigation.hearing_ended": gettext_lazy("The time for the uploader's answer ran out"),
    "investigation.assessed": gettext_lazy("The request was assessed"),
    "investigation.authorized": gettext_lazy("The disclosure was authorized"),
    "investigation.refused": gettext_lazy("The request was refused"),
    "investigation.disclosed": gettext_lazy("The disclosure was made ready"),
    "investigation.collected": gettext_lazy("The disclosure was collected"),
    "investigation.reissued": gettext_lazy("The disclosure was made ready again"),
    "investigation.revoked": gettext_lazy("The authorization was revoked"),
    "investigation.expired": gettext_lazy("The disclosure was not collected in time"),
    "investigation.withdrawn": gettext_lazy("The request was withdrawn"),
    "investigation.subject_told": gettext_lazy("The uploader was told"),
}
CLOCKS: dict[str, Words] = {
    "acknowledgement": gettext_lazy("The provider confirms that it has the request."),
    "answer": gettext_lazy("The provider decides."),
    "hearing": gettext_lazy("The uploader may answer."),
    "collection": gettext_lazy("The requester may collect."),
    "telling": gettext_lazy("The uploader is told."),
}


def matter(investigation: "Investigation", account: "Account", now: dt.datetime) -> dict[str, Any]:
    """Return all that the matter's page shows to this reader."""
    seats = access.seats_of(account, investigation)
    state = State(investigation.state)
    acts = list(dict.fromkeys(act for seat in seats for act in CAN_DO.get(seat, {}).get(state, ())))
    one, reference = shown.matter(investigation, seats[0]), investigation.reference
    return {
        "one": one,
        "investigation": investigation,
        "basis": investigation.basis,
        "state": state.label,
        "tone": TONES.get(state, "waiting"),
        "what_is_next": WHAT_IS_NEXT[state],
        "primary": next((link(act, reference) for act in acts if is_needed(act, state)), None),
        "others": [link(act, reference) for act in acts if not is_needed(act, state)],
        "clocks": [clock(running, now) for running in access.clocks_of(investigation)],
        "timeline": [step(entry, investigation) for entry in access.timeline_of(investigation)],
        "elements": elements(one),
        "categories": labels_of(investigation.categories),
        "advice": judged(Recommendation, one["assessment"], "recommendation"),
        "decision": judged(Decision, one["authorization"], "decision"),
        "documents": documents(one),
    }


def labels_of(categories: list[str]) -> list[str]:
    """Return kinds of data as people read them."""
    return [str(Category(value).label) for value in categories]


def judged(kind: type[Recommendation] | type[Decision], one: dict[str, Any] | None, name: str) -> str:
    """Return an advice or a decision with the data that it would give, in words; nothing where there is none."""
    if one is None:
        return ""
    words = [str(kind(one[name]).label), ", ".join(labels_of(one["categories"]))]
    return ": ".join(filter(None, words))


def is_needed(act: str, state: State) -> bool:
    """Say whether the request waits for this act, or it is only possible."""
    if state is State.INCOMPLETE:
        return act == "correction"
    return act in NEEDED


def link(act: str, reference: str) -> dict[str, Any]:
    """Return the way to an act's page."""
    return {"label": LABELS[act], "url": reverse(f"investigations:{act}", args=[reference])}


def rows(investigations: "list[Investigation]") -> list[dict[str, Any]]:
    """Return requests as a list shows them."""
    return [
        {
            "reference": one.reference,
            "url": reverse("investigations:matter", args=[one.reference]),
            "title": one.basis.title,
            "provider": one.provider.name,
            "state": State(one.state).label,
            "tone": TONES.get(State(one.state), "waiting"),
            "filed_at": one.filed_at,
            "is_overdue": one.overdue_at is not None and one.state in UNDECIDED_STATES,
        }
        for one in investigations
    ]


def elements(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a request lacks, as the component for elements takes it."""
    return [
        {"label": lacking["detail"], "source": lacking["source"], "detail": "", "is_missing": True}
        for lacking in one["missing"]
    ]


def documents(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the documents of a request, each with the address at which it can be opened."""
    return [
        file
        | {
            "size_bytes": file["size"],
            "url": reverse("investigations:document", args=[one["reference"], file["id"]]),
        }
        for file in one["documents"]
    ]


def clock(one: "Clock", now: dt.datetime) -> dict[str, Any]:
    """Return a clock in words and as a part of its whole."""
    whole = (one.due_at - one.started_at).total_seconds() or 1
    gone = (now - one.started_at).total_seconds()
    length, unit = one.basis.get("length"), one.basis.get("unit", "")
    is_days = unit == "days" and isinstance(length, int)
    return {
        "words": CLOCKS[one.name.partition(":")[0]],
        "day": max(0, int(gone // 86400)) + 1 if is_days else None,
        "of": length if is_days else None,
        "unit": _("days") if is_days else "",
        "due_at": one.due_at,
        "percent": max(0, min(100, int(100 * gone / whole))),
        "state": one.state,
    }


def step(entry: "Entry", investigation: "Investigation") -> dict[str, Any]:
    """Return a recorded act for the timeline: what, who by role, when, and where its proof is."""
    if entry.actor == investigation.requester.ledger_reference:
        who = str(investigation.get_capacity_display())
    elif entry.act == "investigation.statement_given":
        who = _("uploader")
    else:
        who = _("the portal") if entry.actor == "system" else _("the provider")
    proof_url = reverse("portal:ledger-entry", args=[entry.pk])
    return {"title": ACTS.get(entry.act, entry.act), "who": who, "at": entry.at, "proof_url": proof_url}
