"""The acts on real-name identities: submitted by their owner, decided by a person, ended by change, time or erasure."""

import datetime as dt
import json
import os
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from core import clocks, files, sealing
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Invalid, NotFound, Problem, invalid
from core.models import StoredFile
from core.sealing import Plain
from ledger.acts import action, record
from verification import access, documents, rules
from verification.access.identities import DOCUMENT, FIELDS, KEPT_STATES, TABLE
from verification.models import Account, Identity, Membership
from verification.rules import Decision, IdentityState, Level, Role

REVIEW = "identity review"
CLOCK = "identity_expiry"
CLOCK_ACTION = "identity.expire"


@dataclass(frozen=True)
class Address:
    """A postal address as it is written in its country."""

    country: str
    lines: tuple[str, ...]
    postal_code: str = ""
    locality: str = ""


@dataclass(frozen=True)
class Submitted:
    """What somebody hands in to be identified by; nothing of it is kept unsealed but kind, type and country."""

    kind: str
    legal_name: str = field(repr=False)
    document_type: str
    document_number: str = field(repr=False)
    document_country: str
    document_expires_on: dt.date | None
    postal_address: Address = field(repr=False)
    phone: str = field(repr=False)
    file_ids: tuple[UUID, ...] = ()


@action("identity.submitted")
def submit_identity(*, provider: str, submitted: Submitted, by: Account, now: dt.datetime) -> Identity:
    """Return the new identity, sealed, for the provider's reviewers.

    Another name or document than the verified one ends the verified status at once (promise A5). What waited for a
    review is replaced. Raises Invalid, pointing at what cannot be right.
    """
    organisation = access.provider(provider)
    number, phone = check_submitted(submitted, now)
    Account.objects.select_for_update().get(pk=by.pk)
    identity = _sealed(submitted, number=number, phone=phone, now=now)
    identity.account, identity.provider = by, organisation
    replaced = _end_what_it_replaces(identity, now)
    identity.save(force_insert=True)
    subject = access.reference_of(identity)
    file_ids = list(submitted.file_ids)
    files.attach(file_ids=file_ids, subject=subject, purpose=DOCUMENT, by=by, pointer="/documents", now=now)
    facts = {
        "kind": identity.kind,
        "document_type": identity.document_type,
        "document_country": identity.document_country,
        "document": sealing.keyed_digest("identity", bytes(identity.person_index).hex()),
        "files": [str(file_id) for file_id in file_ids],
        "ended": [access.reference_of(one) for one in replaced],
    }
    record(subject=subject, provider=organisation.code, by=by, facts=facts, now=now)
    return identity


def check_submitted(submitted: Submitted, now: dt.datetime) -> tuple[str, str]:
    """Return document number and telephone in their one spelling; Invalid with everything that cannot be right."""
    kind, country = submitted.kind, submitted.document_country
    problems: list[Problem] = []
    number = phone = ""
    try:
        number = documents.number_of(kind, submitted.document_type, country, submitted.document_number)
    except Invalid as error:
        problems += error.problems
    try:
        phone = documents.phone_of(submitted.phone, submitted.postal_address.country)
    except Invalid as error:
        problems += error.problems
    ends = submitted.document_expires_on
    if ends is not None and ends < now.date():
        problems.append(Problem("/document/expires_on", "expired", _("This document has expired.")))
    if len(set(submitted.file_ids)) != len(submitted.file_ids):
        problems.append(Problem("/documents", "twice", _("Name each file once.")))
    if problems:
        raise Invalid(problems)
    return number, phone


def _sealed(submitted: Submitted, *, number: str, phone: str, now: dt.datetime) -> Identity:
    key = sealing.new_data_key(now=now)
    identity = Identity(data_key=key, kind=submitted.kind, state=IdentityState.SUBMITTED, submitted_at=now)
    identity.document_type, identity.document_country = submitted.document_type, submitted.document_country
    identity.document_expires_on = submitted.document_expires_on
    row = (TABLE, identity.pk)
    texts = {"legal_name": submitted.legal_name, "document_number": number, "phone": phone}
    for name, text in texts.items():
        setattr(identity, f"{name}_sealed", sealing.seal(key, row=row, field=name, text=text))
    address = vars(submitted.postal_address) | {"lines": list(submitted.postal_address.lines)}
    identity.postal_address_sealed = sealing.seal_json(key, row=row, field="postal_address", value=address)
    document = json.dumps([submitted.document_type, submitted.document_country, number])
    identity.person_index = sealing.blind_index("person", document)
    identity.name_index = sealing.blind_index("legal_name", documents.folded(submitted.legal_name))
    return identity


def _end_what_it_replaces(new: Identity, now: dt.datetime) -> list[Identity]:
    held = Identity.objects.select_for_update().filter(account=new.account)
    waiting = held.filter(provider=new.provider, state=IdentityState.SUBMITTED)
    verified = held.filter(state=IdentityState.VERIFIED)
    is_same = {"person_index": new.person_index, "name_index": new.name_index, "kind": new.kind}
    ended = [*waiting.order_by("pk"), *verified.exclude(**is_same).order_by("pk")]
    for identity in ended:
        _end(identity, IdentityState.WITHDRAWN, now)
    return ended


def _end(identity: Identity, state: IdentityState, now: dt.datetime) -> None:
    rules.check_move(identity.state, state)
    identity.state, identity.ended_at = state, now
    identity.save(update_fields=["state", "ended_at"])
    clocks.stop(matter=access.reference_of(identity), because=state.value, now=now)


@action("identity.opened")
def open_identity(*, identity_id: UUID, by: Account, now: dt.datetime) -> dict[str, Plain]:
    """Return the fields of an identity for its reviewer; the person reads in their account that it was opened.

    Raises Conflict when it does not wait for a review (any more).
    """
    identity = access.reviewable(by, identity_id, lock=True)
    access.require_can_decide(by, identity, now)
    _require_under_review(identity)
    sealing.record_opening(key=identity.data_key, fields=FIELDS, by=by, purpose=REVIEW, now=now)
    subject = access.reference_of(identity)
    facts = {"fields": sorted(FIELDS), "purpose": REVIEW}
    record(subject=subject, provider=identity.provider.code, by=by, facts=facts, now=now)
    return access.plain_of(identity)


def _require_under_review(identity: Identity) -> None:
    if identity.state != IdentityState.SUBMITTED:
        raise Conflict(_("It is opened for the review only, and that is over."), state=identity.state)


@action("identity.document_opened")
def open_document(*, identity_id: UUID, file: StoredFile, by: Account, now: dt.datetime) -> bytes:
    """Return the bytes of a document for its reviewer; the person reads in their account that it was opened.

    Raises Conflict when the identity does not wait for a review (any more).
    """
    identity = access.reviewable(by, identity_id, lock=True)
    access.require_can_decide(by, identity, now)
    _require_under_review(identity)
    sealing.record_opening(key=file.data_key, fields=["document"], by=by, purpose=REVIEW, now=now)
    subject = access.reference_of(identity)
    record(subject=subject, provider=identity.provider.code, by=by, facts={"file": str(file.pk)}, now=now)
    return files.content_of(file)


@action("identity.reviewed")
def review_identity(
    *,
    identity_id: UUID,
    decision: str,
    level: str,
    method: str,
    evidence: str,
    reasons: str,
    by: Account,
    now: dt.datetime,
) -> Identity:
    """Return the identity, verified (with level, method and evidence) or refused (with reasons), by a person.

    A person without any role becomes a rights holder when verified: what they may do then follows from what they own.
    """
    identity = access.reviewable(by, identity_id, lock=True)
    access.require_can_decide(by, identity, now)
    wanted = IdentityState.VERIFIED if Decision(decision) is Decision.VERIFY else IdentityState.REFUSED
    rules.check_move(identity.state, wanted)
    identity.state, identity.reviewed_at, identity.reviewed_by = wanted, now, by
    identity.level, identity.method, identity.evidence, identity.reasons = level, method, evidence, reasons
    if wanted is IdentityState.VERIFIED:
        _verify(identity, now)
    elif not reasons.strip():
        raise invalid("/reasons", "required", _("Say why it is refused: its owner is told, and can put it right."))
    else:
        identity.level, identity.ended_at = "", now
    identity.save()
    facts = {"decision": decision, "level": identity.level, "method": sealing.keyed_digest("method", method)}
    if identity.expires_at is not None:
        facts["expires_at"] = identity.expires_at.isoformat()
    record(subject=access.reference_of(identity), provider=identity.provider.code, by=by, facts=facts, now=now)
    return identity


def _verify(identity: Identity, now: dt.datetime) -> None:
    problems = []
    if identity.level not in Level.values:
        problems.append(Problem("/level", "level", _("Say how sure it is: basic, substantial or high.")))
    if not identity.method.strip():
        problems.append(Problem("/method", "required", _("Say how it was checked.")))
    if not identity.evidence.strip():
        problems.append(Problem("/evidence", "required", _("Say what was seen.")))
    ends = identity.document_expires_on
    if ends is not None and ends < now.date():
        problems.append(Problem("/decision", "expired", _("The document has expired; it cannot be verified by it.")))
    if problems:
        raise Invalid(problems)
    held = Identity.objects.select_for_update().filter(account=identity.account_id, provider=identity.provider_id)
    for earlier in held.filter(state=IdentityState.VERIFIED).order_by("pk"):
        _end(earlier, IdentityState.WITHDRAWN, now)
    identity.expires_at = rules.verified_until(now, identity.level, ends)
    due_at, matter = identity.expires_at, access.reference_of(identity)
    clocks.start(matter=matter, name=CLOCK, action=CLOCK_ACTION, due_at=due_at, now=now)
    if not Membership.objects.filter(account=identity.account_id, ended_at__isnull=True).exists():
        holder = {"account_id": identity.account_id, "role": Role.RIGHTS_HOLDER}
        Membership.objects.create(**holder, granted_at=now, granted_by=SYSTEM.ledger_reference)


@action("identity.withdrawn")
def withdraw_identity(*, by: Account, now: dt.datetime) -> Identity:
    """Return the account's own current identity, withdrawn: it counts for nothing from now on.

    Raises NotFound when there is none, Conflict when the newest is at its end already.
    """
    Account.objects.select_for_update().get(pk=by.pk)
    current = access.current_identity(by, now)
    if current is None:
        raise NotFound
    identity = Identity.objects.select_for_update(of=("self",)).select_related("provider").get(pk=current.pk)
    _end(identity, IdentityState.WITHDRAWN, now)
    record(subject=access.reference_of(identity), provider=identity.provider.code, by=by, facts={}, now=now)
    return identity


@action("identity.expired")
def expire_identity(*, identity_id: UUID, by: Actor, now: dt.datetime) -> Identity:
    """Return the identity, whose time has run out; it counts no more until it is verified anew."""
    found = Identity.objects.select_for_update(of=("self",)).select_related("provider").filter(pk=identity_id).first()
    if found is None:
        raise NotFound
    _end(found, IdentityState.EXPIRED, now)
    record(subject=access.reference_of(found), provider=found.provider.code, by=by, facts={}, now=now)
    return found


@action("identity.erased")
def erase_identities(*, by: Account, now: dt.datetime) -> int:
    """Erase everything that the account ever submitted, by destroying its keys, and return how many identities.

    What others decided on it stays recorded, without anything that says who it was. Raises NotFound when nothing is there.
    """
    Account.objects.select_for_update().get(pk=by.pk)
    held = Identity.objects.select_for_update(of=("self",)).select_related("data_key")
    kept = list(held.filter(account=by, state__in=KEPT_STATES).order_by("pk"))
    if not kept:
        raise NotFound
    for identity in kept:
        _erase(identity, now)
    facts = {"identities": [access.reference_of(identity) for identity in kept]}
    record(subject=by.ledger_reference, provider="", by=by, facts=facts, now=now)
    return len(kept)


def _erase(identity: Identity, now: dt.datetime) -> None:
    rules.check_move(identity.state, IdentityState.ERASED)
    for file in access.documents_of(identity):
        sealing.destroy(file.data_key, now=now)
    sealing.destroy(identity.data_key, now=now)
    for name in FIELDS:
        setattr(identity, f"{name}_sealed", b"")
    # Random, so that the same document handed in again shows no connection.
    identity.person_index, identity.name_index = os.urandom(32), os.urandom(32)
    identity.document_expires_on = None
    identity.evidence = identity.reasons = identity.method = ""
    identity.state, identity.ended_at = IdentityState.ERASED, now
    identity.save()
    clocks.stop(matter=access.reference_of(identity), because=IdentityState.ERASED.value, now=now)
