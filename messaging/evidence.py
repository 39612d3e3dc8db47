"""What a settlement record and a transcript hold, made from the rows and the sealed entries: roles and pseudonyms only.

Both sides get the same bytes, and the same state always gives the same ones. Whoever calls it has checked who asks.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch

from core import files
from ledger import packing, proofs
from ledger.models import Entry
from messaging import happenings, rules, verifying
from messaging.actions.proposing import settlement_record
from messaging.frames import instant
from messaging.models import Conversation, Event, Message, Proposal, Revision, Undertaking

# What stands in a transcript as proof. The opening is left out: it names an account, which stays the same elsewhere.
PROVING = ("conversation.covered", "conversation.forgotten", "proposal.", "removal.", "undertaking.", "message.")
RECORD_README = """\
This is a settlement record of {portal}: proposal {reference} was accepted, as it says.

What is in it
  data/record.json                 what was agreed, by which side and when, and the salt of its digest
  data/ledger/entry.json           the ledger's entry about the acceptance, byte for byte; it holds the record's digest
  data/ledger/inclusion-proof.json the proof (RFC 9162) that the entry stands in the ledger
  data/ledger/checkpoint.txt       the signed state of the ledger (C2SP tlog-checkpoint) to which the proof leads
  data/ledger/verifier.txt         the public key; get it from the portal too: a key that comes along proves nothing
  signature.txt                    the portal's signature over the manifest and the files beside it
{check}"""
TRANSCRIPT_README = """\
This is a transcript of {portal}: everything that was said in conversation {reference}, in its order.

What is in it
  data/transcript.json             messages with times and digests, what happened, proposals, what was undertaken
  data/ledger/entries.jsonl        the ledger's entries that cover the messages and tell of the rest, byte for byte
  data/ledger/inclusion-proofs.json the proof (RFC 9162) of each that it stands in the ledger
  data/ledger/checkpoint.txt       the signed state of the ledger (C2SP tlog-checkpoint) to which the proofs lead
  data/ledger/verifier.txt         the public key; get it from the portal too: a key that comes along proves nothing
  signature.txt                    the portal's signature over the manifest and the files beside it
{check}"""
CHECK = """
How to check it
  In this folder:   sha256sum -c tagmanifest-sha256.txt && sha256sum -c manifest-sha256.txt
  Everything:       python manage.py verify_package FILE.zip --key VERIFIER_KEY   (offline, with the portal's program)
  It is a BagIt bag (RFC 8493); any BagIt tool can validate it.

Who the two sides are is not in it: the portal names each by its role and by a name that means nothing.
"""


@dataclass(frozen=True)
class Told:
    """A conversation at one moment: what the transcript says, and the entries that prove it."""

    said: dict[str, Any]
    entries: list[UUID]


def record_package(proposal: Proposal) -> bytes:
    """Return the package of an accepted proposal, whose entry is sealed."""
    agreed, conversation = settlement_record(proposal), proposal.conversation
    assert proposal.ledger_entry is not None
    payload = {
        "record.json": packing.json_bytes({"record": agreed, "salt": bytes(conversation.salt).hex()}),
        **packing.proof_files(proposal.ledger_entry),
    }
    assert proposal.ended_at is not None
    readme = RECORD_README.format(portal=settings.PORTAL_NAME, reference=proposal.pk, check=CHECK)
    return packing.packed(
        kind=verifying.RECORD, reference=str(proposal.pk), payload=payload, readme=readme,
        info=_info(conversation, proposal.ended_at, str(proposal.pk)),
    )  # fmt: skip


def transcript_package(conversation: Conversation, told: Told) -> bytes:
    """Return the package of a transcript, whose entries are sealed."""
    entries, proved, checkpoint = packing.proofs_of(told.entries)
    payload = {
        "transcript.json": packing.json_bytes(told.said),
        verifying.ENTRIES: b"".join(entry + b"\n" for entry in entries),
        verifying.PROOFS: packing.json_bytes({"proofs": proved}),
        **checkpoint,
    }
    at = Entry.objects.get(pk=told.entries[-1]).at
    readme = TRANSCRIPT_README.format(portal=settings.PORTAL_NAME, reference=conversation.pk, check=CHECK)
    return packing.packed(
        kind=verifying.TRANSCRIPT, reference=str(conversation.pk), payload=payload, readme=readme,
        info=_info(conversation, at, str(conversation.pk)),
    )  # fmt: skip


def _info(conversation: Conversation, at: dt.datetime, reference: str) -> list[tuple[str, str]]:
    return [
        ("Source-Organization", conversation.provider.code),
        ("Bagging-Date", f"{at.astimezone(dt.UTC):%Y-%m-%d}"),
        ("External-Identifier", reference),
    ]


def told_of(conversation: Conversation) -> Told:
    """Return what the transcript says, as far as the ledger covers the messages; call it under the conversation's lock."""
    reference = conversation.ledger_reference
    entries = [
        entry
        for entry in Entry.objects.filter(subject=reference).order_by("pk")
        if entry.act.startswith(PROVING) and not entry.actor.startswith("account:")
    ]
    return Told(_said(conversation), [entry.pk for entry in entries])


def _said(conversation: Conversation) -> dict[str, Any]:
    messages = Message.objects.filter(conversation=conversation, seq__lte=conversation.covered_seq).order_by("seq")
    messages = messages.prefetch_related(Prefetch("revisions", Revision.objects.order_by("number")))
    events = Event.objects.filter(conversation=conversation).order_by("number")
    made = Proposal.objects.filter(conversation=conversation).select_related(
        "party", "ended_by", "conversation__provider"
    )
    undertaken = Undertaking.objects.filter(conversation=conversation).order_by("pk")
    return {
        "conversation": str(conversation.pk),
        "provider": conversation.provider.code,
        "about": conversation.subject,
        "title": conversation.title,
        "state": str(conversation.state),
        "created_at": instant(conversation.created_at),
        "closed_at": instant(conversation.closed_at) if conversation.closed_at else None,
        # After three years what was said is erased; what proves somebody's own copy stays.
        "forgotten_at": instant(conversation.forgotten_at) if conversation.forgotten_at else None,
        "salt": bytes(conversation.salt).hex(),
        "parties": [
            {"id": str(party.pk), "side": party.side, "pseudonym": party.pseudonym}
            for party in conversation.parties.order_by("pk")
        ],
        "last_seq": conversation.covered_seq,
        "messages": _messages(conversation, messages),
        "events": [happenings.told(event) for event in events],
        "proposals": [_proposal(one) for one in made.order_by("number")],
        "undertakings": [_undertaking(one) for one in undertaken],
    }


def _messages(conversation: Conversation, messages: Iterable[Message]) -> list[dict[str, Any]]:
    if conversation.forgotten_at is not None:
        return [_message(message, {}, is_shown=False) for message in messages]
    digests = {
        str(file.pk): files.sha256_of(file) for file in files.attached_to(conversation.ledger_reference, "message")
    }
    return [_message(message, digests, is_shown=True) for message in messages]


def _message(message: Any, digests: Mapping[str, str], *, is_shown: bool) -> dict[str, Any]:
    revisions = list(message.revisions.all())
    # What was withdrawn is shown to nobody: its digests stay, its words and files do not.
    is_shown = is_shown and all(one.kind != rules.RevisionKind.WITHDRAWN for one in revisions)
    attachments = [{**file, "sha256": digests.get(str(file["id"]))} for file in message.attachments or ()]
    return {
        "seq": message.seq,
        "id": str(message.pk),
        "sender": str(message.sender_id),
        "sent_at": instant(message.sent_at),
        "body": message.body if is_shown else None,
        "digest": bytes(message.digest).hex(),
        "quotes": str(message.quotes) if message.quotes else None,
        "attachments": attachments if is_shown else [],
        "revisions": [_revision(one, is_shown=is_shown) for one in revisions],
    }


def _revision(one: Revision, *, is_shown: bool) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": str(one.kind),
        "body": one.body if is_shown else None,
        "digest": bytes(one.digest).hex(),
        "made_at": instant(one.made_at),
    }


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "number": one.number,
        "kind": str(one.kind),
        "terms": None if one.is_forgotten else rules.said(one),
        "state": str(one.state),
        "sender": str(one.party_id),
        "counters": str(one.counters_id) if one.counters_id else None,
        "made_at": instant(one.made_at),
        "expires_at": instant(one.expires_at),
        "ended_at": instant(one.ended_at) if one.ended_at else None,
        "ended_by": str(one.ended_by_id) if one.ended_by_id else None,
        "reasons": one.reasons,
        "record": settlement_record(one) if one.ledger_entry and not one.is_forgotten else None,
    }


def _undertaking(one: Undertaking) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "kind": str(one.kind),
        "proposal": str(one.proposal_id) if one.proposal_id else None,
        "due_at": instant(one.due_at),
        "asked_at": instant(one.asked_at) if one.asked_at else None,
        "done_at": instant(one.done_at) if one.done_at else None,
        "done_by": one.done_by or None,
        "overdue_at": instant(one.overdue_at) if one.overdue_at else None,
    }


def proof_of(entry_id: UUID) -> proofs.InclusionProof:
    """Return the proof of a sealed entry, for a document that people read."""
    return proofs.inclusion(entry_id)
