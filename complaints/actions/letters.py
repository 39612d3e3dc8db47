"""Letters that came outside the portal: kept as they came, read, and filed as the notice that a person made of them."""

import datetime as dt
import hashlib
import logging
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import letter_for
from complaints.access.known import known_of
from complaints.access.opening import LETTER_TABLE, letter_bytes_of
from complaints.actions.filing import attach_evidence, facts_of, note_completeness, state_of
from complaints.actions.mending import begin_cure
from complaints.actions.notice import Notice, check_bounds, complete, compose, missing_of, regime_of
from complaints.actions.repeating import claimant_index_of, refuse_repetition
from complaints.letters import (
    Enclosed,
    Reading,
    declares_entities,
    enclosed_in,
    is_letter,
    is_mail,
    is_too_large,
    read,
    unread,
)
from complaints.models import Complaint, Letter
from complaints.rules import Side, State
from core import files, sealing
from core.actors import Actor
from core.errors import Conflict, Invalid, TooLarge, invalid
from core.inserts import insert
from core.models import FileState
from ledger.acts import action, record
from verification.access import require_staff
from verification.models import Account, Organisation
from verification.rules import Role

log = logging.getLogger(__name__)
_LOOKED_AT = 100_000  # Where a document type must stand.
# What the bytes of a letter show; nothing (""): HTML, or text in another encoding than UTF-8.
LETTER_TYPES = ("", "text/plain", "message/rfc822")


@action("letter.kept")
def keep_letter(
    *,
    by: Account,
    provider: Organisation,
    content: bytes,
    name: str = "",
    sender: str = "",
    received_at: dt.datetime | None = None,
    now: dt.datetime,
) -> Letter:
    """Read a letter and keep it sealed as it came, with what was read in it, as a handler of the provider; return it.

    Raises Invalid when it is empty, no text, XML that declares entities, or from the future; TooLarge above the bounds.
    """
    require_staff(by, provider, Role.HANDLER)
    if not content.strip():
        raise invalid("/text", "required", _("The letter is empty."))
    _require_fits(content)
    _require_text(content)
    came_at = received_at or now
    if came_at > now:
        raise invalid("/received_at", "future", _("A letter cannot have come later than now."))
    letter = Letter(provider=provider, name=name[:120], received_at=came_at, kept_at=now, kept_by=by)
    store_letter(letter, content, sender)
    facts = {"as": Side.HANDLER.value, "kind": letter.kind, "digest": sealing.keyed_digest("letter", letter.sha256)}
    record(subject=f"letter:{letter.pk}", provider=provider.code, by=by, facts=facts, now=now)
    return letter


def store_letter(letter: Letter, content: bytes, sender: str, *, is_whole: bool = True) -> None:
    """Read the letter, seal it as it came with what was read in it, and insert its row.

    One of which only the beginning could be had (``is_whole`` False) says so.
    """
    found, enclosed = _read(content, letter.name)
    unsure = found.unsure + ["text"] * (not is_whole and "text" not in found.unsure)
    unsure += ["evidence"] * any(not file.is_intact for file in enclosed)
    reading = {
        **found.as_json(),
        "unsure": unsure,
        "text": found.text,
        "files": [_file_shown(file) for file in enclosed],
    }
    key = letter.data_key = sealing.new_data_key(now=letter.kept_at)
    row = (LETTER_TABLE, letter.pk)
    letter.raw_sealed = sealing.seal_bytes(key, row=row, field="raw", data=content)
    letter.sender_sealed = sealing.seal(key, row=row, field="sender", text=sender)
    letter.reading_sealed = sealing.seal_json(key, row=row, field="reading", value=reading)
    letter.kind, letter.language, letter.regime = found.kind.value, found.language[:10], found.regime[:10]
    letter.sha256 = hashlib.sha256(content).hexdigest()
    letter.save(force_insert=True)


def _read(content: bytes, name: str) -> tuple[Reading, list[Enclosed]]:
    """Return what is read in a letter and what came with it; what breaks the reader is kept too, for a person to read."""
    try:
        return read(content, name=name), enclosed_in(content)
    except Exception as fault:  # noqa: BLE001 - no letter is lost, and no mailbox stopped, by what somebody wrote
        log.error("a letter could not be read", extra={"error": type(fault).__name__})
        return unread(content, name), []


def _file_shown(file: Enclosed) -> dict[str, object]:
    digest = hashlib.sha256(file.data).hexdigest()
    return {"name": files.safe_name(file.name), "size": len(file.data), "sha256": digest, "is_intact": file.is_intact}


def _require_fits(content: bytes) -> None:
    if len(content) > rules.LONGEST_MAIL_BYTES:
        raise TooLarge(_("A mail with its files may have at most ten million bytes."))
    if is_too_large(content):
        raise TooLarge(_("A letter may have at most one million bytes."))


def _require_text(content: bytes) -> None:
    """Raise Invalid for bytes that show that they are no letter: a picture, a PDF, a program, whatever the name says."""
    if not is_letter(content) or (files.media_type_of(content) not in LETTER_TYPES and not is_mail(content)):
        raise invalid("/file", "type", _("Give the letter as text, as a web page or as an e-mail (.eml)."))
    if content.lstrip()[:5] in (b"<?xml", b"<!DOC") and declares_entities(content[:_LOOKED_AT].decode("latin-1")):
        raise invalid(
            "/file", "entities", _("This XML declares a document type or entities of its own: it is not read.")
        )


def keep_enclosed(letter: Letter, *, subject: str, purpose: str, room: int, by: Actor, now: dt.datetime) -> None:
    """Make the files that came with a letter part of a matter, at most so many; what is not taken stays in the letter.

    A file of a kind that is not taken, and one in which something was found, is left out. Raises Unavailable where
    files should be looked at and nobody does.
    """
    kept = []
    for file in enclosed_in(letter_bytes_of(letter))[: max(0, room)]:
        try:
            stored = files.store(data=file.data, name=file.name, by=by, now=now)
        except (Invalid, TooLarge):
            continue
        kept += [stored.pk] if stored.state == FileState.CLEAN else []
    files.attach(file_ids=kept, subject=subject, purpose=purpose, by=by, pointer="/evidence", now=now)


@action("complaint.filed_from_letter")
def complaint_from_letter(
    *, letter_id: UUID, by: Account, regime: str, notice: Notice, language: str = "", now: dt.datetime
) -> Complaint:
    """File what a letter says, as a handler confirmed or corrected it; return the complaint, which keeps the letter.

    The day on which the letter was received stays with the letter. Raises Conflict when it was filed already.
    """
    letter = letter_for(by, letter_id, lock=True)
    if letter.complaint is not None:
        raise Conflict(_("This letter was filed already, as %(ref)s.") % {"ref": letter.complaint.reference})
    law = regime_of(regime, now)
    check_bounds(law, notice)
    complaint = Complaint(complainant=None, language=language or letter.language, confirmed_at=now)
    complaint.missing = missing_of(law, notice)
    complaint.state = state_of(complaint.missing)
    complaint.claimant_index = claimant_index_of(notice.contact.get("email") or "")
    known = known_of(letter.provider, notice.items)
    insert(*compose(complaint=complaint, known=known, notice=notice, regime=law, now=now))
    complete(complaint)
    refuse_repetition(complaint)
    letter.complaint = complaint
    letter.save(update_fields=["complaint"])
    if complaint.state == State.DEFECTIVE:
        begin_cure(complaint, now)
    attach_evidence(complaint, notice, by, now)
    room = rules.MOST_FILES - len(notice.evidence)
    keep_enclosed(letter, subject=complaint.reference, purpose="evidence", room=room, by=by, now=now)
    note_completeness(complaint, now, since=letter.received_at)
    facts = {**facts_of(complaint, notice, Side.HANDLER), "letter": str(letter.pk)}
    record(subject=complaint.reference, provider=letter.provider.code, by=by, facts=facts, now=now)
    return complaint
