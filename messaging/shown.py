"""What the templates read about a conversation: words and numbers, no rows."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from messaging import access, subjects, words
from messaging.access import MessageOut
from messaging.models import Conversation, Party
from messaging.rules import EventKind, Reach, Side, call_due, hints_in

# What the flow of messages says of itself; edits show at their message, proposals have cards that say how they stand.
IN_THE_FLOW = tuple(kind for kind in EventKind if not kind.startswith(("message_", "proposal_")))
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff")  # of which there are small ones
LONGEST_QUOTATION = 200
AROUND = 80  # characters shown on each side of what was looked for
FOLLOWING_SHOWN = 20
# Only what is plainly an address; the other side's words are never trusted to be one. The page's module has the same.
NOT_IN_LINKS = "\\s<>\"'，。；：！？、（）「」『』《》【】“”‘’…()"  # brackets only in pairs
_IN_BRACKETS = rf"\([^{NOT_IN_LINKS}]*\)"
LINK = re.compile(rf"https?://(?:[^{NOT_IN_LINKS}]|{_IN_BRACKETS})+(?:[^{NOT_IN_LINKS}.,;:!?]|{_IN_BRACKETS})")


def row(conversation: Any) -> dict[str, Any]:
    """Return what the list says of one conversation: with whom it is now, for staff that left reads it no more."""
    others = [
        party.display for party in conversation.parties.all() if party.pk != conversation.me and party.left_at is None
    ]
    return {
        "pk": conversation.pk,
        "title": conversation.title or _("Conversation"),
        "subject": conversation.subject if conversation.subject.startswith("C-") else "",
        "provider": conversation.provider.name,
        "with": ", ".join(others),
        "unread": conversation.unread,
        "is_muted": conversation.is_muted,
        "last_seq": conversation.last_seq,
        "is_open": conversation.is_open,
        "created_at": conversation.created_at,
    }


def whole(conversation: Conversation, messages: Sequence[MessageOut], own_names: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page says of a conversation and the messages on it, to whom these names of files are its own."""
    parties = {party.pk: party for party in conversation.parties.all()}
    me = conversation.me  # type: ignore[attr-defined]  # access.visible_to adds it
    marks = _marks(parties, me)
    told = row(conversation)
    first = messages[0].seq if messages else 0
    side = access.side_of(conversation)
    quoted = access.quoted(conversation, list(messages))
    reports = access.reports_of(parties[me])
    reported = {str(one.message_id) for one in reports if one.reporter_id == me}
    return {
        "conversation": told | {"me": me, "closed_at": conversation.closed_at},
        "with": format_html('<span id="with">{}</span>', told["with"]),
        "reached": reached(conversation) if side != Side.UPLOADER else "",
        "side": side.label,
        "own_names": dict(own_names),
        "parties": {str(pk): _("You") if pk == me else party.display for pk, party in parties.items()},
        "marks": marks,
        "pictures": PICTURES,
        "first_shown": first,
        "my_read_seq": parties[me].read_seq,
        "my_read_event": parties[me].read_news,
        "may_write": conversation.is_open and parties[me].silenced_at is None,
        "is_silenced": parties[me].silenced_at is not None,
        "is_muted": parties[me].muted_at is not None,
        "is_side": parties[me].side != Side.STAFF,
        "blocks_other": access.is_blocking(conversation),
        "stays": subjects.STAYS if subjects.needs_both_sides(conversation.subject) else "",
        "reports": [(one, one.seq + FOLLOWING_SHOWN) for one in reports],
        "reported": reported,
        "messages_": [
            {
                "pk": message.pk,
                "sender": _("You") if message.sender_id == me else parties[message.sender_id].display,
                "sender_id": message.sender_id,
                "seq": message.seq,
                "client_id": message.client_id,
                "body": linked(message.body),
                "attachments": [file | {"own_name": own_names.get(file["id"])} for file in message.attachments],
                "edited_at": message.edited_at,
                "withdrawn_at": message.withdrawn_at,
                "quoted": quotation(quoted[message.quotes], parties, me, first) if message.quotes else None,
                "sent_at": message.sent_at,
                "is_mine": message.sender_id == me,
                "is_reported": str(message.pk) in reported,
                **_state(message.seq, marks),
            }
            for message in messages
        ],
        "earlier": messages[0].seq if messages and messages[0].seq > 1 else None,
        "last_shown": messages[-1].seq if messages else conversation.last_seq,
    }


def _marks(parties: dict[UUID, Party], me: UUID) -> dict[str, dict[str, int]]:
    """Return how far each party of the other side has come; of staff it is not said, which may only look on."""
    sides = {pk: party for pk, party in parties.items() if pk != me and party.side != Side.STAFF}
    return {str(pk): {"delivered": one.delivered_seq, "read": one.read_seq} for pk, one in sides.items()}


def _state(seq: int, marks: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Return how far a message came, as a code and in words."""
    state = "sent"
    if marks and all(seq <= mark["read"] for mark in marks.values()):
        state = "read"
    elif marks and all(seq <= max(mark.values()) for mark in marks.values()):
        state = "delivered"
    return {"state": state, "state_label": words.RECEIPTS[state]}


def happened(conversation: Conversation) -> list[dict[str, Any]]:
    """Return what happened in the conversation besides messages and proposals, in sentences."""
    return [
        {"happened": EventKind(event.kind).label, "at": event.happened_at}
        for event in access.happenings_of(conversation, IN_THE_FLOW)
    ]


def reached(conversation: Any) -> SafeString | str:
    """Return the sentence that says whether the uploader is there to answer; nothing once it read something."""
    found = access.reached(conversation)
    if found.told_at is not None and found.state == Reach.TOLD:
        return str(words.TOLD) % {"day": date_format(found.told_at, "DATE_FORMAT")}
    return str(words.REACHED.get(found.state, ""))


def to_staff(conversation: Conversation) -> dict[str, Any]:
    """Return which conversation it is, for the provider's staff who take no part in it: nothing that was said there."""
    uploader = access.uploader_of(conversation)
    return {
        "title": conversation.title or _("Conversation"),
        "subject": conversation.subject if conversation.subject.startswith("C-") else "",
        "matter": subjects.page_of(conversation.subject),
        "content": [one["external_id"] for one in subjects.content_of(conversation.subject, uploader)],
        "uploader": uploader.external_id if uploader is not None else "",
    }


def evidence(kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages that were kept with a report, the reported one last, as the provider's page shows them."""
    return [
        {
            "side": Side(one["side"]).label,
            "seq": one["seq"],
            "body": linked(one["body"]),
            "attachments": len(one["attachments"]),
            "sent_at": parse_datetime(one["sent_at"]),
            "is_reported": place == len(kept["messages"]),
        }
        for place, one in enumerate(kept["messages"], start=1)
    ]


def call(call_: Any, now: dt.datetime) -> dict[str, Any]:
    """Return what the provider's page says of a call of an uploader."""
    told = ways(call_)
    return {
        "conversation": call_.conversation_id,
        "subscriber": call_.subscriber.external_id,
        "title": call_.conversation.title or _("Conversation"),
        "number": call_.number,
        "called_at": call_.called_at,
        "may_be_called": call_due(now, call_.last_called_at) <= now,
        "told_at": call_.told_at,
        "mail": words.MAIL[told["mail"]],
        "service": words.SERVICE[told["service"]],
        "has_failed": told["mail"] in words.FAILED and told["service"] in words.FAILED,
    }


def ways(call_: Any) -> dict[str, str]:
    """Return what became of the mail and of the service's webhook of a call that ``with_ways`` gave, as codes."""
    mail = call_.mail_state or ("none" if call_.by_mail is not None else "waiting")
    service = "delivered" if call_.service_at else call_.service_state
    return {"mail": str(mail), "service": str(service or ("none" if call_.by_service is not None else "waiting"))}


def pointed_out(text: str) -> list[dict[str, str]]:
    """Return what a text tells of its writer, each with what it is."""
    return [{"text": text[one.start : one.end], "kind": str(one.kind.label)} for one in hints_in(text)]


def found(message: MessageOut, words: str, conversation: Any) -> dict[str, Any]:
    """Return what the page says of a message that holds the words: the place where it says them, and how to go there."""
    sender = next(party for party in conversation.parties.all() if party.pk == message.sender_id)
    match = re.search(re.escape(words), message.body, re.IGNORECASE)
    start, end = match.span() if match is not None else (0, 0)
    return {
        "seq": message.seq,
        # So that what was said afterwards stands there too, as far as a page goes.
        "after": message.seq + FOLLOWING_SHOWN,
        "sender": _("You") if sender.pk == conversation.me else sender.display,
        "sent_at": message.sent_at,
        "before": ("… " if start > AROUND else "") + message.body[max(0, start - AROUND) : start],
        "words": message.body[start:end],
        "behind": message.body[end : end + AROUND] + (" …" if len(message.body) > end + AROUND else ""),
    }


def quotation(message: MessageOut, parties: dict[UUID, Party], me: UUID, first_shown: int) -> dict[str, Any]:
    """Return the beginning of a message that another one quotes, and the way to it, be it on this page or not."""
    around = "" if message.seq >= first_shown else f"?before={message.seq + FOLLOWING_SHOWN}"
    return {
        "pk": message.pk,
        "place": f"{around}#message-{message.seq}",
        "sender": _("You") if message.sender_id == me else parties[message.sender_id].display,
        "body": Truncator(message.body).chars(LONGEST_QUOTATION),
        "withdrawn_at": message.withdrawn_at,
    }


def linked(body: str) -> SafeString:
    """Return the text as HTML, with its addresses as links that tell their target nothing of where they were."""
    parts: list[str] = []
    end = 0
    for found in LINK.finditer(body):
        parts.append(escape(body[end : found.start()]))
        address = found.group()
        parts.append(format_html('<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>', address))
        end = found.end()
    parts.append(escape(body[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped above
