"""What is approved, written down so that it can be hashed: the request, the assessment, the decision, the delivery.

References and keyed digests only. The same rows always give the same record, so whoever holds an approval can see
whether it is still about what is asked now.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core import files, sealing
from core.actors import Actor
from core.models import StoredFile
from core.times import rfc3339
from hosting.models import Content, Subscriber
from investigations import rules
from investigations.bases import Basis
from investigations.models import Assessment, Authorization, Disclosure, Investigation
from verification.models import Identity, Organisation

if TYPE_CHECKING:
    from complaints.models import Complaint


@dataclass(frozen=True)
class Asked:
    """What a request asks, with everything looked up: the one form from which rows and records are made."""

    provider: Organisation
    basis: Basis
    organisation: Organisation | None
    identity: Identity
    complaint: "Complaint | None"
    content: Sequence[Content]
    subscriber: Subscriber | None
    categories: list[str]
    purpose: str
    necessity: str
    documents: Sequence[StoredFile]
    notify_subject_after: dt.datetime | None
    confidentiality_ground: str

    @property
    def needs_approval_abroad(self) -> bool:
        """Whether data would leave the PRC for a foreign proceeding."""
        return rules.needs_approval_abroad(regime=self.basis.regime, provider_country=self.provider.country)

    @property
    def is_complained_about(self) -> bool:
        """Whether the complaint that is named is about all of this content: only then is it the notice of it."""
        if self.complaint is None:
            return False
        named = {item.content_id for item in self.complaint.items.all()}
        return all(content.pk in named for content in self.content)

    @property
    def missing(self) -> list[rules.Missing]:
        """What the request lacks."""
        given = rules.Given(
            has_complaint=self.is_complained_about,
            content=len(self.content),
            categories=len(self.categories),
            documents=len(self.documents),
            has_purpose=bool(self.purpose.strip()),
            has_necessity=bool(self.necessity.strip()),
            needs_approval_abroad=self.needs_approval_abroad,
        )
        return rules.missing(self.basis, given)


def sealed_text(investigation: Investigation, row: Any, field: str) -> str:
    """Return the text of a sealed field of the matter or one of its rows; whoever calls this has checked who asks."""
    place = (row._meta.db_table, row.pk)
    sealed = getattr(row, f"{field}_sealed")
    return sealing.open_sealed(investigation.data_key, row=place, field=field, sealed=sealed).reveal()


def seal_text(investigation: Investigation, row: Any, field: str, text: str) -> None:
    """Seal a text into a field of the matter or one of its rows."""
    place = (row._meta.db_table, row.pk)
    setattr(row, f"{field}_sealed", sealing.seal(investigation.data_key, row=place, field=field, text=text))


def documents_of(investigation: Investigation) -> list[StoredFile]:
    """Return the request's present documents, in the order in which they were given."""
    by_id = {str(file.pk): file for file in files.attached_to(investigation.reference, "request")}
    return [by_id[pk] for pk in investigation.documents]


def asked_of(investigation: Investigation) -> Asked:
    """Return what the request asks now."""
    ground = investigation.confidentiality_ground_sealed
    return Asked(
        provider=investigation.provider,
        basis=investigation.basis,
        organisation=investigation.organisation,
        identity=investigation.identity,
        complaint=investigation.complaint,
        content=list(investigation.content.order_by("pk")),
        subscriber=investigation.subscriber,
        categories=investigation.categories,
        purpose=sealed_text(investigation, investigation, "purpose"),
        necessity=sealed_text(investigation, investigation, "necessity"),
        documents=documents_of(investigation),
        notify_subject_after=investigation.notify_subject_after,
        confidentiality_ground=sealed_text(investigation, investigation, "confidentiality_ground") if ground else "",
    )


def keyed(reference: str, what: str, text: str) -> str:
    """Return a digest of the text that only says something to whoever holds our key, and only within one matter."""
    return sealing.keyed_digest(f"investigation|{reference}|{what}", text)


def person(reference: str, actor: Actor) -> str:
    """Return the name that stands for an account in this matter's records: not to be followed to another matter."""
    return f"person:{keyed(reference, 'person', actor.ledger_reference)[:32]}"


def salt_of(reference: str) -> str:
    """Return 256 bits in hex that only the matter's package tells: they keep the hashes in the ledger from guessing."""
    return keyed(reference, "salt", reference)


def document_commitments(reference: str, documents: Sequence[StoredFile]) -> list[str]:
    """Return the documents' salted hashes: who has the package can check them, the ledger alone tells nothing."""
    salt = salt_of(reference)
    return [rules.commitment(salt, files.sha256_of(file)) for file in documents]


def request_record(investigation: Investigation, asked: Asked) -> dict[str, object]:
    """Return the record of the request: what the approvals are bound to."""
    reference, after = investigation.reference, asked.notify_subject_after
    return {
        "reference": reference,
        "revision": investigation.revision,
        "provider": asked.provider.code,
        "capacity": investigation.capacity,
        "requester": person(reference, investigation.requester),
        "requester_identity": keyed(reference, "identity", str(asked.identity.pk)),
        "organisation": asked.organisation.code if asked.organisation else None,
        "regime": asked.basis.regime,
        "legal_basis": asked.basis.code,
        "legal_basis_version": asked.basis.version,
        "complaint": asked.complaint.reference if asked.complaint else None,
        "content": sorted(content.external_id for content in asked.content),
        "subject": keyed(reference, "subject", str(asked.subscriber.pk)) if asked.subscriber else None,
        "categories": asked.categories,
        "purpose": keyed(reference, "purpose", asked.purpose),
        "necessity": keyed(reference, "necessity", asked.necessity),
        "documents": document_commitments(reference, asked.documents),
        "notify_subject_after": rfc3339(after) if after else None,
        "confidentiality_ground": keyed(reference, "ground", asked.confidentiality_ground) if after else None,
    }


def assessment_record(investigation: Investigation, assessment: Assessment) -> dict[str, object]:
    """Return the record of an assessment."""
    reference = investigation.reference
    return {
        "request_digest": assessment.request_digest,
        "recommendation": assessment.recommendation,
        "categories": assessment.categories,
        "reasons": keyed(reference, "reasons", sealed_text(investigation, assessment, "reasons")),
        "balance": keyed(reference, "balance", sealed_text(investigation, assessment, "balance")),
        "by": person(reference, assessment.by),
        "at": rfc3339(assessment.at),
    }


def authorization_record(investigation: Investigation, authorization: Authorization) -> dict[str, object]:
    """Return the record of a decision."""
    reference = investigation.reference
    return {
        "id": str(authorization.pk),
        "request_digest": authorization.request_digest,
        "assessment_digest": authorization.assessment.digest,
        "decision": authorization.decision,
        "categories": authorization.categories,
        "reasons": keyed(reference, "reasons", sealed_text(investigation, authorization, "reasons")),
        "by": person(reference, authorization.by),
        "at": rfc3339(authorization.at),
    }


def disclosure_record(investigation: Investigation, disclosure: Disclosure) -> dict[str, object]:
    """Return the record of a delivery."""
    authorization = disclosure.authorization
    return {
        "id": str(disclosure.pk),
        "authorization_digest": authorization.digest,
        "recipient": person(investigation.reference, investigation.requester),
        "categories": authorization.categories,
        "made_at": rfc3339(disclosure.made_at),
        "expires_at": rfc3339(disclosure.expires_at),
    }


def disclosure_facts(investigation: Investigation, disclosure: Disclosure) -> dict[str, object]:
    """Return what the ledger keeps of a delivery: request, basis, document hashes, two approvers, recipient, fields."""
    reference, authorization = investigation.reference, disclosure.authorization
    return {
        "request": reference,
        "request_digest": investigation.request_digest,
        "legal_basis": investigation.legal_basis,
        "legal_basis_version": investigation.basis_version,
        "documents": document_commitments(reference, documents_of(investigation)),
        "assessor": person(reference, authorization.assessment.by),
        "authorizer": person(reference, authorization.by),
        "recipient": person(reference, investigation.requester),
        "categories": authorization.categories,
        "authorization": str(authorization.pk),
        "authorization_digest": authorization.digest,
        "disclosure": str(disclosure.pk),
        "disclosure_digest": disclosure.digest,
        "expires_at": rfc3339(disclosure.expires_at),
    }
