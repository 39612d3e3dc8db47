"""What a package holds, made from the rows, the sealed ledger entry and the opened contact details.

Whoever calls ``package_of`` has authorized it and records it: nothing here asks who does.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.conf import settings

from core.files import sha256_of
from core.sealing import Plain
from core.times import rfc3339
from investigations import records, rules
from investigations.models import Disclosure, Investigation
from investigations.rules import Category
from investigations.verifying import ENDING, SIGNATURE_CONTEXT
from ledger import package, packing
from ledger.canonical import instant
from ledger.models import Entry

README_TEXT = """\
This is a disclosure package of {portal}, for request {reference}.

What is in it
  data/disclosure.json             the data that was authorized, and nothing else; null: the provider does not hold it
  data/authorization.json          what was asked, assessed and decided, with the digests that bind them together
  data/documents.json              the hashes of the documents on which the request rests
  data/custody.json                what happened with the request, act by act, as the ledger has it
  data/ledger/entry.json           the ledger's entry about this disclosure, byte for byte
  data/ledger/inclusion-proof.json the proof (RFC 9162) that the entry stands in the ledger
  data/ledger/checkpoint.txt       the signed state of the ledger (C2SP tlog-checkpoint) to which the proof leads
  data/ledger/verifier.txt         the public key; get it from the portal too: a key that comes along proves nothing
  signature.txt                    the portal's signature over the manifest and the files beside it

How to check it
  In this folder:   sha256sum -c tagmanifest-sha256.txt && sha256sum -c manifest-sha256.txt
  Everything:       python manage.py verify_package FILE.zip --key VERIFIER_KEY   (offline, with the portal's program)
  It is a BagIt bag (RFC 8493); any BagIt tool can validate it.

What you may do with it
  The data is given for the stated purpose and on the stated legal basis only. Do not use it for anything else, do not
  pass it on without a legal ground, and do not use it to disturb the person's peace. The person is told of this
  disclosure, at once or when a recorded ground for waiting has ended.
"""


def package_of(investigation: Investigation, disclosure: Disclosure, contact: Mapping[str, Plain]) -> bytes:
    """Return the package; the same rows and details always give the same bytes."""
    payload = {
        "disclosure.json": packing.json_bytes(_disclosed(investigation, disclosure, contact)),
        "authorization.json": packing.json_bytes(_approvals(investigation, disclosure)),
        "documents.json": packing.json_bytes(_documents(investigation)),
        "custody.json": packing.json_bytes(_custody(investigation, disclosure)),
        **packing.proof_files(disclosure.ledger_entry),
    }
    return package.zipped(_bag(investigation, disclosure, payload))


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of the package's bytes."""
    return hashlib.sha256(data).hexdigest()


def _disclosed(investigation: Investigation, disclosure: Disclosure, contact: Mapping[str, Plain]) -> dict[str, object]:
    values: dict[str, object] = {}
    for category in disclosure.authorization.categories:
        values[category] = contact[category].reveal() if category in contact else None
        if category == Category.UPLOAD_TIMES:
            content = investigation.content.order_by("external_id")
            values[category] = {one.external_id: rfc3339(one.registered_at) for one in content}
    return {"request": investigation.reference, "disclosure": str(disclosure.pk), "categories": values}


def _approvals(investigation: Investigation, disclosure: Disclosure) -> dict[str, object]:
    authorization = disclosure.authorization
    return {
        "request": records.request_record(investigation, records.asked_of(investigation)),
        "request_digest": investigation.request_digest,
        "assessment": records.assessment_record(investigation, authorization.assessment),
        "assessment_digest": authorization.assessment.digest,
        "authorization": records.authorization_record(investigation, authorization),
        "authorization_digest": authorization.digest,
        "disclosure": records.disclosure_record(investigation, disclosure),
        "disclosure_digest": disclosure.digest,
        "legal_basis": {"code": investigation.legal_basis, "article": investigation.basis.article},
    }


def _documents(investigation: Investigation) -> dict[str, object]:
    salt = records.salt_of(investigation.reference)
    digests = [sha256_of(file) for file in records.documents_of(investigation)]
    listed = [{"sha256": digest, "commitment": rules.commitment(salt, digest)} for digest in digests]
    return {"salt": salt, "documents": listed}


def _custody(investigation: Investigation, disclosure: Disclosure) -> dict[str, object]:
    entries = Entry.objects.filter(subject=investigation.reference, pk__lte=disclosure.ledger_entry).order_by("pk")
    listed = [
        {"at": instant(entry.at), "act": entry.act, "by": entry.actor.partition(":")[0], "entry": str(entry.pk)}
        for entry in entries
    ]
    return {"request": investigation.reference, "acts": listed}


def _bag(investigation: Investigation, disclosure: Disclosure, payload: Mapping[str, bytes]) -> package.Bag:
    reference = investigation.reference
    info = package.info_text(
        payload,
        (
            ("Source-Organization", investigation.provider.code),
            ("Bagging-Date", f"{disclosure.made_at.astimezone(dt.UTC):%Y-%m-%d}"),
            ("External-Identifier", reference),
            ("Internal-Sender-Identifier", str(disclosure.pk)),
        ),
    )
    readme = README_TEXT.format(portal=settings.PORTAL_NAME, reference=reference).encode()
    tags = package.tags_of(payload, info=info, readme=readme)
    tags[package.SIGNATURE] = signed(reference, tags)
    return package.Bag(f"{reference}{ENDING}", tags, payload)


def signed(reference: str, tags: Mapping[str, bytes]) -> bytes:
    """Return the portal's signature over the digests of the tag files."""
    return packing.signed(SIGNATURE_CONTEXT, reference, tags)
