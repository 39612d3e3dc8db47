"""Settlement records and transcripts as people read them: the words of a PDF, in the reader's language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from core import typesetting
from messaging import actions, evidence, words
from messaging.access import FileOut
from messaging.models import Conversation, Proposal
from messaging.rules import EventKind, Side
from verification.models import Account


def transcript_file(form: str, *, conversation_id: UUID, by: Account, now: dt.datetime) -> FileOut:
    """Return the transcript as a file in this form, pdf or zip; raises as the actions do."""
    name = f"{conversation_id}-transcript.{form}"
    if form == "zip":
        data = actions.transcript_package(conversation_id=conversation_id, by=by, now=now)
        return FileOut(data, "application/zip", name)
    conversation, told = actions.transcript_of(conversation_id=conversation_id, by=by, now=now)
    actions.require_fits_pdf(told)
    return FileOut(transcript_pdf(conversation, told), "application/pdf", name)


def record_file(form: str, *, conversation_id: UUID, proposal_id: UUID, by: Account, now: dt.datetime) -> FileOut:
    """Return the record of an accepted proposal as a file in this form, pdf or zip; raises as the actions do."""
    proposal = actions.settlement_of(proposal_id=proposal_id, conversation_id=conversation_id, by=by, now=now)
    name = f"{proposal_id}-settlement.{form}"
    if form == "zip":
        return FileOut(evidence.record_package(proposal), "application/zip", name)
    return FileOut(record_pdf(proposal), "application/pdf", name)


def record_pdf(proposal: Proposal) -> bytes:
    """Return the record of an accepted proposal, whose entry is sealed, as PDF."""
    return typesetting.pdf("record", record_words(proposal))


def transcript_pdf(conversation: Conversation, told: evidence.Told) -> bytes:
    """Return a transcript, whose entries are sealed, as PDF."""
    return typesetting.pdf("transcript", transcript_words(conversation, told))


def record_words(proposal: Proposal) -> dict[str, Any]:
    """Return what the record says: what was agreed, by which side, when, and how the ledger proves it."""
    conversation = proposal.conversation
    assert proposal.ledger_entry is not None
    assert proposal.ended_at is not None
    proof = evidence.proof_of(proposal.ledger_entry)
    return {
        **_frame(_("Settlement record"), f"{conversation.pk} · {proposal.number}"),
        "intro": _("The two sides of this conversation agreed on what follows. Who they are is not in this record."),
        "facts": [
            *_about(conversation),
            (_("Kind"), str(proposal.get_kind_display())),
            *words.terms(proposal),
            (_("Proposed by"), _("%(who)s, on %(when)s") % _who_when(proposal.party, proposal.made_at)),
            (_("Accepted by"), _("%(who)s, on %(when)s") % _who_when(proposal.ended_by, proposal.ended_at)),
        ],
        "parts": [
            {
                "title": _("How it proves itself"),
                "text": _(
                    "The acceptance is entry %(entry)s of the portal's ledger, number %(index)s of %(size)s in the signed "
                    "state below. The package of this record holds the same in a form that a program checks offline."
                )
                % {"entry": proposal.ledger_entry, "index": proof["index"], "size": proof["tree_size"]},
                "code": proof["checkpoint"],
            }
        ],
    }


def transcript_words(conversation: Conversation, told: evidence.Told) -> dict[str, Any]:
    """Return what the transcript says, line by line: messages and what else happened, by time."""
    said = told.said
    names = {party["id"]: party["pseudonym"] or str(Side(party["side"]).label) for party in said["parties"]}
    lines = [_message_line(one, names) for one in said["messages"]]
    made = {one["id"]: one for one in said["proposals"]}
    lines += [_event_line(one, names, made) for one in said["events"]]
    proof = evidence.proof_of(told.entries[-1])
    return {
        **_frame(_("Transcript"), str(conversation.pk)),
        "intro": _("Everything that was said in this conversation, in its order. Who the two sides are is not in it."),
        "facts": [
            *_about(conversation),
            (_("Sides"), "\n".join(names.values())),
            (_("Messages"), str(said["last_seq"])),
        ],
        "heading": _("What was said and done"),
        "lines": [line for _at, line in sorted(lines, key=lambda one: one[0])],
        "parts": [
            {
                "title": _("How it proves itself"),
                "text": _(
                    "Below each message stands its digest. Entries of the portal's ledger cover all of them; the last "
                    "one is %(entry)s, number %(index)s of %(size)s in the signed state below. The package of this "
                    "transcript holds the same in a form that a program checks offline."
                )
                % {"entry": told.entries[-1], "index": proof["index"], "size": proof["tree_size"]},
                "code": proof["checkpoint"],
            }
        ],
    }


def _frame(title: str, reference: str) -> dict[str, str]:
    language = translation.get_language() or "en"
    return {"title": title, "portal": settings.PORTAL_NAME, "reference": reference, "lang": language[:2]}


def _about(conversation: Conversation) -> list[tuple[str, str]]:
    return [
        (_("About"), conversation.title or conversation.subject),
        (_("Provider"), conversation.provider.name),
        (_("Conversation"), str(conversation.pk)),
    ]


def when(at: dt.datetime) -> str:
    """Return an instant as documents say it: day, time and seconds in UTC, whoever reads it and wherever."""
    return f"{formats.date_format(at, 'DATE_FORMAT')}, {at.astimezone(dt.UTC):%H:%M:%S} UTC"


def _who_when(party: Any, at: dt.datetime) -> dict[str, str]:
    return {"who": party.display, "when": when(at)}


def _message_line(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[tuple[str, int], dict[str, Any]]:
    at = dt.datetime.fromisoformat(one["sent_at"])
    files = [f"{file['name']} ({file['size']} B)\nSHA-256 {file['sha256'] or '–'}" for file in one["attachments"]]
    revised = [
        words.revision(change["kind"], when(dt.datetime.fromisoformat(change["made_at"])))
        for change in one["revisions"]
    ]
    line = {
        "head": f"{one['seq']} · {names[one['sender']]} · {when(at)}",
        "text": _last_words(one),
        "notes": [*files, *revised, *_earlier(one)],
        "digest": one["digest"],
    }
    return (one["sent_at"], 0), line


def _earlier(one: Mapping[str, Any]) -> list[str]:
    """Return what a message said before each of its changes; nothing of one that was withdrawn."""
    said = [one["body"], *(change["body"] for change in one["revisions"])][:-1]
    return [_("Before: %(text)s") % {"text": text} for text in said if text]


def _last_words(one: Mapping[str, Any]) -> str:
    """Return what a message says since its last change; nothing for one that was withdrawn."""
    return str(([one["body"], *(change["body"] for change in one["revisions"])])[-1] or "")


def _event_line(
    one: Mapping[str, Any], names: Mapping[str, str], made: Mapping[str, Any]
) -> tuple[tuple[str, int], dict[str, Any]]:
    notes = []
    proposal = made.get(one.get("proposal", ""))
    if proposal is not None and proposal["terms"] is not None:
        label = _("Proposal %(number)s") % {"number": proposal["number"]}
        notes.append(f"{label}: " + " · ".join(f"{name}: {value}" for name, value in words.said_terms(proposal)))
    who = names.get(one["by"] or "", "")
    head = " · ".join(part for part in (str(EventKind(one["kind"]).label), who) if part)
    at = dt.datetime.fromisoformat(one["at"])
    return (one["at"], 1), {"head": f"{head} · {when(at)}", "text": "", "notes": notes, "digest": ""}
