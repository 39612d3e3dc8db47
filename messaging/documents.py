"""Settlement records and transcripts as people read them: the words of a PDF, in the reader's language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core import typesetting
from messaging import access, actions, evidence, rules, words
from messaging.access import FileOut
from messaging.actions.proposing import settlement_record
from messaging.models import Conversation, Proposal
from messaging.rules import State
from messaging.transcripts import Tale, name_of, said_when, when
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
    digest = rules.record_digest(bytes(conversation.salt), settlement_record(proposal))
    return {
        **_frame(_title_of_record(proposal), f"{conversation.pk} · {proposal.number}"),
        "intro": _intro_of_record(proposal),
        "facts": [
            *_about(conversation),
            (_("Proposal"), f"{proposal.number}\n{proposal.pk}"),
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
                    "state below. The entry holds the digest of this record, which stands above that state. The package "
                    "of this record holds the same in a form that a program checks offline."
                )
                % {"entry": proposal.ledger_entry, "index": proof["index"], "size": proof["tree_size"]},
                "code": f"SHA-256 {digest}\n\n{proof['checkpoint']}",
            }
        ],
    }


def _title_of_record(proposal: Proposal) -> str:
    return _("Settlement record") if access.is_settling(proposal.kind) else _("Record of a disagreement")


def _intro_of_record(proposal: Proposal) -> str:
    if access.is_settling(proposal.kind):
        return _("The two sides of this conversation agreed on what follows. Who they are is not in this record.")
    return _(
        "The two sides of this conversation noted that they do not agree, for the reasons below. It settles nothing. Who "
        "they are is not in this record."
    )


def transcript_words(conversation: Conversation, told: evidence.Told) -> dict[str, Any]:
    """Return what the transcript says, line by line: messages and what else happened, by time."""
    said = told.said
    tale = Tale(said)
    proof = evidence.proof_of(told.entries[-1])
    return {
        **_frame(_("Transcript"), str(conversation.pk)),
        "intro": _("Everything that was said in this conversation, in its order. Who the two sides are is not in it."),
        "facts": [
            *_about(conversation),
            (_("Sides"), "\n".join(tale.names.values())),
            (_("Begun"), said_when(said["created_at"])),
            (_("State"), _state(said)),
            (_("Messages"), str(said["last_seq"])),
        ],
        "heading": _("What was said and done"),
        "lines": tale.lines(),
        "parts": [
            *tale.outcomes(),
            {
                "title": _("How it proves itself"),
                "text": _(
                    "Below all that a message ever said stands its digest. Entries of the portal's ledger cover all of "
                    "them; the last one is %(entry)s, number %(index)s of %(size)s in the signed state below. The package "
                    "of this transcript holds the same in a form that a program checks offline."
                )
                % {"entry": told.entries[-1], "index": proof["index"], "size": proof["tree_size"]},
                "code": proof["checkpoint"],
            },
        ],
    }


def _state(said: Mapping[str, Any]) -> str:
    """Return whether the conversation is open, since when it is not, and since when its words are erased."""
    found = [str(State(said["state"]).label)]
    if said["closed_at"]:
        found = [_("closed on %(when)s") % {"when": said_when(said["closed_at"])}]
    if said["forgotten_at"]:
        found.append(_("What was said was erased on %(when)s.") % {"when": said_when(said["forgotten_at"])})
    return "\n".join(found)


def _frame(title: str, reference: str) -> dict[str, str]:
    language = translation.get_language() or "en"
    return {"title": title, "portal": settings.PORTAL_NAME, "reference": reference, "lang": language[:2]}


def _about(conversation: Conversation) -> list[tuple[str, str]]:
    return [
        (_("About"), "\n".join(part for part in (conversation.title, conversation.subject) if part)),
        (_("Provider"), conversation.provider.name),
        (_("Conversation"), str(conversation.pk)),
        (_("Days are counted in"), conversation.provider.time_zone),
    ]


def _who_when(party: Any, at: dt.datetime) -> dict[str, str]:
    return {"who": name_of({"side": party.side, "pseudonym": party.pseudonym}), "when": when(at)}
