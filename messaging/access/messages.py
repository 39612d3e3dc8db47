"""The messages and files of a conversation."""

from dataclasses import dataclass
from uuid import UUID

from core import files
from core.actors import Actor
from core.errors import NotFound
from messaging import cleaning, rules
from messaging.models import Conversation, Message


def messages_of(conversation: Conversation, *, after: int, limit: int) -> list[Message]:
    """Return the conversation's messages after a number, in order, ``limit`` at most."""
    return list(Message.objects.filter(conversation=conversation, seq__gt=after).order_by("seq")[:limit])


def newest_messages(conversation: Conversation, *, before: int | None, limit: int) -> list[Message]:
    """Return the last ``limit`` messages (before a number, where one is given) in order."""
    found = Message.objects.filter(conversation=conversation)
    if before is not None:
        found = found.filter(seq__lt=before)
    return list(found.order_by("-seq")[:limit])[::-1]


@dataclass(frozen=True)
class FileOut:
    """A file as it leaves: bytes, type, and a name that says nothing of its sender."""

    data: bytes
    media_type: str
    name: str


def file_of(account: Actor, conversation: Conversation, file_id: UUID) -> FileOut:
    """Return a file that was sent in the conversation; to all but its sender without what it says about itself.

    Raises NotFound for a file that is not part of it.
    """
    for file in files.attached_to(conversation.ledger_reference, "message"):
        if file.pk == file_id:
            data = files.content_of(file)
            if file.owner != account.ledger_reference:
                data = cleaning.without_metadata(data, file.media_type)
            ending = rules.ENDINGS.get(file.media_type, "bin")
            return FileOut(data, file.media_type, f"attachment-{str(file_id)[-6:]}.{ending}")
    raise NotFound
