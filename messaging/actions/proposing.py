"""Making, answering and withdrawing proposals, and their end by the clock."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from core import clocks
from core.actors import SYSTEM, Actor
from core.errors import Conflict, invalid
from core.ids import uuid7
from ledger.acts import action, record
from ledger.models import Entry
from messaging import access, happenings, rules
from messaging.actions import undertaking
from messaging.models import Conversation, Party, Proposal
from messaging.rules import EventKind, ProposalState, Terms
from verification.models import Account

EXPIRY, EXPIRES = "expiry", "proposal.expiry_due"


def propose(
    *, conversation_id: UUID, terms: Terms, client_id: UUID | None = None, by: Account, now: dt.datetime
) -> Proposal:
    """Propose these terms to the other side; return the proposal.

    The same ``client_id`` again is the same proposal and no second one. Raises NotFound for a stranger, Denied for
    staff, Conflict in a closed conversation, where too many proposals of this side wait already and for a ``client_id``
    that was used for other terms, Invalid for a date that cannot be kept.
    """
    return _once(
        lambda: _propose(conversation_id=conversation_id, terms=terms, client_id=client_id, by=by, now=now),
        client_id, access.require_can_propose(by, conversation_id), terms,
    )  # fmt: skip


def _once(make: Callable[[], Proposal], client_id: UUID | None, party: Party, terms: Terms) -> Proposal:
    """Return the proposal that the party made under this id before, or else make it."""
    if client_id is None:
        return make()
    key = rules.message_id(party.pk, str(client_id))
    known = Proposal.objects.filter(pk=key).first()
    if known is None:
        try:
            return make()
        except (IntegrityError, Conflict):  # made at the same moment by another request
            known = Proposal.objects.filter(pk=key).first()
            if known is None:
                raise
    if any(getattr(known, column) != getattr(terms, column) for column in ("kind", *rules.COLUMNS)):
        raise Conflict(_("This was proposed before with other terms. Begin anew."), state=known.state)
    return known


@action("proposal.made")
def _propose(*, conversation_id: UUID, terms: Terms, client_id: UUID | None, by: Account, now: dt.datetime) -> Proposal:
    party = access.require_can_propose(by, conversation_id)
    conversation = _locked(conversation_id)
    made = _make(conversation, party, terms, now, client_id=client_id)
    _record(made, party, now)
    return made


@action("proposal.accepted")
def accept(*, proposal_id: UUID, by: Account, now: dt.datetime) -> Proposal:
    """Accept a proposal of the other side, for good; return it.

    What it says is to be done by a day is undertaken with it. Raises Denied for its maker, Conflict when it is over.
    """
    proposal, party = _to_answer(proposal_id, by, now)
    _end(proposal, ProposalState.ACCEPTED, party, now)
    undertaken = undertaking.agree(proposal, now)
    facts = {"record": rules.record_digest(bytes(proposal.conversation.salt), settlement_record(proposal))}
    if undertaken is not None:
        facts["undertaking"] = str(undertaken.pk)
    proposal.ledger_entry = _record(proposal, party, now, **facts).pk
    proposal.save()
    _note(proposal, EventKind.PROPOSAL_ACCEPTED, party, now)
    return proposal


@action("proposal.declined")
def decline(*, proposal_id: UUID, by: Account, reasons: str = "", now: dt.datetime) -> Proposal:
    """Decline a proposal of the other side, with or without reasons; return it."""
    proposal, party = _to_answer(proposal_id, by, now)
    if reasons:
        access.require_can_write(party)
    _end(proposal, ProposalState.DECLINED, party, now)
    proposal.reasons = reasons
    proposal.save()
    _record(proposal, party, now)
    _note(proposal, EventKind.PROPOSAL_DECLINED, party, now)
    return proposal


def counter(
    *, proposal_id: UUID, terms: Terms, client_id: UUID | None = None, by: Account, now: dt.datetime
) -> Proposal:
    """Answer a proposal of the other side by another one; return the new one, which names the first.

    ``client_id`` as for ``propose``.
    """
    known = access.proposal_for(by, proposal_id)
    return _once(
        lambda: _counter(proposal_id=proposal_id, terms=terms, client_id=client_id, by=by, now=now),
        client_id, access.require_can_propose(by, known.conversation_id), terms,
    )  # fmt: skip


@action("proposal.countered")
def _counter(*, proposal_id: UUID, terms: Terms, client_id: UUID | None, by: Account, now: dt.datetime) -> Proposal:
    proposal, party = _to_answer(proposal_id, by, now)
    _end(proposal, ProposalState.COUNTERED, party, now)
    proposal.save()
    made = _make(proposal.conversation, party, terms, now, answered=proposal, client_id=client_id)
    _record(proposal, party, now, counter=_named(made))
    _note(proposal, EventKind.PROPOSAL_COUNTERED, party, now, counter=str(made.pk))
    return made


@action("proposal.withdrawn")
def withdraw_proposal(*, proposal_id: UUID, by: Account, now: dt.datetime) -> Proposal:
    """Take back an own proposal that nobody has answered; return it. Raises Denied for others than its maker."""
    proposal, party = _locked_proposal(proposal_id, by)
    access.require_maker(party, proposal)
    _end(proposal, ProposalState.WITHDRAWN, party, now)
    proposal.save()
    _record(proposal, party, now)
    _note(proposal, EventKind.PROPOSAL_WITHDRAWN, party, now)
    return proposal


@action("proposal.expired")
def expire_proposal(*, proposal_id: UUID, now: dt.datetime) -> Proposal:
    """End a proposal that nobody has answered in its time, as the portal itself; return it."""
    conversation_id = Proposal.objects.values_list("conversation", flat=True).get(pk=proposal_id)
    found = Conversation.objects.select_for_update(no_key=True, of=("self",)).select_related("provider")
    conversation = found.get(pk=conversation_id)
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("party").get(pk=proposal_id)
    proposal.conversation = conversation
    if proposal.expires_at > now:
        raise Conflict(_("Its time is not over yet."), state=proposal.state)
    rules.check_proposal_move(proposal.state, ProposalState.EXPIRED)
    proposal.state, proposal.ended_at = ProposalState.EXPIRED, now
    proposal.save()
    _record(proposal, SYSTEM, now)
    _note(proposal, EventKind.PROPOSAL_EXPIRED, None, now)
    return proposal


def settlement_record(proposal: Proposal) -> dict[str, object]:
    """Return what was agreed, by whom and when: roles and pseudonyms only, always the same for an accepted proposal."""
    conversation, other = proposal.conversation, proposal.ended_by
    assert proposal.ended_at is not None
    assert other is not None
    return {
        "conversation": str(conversation.pk),
        "provider": conversation.provider.code,
        "about": conversation.subject,
        "title": conversation.title,
        "proposal": str(proposal.pk),
        "number": proposal.number,
        "kind": str(proposal.kind),
        "terms": rules.said(proposal),
        "made_by": _shown(proposal.party),
        "made_at": happenings.instant(proposal.made_at),
        "accepted_by": _shown(other),
        "accepted_at": happenings.instant(proposal.ended_at),
    }


def _shown(party: Party) -> dict[str, str]:
    # The side's own word and not its label, which would be in the language of whoever asks.
    return {"id": str(party.pk), "side": party.side, "pseudonym": party.pseudonym}


def _locked(conversation_id: UUID) -> Conversation:
    """Return the conversation, locked before everything in it: whoever answers and whoever withdraws wait here."""
    found = Conversation.objects.select_for_update(no_key=True, of=("self",)).select_related("provider")
    conversation = found.get(pk=conversation_id)
    access.require_open_to_propose(conversation)
    return conversation


def _locked_proposal(proposal_id: UUID, by: Account) -> tuple[Proposal, Party]:
    known = access.proposal_for(by, proposal_id)
    party = access.require_can_propose(by, known.conversation_id)
    conversation = _locked(known.conversation_id)
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("party").get(pk=proposal_id)
    proposal.conversation = conversation
    return proposal, party


def _to_answer(proposal_id: UUID, by: Account, now: dt.datetime) -> tuple[Proposal, Party]:
    proposal, party = _locked_proposal(proposal_id, by)
    access.require_can_answer(party, proposal)
    access.require_waits(proposal, now)
    # Whoever answers has read what was proposed, by whatever way.
    known = Party.objects.filter(pk=party.pk, read_news__lt=proposal.conversation.last_news)
    known.update(read_news=proposal.conversation.last_news)
    return proposal, party


def _make(
    conversation: Conversation,
    party: Party,
    terms: Terms,
    now: dt.datetime,
    *,
    answered: Proposal | None = None,
    client_id: UUID | None = None,
) -> Proposal:
    access.require_can_write(party)
    _check_terms(conversation, terms, now)
    access.require_room_to_propose(party)
    earlier = Proposal.objects.filter(conversation=conversation)
    key = uuid7() if client_id is None else rules.message_id(party.pk, str(client_id))
    made = Proposal.objects.create(
        pk=key, conversation=conversation, number=earlier.count() + 1, kind=terms.kind, party=party, counters=answered,
        made_at=now, expires_at=rules.expires_at(now, terms.due_on, conversation.provider.time_zone),
        **{column: getattr(terms, column) for column in rules.COLUMNS},
    )  # fmt: skip
    clocks.start(matter=made.clock_matter, name=EXPIRY, action=EXPIRES, due_at=made.expires_at, now=now)
    _note(made, EventKind.PROPOSAL_MADE, party, now)
    return made


def _check_terms(conversation: Conversation, terms: Terms, now: dt.datetime) -> None:
    zone = conversation.provider.time_zone
    if terms.due_on is not None and not rules.is_ahead(terms.due_on, zone, now, rules.LONGEST_AHEAD):
        raise invalid("/date", "date", _("Give a day from today on, within a year."))
    if terms.until_on is not None and not rules.is_ahead(terms.until_on, zone, now, rules.LONGEST_LICENCE):
        raise invalid("/until", "date", _("Give a day from today on, within a hundred years."))


def _end(proposal: Proposal, state: ProposalState, party: Party, now: dt.datetime) -> None:
    rules.check_proposal_move(proposal.state, state)
    proposal.state, proposal.ended_at, proposal.ended_by = state, now, party
    clocks.stop(matter=proposal.clock_matter, name=EXPIRY, because=state.value, now=now)


def _named(proposal: Proposal) -> dict[str, object]:
    """Return a proposal as the ledger knows it: its terms by their digest."""
    terms = {"kind": str(proposal.kind), **rules.said(proposal)}
    return {
        "proposal": str(proposal.pk),
        "number": proposal.number,
        "kind": str(proposal.kind),
        "terms": rules.record_digest(bytes(proposal.conversation.salt), terms),
    }


def _record(proposal: Proposal, by: Actor, now: dt.datetime, **facts: object) -> Entry:
    conversation = proposal.conversation
    whole = {**_named(proposal), "state": str(proposal.state), "about": conversation.subject, **facts}
    return record(
        subject=conversation.ledger_reference, provider=conversation.provider.code, by=by, facts=whole, now=now
    )


def _note(proposal: Proposal, kind: EventKind, by: Party | None, now: dt.datetime, **data: str) -> None:
    told = {"proposal": str(proposal.pk), "proposal_kind": str(proposal.kind), "state": str(proposal.state), **data}
    happenings.note(proposal.conversation, kind, by=by, now=now, **told)
