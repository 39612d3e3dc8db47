"""Letters that came outside the portal: kept as they came, read, and filed as the notice that a person made of them."""

import datetime as dt
import hashlib
from uuid import UUID

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import letter_for
from complaints.access.opening import LETTER_TABLE
from complaints.actions.filing import attach_evidence, facts_of, state_of
from complaints.actions.mending import begin_cure
from complaints.actions.notice import Notice, check_bounds, missing_of, regime_of, store_notice
from complaints.letters import is_text, read
from complaints.models import Complaint, Letter
from complaints.rules import Side, State
from core import files, sealing
from core.errors import Conflict, TooLarge, invalid
from ledger.acts import action, record
from verification.access import require_staff
from verification.models import Account, Organisation
from verification.rules import Role

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

    Raises Invalid when it is empty, no text or from the future, TooLarge above a million bytes.
    """
    require_staff(by, provider, Role.HANDLER)
    if not content.strip():
        raise invalid("/text", "required", _("The letter is empty."))
    if len(content) > rules.LONGEST_LETTER_BYTES:
        raise TooLarge(_("A letter may have at most one million bytes."))
    _require_text(content)
    came_at = received_at or now
    if came_at > now:
        raise invalid("/received_at", "future", _("A letter cannot have come later than now."))
    found = read(content, name=name)
    reading = {**found.as_json(), "text": found.text}
    key = sealing.new_data_key(now=now)
    letter = Letter(provider=provider, data_key=key, name=name[:120], received_at=came_at, kept_at=now, kept_by=by)
    row = (LETTER_TABLE, letter.pk)
    letter.raw_sealed = sealing.seal_bytes(key, row=row, field="raw", data=content)
    letter.sender_sealed = sealing.seal(key, row=row, field="sender", text=sender)
    letter.reading_sealed = sealing.seal_json(key, row=row, field="reading", value=reading)
    letter.kind, letter.language, letter.regime = found.kind.value, found.language[:10], found.regime[:10]
    letter.sha256 = hashlib.sha256(content).hexdigest()
    letter.save(force_insert=True)
    facts = {"as": Side.HANDLER.value, "kind": letter.kind, "digest": sealing.keyed_digest("letter", letter.sha256)}
    record(subject=f"letter:{letter.pk}", provider=provider.code, by=by, facts=facts, now=now)
    return letter


def _require_text(content: bytes) -> None:
    """Raise Invalid for bytes that show that they are no letter: a picture, a PDF, a program, whatever the name says."""
    if files.media_type_of(content) not in LETTER_TYPES or not is_text(content):
        raise invalid("/file", "type", _("Give the letter as text, as a web page or as an e-mail (.eml)."))


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
    law = regime_of(regime)
    check_bounds(law, notice)
    complaint = Complaint(complainant=None, language=language or letter.language, confirmed_at=now)
    complaint.state = state_of(missing_of(law, notice))
    store_notice(complaint=complaint, provider=letter.provider, notice=notice, regime=law, now=now)
    letter.complaint = complaint
    letter.save(update_fields=["complaint"])
    if complaint.state == State.DEFECTIVE:
        begin_cure(complaint, now)
    attach_evidence(complaint, notice, by, now)
    facts = {**facts_of(complaint, notice, Side.HANDLER), "letter": str(letter.pk)}
    record(subject=complaint.reference, provider=letter.provider.code, by=by, facts=facts, now=now)
    return complaint
