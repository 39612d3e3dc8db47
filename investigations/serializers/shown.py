"""What is shown of a request, to whom: nothing here opens the uploader's contact details."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from complaints import regimes
from core import files
from core.times import rfc3339
from investigations import access, bases, records
from investigations.bases import Basis
from investigations.rules import Missing

if TYPE_CHECKING:
    from complaints.models import CounterNotice
    from core.models import Clock
    from investigations.models import (
        Access,
        Assessment,
        Authorization,
        Consultation,
        Disclosure,
        Investigation,
        SubjectNotice,
    )


def basis(one: Basis) -> dict[str, Any]:
    """Return a legal basis as the list of bases shows it."""
    return {
        "code": one.code,
        "version": one.version,
        "regime": one.regime,
        "capacity": one.capacity.value,
        "title": str(one.title),
        "article": one.article,
        "summary": str(one.summary),
        "documents": [
            {"code": d.code, "label": str(d.label), "source": d.source, "in_complaint": d.is_in_complaint}
            for d in one.documents
        ],
        "categories": [category.value for category in one.categories],
        "hears_subject": one.hears_subject,
        "hearing_source": one.hearing_source,
        "needs_consent": one.needs_consent,
        "telling": str(one.telling),
        "telling_source": one.telling_source,
        "may_delay_telling": bool(one.delay_grounds),
        "delay_grounds": [{"code": g.code, "label": str(g.label), "source": g.source} for g in one.delay_grounds],
        "needs_approval_abroad": one.regime != "cn",
        "unsure": [str(words) for words in one.unsure],
    }


def all_bases() -> list[dict[str, Any]]:
    """Return every legal basis in its newest version."""
    return [basis(one) for one in bases.current()]


def missing(lacking: list[Missing]) -> list[dict[str, str]]:
    """Return what a request lacks."""
    return [{"element": one.element, "source": one.source, "detail": str(one.detail)} for one in lacking]


def clock(one: "Clock") -> dict[str, str]:
    """Return a running clock."""
    return {"name": one.name.partition(":")[0], "due_at": rfc3339(one.due_at), "state": one.state}


def brief(investigation: "Investigation") -> dict[str, Any]:
    """Return a request as a list shows it."""
    return {
        "reference": investigation.reference,
        "state": investigation.state,
        "provider": investigation.provider.code,
        "capacity": investigation.capacity,
        "regime": investigation.regime,
        "legal_basis": investigation.legal_basis,
        "filed_at": rfc3339(investigation.filed_at),
    }


def matter(investigation: "Investigation", seat: str) -> dict[str, Any]:
    """Return the whole request for its requester, or for staff in the role that ``seat`` names."""
    asked = records.asked_of(investigation)
    after = asked.notify_subject_after
    answer = brief(investigation) | {
        "legal_basis_version": asked.basis.version,
        "complaint": asked.complaint.reference if asked.complaint else None,
        "content": [one.external_id for one in asked.content],
        "categories": asked.categories,
        "purpose": asked.purpose,
        "necessity": asked.necessity,
        "documents": [_file(file) for file in asked.documents],
        "notify_subject_after": rfc3339(after) if after else None,
        "confidentiality_ground": asked.confidentiality_ground or None,
        "missing": missing(asked.missing),
        "clocks": [clock(one) for one in access.clocks_of(investigation)],
        "revision": investigation.revision,
        "request_digest": investigation.request_digest,
    }
    return answer | _approvals(investigation, seat)


def _file(file: Any) -> dict[str, Any]:
    return {
        "id": str(file.pk),
        "name": files.name_of(file),
        "size": file.size_bytes,
        "sha256": files.sha256_of(file),
        "media_type": file.media_type,
        "state": file.state,
    }


def _approvals(investigation: "Investigation", seat: str) -> dict[str, Any]:
    """Return hearing, assessment, decision and delivery. The requester sees what was decided, not what was advised."""
    heard, advised = access.consultation_of(investigation), access.assessment_of(investigation)
    decided, delivery = access.authorization_of(investigation), access.latest_disclosure(investigation)
    is_requester = seat == access.REQUESTER
    shown_hearing = hearing(heard) if heard is not None else None
    if heard is not None and not is_requester:
        shown_hearing = hearing_for_staff(investigation, heard)
    return {
        "consultation": shown_hearing,
        "assessment": assessment(investigation, advised) if advised is not None and not is_requester else None,
        "authorization": decision(investigation, decided) if decided is not None else None,
        "disclosure": disclosure(delivery) if delivery is not None else None,
    }


def hearing(one: "Consultation") -> dict[str, Any]:
    """Return when the uploader was asked and answered, and nothing of what it said."""
    answered = one.answered_at
    return {
        "asked_at": rfc3339(one.asked_at),
        "due_at": rfc3339(one.due_at),
        "answered_at": rfc3339(answered) if answered else None,
    }


def hearing_for_staff(investigation: "Investigation", one: "Consultation") -> dict[str, Any]:
    """Return also what the uploader was told and said."""
    return hearing(one) | {
        "message": records.sealed_text(investigation, one, "message"),
        "statement": records.sealed_text(investigation, one, "statement") if one.answered_at else None,
        "consents": one.has_consented,
    }


def assessment(investigation: "Investigation", one: "Assessment") -> dict[str, Any]:
    """Return the reviewer's advice."""
    return {
        "id": str(one.pk),
        "recommendation": one.recommendation,
        "categories": one.categories,
        "reasons": records.sealed_text(investigation, one, "reasons"),
        "balance": records.sealed_text(investigation, one, "balance"),
        "digest": one.digest,
        "at": rfc3339(one.at),
    }


def decision(investigation: "Investigation", one: "Authorization") -> dict[str, Any]:
    """Return the decision with its reasons."""
    return {
        "id": str(one.pk),
        "decision": one.decision,
        "categories": one.categories,
        "reasons": records.sealed_text(investigation, one, "reasons"),
        "digest": one.digest,
        "ledger_entry": str(one.ledger_entry),
        "at": rfc3339(one.at),
    }


def disclosure(one: "Disclosure") -> dict[str, Any]:
    """Return where a delivery stands."""
    return {
        "id": str(one.pk),
        "digest": one.digest,
        "expires_at": rfc3339(one.expires_at),
        "state": one.state.value,
        "ledger_entry": str(one.ledger_entry),
    }


def looked(one: "Access") -> dict[str, Any]:
    """Return who looked into the matter, by role."""
    return {"who": one.as_role, "what": one.what, "at": rfc3339(one.at)}


def requester_named(one: "Consultation") -> str:
    """Return what the uploader is told of who asks: the role, and the name only where consent to just it is asked."""
    investigation = one.investigation
    if one.recipient_sealed is not None:
        return records.sealed_text(investigation, one, "recipient")
    return str(investigation.get_capacity_display())


def masked(one: "Consultation") -> dict[str, Any]:
    """Return the copy of the request that the uploader sees: what is asked and on what ground, not by whom in person.

    Where consent is asked for, the law has the recipient named (PIPL art. 23).
    """
    investigation = one.investigation
    ground = investigation.basis
    answered = one.answered_at
    return {
        "reference": investigation.reference,
        "provider": investigation.provider.code,
        "requester": requester_named(one),
        "legal_basis": {"code": ground.code, "title": str(ground.title), "article": ground.article},
        "categories": investigation.categories,
        "content": sorted(content.external_id for content in investigation.content.all()),
        "message": records.sealed_text(investigation, one, "message"),
        "asks_for_consent": ground.needs_consent,
        "asked_at": rfc3339(one.asked_at),
        "due_at": rfc3339(one.due_at),
        "answered_at": rfc3339(answered) if answered else None,
        "open": one.ended_at is None,
    }


def notice(one: "SubjectNotice") -> dict[str, Any]:
    """Return what was disclosed about the uploader, to whom, on what ground, and why it is told later if it is."""
    investigation = one.investigation
    ground = investigation.basis
    is_delayed = one.due_at > one.disclosed_at
    why = records.sealed_text(investigation, investigation, "confidentiality_ground") if is_delayed else None
    assert one.told_at is not None
    return {
        "id": str(one.pk),
        "reference": investigation.reference,
        "provider": investigation.provider.code,
        "recipient": records.sealed_text(investigation, one, "recipient"),
        "recipient_role": "requester",
        "capacity": investigation.capacity,
        "legal_basis": {"code": ground.code, "title": str(ground.title), "article": ground.article},
        "categories": one.authorization.categories,
        "disclosed_at": rfc3339(one.disclosed_at),
        "told_at": rfc3339(one.told_at),
        "delayed": is_delayed,
        "delay_ground": why or None,
        "ledger_entry": str(one.authorization.ledger_entry),
    }


def told(one: Any) -> dict[str, Any]:
    """Return a disclosure of the uploader's data: on a request for it, or with a counter-notice that was forwarded."""
    return forwarded(one) if hasattr(one, "complaint_id") else notice(one)


def forwarded(one: "CounterNotice") -> dict[str, Any]:
    """Return what went to the complainant with a counter-notice, as `notice` does; it was said before it was filed."""
    complaint = one.complaint
    law = regimes.at_version(complaint.regime, complaint.regime_version).counter
    assert law is not None
    assert one.disclosed_at is not None
    return {
        "id": str(one.pk),
        "reference": complaint.reference,
        "provider": complaint.provider.code,
        "recipient": _("The complainant"),
        "recipient_role": "complainant",
        "capacity": complaint.capacity,
        "legal_basis": {
            "code": f"{complaint.regime}.counter_notice",
            "title": _("A counter-notice that was forwarded"),
            "article": law.discloses_source,
        },
        "categories": list(law.discloses),
        "disclosed_at": rfc3339(one.disclosed_at),
        "told_at": rfc3339(one.received_at),
        "delayed": False,
        "delay_ground": None,
        "ledger_entry": str(one.recorded_in),  # type: ignore[attr-defined]  # `forwarded_contacts_of` adds it
    }
