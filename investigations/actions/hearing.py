"""Acts by which the uploader is heard before anything is decided."""

import datetime as dt

from django.utils.translation import gettext as _

from core import clocks
from core.actors import Actor
from core.errors import Conflict
from investigations import access, records, rules
from investigations.actions import steps
from investigations.models import Consultation
from investigations.rules import State
from ledger.acts import action, record
from verification.models import Account


@action("investigation.consulted")
def consult(*, reference: str, message: str, by: Account, now: dt.datetime) -> Consultation:
    """Ask the uploader what it thinks of the request, of which it sees a masked copy, and give it time.

    Raises Denied for others than the provider's reviewers; Conflict while a delay is asked for, because asking tells.
    """
    investigation = access.get_for(by, reference, lock=True)
    access.require_reviewer(by, investigation)
    steps.other_person(by, now, investigation.requester_person_index)
    rules.check_move(investigation.state, State.CONSULTING)
    if investigation.notify_subject_after is not None:
        text = _("The request asks for the uploader to be told later, so it cannot be asked now.")
        raise Conflict(text, state=investigation.state, code="confidential")
    if access.consultation_of(investigation) is not None:
        text = _("The uploader was asked about this request already.")
        raise Conflict(text, state=investigation.state, code="heard_already")
    consultation = Consultation(investigation=investigation, request_digest=investigation.request_digest)
    consultation.asked_by, consultation.asked_at, consultation.due_at = by, now, rules.hearing_ends(now)
    records.seal_text(investigation, consultation, "message", message)
    if investigation.basis.needs_consent:
        records.seal_text(investigation, consultation, "recipient", access.name_of_recipient(investigation, now))
    consultation.save(force_insert=True)
    steps.move(investigation, State.CONSULTING)
    clocks.start(
        matter=reference,
        name=steps.HEARING,
        action="investigation.hearing_due",
        due_at=consultation.due_at,
        now=now,
        basis={"source": investigation.basis.hearing_source or "House rule", "length": 14, "unit": "days"},
    )
    facts = {"consultation": str(consultation.pk), "request_digest": investigation.request_digest}
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    return consultation


@action("investigation.statement_given")
def give_statement(
    *, reference: str, statement: str, has_consented: bool, by: Account, now: dt.datetime
) -> Consultation:
    """Keep what the uploader says, once, and whether it consents to the disclosure; the assessment then goes on.

    Raises NotFound for whoever is not the uploader that was asked, Conflict when the time for it is over.
    """
    consultation = access.own_consultation(by, reference)
    investigation = access.matter_of_clock(reference)
    consultation.refresh_from_db()
    is_present = consultation.request_digest == investigation.request_digest
    if investigation.state != State.CONSULTING or consultation.ended_at is not None or not is_present:
        raise Conflict(_("This was answered already, or the time for it is over."), code="hearing_ended")
    records.seal_text(investigation, consultation, "statement", statement)
    consultation.has_consented, consultation.answered_at, consultation.ended_at = has_consented, now, now
    consultation.save()
    steps.move(investigation, State.ASSESSING)
    steps.stop_clock(investigation, steps.HEARING, "answered", now)
    facts = {
        "consultation": str(consultation.pk),
        "statement": records.keyed(reference, "statement", f"{has_consented}\n{statement}"),
    }
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    return consultation


@action("investigation.hearing_ended")
def end_hearing(*, reference: str, by: Actor, now: dt.datetime) -> Consultation:
    """Let the assessment go on, because the uploader did not answer in time. Silence is no consent."""
    investigation = access.matter_of_clock(reference)
    consultation = access.consultation_of(investigation)
    if consultation is None or consultation.ended_at is not None:
        raise Conflict(state=investigation.state)
    consultation.ended_at = now
    consultation.save(update_fields=["ended_at"])
    steps.move(investigation, State.ASSESSING)
    facts = {"consultation": str(consultation.pk)}
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    return consultation
