"""What packages take from the ledger: entries with their proofs, the checkpoint, the key, the portal's signature.

Whoever calls it has checked who asks.
"""

import base64
import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from core.errors import Unavailable
from ledger import access, keys, merkle, package, packages, proofs, sealing
from ledger.models import Checkpoint, Leaf
from ledger.tree import StoredTree

SEALED_WITHIN = dt.timedelta(seconds=5)
LOOK_EVERY_SECONDS = 0.1
# Whoever waits only for another collector, or another sealer, is well within it.
LONGEST_WAIT = "10s"


def require_sealed_soon(entry_id: UUID, now: dt.datetime) -> None:
    """Return once the entry is in the tree, helping the sealer along; Unavailable when that takes more than 5 s.

    Within somebody's transaction it only waits: a checkpoint must not be published before it is committed.
    """
    until = time.monotonic() + SEALED_WITHIN.total_seconds()
    while not Leaf.objects.filter(entry_id=entry_id).exists():
        if not connection.in_atomic_block:
            _seal(now)
        if time.monotonic() > until:
            access.require_sealed(entry_id)
        if not Leaf.objects.filter(entry_id=entry_id).exists():
            time.sleep(LOOK_EVERY_SECONDS)


def require_all_sealed_soon(entries: Sequence[UUID], now: dt.datetime) -> None:
    """Return once all these entries are in the tree; raises as above."""
    sealed = set(Leaf.objects.filter(entry_id__in=entries).values_list("entry_id", flat=True))
    for entry_id in entries:
        if entry_id not in sealed:
            require_sealed_soon(entry_id, now)


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


def json_bytes(value: Mapping[str, object]) -> bytes:
    """Return the object as the JSON that packages hold."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def proof_files(entry_id: UUID) -> dict[str, bytes]:
    """Return entry, proof, checkpoint and key: against the first checkpoint that has the entry, so they stay the same."""
    leaf = Leaf.objects.select_related("entry").get(entry_id=entry_id)
    checkpoint = _first_with(leaf)
    return {
        packages.ENTRY: proofs.leaf_data(leaf.entry),
        packages.PROOF: json_bytes(_proof(leaf, checkpoint)),
        **_checkpoint_files(checkpoint),
    }


def proofs_of(entries: Sequence[UUID]) -> tuple[list[bytes], list[dict[str, Any]], dict[str, bytes]]:
    """Return the bytes of the sealed entries in the ledger's order, the proof of each, and checkpoint and key.

    All lead to the first checkpoint that has the last of them, so they stay the same as long as no entry is added.
    """
    leaves = list(Leaf.objects.select_related("entry").filter(entry_id__in=entries).order_by("index"))
    checkpoint = _first_with(leaves[-1])
    data = [proofs.leaf_data(leaf.entry) for leaf in leaves]
    return data, [_proof(leaf, checkpoint) for leaf in leaves], _checkpoint_files(checkpoint)


def _first_with(leaf: Leaf) -> Checkpoint:
    return Checkpoint.objects.filter(tree_size__gt=leaf.index).order_by("tree_size")[0]


def _proof(leaf: Leaf, checkpoint: Checkpoint) -> dict[str, Any]:
    hashes = merkle.inclusion_proof(leaf.index, checkpoint.tree_size, StoredTree().node_at)
    return {
        "index": leaf.index,
        "tree_size": checkpoint.tree_size,
        "leaf_hash": base64.b64encode(bytes(leaf.leaf_hash)).decode(),
        "hashes": [base64.b64encode(value).decode() for value in hashes],
    }


def _checkpoint_files(checkpoint: Checkpoint) -> dict[str, bytes]:
    verifiers = keys.own_verifiers()
    named = sorted({str(verifiers[key_id]) for key_id in (checkpoint.key_id, keys.signer().key_id)})
    return {
        packages.CHECKPOINT: checkpoint.note.encode(),
        packages.VERIFIER: "".join(f"{line}\n" for line in named).encode(),
    }


def signed(context: str, reference: str, tags: Mapping[str, bytes]) -> bytes:
    """Return a C2SP signed note over the digests of the tag files; its first line keeps it apart from a checkpoint."""
    text = packages.signed_text(context, reference, tags)
    signer = keys.signer()
    encoded = base64.b64encode(signer.verifier.key_hash + signer.sign(text.encode())).decode()
    return f"{text}\n{packages.SIGNATURE_LINE}{signer.verifier.name} {encoded}\n".encode()


def packed(
    *, kind: packages.Kind, reference: str, payload: Mapping[str, bytes], info: Sequence[tuple[str, str]], readme: str
) -> bytes:
    """Return the signed package of this kind; the same things always give the same bytes."""
    tags = package.tags_of(payload, info=package.info_text(payload, info), readme=readme.encode())
    tags[package.SIGNATURE] = signed(kind.context, reference, tags)
    return package.zipped(package.Bag(f"{reference}{kind.ending}", tags, payload))
