"""What leaves the house, or does not: making a delivery ready, collecting it once, doing it anew, revoking, expiring.

Proof comes first: a delivery is made ready once its authorization is sealed, and collected once it is sealed itself.
"""

import datetime as dt

from django.utils.translation import gettext as _

from core import clocks
from core.actors import Actor
from core.errors import Conflict, Gone
from hosting.access import contact_of
from hosting.models import CONTACT_FIELDS, Subscriber
from investigations import access, evidence, records, rules
from investigations.actions import steps
from investigations.models import Authorization, Disclosure, Investigation, SubjectNotice
from investigations.rules import Decision, DisclosureState, State
from ledger import packing
from ledger.acts import action, record
from verification.access import require_second_factor
from verification.models import Account


def disclose(*, reference: str, by: Account, now: dt.datetime) -> Disclosure:
    """Make what was authorized ready for its recipient, once the authorization is sealed in the ledger.

    Raises Denied, StepUpRequired, Conflict, and Unavailable where the ledger cannot be sealed or written.
    """
    investigation = access.get_for(by, reference)
    access.require_discloser(by, investigation)
    require_second_factor(by, now)
    rules.check_move(investigation.state, State.DISCLOSED)
    packing.require_sealed_soon(_authorized(investigation).ledger_entry, now)
    with steps.unless_unwritable():
        return _disclose(reference=reference, by=by, now=now)


@action("investigation.disclosed")
def _disclose(*, reference: str, by: Account, now: dt.datetime) -> Disclosure:
    investigation = access.get_for(by, reference, lock=True)
    if investigation.state != State.AUTHORIZED:
        text = _("This was delivered before; making it ready again is a decision of its own, with reasons.")
        raise Conflict(text, state=investigation.state)
    return _make_ready(investigation, by, now, reasons="")


def reissue(*, reference: str, reasons: str, by: Account, now: dt.datetime) -> Disclosure:
    """Make a delivery ready again that was lost or not collected in time: a recorded decision of an authorizer.

    Raises as ``disclose``; Conflict also while one is still ready to be collected.
    """
    investigation = access.get_for(by, reference)
    access.require_authorizer(by, investigation)
    require_second_factor(by, now)
    if investigation.state not in (State.COLLECTED, State.EXPIRED):
        raise Conflict(_("There is no ended delivery to make ready again."), state=investigation.state)
    packing.require_sealed_soon(_authorized(investigation).ledger_entry, now)
    with steps.unless_unwritable():
        return _reissue(reference=reference, reasons=reasons, by=by, now=now)


@action("investigation.reissued")
def _reissue(*, reference: str, reasons: str, by: Account, now: dt.datetime) -> Disclosure:
    investigation = access.get_for(by, reference, lock=True)
    if investigation.state not in (State.COLLECTED, State.EXPIRED):
        raise Conflict(_("There is no ended delivery to make ready again."), state=investigation.state)
    return _make_ready(investigation, by, now, reasons=reasons)


def _authorized(investigation: Investigation) -> Authorization:
    authorization = access.authorization_of(investigation)
    if authorization is None or authorization.decision != Decision.AUTHORIZE:
        raise Conflict(_("The present request is not authorized."), state=investigation.state)
    return authorization


def _make_ready(investigation: Investigation, by: Account, now: dt.datetime, *, reasons: str) -> Disclosure:
    """Add the delivery and its clock, record it, and bring the request to ``disclosed``."""
    rules.check_move(investigation.state, State.DISCLOSED)
    authorization = _authorized(investigation)
    steps.require_unchanged(investigation)
    access.require_still_recipient(investigation, now)
    steps.other_person(by, now, investigation.requester_person_index)
    made = Disclosure(investigation=investigation, authorization=authorization, made_by=by, made_at=now)
    made.expires_at, made.is_reissue = rules.collection_ends(now), bool(reasons)
    if reasons:
        records.seal_text(investigation, made, "reasons", reasons)
    made.digest = rules.digest_of(records.disclosure_record(investigation, made))
    facts = records.disclosure_facts(investigation, made)
    if reasons:
        facts["reasons"] = records.keyed(investigation.reference, "reasons", reasons)
    provider = investigation.provider.code
    made.ledger_entry = record(subject=investigation.reference, provider=provider, by=by, facts=facts, now=now).pk
    made.save(force_insert=True)
    steps.move(investigation, State.DISCLOSED)
    clocks.start(
        matter=investigation.reference,
        name=steps.COLLECTION,
        action="investigation.collection_due",
        due_at=made.expires_at,
        now=now,
        basis={"source": "House rule", "length": 7, "unit": "days"},
    )
    return made


def collect(*, reference: str, by: Account, now: dt.datetime) -> bytes:
    """Return the package, once, to the requester itself with a fresh second factor.

    Raises Gone when it was collected, revoked or has expired; Unavailable, with nothing used up, where the ledger
    cannot be sealed or written. The bytes exist outside of here only after everything about them is committed.
    """
    investigation = access.get_for(by, reference)
    access.require_requester(by, investigation)
    require_second_factor(by, now)
    packing.require_sealed_soon(_collectable(investigation, now).ledger_entry, now)
    with steps.unless_unwritable():
        return _collect(reference=reference, by=by, now=now)


def _collectable(investigation: Investigation, now: dt.datetime) -> Disclosure:
    disclosure = access.latest_disclosure(investigation)
    if disclosure is None:
        raise Conflict(_("There is nothing to collect yet."), state=investigation.state)
    if disclosure.state != DisclosureState.READY:
        raise Gone(code=str(disclosure.state.value))
    if disclosure.expires_at <= now:
        raise Gone(code="expired")
    return disclosure


@action("investigation.collected")
def _collect(*, reference: str, by: Account, now: dt.datetime) -> bytes:
    investigation = access.get_for(by, reference, lock=True)
    access.require_requester(by, investigation)
    disclosure = _collectable(investigation, now)
    access.require_still_recipient(investigation, now)
    steps.require_unchanged(investigation)
    _consume(disclosure, now)
    purpose = f"disclosure {reference} under {investigation.legal_basis}"
    fields = [field for field in CONTACT_FIELDS if field in disclosure.authorization.categories]
    subject = _subject(investigation)
    contact = contact_of(subject, fields=fields, by=by, purpose=purpose, now=now) if fields else {}
    data = evidence.package_of(investigation, disclosure, contact)
    facts = records.disclosure_facts(investigation, disclosure)
    facts["disclosure_entry"] = str(disclosure.ledger_entry)
    facts["package"] = records.keyed(reference, "package", evidence.sha256_hex(data))
    facts["is_subject_told"] = _owe_notice(investigation, disclosure.authorization, now)
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    steps.move(investigation, State.COLLECTED)
    steps.stop_clock(investigation, steps.COLLECTION, "collected", now)
    access.note_access(by, investigation, "package", now)
    return data


def _subject(investigation: Investigation) -> Subscriber:
    if investigation.subscriber is None:
        raise Conflict(state=investigation.state)
    return investigation.subscriber


def _consume(disclosure: Disclosure, now: dt.datetime) -> None:
    """Use the delivery up; Gone when somebody else was first."""
    live = Disclosure.objects.filter(pk=disclosure.pk, collected_at__isnull=True, revoked_at__isnull=True)
    live = live.filter(expired_at__isnull=True, voided_at__isnull=True, expires_at__gt=now)
    if live.update(collected_at=now) != 1:
        raise Gone


def _owe_notice(investigation: Investigation, authorization: Authorization, now: dt.datetime) -> bool:
    """Tell the uploader of this authorization, or start the clock that will; return whether it was told now.

    Once for an authorization, however often it is delivered.
    """
    if SubjectNotice.objects.filter(authorization=authorization).exists():
        return False
    due_at = max(now, investigation.notify_subject_after or now)
    is_told = due_at == now
    notice = SubjectNotice(investigation=investigation, authorization=authorization, disclosed_at=now, due_at=due_at)
    notice.subscriber, notice.told_at = _subject(investigation), now if is_told else None
    records.seal_text(investigation, notice, "recipient", access.name_of_recipient(investigation, now))
    notice.save(force_insert=True)
    if not is_told:
        clocks.start(
            matter=investigation.reference,
            name=f"{steps.TELLING}:{authorization.pk}",
            action="investigation.telling_due",
            due_at=due_at,
            now=now,
            basis={"source": investigation.basis.telling_source},
        )
    return is_told


@action("investigation.revoked")
def revoke(*, reference: str, reasons: str, by: Account, now: dt.datetime) -> Investigation:
    """Take back what was authorized, before it is collected; whoever collects at the same moment comes too late.

    Raises Denied for others than the provider's authorizers, Conflict once it was collected.
    """
    investigation = access.get_for(by, reference, lock=True)
    access.require_authorizer(by, investigation)
    rules.check_move(investigation.state, State.REVOKED)
    live = access.live_disclosure(investigation, lock=True)
    if live is not None:
        live.revoked_at = now
        live.save(update_fields=["revoked_at"])
    records.seal_text(investigation, investigation, "revocation_reasons", reasons)
    steps.move(investigation, State.REVOKED)
    steps.stop_clock(investigation, steps.COLLECTION, "revoked", now)
    facts = {
        "disclosure": str(live.pk) if live is not None else None,
        "reasons": records.keyed(reference, "reasons", reasons),
    }
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    return investigation


@action("investigation.expired")
def expire(*, reference: str, by: Actor, now: dt.datetime) -> Investigation:
    """End a delivery that was not collected in time."""
    investigation = access.matter_of_clock(reference)
    live = access.live_disclosure(investigation, lock=True)
    if live is None:
        raise Conflict(state=investigation.state)
    live.expired_at = now
    live.save(update_fields=["expired_at"])
    steps.move(investigation, State.EXPIRED)
    facts = {"disclosure": str(live.pk)}
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    return investigation


@action("investigation.subject_told")
def tell_subject(*, reference: str, by: Actor, now: dt.datetime) -> SubjectNotice:
    """Let the uploader know what was disclosed about it; a follower then mails it."""
    investigation = access.matter_of_clock(reference)
    notice = access.untold_notice(investigation, now)
    if notice is None:
        raise Conflict(state=investigation.state)
    notice.told_at = now
    notice.save(update_fields=["told_at"])
    facts = {
        "notice": str(notice.pk),
        "authorization": str(notice.authorization_id),
        "is_delayed": notice.due_at > notice.disclosed_at,
    }
    record(subject=reference, provider=investigation.provider.code, by=by, facts=facts, now=now)
    return notice
