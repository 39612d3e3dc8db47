"""The messages and files of a conversation, as its parties are shown them now."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core import files, renditions
from core.actors import Actor
from core.errors import Denied, NotFound, invalid
from core.models import FileState, StoredFile
from core.renditions import OthersGet
from messaging import rules
from messaging.models import Conversation, Message, Party, Revision
from messaging.rules import RevisionKind


@dataclass(frozen=True)
class MessageOut:
    """A message as it is shown now: in its last words, or, once it is withdrawn, without words, files and quotation."""

    pk: UUID
    conversation_id: UUID
    seq: int
    sender_id: UUID
    client_id: UUID
    body: str
    attachments: list[dict[str, Any]]
    quotes: UUID | None
    sent_at: dt.datetime
    edited_at: dt.datetime | None
    withdrawn_at: dt.datetime | None


def _now(found: QuerySet[Message]) -> QuerySet[Any]:
    """Return the messages with what they say now and what became of them."""
    newest = Revision.objects.filter(message=OuterRef("pk")).order_by("-number")
    edited = newest.filter(kind=RevisionKind.EDITED).values("made_at")[:1]
    withdrawn = newest.filter(kind=RevisionKind.WITHDRAWN).values("made_at")[:1]
    said = Coalesce(Subquery(newest.values("body")[:1]), F("body"))
    return found.annotate(said=said, edited_at=Subquery(edited), withdrawn_at=Subquery(withdrawn))


def _out(message: Any) -> MessageOut:
    is_there = message.withdrawn_at is None
    return MessageOut(
        message.pk, message.conversation_id, message.seq, message.sender_id, message.client_id, message.said,
        (message.attachments or []) if is_there else [], message.quotes if is_there else None, message.sent_at,
        message.edited_at, message.withdrawn_at,
    )  # fmt: skip


def _all_of(conversation: Conversation) -> QuerySet[Any]:
    return _now(Message.objects.filter(conversation=conversation))


def messages_of(conversation: Conversation, *, after: int, limit: int) -> list[MessageOut]:
    """Return the conversation's messages after a number, in order, ``limit`` at most."""
    return [_out(one) for one in _all_of(conversation).filter(seq__gt=after).order_by("seq")[:limit]]


def newest_messages(conversation: Conversation, *, before: int | None, limit: int) -> list[MessageOut]:
    """Return the last ``limit`` messages (before a number, where one is given) in order."""
    found = _all_of(conversation)
    if before is not None:
        found = found.filter(seq__lt=before)
    return [_out(one) for one in found.order_by("-seq")[:limit]][::-1]


def found_messages(conversation: Conversation, *, words: str, before: int | None, limit: int) -> list[MessageOut]:
    """Return the messages that say the words now, newest first; upper and lower case are the same.

    A part of a text is found in any script, since no words are told apart. What is withdrawn or was edited away is not.
    """
    found = _all_of(conversation).filter(said__icontains=words)
    if before is not None:
        found = found.filter(seq__lt=before)
    return [_out(one) for one in found.order_by("-seq")[:limit]]


def message_of(conversation: Conversation, message_id: UUID) -> MessageOut:
    """Return one message of the conversation; NotFound when it has no such one."""
    found = _all_of(conversation).filter(pk=message_id).first()
    if found is None:
        raise NotFound
    return _out(found)


def quoted(conversation: Conversation, messages: list[MessageOut]) -> dict[UUID, MessageOut]:
    """Return the messages that these ones quote, by their ids."""
    wanted = {one.quotes for one in messages if one.quotes is not None}
    return {one.pk: _out(one) for one in _all_of(conversation).filter(pk__in=wanted)} if wanted else {}


def own_message(conversation: Conversation, message_id: UUID, party: Party) -> Message:
    """Return the party's own message; NotFound when the conversation has none of this id, Denied for another's."""
    found = Message.objects.filter(conversation=conversation, pk=message_id).select_related("sender").first()
    if found is None:
        raise NotFound
    if found.sender_id != party.pk:
        raise Denied(_("Only who sent a message can change it."))
    return found


def own_message_of(conversation: Any, message_id: UUID) -> MessageOut:
    """Return the reader's own message in a conversation that ``visible_to`` gave; Denied for another's."""
    found = message_of(conversation, message_id)
    if found.sender_id != conversation.me:
        raise Denied(_("Only who sent a message can change it."))
    return found


def require_can_quote(conversation_id: UUID, message_id: UUID) -> None:
    """Raise Invalid unless the message is one of this conversation."""
    if not Message.objects.filter(conversation=conversation_id, pk=message_id).exists():
        raise invalid("/quotes", "quotes", _("Only a message of this conversation can be quoted."))


@dataclass(frozen=True)
class FileOut:
    """A file as it leaves: bytes, type, and a name that says nothing of its sender."""

    data: bytes
    media_type: str
    name: str


def file_of(account: Actor, conversation: Conversation, file_id: UUID, now: dt.datetime) -> FileOut:
    """Return a file that was sent in the conversation; to all but its sender without what it says about itself.

    Raises NotFound for a file that is not part of it, and for one whose message was withdrawn; Denied while what can't
    be cleaned is withheld.
    """
    file, name = _sent(conversation, file_id)
    is_own = file.owner == account.ledger_reference
    data = files.content_of(file) if is_own else renditions.for_others(file, now)
    return FileOut(data, file.media_type, name)


def preview_of(conversation: Conversation, file_id: UUID, now: dt.datetime) -> FileOut:
    """Return a small picture of a picture that was sent in the conversation; NotFound for what has none."""
    file, name = _sent(conversation, file_id)
    ending = rules.ENDINGS[renditions.PREVIEW_TYPE]
    return FileOut(renditions.preview_of(file, now), renditions.PREVIEW_TYPE, f"{name.rpartition('.')[0]}.{ending}")


def own_file(account: Actor, conversation: Conversation, file_id: UUID) -> tuple[StoredFile, str]:
    """Return a file that the account itself sent in the conversation, and what it is called there; NotFound for others."""
    file, name = _sent(conversation, file_id)
    if file.owner != account.ledger_reference:
        raise NotFound
    return file, name


def unsent_of(account: Actor, file_ids: list[UUID]) -> list[StoredFile]:
    """Return those of the files that the account handed in and that are part of nothing yet, in the order given."""
    own = StoredFile.objects.filter(pk__in=file_ids, owner=account.ledger_reference, state=FileState.CLEAN)
    found = {file.pk: file for file in own.select_related("data_key") if not files.is_attached(file)}
    return [found[one] for one in file_ids if one in found]


def is_withheld(account: Actor, conversation: Conversation, file_id: UUID, now: dt.datetime) -> bool:
    """Say whether the other side can't open a file of the account's own until it decides about it."""
    file, _name = own_file(account, conversation, file_id)
    return renditions.others_get(file, now) == OthersGet.WITHHELD


def name_of(file: StoredFile) -> str:
    """Return what a file that is sent is called to both sides, on pages as where it is saved.

    The name under which its sender keeps it may say who that is, so it is a name of ours, another for each file.
    """
    return f"attachment-{str(file.pk)[-6:]}.{rules.ENDINGS.get(file.media_type, 'bin')}"


def own_names(account: Actor, messages: list[MessageOut]) -> dict[str, str]:
    """Return, by their ids, under which names the account itself keeps the files that it sent with these messages."""
    sent = {told["id"] for message in messages for told in message.attachments}
    own = StoredFile.objects.filter(pk__in=sent, owner=account.ledger_reference).select_related("data_key")
    return {str(file.pk): files.name_of(file) for file in own}


def _sent(conversation: Conversation, file_id: UUID) -> tuple[StoredFile, str]:
    """Return a file of a message that was not withdrawn, and what it is called there."""
    sent_with = Message.objects.filter(conversation=conversation, attachments__contains=[{"id": str(file_id)}])
    messages = list(sent_with.order_by("seq"))
    if Revision.objects.filter(message__in=messages, kind=RevisionKind.WITHDRAWN).exists():
        raise NotFound
    called = {told["id"]: told["name"] for message in messages for told in message.attachments or ()}
    for file in files.attached_to(conversation.ledger_reference, "message"):
        if file.pk == file_id:
            return file, called.get(str(file_id)) or name_of(file)
    raise NotFound
