"""The proposals of a conversation and what was undertaken in it: who may see them, make them, answer, and report."""

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from core.actors import Actor
from core.desk import Waiting
from core.errors import Conflict, Denied, NotFound
from core.times import rfc3339
from hosting.models import Subscriber
from messaging.access.places import party_of, places_of, present_in
from messaging.models import Conversation, Party, Proposal, Undertaking
from messaging.rules import (
    MOST_OPEN_PROPOSALS,
    PROPOSERS,
    SETTLING,
    ProposalState,
    Reporter,
    Side,
    State,
    UndertakingKind,
    check_proposal_move,
)
from verification.access import organisations_where
from verification.models import Account
from verification.rules import Role

MOST_UNDERTAKEN = 50
RELATED = ("party", "conversation__provider", "counters", "countered_by", "ended_by", "undertaking")


def proposals_of(conversation: Conversation) -> list[Proposal]:
    """Return the proposals of the conversation in the order in which they were made."""
    found = Proposal.objects.filter(conversation=conversation).select_related(*RELATED)
    return list(found.order_by("number"))


def to_be_answered_by(account: Account, now: dt.datetime) -> list[Proposal]:
    """Return the proposals of the other side that wait for the account's answer, the first 50 to expire."""
    asked = Proposal.objects.filter(state=ProposalState.OPEN, expires_at__gt=now, conversation__state=State.OPEN)
    found: list[Proposal] = []
    for part in places_of(account):
        mine = part.filter(side__in=PROPOSERS)
        theirs = asked.filter(conversation__in=mine.values("conversation")).exclude(party__in=mine.values("pk"))
        found += theirs.select_related("conversation", "party").order_by("expires_at", "pk")[:50]
    return sorted(_still_there(found, account), key=attrgetter("expires_at", "pk"))[:50]


def as_waiting(asked: Sequence[Proposal]) -> list[Waiting]:
    """Return the proposals as what waits for who is to answer them."""
    other = {Side.RIGHTS_HOLDER: Side.UPLOADER, Side.UPLOADER: Side.RIGHTS_HOLDER}
    return [
        Waiting(
            title=_("Answer a proposal: %(kind)s") % {"kind": one.get_kind_display()},
            url=reverse("messaging:proposal", args=[one.conversation_id, one.pk]),
            reference=one.conversation.subject if one.conversation.subject.startswith("C-") else "",
            role=str(other[Side(one.party.side)].label),
            since=one.made_at,
            due_at=one.expires_at,
            detail=one.conversation.title,
        )
        for one in asked
    ]


def undertaken_by(account: Account) -> list[Waiting]:
    """Return what the account has undertaken to do and was not reported as done, the first to be due first."""
    open_ones = Undertaking.objects.filter(done_at__isnull=True, asked_at__isnull=True)
    found: list[Undertaking] = []
    for part in places_of(account):
        mine = part.filter(side=Side.UPLOADER)
        due = open_ones.filter(conversation__in=mine.values("conversation"))
        found += due.select_related("conversation").order_by("due_at", "pk")[:MOST_UNDERTAKEN]
    return [
        Waiting(
            title=_("You undertook: %(what)s") % {"what": one.get_kind_display()},
            url=reverse("messaging:conversation", args=[one.conversation_id]),
            reference=one.conversation.subject if one.conversation.subject.startswith("C-") else "",
            role=str(Side.UPLOADER.label),
            since=one.made_at,
            due_at=one.due_at,
            detail=one.conversation.title,
        )
        for one in sorted(_still_there(found, account), key=attrgetter("due_at", "pk"))
    ]


def _still_there(found: list[Any], account: Account) -> list[Any]:
    """Return those of these proposals or undertakings in whose conversation the account still has a place."""
    at = Party.objects.filter(conversation__in=[one.conversation_id for one in found])
    present = set(present_in(at, account).values_list("conversation", flat=True)) if found else set()
    return [one for one in found if one.conversation_id in present]


def proposal_for(account: Actor, proposal_id: UUID, conversation_id: UUID | None = None) -> Proposal:
    """Return the proposal; NotFound unless it is of a conversation (of this one, where it is named) of the account."""
    found = Proposal.objects.filter(pk=proposal_id).select_related(*RELATED).first()
    if found is None or conversation_id not in (None, found.conversation_id):
        raise NotFound
    party_of(account, found.conversation_id)
    return found


def undertakings_of(conversation: Conversation) -> list[Undertaking]:
    """Return what was undertaken in the conversation, the first first."""
    return list(Undertaking.objects.filter(conversation=conversation).select_related("proposal").order_by("pk"))


def open_removal_of(conversation: Conversation) -> Undertaking | None:
    """Return the removal that was undertaken in the conversation and not reported yet, if there is one."""
    found = Undertaking.objects.filter(conversation=conversation, kind=UndertakingKind.REMOVAL, done_at__isnull=True)
    return found.first()


def undertaking_for(account: Actor, undertaking_id: UUID) -> tuple[Undertaking, Reporter | None]:
    """Return what was undertaken, and as whom the account may report on it: None for who only sees it.

    Raises NotFound for everybody but the provider's service and those who take part in the conversation.
    """
    found = Undertaking.objects.select_related("conversation__provider", "proposal").filter(pk=undertaking_id).first()
    if found is None:
        raise NotFound
    if organisations_where(account, Role.SERVICE).filter(pk=found.conversation.provider_id).exists():
        return found, Reporter.SERVICE
    party = party_of(account, found.conversation_id)
    return found, Reporter.RIGHTS_HOLDER if party.side == Side.RIGHTS_HOLDER else None


def require_can_propose(account: Actor, conversation_id: UUID) -> Party:
    """Return the account's place in the conversation; NotFound for a stranger, Denied for others than its two sides."""
    party = party_of(account, conversation_id)
    if party.side not in PROPOSERS:
        raise Denied(_("Only the two sides propose and answer here."))
    return party


def require_can_write(party: Party) -> None:
    """Raise Denied for a party that was silenced: it can accept, decline without a word and withdraw, and say nothing new."""
    if party.silenced_at is not None:
        raise Denied(_("You can read this conversation, but not write in it any more."), code="silenced")


def require_open_to_propose(conversation: Conversation) -> None:
    """Raise Conflict for a closed conversation."""
    if not conversation.is_open:
        text = _("This conversation is closed: it can be read, but not written in.")
        raise Conflict(text, state=conversation.state)


def require_room_to_propose(party: Party) -> None:
    """Raise Conflict (``too_many``) while as many of the party's proposals wait for an answer as may."""
    waiting = Proposal.objects.filter(conversation=party.conversation_id, party=party, state=ProposalState.OPEN)
    if waiting.count() >= MOST_OPEN_PROPOSALS:
        text = _("%(count)s of your proposals wait for an answer already. Withdraw one first.")
        raise Conflict(text % {"count": MOST_OPEN_PROPOSALS}, code="too_many")


def require_can_answer(party: Party, proposal: Proposal) -> None:
    """Raise Denied for the side that made the proposal: the other one answers it."""
    if party.side == proposal.party.side:
        raise Denied(_("This is your own proposal: the other side answers it. You can withdraw it."))


def require_maker(party: Party, proposal: Proposal) -> None:
    """Raise Denied unless the party made the proposal."""
    if party.pk != proposal.party_id:
        raise Denied(_("Only who made a proposal can withdraw it."))


def require_uploader(account: Account, conversation_id: UUID) -> Party:
    """Return the account's place as the uploader in the conversation; Denied for the others who take part."""
    party = party_of(account, conversation_id)
    if party.side != Side.UPLOADER:
        raise Denied(_("Only the uploader removes its own content."))
    return party


def require_waits(proposal: Proposal, now: dt.datetime) -> None:
    """Raise Conflict for a proposal whose time is over, also where its clock has not fired yet."""
    if proposal.state == ProposalState.OPEN and proposal.expires_at <= now:
        state = ProposalState.EXPIRED
        text = _("This proposal is over: %(state)s. Make a new one.")
        raise Conflict(text % {"state": state.label}, state=state.value)


def require_can_end(party: Party, proposal: Proposal, move: ProposalState, now: dt.datetime) -> None:
    """Raise as the act itself would, unless the party can answer or withdraw the proposal in this way now."""
    if move == ProposalState.WITHDRAWN:
        require_maker(party, proposal)
    else:
        require_can_answer(party, proposal)
    require_waits(proposal, now)
    check_proposal_move(proposal.state, move)


# --- for the portal itself, and for nobody's eyes


def conversation_of_reference(reference: str) -> Conversation:
    """Return the conversation of a recorded act."""
    return Conversation.objects.select_related("provider").get(pk=UUID(reference.partition(":")[2]))


def uploader_of(conversation: Conversation) -> Subscriber | None:
    """Return the subscriber who is the uploader's side of the conversation; None where that side has none."""
    found = Party.objects.filter(conversation=conversation, side=Side.UPLOADER).select_related("subscriber")
    return next((party.subscriber for party in found.order_by("pk")), None)


def due_at_of(key: str) -> str:
    """Return until when something is undertaken, by its id in a recorded act."""
    return rfc3339(undertaking_of_fact(key).due_at)


def is_settling(kind: str) -> bool:
    """Say whether a proposal of this kind settles something once it is accepted."""
    return kind in SETTLING


def proposal_of_clock(matter: str) -> UUID:
    """Return the id of the proposal, or of what was undertaken, whose clock runs under this name."""
    return UUID(matter.partition(":")[2])


def undertaking_of_fact(key: str) -> Undertaking:
    """Return what was undertaken, by its id in a recorded act."""
    return Undertaking.objects.select_related("conversation__provider", "proposal").get(pk=UUID(key))
