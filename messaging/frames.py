"""Frames of the socket: how one is read, strictly, and how the server's own are written. It knows no sockets."""

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.shapes import has_unfit_characters
from messaging import rules

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TYPES = ("open", "send", "read", "typing", "ping")
# The server's frames that a client gets only when it asks for them as it opens a conversation.
WANTED = frozenset({"delivered", "presence", "silenced"})
MOST_WANTED = 10
# No frame of ours has an object within; each costs as much to look at as a hundred numbers.
MOST_OBJECTS = 64


class BadFrame(ValueError):
    """A frame that can't be taken: ``code`` for programs, ``detail`` for people, and the client's id where it gave one."""

    def __init__(self, code: str, detail: str | Promise, client_id: str | None = None) -> None:
        super().__init__(code)
        self.code, self.detail, self.client_id = code, detail, client_id


class Row(NamedTuple):
    """A stored message, as it is read to be delivered."""

    id: UUID
    conversation: UUID
    seq: int
    sender: UUID
    body: str
    attachments: list[dict[str, Any]] | None
    sent_at: datetime
    quotes: UUID | None = None
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadFrame("malformed", _("A key stands twice in one object."))
    return found


def _refuse_constant(_name: str) -> None:
    raise BadFrame("malformed", _("NaN and Infinity are no JSON."))


_decode = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant).decode


def _decode_few(text: str) -> Any:
    """Return what the text says, unless it has too many objects."""
    left = iter(range(MOST_OBJECTS))

    def counted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if next(left, None) is None:
            raise BadFrame("malformed", _("A frame has at most 64 objects."))
        return _object(pairs)

    return json.JSONDecoder(object_pairs_hook=counted, parse_constant=_refuse_constant).decode(text)


def read(text: str) -> dict[str, Any]:
    """Return the frame's object, of a known ``type``; its other keys are not looked at yet, unknown ones never.

    Raises BadFrame for what is no JSON object, too deep, has a key twice, or an unknown type.
    """
    try:
        # Braces stand in texts, too, so only where there are many is it counted what they are.
        frame = _decode(text) if text.count("{") <= MOST_OBJECTS else _decode_few(text)
    except BadFrame:
        raise
    except (ValueError, RecursionError):
        raise BadFrame("malformed", _("The frame is not JSON, or nested too deep.")) from None
    if not isinstance(frame, dict):
        raise BadFrame("malformed", _("A frame is a JSON object."))
    if frame.get("type") not in TYPES:
        raise BadFrame("unknown_type", _("The type is one of: open, send, read, typing, ping."), client_id_in(frame))
    return frame


def client_id_in(frame: dict[str, Any]) -> str | None:
    """Return the client's id to be given back in an error, when there is one fit to be repeated."""
    given = frame.get("client_id")
    return given if isinstance(given, str) and len(given) <= 64 and not has_unfit_characters(given) else None  # noqa: PLR2004


def _wrong(frame: dict[str, Any], detail: str | Promise) -> BadFrame:
    return BadFrame("invalid", detail, client_id_in(frame))


def conversation_of(frame: dict[str, Any]) -> UUID:
    """Return which conversation the frame is about."""
    given = frame.get("conversation")
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        raise _wrong(frame, _("Give the id of the conversation."))
    return UUID(given)


def conversation_in(frame: dict[str, Any]) -> UUID | None:
    """Return which conversation the frame is about, to be named in an error; None where it gives no id."""
    given = frame.get("conversation")
    return UUID(given) if isinstance(given, str) and _UUID.fullmatch(given) else None


def seq_of(frame: dict[str, Any], key: str, without: int | None = None) -> int:
    """Return the number under the key, from 0 up; a frame without it means ``without``, if that is given."""
    given = frame.get(key, without)
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= rules.HIGHEST_SEQ:
        raise _wrong(frame, _("Give the number of a message, from 0 up."))
    return given


def number_of(frame: dict[str, Any], key: str) -> int | None:
    """Return the number of something that happened besides messages; None where the frame names none."""
    return None if frame.get(key) is None else seq_of(frame, key)


def client_id_of(frame: dict[str, Any]) -> str:
    """Return the client's id of a message in its usual writing."""
    given = frame.get("client_id")
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        raise _wrong(frame, _("Give a client_id: a UUID that you make for each message."))
    return given.lower()


def body_of(frame: dict[str, Any]) -> str:
    """Return the text of a message: bounded, and of characters that can be kept."""
    body = frame.get("body", "")
    if not isinstance(body, str):
        raise _wrong(frame, _("The body is text."))
    if len(body) > rules.LONGEST_BODY:
        raise BadFrame("too_long", _("A message may have at most 8,000 characters."), client_id_in(frame))
    if (not body.isascii() and has_unfit_characters(body)) or "\x00" in body:
        raise _wrong(frame, _("Remove the characters that are not text (NUL or half a surrogate pair)."))
    if not body.strip() and not frame.get("attachments"):
        raise _wrong(frame, _("The message is empty."))
    return body


def attachments_of(frame: dict[str, Any]) -> list[UUID]:
    """Return the ids of the files that are sent with a message."""
    given = frame.get("attachments")
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > rules.MOST_ATTACHMENTS:
        raise _wrong(frame, _("Give the attachments as a list of at most 10 file ids."))
    if not all(isinstance(one, str) and _UUID.fullmatch(one) for one in given) or len(set(given)) != len(given):
        raise _wrong(frame, _("Give each attachment once, as the id of a file."))
    return [UUID(one) for one in given]


def quotes_of(frame: dict[str, Any]) -> UUID | None:
    """Return the message that is quoted; none where the frame names none."""
    given = frame.get("quotes")
    if given is None:
        return None
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        raise _wrong(frame, _("Give the id of the message that you quote."))
    return UUID(given)


def wanted_in(frame: dict[str, Any]) -> frozenset[str]:
    """Return which of the frames that are sent only when asked for the client asks for; others it names are ignored."""
    given = frame.get("with")
    if given is None:
        return frozenset()
    if not isinstance(given, list) or len(given) > MOST_WANTED or not all(isinstance(one, str) for one in given):
        raise _wrong(frame, _("Give what else you want to be told as a list of at most 10 words."))
    return frozenset(given) & WANTED


# --- the server's own frames, written by hand where it happens for each message


def _dump(frame: dict[str, Any]) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


# All messages of a commit have one instant, and each of its ids is written for the sender and for the others.
@lru_cache(maxsize=256)
def instant(at: datetime) -> str:
    """Return the instant as the frames say it, as core.times.rfc3339 does but faster."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


@lru_cache(maxsize=8_192)
def written(one: UUID) -> str:
    """Return an id in its usual writing."""
    return str(one)


def message(row: Row) -> str:
    """Return the frame of a message."""
    attachments = _dump_list(row.attachments) if row.attachments else "[]"
    seldom = _seldom(row) if row.quotes or row.edited_at or row.withdrawn_at else ""
    return (
        f'{{"type":"message","conversation":"{written(row.conversation)}","id":"{written(row.id)}","seq":{row.seq}'
        f',"sender":"{written(row.sender)}","body":{quoted(row.body)},"attachments":{attachments},"sent_at":"{instant(row.sent_at)}"{seldom}}}'
    )


def _seldom(row: Row) -> str:
    """Return the keys that a message has only when there is something to say."""
    quotes = f',"quotes":"{row.quotes}"' if row.quotes else ""
    edited = f',"edited_at":"{instant(row.edited_at)}"' if row.edited_at else ""
    withdrawn = f',"withdrawn_at":"{instant(row.withdrawn_at)}"' if row.withdrawn_at else ""
    return quotes + edited + withdrawn


def _dump_list(value: list[dict[str, Any]]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def ack(*, conversation: UUID, client_id: str, message_id: UUID, seq: int, sent_at: datetime) -> str:
    """Return the frame that says: committed, under this number."""
    return (
        f'{{"type":"ack","client_id":{quoted(client_id)},"id":"{written(message_id)}","seq":{seq}'
        f',"sent_at":"{instant(sent_at)}","conversation":"{written(conversation)}"}}'
    )


def opened(conversation: UUID, last_seq: int, me: UUID, last_event: int | None = None) -> str:
    """Return the frame that ends the catch-up; ``me`` is the reader's own party.

    ``last_event`` is for who asked for what happened besides messages.
    """
    events = f',"last_event":{last_event}' if last_event is not None else ""
    return f'{{"type":"opened","conversation":"{conversation}","last_seq":{last_seq},"me":"{me}"{events}}}'


def has_read(conversation: UUID, sender: UUID, seq: int) -> str:
    """Return the frame that a party has read up to a number."""
    return f'{{"type":"read","conversation":"{conversation}","sender":"{sender}","seq":{seq}}}'


def delivered(conversation: UUID, sender: UUID, seq: int) -> str:
    """Return the frame that the messages up to a number reached a party."""
    return f'{{"type":"delivered","conversation":"{conversation}","sender":"{sender}","seq":{seq}}}'


def is_here(conversation: UUID, sender: UUID, *, here: bool) -> str:
    """Return the frame that a party has the conversation open, or has it open no more."""
    said = "true" if here else "false"
    return f'{{"type":"presence","conversation":"{conversation}","sender":"{sender}","here":{said}}}'


def is_silenced(conversation: UUID, *, silenced: bool) -> str:
    """Return the frame that tells a party, and nobody else, that it may only read, or may write."""
    said = "true" if silenced else "false"
    return f'{{"type":"silenced","conversation":"{conversation}","silenced":{said}}}'


def types(conversation: UUID, sender: UUID) -> str:
    """Return the frame that a party is typing."""
    return f'{{"type":"typing","conversation":"{conversation}","sender":"{sender}"}}'


def happening(number: int, kind: str, by: UUID | None, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """Return something that happened and is kept, as frames and programs read it."""
    return {"number": number, "kind": kind, "by": str(by) if by else None, "at": instant(at), **data}


def event(conversation: UUID, subject: str, what: dict[str, Any]) -> str:
    """Return the frame that something happened to what the conversation is about."""
    return _dump({"type": "event", "conversation": str(conversation), "subject": subject, "event": what})


def error(code: str, detail: str | Promise, client_id: str | None = None, conversation: UUID | None = None) -> str:
    """Return the frame of a refusal."""
    frame = {"type": "error", "code": code, "detail": str(detail)}
    if client_id is not None:
        frame["client_id"] = client_id
    if conversation is not None:
        frame["conversation"] = str(conversation)
    return _dump(frame)


PONG = '{"type":"pong"}'
