"""What an uploader undertakes to do with the content: agreed or of its own accord, reported, or overdue."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from core import clocks
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Denied
from ledger.acts import action, record
from messaging import access, happenings, rules
from messaging.models import Conversation, Party, Proposal, Undertaking
from messaging.rules import EventKind, ProposalKind, Reporter, UndertakingKind
from verification.models import Account

DUE, FALLS_DUE = "due", "undertaking.falls_due"


def agree(proposal: Proposal, now: dt.datetime) -> Undertaking | None:
    """Note what is undertaken with an accepted proposal and start its clock; None where nothing is to be done.

    A later agreement on the removal takes the place of an earlier one that was not carried out yet.
    """
    kind = rules.UNDERTAKEN.get(ProposalKind(proposal.kind))
    if kind is None or proposal.due_on is None:
        return None
    conversation = proposal.conversation
    due_at = rules.end_of_day(proposal.due_on, conversation.provider.time_zone)
    earlier = access.open_removal_of(conversation) if kind is UndertakingKind.REMOVAL else None
    if earlier is None:
        made = Undertaking(conversation=conversation, proposal=proposal, kind=kind, made_at=now, due_at=due_at)
    else:
        made = earlier
        clocks.stop(matter=made.clock_matter, name=DUE, because="agreed_anew", now=now)
        made.proposal, made.due_at, made.overdue_at = proposal, due_at, None
    made.save()
    clocks.start(matter=made.clock_matter, name=DUE, action=FALLS_DUE, due_at=due_at, now=now)
    return made


@action("removal.announced")
def remove_now(*, conversation_id: UUID, by: Account, now: dt.datetime) -> Undertaking:
    """Have the provider's service take the content down at the uploader's own wish; return what was undertaken.

    Raises Denied for others than the uploader, Conflict where that was asked before and not reported yet.
    """
    party = access.require_uploader(by, conversation_id)
    conversation = _locked(conversation_id)
    if not conversation.is_open:
        text = _("This conversation is closed: it can be read, but not written in.")
        raise Conflict(text, state=conversation.state)
    due_at = now + rules.removed_within()
    one = access.open_removal_of(conversation) or Undertaking(
        conversation=conversation, kind=UndertakingKind.REMOVAL, made_at=now, due_at=due_at
    )
    if one.asked_at is not None:
        raise Conflict(_("The provider's service was asked already and has not reported yet."), state="asked")
    clocks.stop(matter=one.clock_matter, name=DUE, because="asked", now=now)
    one.asked_at, one.due_at, one.overdue_at = now, due_at, None
    one.save()
    clocks.start(matter=one.clock_matter, name=DUE, action=FALLS_DUE, due_at=due_at, now=now)
    _record(one, party, now)
    happenings.note(conversation, EventKind.REMOVAL_ANNOUNCED, by=party, now=now, undertaking=str(one.pk))
    return one


@action("undertaking.done")
def report_done(*, undertaking_id: UUID, by: Account, now: dt.datetime) -> Undertaking:
    """Report that what was undertaken is carried out, as the provider's service or the rights holder; return it.

    Late is not too late. Raises NotFound for a stranger, Denied for the uploader, whose own word does not end it.
    """
    known, reporter = access.undertaking_for(by, undertaking_id)
    if reporter is None:
        raise Denied(_("The provider's service or the rights holder reports that it is done."))
    conversation = _locked(known.conversation_id)
    one = Undertaking.objects.select_for_update(of=("self",)).select_related("proposal").get(pk=undertaking_id)
    one.conversation = conversation
    if one.is_done:
        raise Conflict(_("It was reported as done already."), state="done")
    clocks.stop(matter=one.clock_matter, name=DUE, because="done", now=now)
    one.done_at, one.done_by, one.reporter = now, reporter, by
    one.save()
    party = None if reporter is Reporter.SERVICE else access.party_of(by, conversation.pk)
    _record(one, party or by, now, done_by=reporter.value)
    _note(one, EventKind.UNDERTAKING_DONE, party, now, done_by=reporter.value)
    return one


@action("undertaking.overdue")
def miss_undertaking(*, undertaking_id: UUID, now: dt.datetime) -> Undertaking:
    """Note that nobody reported in time that what was undertaken is done, as the portal itself; return it."""
    conversation_id = Undertaking.objects.values_list("conversation", flat=True).get(pk=undertaking_id)
    conversation = _locked(conversation_id)
    one = Undertaking.objects.select_for_update(of=("self",)).select_related("proposal").get(pk=undertaking_id)
    one.conversation = conversation
    if one.is_done or one.overdue_at is not None or one.due_at > now:
        raise Conflict(_("Nothing of this is overdue."), state="done" if one.is_done else "open")
    one.overdue_at = now
    one.save()
    _record(one, SYSTEM, now)
    _note(one, EventKind.UNDERTAKING_OVERDUE, None, now)
    return one


def _locked(conversation_id: UUID) -> Conversation:
    found = Conversation.objects.select_for_update(no_key=True, of=("self",)).select_related("provider")
    return found.get(pk=conversation_id)


def _record(one: Undertaking, by: Actor, now: dt.datetime, **more: str) -> None:
    conversation = one.conversation
    facts = {
        "undertaking": str(one.pk),
        "kind": str(one.kind),
        "due_at": happenings.instant(one.due_at),
        "about": conversation.subject,
        "proposal": str(one.proposal_id) if one.proposal_id else None,
        **more,
    }
    record(subject=conversation.ledger_reference, provider=conversation.provider.code, by=by, facts=facts, now=now)


def _note(one: Undertaking, kind: EventKind, by: Party | None, now: dt.datetime, **data: str) -> None:
    told = {"undertaking": str(one.pk), "undertaking_kind": str(one.kind), **data}
    happenings.note(one.conversation, kind, by=by, now=now, **told)
