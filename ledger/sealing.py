"""The sealer: gives every new entry its place in the tree and signs what the tree has become."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from ledger import canonical, keys, merkle, notes, publishing, rules
from ledger.models import Checkpoint, Entry, Leaf, Node, Pending
from ledger.tree import StoredTree, newest_checkpoint

logger = logging.getLogger(__name__)

# "ledger" in ASCII: the one advisory lock under which sealers take turns.
SEALER_LOCK = 0x6C6564676572


class TamperedTree(RuntimeError):
    """The stored tree does not have the root of its newest checkpoint; nothing is sealed on top of it."""


def seal(now: datetime) -> int:
    """Seal every committed entry that waits, and publish the newest checkpoint; return how many were sealed.

    One sealer works at a time; a second waits its turn. Entries that the portal's key did not sign are set aside for
    `verify_ledger` to name. Raises TamperedTree when the stored tree is not the one that was signed.
    """
    sealed = 0
    while True:
        taken, added = _seal_batch(now)
        sealed += added
        if taken < rules.SEAL_BATCH:
            break
    publishing.publish(now)
    return sealed


@transaction.atomic
def _seal_batch(now: datetime) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
    last = newest_checkpoint()
    waiting = _waiting()
    genuine = _genuine(waiting, now)
    if genuine or last is None:
        _grow(genuine, last, now)
    done = [pending.pk for pending in waiting if pending.refused_at is None]
    if done:
        Pending.objects.filter(pk__in=done).delete()
    return len(waiting), len(genuine)


def _waiting() -> list[Pending]:
    return list(Pending.objects.filter(refused_at__isnull=True).order_by("pk")[: rules.SEAL_BATCH])


def _genuine(waiting: Sequence[Pending], now: datetime) -> list[Entry]:
    """Return the entries that the portal's key signed and that have no leaf yet; mark the foreign ones as refused."""
    ids = [pending.entry_id for pending in waiting]
    # Two look-ups by key, not a join: its plan would follow the statistics of a queue that is empty most of the time.
    entries = Entry.objects.in_bulk(ids)
    sealed = set(Leaf.objects.filter(entry_id__in=ids).values_list("entry_id", flat=True)) if ids else set()
    verifiers, genuine = keys.own_verifiers(), []
    for pending in waiting:
        entry = entries.get(pending.entry_id)
        if pending.entry_id in sealed:
            continue
        if entry is None:
            _refuse(pending, now)
            continue
        try:
            signed = canonical.entry_signed_bytes(entry.row)
            keys.require_signed(verifiers, entry.key_id, bytes(entry.signature), signed)
        except keys.WrongSignature:
            _refuse(pending, now)
        else:
            genuine.append(entry)
    return genuine


def _refuse(pending: Pending, now: datetime) -> None:
    logger.error(
        "an entry is gone, or not signed by this portal; it is not sealed", extra={"entry": str(pending.entry_id)}
    )
    pending.refused_at = now
    pending.save(update_fields=["refused_at"])


def _grow(genuine: Sequence[Entry], last: Checkpoint | None, now: datetime) -> None:
    frontier = _frontier(last)
    leaves, nodes = [], []
    for entry in genuine:
        leaf_hash = merkle.leaf_hash(canonical.entry_leaf_bytes(entry.row))
        leaves.append(Leaf(index=frontier.size, entry=entry, leaf_hash=leaf_hash))
        nodes += [Node(level=lv, index=ix, hash=value) for lv, ix, value in frontier.append(leaf_hash)]
    Leaf.objects.bulk_create(leaves)
    Node.objects.bulk_create(nodes)
    _sign(frontier, last, now).save(force_insert=True)


def _frontier(last: Checkpoint | None) -> merkle.Frontier:
    if last is None:
        return merkle.Frontier()
    frontier = merkle.Frontier(last.tree_size, StoredTree().node_at)
    if frontier.root() != bytes(last.root):
        raise TamperedTree("the stored tree is not the signed one: run verify_ledger")
    return frontier


def _sign(frontier: merkle.Frontier, last: Checkpoint | None, now: datetime) -> Checkpoint:
    signer, root = keys.signer(), frontier.root()
    previous = canonical.seal_link_bytes(last.row) if last is not None else b""
    checkpoint = Checkpoint(
        tree_size=frontier.size,
        root=root,
        note=notes.sign(notes.Checkpoint(signer.verifier.name, frontier.size, root), signer),
        at=now,
        previous=hashlib.sha256(previous).digest(),
        key_id=signer.key_id,
        signature=b"",
    )
    checkpoint.signature = signer.sign(canonical.seal_signed_bytes(checkpoint.row))
    return checkpoint
