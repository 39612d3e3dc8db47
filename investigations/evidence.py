"""What a package holds, made from the rows, the sealed ledger entry and the opened contact details.

Whoever calls ``package_of`` has authorized it and records it: nothing here asks who does.
"""

import base64
import datetime as dt
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from core.errors import Unavailable
from core.files import sha256_of
from core.sealing import Plain
from core.times import rfc3339
from investigations import package, records, rules
from investigations.models import Disclosure, Investigation
from investigations.rules import Category
from ledger import access as ledger_access
from ledger import keys, merkle, proofs, sealing
from ledger.canonical import instant
from ledger.models import Checkpoint, Entry, Leaf
from ledger.tree import StoredTree

SEALED_WITHIN = dt.timedelta(seconds=5)
LOOK_EVERY_SECONDS = 0.1
# Whoever waits only for another collector, or another sealer, is well within it.
LONGEST_WAIT = "10s"
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


def require_sealed_soon(entry_id: UUID, now: dt.datetime) -> None:
    """Return once the entry is in the tree, helping the sealer along; Unavailable when that takes more than 5 s.

    Within somebody's transaction it only waits: a checkpoint must not be published before it is committed.
    """
    until = time.monotonic() + SEALED_WITHIN.total_seconds()
    while not Leaf.objects.filter(entry_id=entry_id).exists():
        if not connection.in_atomic_block:
            _seal(now)
        if time.monotonic() > until:
            ledger_access.require_sealed(entry_id)
        if not Leaf.objects.filter(entry_id=entry_id).exists():
            time.sleep(LOOK_EVERY_SECONDS)


@contextmanager
def bounded_waits() -> Iterator[None]:
    """Let whatever waits for a lock in this block give up: a locked ledger must not hold the caller for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LONGEST_WAIT])
    try:
        yield
    finally:
        # In a broken transaction it cannot be said, and need not be: rolling back takes the setting along.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _seal(now: dt.datetime) -> None:
    try:
        with bounded_waits():
            sealing.seal(now)
    except (DatabaseError, sealing.TamperedTree):
        raise Unavailable(_("The ledger cannot be sealed at the moment; nothing was changed.")) from None


def package_of(investigation: Investigation, disclosure: Disclosure, contact: Mapping[str, Plain]) -> bytes:
    """Return the package; the same rows and details always give the same bytes."""
    payload = {
        "disclosure.json": _json(_disclosed(investigation, disclosure, contact)),
        "authorization.json": _json(_approvals(investigation, disclosure)),
        "documents.json": _json(_documents(investigation)),
        "custody.json": _json(_custody(investigation, disclosure)),
        **_proof(disclosure.ledger_entry),
    }
    return package.zipped(_bag(investigation, disclosure, payload))


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of the package's bytes."""
    return hashlib.sha256(data).hexdigest()


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


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


def _proof(entry_id: UUID) -> dict[str, bytes]:
    """Return entry, proof, checkpoint and key: against the first checkpoint that has the entry, so they stay the same."""
    leaf = Leaf.objects.select_related("entry").get(entry_id=entry_id)
    checkpoint = Checkpoint.objects.filter(tree_size__gt=leaf.index).order_by("tree_size")[0]
    hashes = merkle.inclusion_proof(leaf.index, checkpoint.tree_size, StoredTree().node_at)
    proof = {
        "index": leaf.index,
        "tree_size": checkpoint.tree_size,
        "leaf_hash": base64.b64encode(bytes(leaf.leaf_hash)).decode(),
        "hashes": [base64.b64encode(value).decode() for value in hashes],
    }
    verifiers = keys.own_verifiers()
    named = sorted({str(verifiers[key_id]) for key_id in (checkpoint.key_id, keys.signer().key_id)})
    return {
        "ledger/entry.json": proofs.leaf_data(leaf.entry),
        "ledger/inclusion-proof.json": _json(proof),
        "ledger/checkpoint.txt": checkpoint.note.encode(),
        "ledger/verifier.txt": "".join(f"{line}\n" for line in named).encode(),
    }


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
    return package.Bag(f"{reference}-disclosure", tags, payload)


def signed(reference: str, tags: Mapping[str, bytes]) -> bytes:
    """Return a C2SP signed note over the digests of the tag files; its first line keeps it apart from a checkpoint."""
    listed = package.manifest({path: tags[path] for path in package.SIGNED_TAGS}).decode()
    text = f"{package.SIGNATURE_CONTEXT}\n{reference}\n{listed}"
    signer = keys.signer()
    encoded = base64.b64encode(signer.verifier.key_hash + signer.sign(text.encode())).decode()
    return f"{text}\n\u2014 {signer.verifier.name} {encoded}\n".encode()
