"""Acts on the request itself: filing, correcting, acknowledging, withdrawing."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from core import clocks, sealing
from core.actors import Actor
from core.limits import require_room
from investigations import access, records, rules
from investigations.actions import steps
from investigations.models import Investigation
from investigations.records import Asked
from investigations.rules import State
from ledger.acts import action, record
from verification.access import provider as provider_of_code
from verification.models import Account

CORRECTABLE = (
    "regime",
    "legal_basis",
    "complaint",
    "content",
    "categories",
    "purpose",
    "necessity",
    "documents",
    "notify_subject_after",
    "confidentiality_ground",
)
MOST_AN_HOUR = 120


@action("investigation.filed")
def file_request(
    *,
    provider: str,
    capacity: str,
    regime: str,
    legal_basis: str,
    given: Mapping[str, Any],
    by: Account,
    now: dt.datetime,
) -> Investigation:
    """Return the new request: ``filed``, or ``incomplete`` when something that the basis asks for is missing.

    ``given`` holds what can be corrected later (``CORRECTABLE``). Raises Denied for whoever is not verified in that
    capacity, Invalid for what is wrong.
    """
    seat = access.require_may_request(by, capacity, now)
    require_room(f"investigations:{by.pk}", limit=MOST_AN_HOUR, within=dt.timedelta(hours=1), now=now)
    house = provider_of_code(provider)
    basis = steps.basis_for(code=legal_basis, regime=regime, capacity=capacity)
    steps.check_delay_ahead(given, now)
    investigation = Investigation(
        provider=house, requester=by, capacity=capacity, filed_at=now, data_key=sealing.new_data_key(now=now)
    )
    reference = investigation.reference
    asked = steps.resolve(given, reference=reference, provider=house, basis=basis, seat=seat, by=by, now=now)
    _put_down(investigation, asked)
    _start_clocks(investigation, now)
    record(subject=reference, provider=house.code, by=by, facts=_facts(investigation, asked), now=now)
    return investigation


def _put_down(investigation: Investigation, asked: Asked) -> None:
    """Write what is asked into the row, with its digest and the state that follows from what is missing."""
    investigation.regime, investigation.legal_basis = asked.basis.regime, asked.basis.code
    investigation.basis_version = asked.basis.version
    investigation.identity, investigation.organisation = asked.identity, asked.organisation
    investigation.requester_person_index = bytes(asked.identity.person_index)
    investigation.complaint, investigation.subscriber = asked.complaint, asked.subscriber
    investigation.categories = asked.categories
    investigation.documents = [str(file.pk) for file in asked.documents]
    investigation.notify_subject_after = asked.notify_subject_after
    investigation.confidentiality_ground_sealed = None
    texts = {"purpose": asked.purpose, "necessity": asked.necessity}
    if asked.notify_subject_after is not None:
        texts["confidentiality_ground"] = asked.confidentiality_ground
    for field, text in texts.items():
        records.seal_text(investigation, investigation, field, text)
    investigation.request_digest = rules.digest_of(records.request_record(investigation, asked))
    investigation.state = State.INCOMPLETE if asked.missing else State.FILED
    investigation.save()
    investigation.content.set(asked.content)


def _start_clocks(investigation: Investigation, now: dt.datetime) -> None:
    zone = investigation.provider.time_zone
    clocks.start(
        matter=investigation.reference,
        name=steps.ACKNOWLEDGEMENT,
        action="investigation.acknowledgement_due",
        due_at=rules.acknowledge_by(now, regime=investigation.regime, zone=zone),
        now=now,
        basis={"source": "House rule", "length": 2, "unit": "working days"},
    )
    steps.start_answer_clock(investigation, now)


def _facts(investigation: Investigation, asked: Asked) -> dict[str, object]:
    return {
        "state": investigation.state,
        "capacity": investigation.capacity,
        "legal_basis": asked.basis.code,
        "legal_basis_version": asked.basis.version,
        "categories": asked.categories,
        "documents": records.document_commitments(investigation.reference, asked.documents),
        "complaint": asked.complaint.reference if asked.complaint else None,
        "missing": [missing.element for missing in asked.missing],
        "revision": investigation.revision,
        "request_digest": investigation.request_digest,
    }


@action("investigation.corrected")
def correct_request(*, reference: str, changes: Mapping[str, Any], by: Account, now: dt.datetime) -> Investigation:
    """Return the request with the changes. Whatever was assessed, decided or made ready before is void.

    Raises Denied for whoever did not make the request, Conflict once it was collected or has ended.
    """
    investigation = access.get_for(by, reference, lock=True)
    access.require_requester(by, investigation)
    rules.check_move(investigation.state, State.FILED)
    seat = access.require_may_request(by, investigation.capacity, now)
    steps.check_delay_ahead(changes, now)
    given = {**_present(investigation), **{name: changes[name] for name in CORRECTABLE if name in changes}}
    basis = steps.basis_for(code=given["legal_basis"], regime=given["regime"], capacity=investigation.capacity)
    house = investigation.provider
    asked = steps.resolve(given, reference=reference, provider=house, basis=basis, seat=seat, by=by, now=now)
    _void_what_followed(investigation, now)
    investigation.revision += 1
    _put_down(investigation, asked)
    steps.start_answer_clock(investigation, now)
    record(subject=reference, provider=house.code, by=by, facts=_facts(investigation, asked), now=now)
    return investigation


def _present(investigation: Investigation) -> dict[str, Any]:
    asked = records.asked_of(investigation)
    return {
        "regime": asked.basis.regime,
        "legal_basis": asked.basis.code,
        "complaint": asked.complaint.reference if asked.complaint else None,
        "content": [content.external_id for content in asked.content],
        "categories": asked.categories,
        "purpose": asked.purpose,
        "necessity": asked.necessity,
        "documents": [file.pk for file in asked.documents],
        "notify_subject_after": asked.notify_subject_after,
        "confidentiality_ground": asked.confidentiality_ground or None,
    }


def _void_what_followed(investigation: Investigation, now: dt.datetime) -> None:
    """End what was bound to the request as it was. Assessment and decision are void by their digest alone."""
    live = access.live_disclosure(investigation, lock=True)
    if live is not None:
        live.voided_at = now
        live.save(update_fields=["voided_at"])
    consultation = access.consultation_of(investigation)
    if consultation is not None and consultation.ended_at is None:
        consultation.ended_at = now
        consultation.save(update_fields=["ended_at"])
    for name in (steps.HEARING, steps.COLLECTION):
        steps.stop_clock(investigation, name, "request_corrected", now)


@action("investigation.acknowledged")
def acknowledge(*, reference: str, by: Actor, now: dt.datetime) -> Investigation:
    """Note that the requester was sent its receipt, with what is missing."""
    investigation = access.matter_of_clock(reference)
    investigation.acknowledged_at = now
    investigation.save(update_fields=["acknowledged_at"])
    steps.stop_clock(investigation, steps.ACKNOWLEDGEMENT, "acknowledged", now)
    record(subject=reference, provider=investigation.provider.code, by=by, facts={}, now=now)
    return investigation


@action("investigation.overdue")
def note_overdue(*, reference: str, clock: str, by: Actor, now: dt.datetime) -> Investigation:
    """Note that a clock ran out without the provider having done what it measures."""
    investigation = access.matter_of_clock(reference)
    investigation.overdue_at = now
    investigation.save(update_fields=["overdue_at"])
    facts = {"clock": clock, "state": investigation.state}
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    return investigation


@action("investigation.withdrawn")
def withdraw(*, reference: str, by: Account, now: dt.datetime) -> Investigation:
    """End the request at its requester's wish, before anything was collected."""
    investigation = access.get_for(by, reference, lock=True)
    access.require_requester(by, investigation)
    rules.check_move(investigation.state, State.WITHDRAWN)
    _void_what_followed(investigation, now)
    steps.move(investigation, State.WITHDRAWN)
    for name in (steps.ACKNOWLEDGEMENT, steps.ANSWER):
        steps.stop_clock(investigation, name, "withdrawn", now)
    record(subject=reference, provider=investigation.provider.code, by=by, facts={}, now=now)
    return investigation
