"""Proofs about the sealed record, for programs and packages: that an entry is in it, that it was only added to."""

import base64
import uuid
from collections.abc import Sequence
from typing import TypedDict

from django.utils.translation import gettext as _

from core.errors import NotFound, Unavailable
from ledger import canonical, keys, merkle
from ledger.models import Checkpoint, Entry, Leaf
from ledger.tree import StoredTree, newest_checkpoint


class InclusionProof(TypedDict):
    """That the leaf stands at `index` of the tree of the checkpoint; hashes in base64, lowest sibling first."""

    index: int
    tree_size: int
    leaf_hash: str
    hashes: list[str]
    checkpoint: str


class ConsistencyProof(TypedDict):
    """That the tree of `second` entries begins with the tree of `first`; hashes in base64, in RFC 9162's order."""

    first: int
    second: int
    hashes: list[str]
    checkpoint: str


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(value).decode() for value in hashes]


def checkpoint() -> Checkpoint:
    """Return the newest checkpoint; raises Unavailable before the first sealing."""
    found = newest_checkpoint()
    if found is None:
        raise Unavailable(_("The ledger has no checkpoint yet; ask again in a second."))
    return found


def verifier_key() -> str:
    """Return the public key that checks the ledger's notes, as C2SP signed-note writes it, with a newline."""
    return f"{keys.signer().verifier}\n"


def inclusion(entry_id: uuid.UUID) -> InclusionProof:
    """Return the proof that the entry is in the tree of the newest checkpoint.

    Raises NotFound for an unknown entry, Unavailable for one that is not sealed yet: it will be in about a second.
    """
    leaf = Leaf.objects.filter(entry_id=entry_id).first()
    if leaf is None:
        if not Entry.objects.filter(pk=entry_id).exists():
            raise NotFound
        raise Unavailable(_("This entry is not sealed yet; ask again in a second."))
    newest = checkpoint()
    hashes = merkle.inclusion_proof(leaf.index, newest.tree_size, StoredTree().node_at)
    return {
        "index": leaf.index,
        "tree_size": newest.tree_size,
        "leaf_hash": base64.b64encode(bytes(leaf.leaf_hash)).decode(),
        "hashes": _encoded(hashes),
        "checkpoint": newest.note,
    }


def consistency(first: int, second: int) -> ConsistencyProof:
    """Return the proof between two sizes of the ledger; raises NotFound for sizes that it does not have."""
    newest = checkpoint()
    if not 0 < first <= second <= newest.tree_size:
        raise NotFound
    hashes = merkle.consistency_proof(first, second, StoredTree().node_at)
    return {"first": first, "second": second, "hashes": _encoded(hashes), "checkpoint": newest.note}


def leaf_data(entry: Entry) -> bytes:
    """Return the bytes whose leaf hash is in the tree: what a package must hold to prove an entry's content."""
    return canonical.entry_leaf_bytes(entry.row)
