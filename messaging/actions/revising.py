"""Editing and withdrawing what was said. The message's own row stays; a revision says what it is from then on."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import Conflict, Denied
from ledger.acts import action, record
from messaging import access, happenings, rules
from messaging.actions.sending import require_sound
from messaging.models import Conversation, Message, Revision
from messaging.rules import EventKind, Revised, RevisionKind
from verification.models import Account


@action("message.edited")
def edit_message(*, conversation_id: UUID, message_id: UUID, body: str, by: Account, now: dt.datetime) -> Revision:
    """Let the sender say it in other words, within a minute of sending it; files and quotation stay.

    Raises NotFound for a stranger, Denied for another's message and for who was silenced, Conflict when it is too
    late, withdrawn, closed or nothing new, Invalid for an empty text.
    """
    require_sound(body, [])
    said = _own_message(conversation_id, message_id, by)
    if said.message.sender.silenced_at is not None:
        raise Denied(_("You can read this conversation, but not write in it any more."), code="silenced")
    if not rules.can_be_edited(said.message.sent_at, now):
        raise Conflict(_("A message can be edited for a minute. You can still withdraw it."), state="too_late")
    if body == (said.revisions[-1].body if said.revisions else said.message.body):
        raise Conflict(_("The message says this already."), state="unchanged")
    return _revise(said, RevisionKind.EDITED, body, now=now)


@action("message.withdrawn")
def withdraw_message(*, conversation_id: UUID, message_id: UUID, by: Account, now: dt.datetime) -> Revision:
    """Let the sender take back what it said: from then on nobody is shown its text or files, only that it was there.

    Raises NotFound for a stranger, Denied for another's message, Conflict when it is withdrawn already or closed.
    """
    said = _own_message(conversation_id, message_id, by)
    return _revise(said, RevisionKind.WITHDRAWN, "", now=now)


class _Own(NamedTuple):
    """A message of the one who acts, and what it has become so far."""

    conversation: Conversation
    message: Message
    revisions: list[Revision]


def _own_message(conversation_id: UUID, message_id: UUID, by: Account) -> _Own:
    """Return the message, its conversation locked, when the account may change it now."""
    party = access.party_of(by, conversation_id)
    conversation = access.locked(conversation_id)
    message = access.own_message(conversation, message_id, party)
    if not conversation.is_open:
        raise Conflict(_("This conversation is closed: it can be read, but not written in."), state="closed")
    revisions = list(Revision.objects.filter(message=message).order_by("number"))
    if revisions and revisions[-1].kind == RevisionKind.WITHDRAWN:
        raise Conflict(_("This message was withdrawn."), state="withdrawn")
    return _Own(conversation, message, revisions)


def _revise(said: _Own, kind: RevisionKind, body: str, *, now: dt.datetime) -> Revision:
    conversation, message, number = said.conversation, said.message, len(said.revisions) + 1
    digest = rules.content_digest("")
    if kind is RevisionKind.EDITED:
        files = [str(file["id"]) for file in message.attachments or ()]
        digest = rules.content_digest(body, files, str(message.quotes) if message.quotes else "")
    revision = Revision(message=message, number=number, kind=kind, body=body, digest=digest, made_at=now)
    revision.save(force_insert=True)
    event = EventKind.MESSAGE_EDITED if kind is RevisionKind.EDITED else EventKind.MESSAGE_WITHDRAWN
    happenings.note(conversation, event, by=message.sender, now=now, message=str(message.pk), seq=message.seq)
    revised = Revised(message.pk, number, kind.value, now, digest)
    facts = {
        "message": str(message.pk),
        "seq": message.seq,
        "number": number,
        "sha256": rules.revision_digest(bytes(conversation.salt), revised),
    }
    # By its place here and not by its account, so that the entry can stand in a transcript for both sides.
    sender = message.sender
    record(subject=conversation.ledger_reference, provider=conversation.provider.code, by=sender, facts=facts, now=now)
    return revision
