"""Sending a message by another way than the sockets' loop, and reading."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import files, shapes
from core.errors import Conflict, Denied, NotFound, Unavailable, invalid
from core.ids import uuid7
from messaging import access, frames, hints, rules, storing
from messaging.models import Conversation, Party
from messaging.storing import Draft
from verification.models import Account


def post_message(
    *,
    conversation_id: UUID,
    client_id: str,
    body: str,
    attachments: list[UUID],
    quotes: UUID | None = None,
    by: Account,
    now: dt.datetime,
) -> Draft:
    """Store a message with the guarantees of the socket, and return it with its ``seq`` and ``sent_at``.

    The same ``client_id`` with the same content gives the same answer; with another, Conflict. Raises NotFound for a
    stranger, Conflict in a closed conversation, Invalid for a file that is not the sender's and for a quotation from
    elsewhere. It is for code outside of the sockets' loop: the writer there commits many messages together.
    """
    require_sound(body, attachments)
    with transaction.atomic():
        party = access.party_of(by, conversation_id)
        conversation = Conversation(pk=conversation_id)
        if quotes is not None:
            access.require_can_quote(conversation_id, quotes)
        taken = files.attach(
            file_ids=attachments, subject=conversation.ledger_reference, purpose="message", by=by,
            pointer="/attachments", now=now,
        )  # fmt: skip
        told = [_told_of(file) for file in taken] or None
        draft = Draft(conversation_id, party.pk, by.pk, client_id, body, told, quotes)
        _store(draft)
        if draft.refused:
            raise _refusal(draft)
        if draft.is_new:
            hints.send_from_transaction(moved={conversation_id: draft.seq})
    return draft


def say(*, party: Party, body: str) -> Draft:
    """Store a message of a party inside the running act that says it, such as why somebody joined."""
    assert party.account_id is not None
    draft = Draft(party.conversation_id, party.pk, party.account_id, str(uuid7()), body[: rules.LONGEST_BODY])
    _store(draft)
    if draft.refused:
        raise _refusal(draft)
    hints.send_from_transaction(moved={party.conversation_id: draft.seq})
    return draft


def require_sound(body: str, attachments: list[UUID]) -> None:
    """Raise Invalid unless this is something that can be said."""
    if len(body) > rules.LONGEST_BODY:
        raise invalid("/body", "too_long", _("A message may have at most 8,000 characters."))
    if shapes.has_unfit_characters(body):
        raise invalid("/body", "characters", _("Remove the characters that are not text."))
    if not body.strip() and not attachments:
        raise invalid("/body", "empty", _("The message is empty."))
    if len(attachments) > rules.MOST_ATTACHMENTS or len(set(attachments)) != len(attachments):
        raise invalid("/attachments", "attachments", _("Give at most 10 files, each once."))


def _told_of(file: Any) -> dict[str, Any]:
    name = access.name_of(file)
    return {"id": str(file.pk), "name": name, "media_type": file.media_type, "size": file.size_bytes}


def _store(draft: Draft) -> None:
    with connection.cursor() as cursor:
        # Before, not within, since a statement that waits does not see what it waited for.
        cursor.execute(storing.LOCK, [draft.conversation])
        cursor.execute(storing.STORE, storing.parameters([draft]))
        if storing.note_stored([draft], cursor.fetchall()):
            cursor.execute(storing.EXPLAIN, storing.parameters([draft]))
            storing.note_explained([draft], cursor.fetchall())


def _refusal(draft: Draft) -> Exception:
    if draft.refused == "conflict":
        return Conflict(_("This client_id was used for another message. Use a new one."))
    if draft.refused == "closed":
        return Conflict(_("This conversation is closed: it can be read, but not written in."), state="closed")
    if draft.refused == "silenced":
        return Denied(_("You can read this conversation, but not write in it any more."), code="silenced")
    return NotFound() if draft.refused == "not_found" else Unavailable()


def mark_read(*, conversation_id: UUID, seq: int, event: int | None = None, by: Account) -> int:
    """Move the account's mark to a number, never back and never past the last message; return where it stands.

    ``event`` is up to where it has seen what happened besides; without it, all that there is goes with the last message.
    """
    party = access.party_of(by, conversation_id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(storing.MARK_READ, {"parties": [party.pk], "seqs": [seq], "events": [event]})
        moved = cursor.fetchone()
        if moved is not None:
            frame = frames.has_read(conversation_id, party.pk, moved[2])
            hints.send_from_transaction(passed=[hints.Passed(str(conversation_id), frame, str(party.pk))])
    return int(moved[2]) if moved is not None else party.read_seq
