"""Making settlement records and transcripts for the two sides; each act on the way is recorded by itself."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import SYSTEM
from core.errors import Conflict
from ledger import package, packing
from messaging import access, evidence, rules
from messaging.actions.covering import cover
from messaging.evidence import Told
from messaging.models import Conversation, Proposal
from verification.models import Account

TRIES = 20


def settlement_of(*, proposal_id: UUID, conversation_id: UUID, by: Account, now: dt.datetime) -> Proposal:
    """Return an accepted proposal of a conversation of the account, once its entry is sealed.

    Raises NotFound for a stranger, Conflict where it was not accepted, Unavailable where the ledger is not sealed.
    """
    proposal = access.proposal_for(by, proposal_id, conversation_id)
    if proposal.ledger_entry is None:
        raise Conflict(_("Only an accepted proposal has a record."), state=proposal.state)
    if proposal.is_forgotten:
        raise Conflict(_("What was said here was erased already."), state="forgotten")
    packing.require_sealed_soon(proposal.ledger_entry, now)
    return proposal


def transcript_of(*, conversation_id: UUID, by: Account, now: dt.datetime) -> tuple[Conversation, Told]:
    """Return the conversation with everything that was said and done in it, once the ledger covers and has sealed it.

    Raises NotFound for a stranger, Conflict where nothing was said or done yet, Unavailable where it cannot be sealed.
    """
    access.party_of(by, conversation_id)
    for _again in range(TRIES):
        conversation = Conversation.objects.select_related("provider").get(pk=conversation_id)
        if conversation.is_covered:
            break
        _cover(conversation, now)
    with transaction.atomic():
        # Under the lock, so that the proposals and the entries that tell of them are of one moment.
        found = Conversation.objects.select_for_update(no_key=True, of=("self",)).select_related("provider")
        conversation = found.get(pk=conversation_id)
        told = evidence.told_of(conversation)
    if not told.entries:
        raise Conflict(_("Nothing was said here yet."), state="empty")
    packing.require_all_sealed_soon(told.entries, now)
    return conversation, told


def _cover(conversation: Conversation, now: dt.datetime) -> None:
    try:
        cover(conversation=conversation, by=SYSTEM, now=now)
    except Conflict:  # the worker was quicker
        return


def transcript_package(*, conversation_id: UUID, by: Account, now: dt.datetime) -> bytes:
    """Return the transcript as a package that proves itself; Conflict where it would be larger than can be checked."""
    conversation, told = transcript_of(conversation_id=conversation_id, by=by, now=now)
    data = evidence.transcript_package(conversation, told)
    if len(data) > package.LARGEST_BYTES:
        raise Conflict(_("This conversation is too long for one package; take it as JSON."), code="too_large")
    return data


def require_fits_pdf(told: Told) -> None:
    """Raise Conflict for a conversation that is too long to be set as pages while somebody waits."""
    messages = told.said["messages"]
    bodies = (wording["body"] or "" for one in messages for wording in (one, *one["revisions"]))
    if len(messages) > rules.MOST_MESSAGES_IN_PDF or rules.room_of(bodies) > rules.LARGEST_PDF:
        raise Conflict(_("This conversation is too long for a PDF; take the package."), code="too_large")
