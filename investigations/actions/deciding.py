"""The two approvals by two persons: the reviewer's assessment, and the authorizer's decision on it."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.errors import Conflict, invalid
from investigations import access, records, rules
from investigations.actions import steps
from investigations.models import Assessment, Authorization, Investigation
from investigations.rules import Decision, Recommendation, State
from ledger.acts import action, record
from verification.access import require_second_factor
from verification.models import Account


@action("investigation.assessed")
def assess(
    *,
    reference: str,
    recommendation: str,
    categories: Sequence[str],
    reasons: str,
    balance: str,
    by: Account,
    now: dt.datetime,
) -> Assessment:
    """Keep the reviewer's advice on the present request.

    Raises Denied for the requester in person, Conflict where the uploader must be heard first or something is missing
    (an incomplete request can only be advised against), Invalid for categories beyond those asked for.
    """
    investigation = access.get_for(by, reference, lock=True)
    access.require_reviewer(by, investigation)
    person = steps.other_person(by, now, investigation.requester_person_index)
    _require_assessable(investigation, recommendation)
    steps.require_unchanged(investigation)
    advised = _advised(investigation, recommendation, categories, balance)
    assessment = Assessment(
        investigation=investigation, request_digest=investigation.request_digest, recommendation=recommendation
    )
    assessment.categories, assessment.by, assessment.person_index, assessment.at = advised, by, person, now
    records.seal_text(investigation, assessment, "reasons", reasons)
    records.seal_text(investigation, assessment, "balance", balance)
    assessment.digest = rules.digest_of(records.assessment_record(investigation, assessment))
    assessment.save(force_insert=True)
    steps.move(investigation, State.RECOMMENDED)
    # Not what was advised: the requester reads this entry, and nothing is decided yet.
    facts = {
        "request_digest": investigation.request_digest,
        "assessment_digest": assessment.digest,
        "assessor": records.person(reference, by),
    }
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    return assessment


def _require_assessable(investigation: Investigation, recommendation: str) -> None:
    rules.check_move(investigation.state, State.RECOMMENDED)
    if recommendation == Recommendation.REFUSE:
        return
    if investigation.state == State.INCOMPLETE:
        raise Conflict(_("Something is missing in this request."), state=investigation.state)
    if investigation.basis.hears_subject:
        heard = access.consultation_of(investigation)
        if heard is None or heard.ended_at is None:
            text = _("On this legal basis the uploader must be heard first.")
            raise Conflict(text, state=investigation.state, code="hearing_needed")


def _advised(investigation: Investigation, recommendation: str, categories: Sequence[str], balance: str) -> list[str]:
    if recommendation == Recommendation.REFUSE:
        return []
    if not balance.strip():
        raise invalid("/balance", "required", _("Say how the interests of both sides were weighed."))
    advised = steps.narrowed(categories, investigation.categories)
    if not advised and recommendation == Recommendation.GRANT:
        return rules.in_order(investigation.categories)
    if not advised:
        raise invalid("/categories", "required", _("Say which data should be given."))
    return advised


@action("investigation.authorized")
def authorize(
    *, reference: str, categories: Sequence[str], reasons: str, by: Account, now: dt.datetime
) -> Authorization:
    """Allow the disclosure of these categories, as a third person with a fresh second factor.

    Raises Denied for the requester or assessor in person, StepUpRequired, Conflict when the request or its requester is
    not what was assessed or a needed consent is not there, Invalid for categories beyond those advised.
    """
    investigation, assessment, person = _before_deciding(reference, by, now)
    rules.check_move(investigation.state, State.AUTHORIZED)
    access.require_still_recipient(investigation, now)
    if investigation.basis.needs_consent:
        heard = access.consultation_of(investigation)
        if heard is None or not heard.has_consented:
            text = _("The uploader has not consented; without that this legal basis allows nothing.")
            raise Conflict(text, state=investigation.state, code="no_consent")
    allowed = steps.narrowed(categories, assessment.categories)
    if not allowed:
        raise invalid("/categories", "required", _("Say which data may be given; the assessment advises which."))
    return _decide(
        investigation,
        assessment,
        person=person,
        decision=Decision.AUTHORIZE,
        categories=allowed,
        reasons=reasons,
        by=by,
        now=now,
    )


@action("investigation.refused")
def refuse(*, reference: str, reasons: str, by: Account, now: dt.datetime) -> Authorization:
    """Refuse the request with reasons, as another person than the assessor, with a fresh second factor."""
    investigation, assessment, person = _before_deciding(reference, by, now)
    rules.check_move(investigation.state, State.REFUSED)
    return _decide(
        investigation,
        assessment,
        person=person,
        decision=Decision.REFUSE,
        categories=[],
        reasons=reasons,
        by=by,
        now=now,
    )


def _before_deciding(reference: str, by: Account, now: dt.datetime) -> tuple[Investigation, Assessment, bytes]:
    investigation = access.get_for(by, reference, lock=True)
    access.require_authorizer(by, investigation)
    require_second_factor(by, now)
    assessment = access.assessment_of(investigation)
    if assessment is None:
        raise Conflict(_("The present request was not assessed."), state=investigation.state)
    person = steps.other_person(by, now, investigation.requester_person_index, assessment.person_index)
    steps.require_unchanged(investigation)
    return investigation, assessment, person


def _decide(
    investigation: Investigation,
    assessment: Assessment,
    *,
    person: bytes,
    decision: Decision,
    categories: list[str],
    reasons: str,
    by: Account,
    now: dt.datetime,
) -> Authorization:
    made = Authorization(investigation=investigation, assessment=assessment, decision=decision, categories=categories)
    made.request_digest, made.by, made.at = investigation.request_digest, by, now
    made.requester_person_index = bytes(investigation.requester_person_index)
    made.assessor_person_index, made.authorizer_person_index = bytes(assessment.person_index), person
    records.seal_text(investigation, made, "reasons", reasons)
    made.digest = rules.digest_of(records.authorization_record(investigation, made))
    facts = {
        "decision": decision,
        "categories": categories,
        "request_digest": investigation.request_digest,
        "assessment_digest": assessment.digest,
        "authorization": str(made.pk),
        "authorization_digest": made.digest,
        "assessor": records.person(investigation.reference, assessment.by),
        "authorizer": records.person(investigation.reference, by),
    }
    provider = investigation.provider.code
    entry = record(subject=investigation.reference, provider=provider, by=by, facts=facts, now=now)
    made.ledger_entry = entry.pk
    made.save(force_insert=True)
    steps.move(investigation, State.AUTHORIZED if decision == Decision.AUTHORIZE else State.REFUSED)
    steps.stop_clock(investigation, steps.ANSWER, "decided", now)
    return made
