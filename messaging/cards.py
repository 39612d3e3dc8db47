"""Proposals and what was undertaken, as the conversation's pages show them: words, addresses, no rows."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from messaging import access, words
from messaging.models import Proposal, Undertaking
from messaging.rules import PROPOSERS, Answer, ProposalKind, ProposalState, Side

TONES = {
    ProposalState.OPEN: "waiting",
    ProposalState.ACCEPTED: "done",
    ProposalState.DECLINED: "against",
    ProposalState.COUNTERED: "neutral",
    ProposalState.WITHDRAWN: "neutral",
    ProposalState.EXPIRED: "neutral",
}


def proposal_card(proposal: Proposal, me: Any, *, is_open: bool) -> dict[str, Any]:
    """Return what the card of a proposal says to the party ``me``, and what that one can do."""
    is_mine, mine_is_staff = proposal.party_id == me.pk, me.side not in PROPOSERS
    place = [proposal.conversation_id, proposal.pk]
    waits = proposal.is_open and is_open and not mine_is_staff
    return {
        "pk": proposal.pk,
        "title": proposal.get_kind_display(),
        "number": proposal.number,
        "who": _("You") if is_mine else proposal.party.display,
        "made_at": proposal.made_at,
        "terms": words.terms(proposal),
        "state": proposal.get_state_display(),
        "tone": TONES[ProposalState(proposal.state)],
        "sentence": words.seen_by_staff(proposal)
        if mine_is_staff
        else words.proposal_state(proposal, is_mine, words.on_page),
        "reasons": proposal.reasons,
        "answers": proposal.counters.number if proposal.counters else None,
        "undertaking": words.undertaking(proposal.undertaking, words.on_page)
        if hasattr(proposal, "undertaking")
        else "",
        "url": reverse("messaging:proposal", args=place),
        "acts": _acts(place, is_mine=is_mine) if waits else [],
        "counters": _kinds(proposal.conversation_id, f"?answers={proposal.pk}") if waits and not is_mine else [],
        "is_silenced": me.silenced_at is not None,
        "record": _record(place) if proposal.state == ProposalState.ACCEPTED else None,
    }


def _acts(place: list[Any], *, is_mine: bool) -> list[dict[str, str]]:
    theirs = {"acceptance": str(Answer.ACCEPT.label), "refusal": str(Answer.DECLINE.label)}
    labels = {"withdrawal": _("Withdraw")} if is_mine else theirs
    return [
        {"label": label, "url": reverse("messaging:proposal-act", args=[*place, act])} for act, label in labels.items()
    ]


def _kinds(conversation_id: Any, query: str = "") -> list[dict[str, str]]:
    return [
        {
            "label": str(kind.label),
            "url": reverse("messaging:proposal-new", args=[conversation_id, kind.value]) + query,
        }
        for kind in ProposalKind
    ]


def _record(place: list[Any]) -> dict[str, str]:
    return {form: reverse("messaging:proposal-record", args=[*place, form]) for form in ("pdf", "zip")}


def settling(conversation: Any) -> dict[str, Any]:
    """Return what the page of a conversation offers for settling: proposals to make, a removal, the transcript."""
    side, is_open = access.side_of(conversation), conversation.is_open
    undertaken = access.undertakings_of(conversation)
    waiting = next((one for one in undertaken if one.kind == "removal" and not one.is_done and one.asked_at), None)
    may_remove = is_open and side == Side.UPLOADER and waiting is None
    return {
        "kinds": _kinds(conversation.pk) if is_open and side in PROPOSERS else [],
        "is_silenced": conversation.is_silenced,
        "removal": reverse("messaging:removal", args=[conversation.pk]) if may_remove else "",
        "undertakings": [_undertaking(one, side) for one in undertaken],
        "transcript": {form: reverse("messaging:transcript", args=[conversation.pk, form]) for form in ("pdf", "zip")},
    }


def _undertaking(one: Undertaking, side: Side) -> dict[str, str]:
    confirms = side == Side.RIGHTS_HOLDER and not one.is_done
    address = reverse("messaging:undertaking-done", args=[one.conversation_id, one.pk]) if confirms else ""
    return {"sentence": words.undertaking(one, words.on_page), "confirm": address}


def woven(
    conversation: Any,
    messages: Sequence[dict[str, Any]],
    happened: Sequence[dict[str, Any]],
    *,
    until: dt.datetime | None,
) -> list[dict[str, Any]]:
    """Return the messages of a page with what happened, and the cards of proposals that were made, in between, by time.

    ``until`` is when the first message of the page behind was sent: what happened since stands there. None where there
    is no page behind.
    """
    me = next(party for party in conversation.parties.all() if party.pk == conversation.me)
    found = [
        {"card": proposal_card(one, me, is_open=conversation.is_open), "at": one.made_at}
        for one in access.proposals_of(conversation)
        if _is_between(one.made_at, messages, until)
    ]
    found += [one for one in happened if _is_between(one["at"], messages, until)]
    whole = [*({**message, "at": message["sent_at"]} for message in messages), *found]
    return sorted(whole, key=lambda one: one["at"])


def _is_between(at: dt.datetime, messages: Sequence[dict[str, Any]], until: dt.datetime | None) -> bool:
    begins = not messages or messages[0]["seq"] == 1 or at >= messages[0]["sent_at"]
    return begins and (until is None or at < until)
