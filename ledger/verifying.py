"""The check of the whole record: its hashes, its signatures, checkpoints kept outside. It needs no secret."""

import contextlib
import hashlib
import heapq
import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from django.db import DataError, connection, transaction

from ledger import canonical, keys, merkle, notes, stored
from ledger.canonical import EntryRow, SealRow
from ledger.keys import Verifiers, WrongSignature

Row = TypeVar("Row")


class WrongLedger(Exception):
    """The record is not what was signed; says which entry is the first that shows it."""

    def __init__(self, what: str, *, index: int | None = None, entry: uuid.UUID | None = None) -> None:
        """Name the entry by its index in the tree and its id, as far as they are known."""
        self.what, self.index, self.entry = what, index, entry
        place = [f"index {index}"] if index is not None else []
        place += [f"id {entry}"] if entry is not None else []
        super().__init__(f"entry ({', '.join(place)}): {what}" if place else what)


@dataclass(frozen=True)
class Verified:
    """A record that is whole: its size, its root, and how many entries wait to be sealed."""

    tree_size: int
    root: bytes
    pending: int


def verify(verifiers: Verifiers, kept: Sequence[notes.Checkpoint] = ()) -> Verified:
    """Return the size and root of the ledger, or raise WrongLedger with the first entry that is wrong.

    `kept` are checkpoints from outside of the database, their signatures checked already.
    """
    with _snapshot() as opened:
        walk = _Walk(verifiers, kept, opened)
        try:
            walk.run()
        except DataError:
            raise WrongLedger("a value here can't be read", index=walk.frontier.size) from None
        return Verified(walk.frontier.size, walk.frontier.root(), _check_pending(verifiers, opened))


@contextlib.contextmanager
def _snapshot() -> Iterator[contextlib.ExitStack]:
    """Read one state of the database, while others go on writing; what reads is closed before the state is left."""
    is_inside = connection.in_atomic_block
    with transaction.atomic():
        if not is_inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with contextlib.ExitStack() as opened:
            yield opened


class _Walk:
    """Goes through leaves, stored nodes and checkpoints side by side, as the tree grew."""

    def __init__(self, verifiers: Verifiers, kept: Sequence[notes.Checkpoint], opened: contextlib.ExitStack) -> None:
        self.verifiers = verifiers
        self._opened = opened
        self.frontier = merkle.Frontier()
        self.good_size = 0  # the tree up to here has a root that a known key signed
        self.seal: SealRow | None = None
        self._nodes = self._open(stored.nodes())
        claims = heapq.merge(
            ((note.tree_size, 0, note) for note in sorted(kept, key=lambda note: note.tree_size)),
            ((seal.tree_size, 1, seal) for seal in self._open(stored.seals())),
            key=lambda claim: claim[:2],
        )
        self._claims: Iterator[tuple[int, int, Any]] = iter(claims)
        self._claim = next(self._claims, None)

    def _open(self, rows: Generator[Row, None, None]) -> Generator[Row, None, None]:
        return self._opened.enter_context(contextlib.closing(rows))

    def run(self) -> None:
        self._meet_claims()
        for leaf in self._open(stored.leaves()):
            self._add(leaf)
        if self._claim is not None:
            what = f"is missing: a checkpoint says that there were {self._claim[0]} entries"
            if self._claim[1] == 0:
                what += " (the end was cut off, or an older backup was restored)"
            raise WrongLedger(what, index=self.frontier.size)
        self._check_end()

    def _add(self, leaf: stored.LeafRow) -> None:
        expected = self.frontier.size
        if leaf.place != expected:
            raise WrongLedger("is missing from the tree", index=expected)
        if leaf.entry is None:
            raise WrongLedger("is missing from the table of entries", index=expected, entry=leaf.entry_id)
        leaf_hash = merkle.leaf_hash(canonical.entry_leaf_bytes(leaf.entry))
        if leaf_hash != leaf.leaf_hash:
            what = _signature_fault(leaf.entry, self.verifiers) or "is not what was sealed at this place"
            raise WrongLedger(what, index=expected, entry=leaf.entry.id)
        for subtree in self.frontier.append(leaf_hash):
            self._check_node(subtree)
        if self._claim is not None and self._claim[0] == self.frontier.size:
            self._meet_claims()

    def _check_node(self, subtree: merkle.Subtree) -> None:
        level, index, _ = subtree
        found = next(self._nodes, None)
        if found != subtree:
            start, end = index << level, (index + 1) << level
            self._blame(start, end, f"the stored hash over entries {start} to {end - 1} is not theirs")

    def _meet_claims(self) -> None:
        while self._claim is not None and self._claim[0] == self.frontier.size:
            kind, claim = self._claim[1:]
            if kind == 0:
                self._meet_kept(claim)
            else:
                self._meet_seal(claim)
            self._claim = next(self._claims, None)

    def _meet_kept(self, note: notes.Checkpoint) -> None:
        if note.root != self.frontier.root():
            what = f"the first {note.tree_size} entries are not those of the checkpoint that was kept: re-written"
            self._blame(self.good_size, note.tree_size, what)
        self.good_size = note.tree_size

    def _meet_seal(self, seal: SealRow) -> None:
        link = canonical.seal_link_bytes(self.seal) if self.seal else b""
        start = self.seal.tree_size if self.seal else 0
        if seal.previous != hashlib.sha256(link).digest():
            what = f"checkpoint {seal.tree_size} does not follow the one before: one of them was changed or removed"
            raise WrongLedger(what, index=start)
        if seal.root != self.frontier.root():
            what = f"entries {start} to {seal.tree_size - 1} do not lead to the root of checkpoint {seal.tree_size}"
            self._blame(start, seal.tree_size, what)
        self.seal = seal

    def _check_end(self) -> None:
        sealed = self.seal.tree_size if self.seal else 0
        if self.frontier.size != sealed:
            self._blame(sealed, self.frontier.size, "was added: no checkpoint covers it")
        if (node := next(self._nodes, None)) is not None:
            raise WrongLedger("a stored hash was added for entries that are not there", index=node[1] << node[0])
        if self.seal is not None and self._seal_fault(self.seal):
            self._blame_seal()

    def _blame_seal(self) -> NoReturn:
        """The newest checkpoint is forged, so nothing that leads to it counts: find the first that is."""
        start = 0
        for seal in self._open(stored.seals()):
            if fault := self._seal_fault(seal):
                self._blame(start, seal.tree_size, f"checkpoint {seal.tree_size} {fault}")
            start = seal.tree_size
        raise AssertionError("a forged checkpoint was seen and not found again")

    def _seal_fault(self, seal: SealRow) -> str:
        try:
            keys.require_signed(self.verifiers, seal.key_id, seal.signature, canonical.seal_signed_bytes(seal))
            note = notes.open_note(seal.note, self.verifiers)
        except (WrongSignature, notes.WrongNote) as error:
            return str(error)
        return "" if (note.tree_size, note.root) == (seal.tree_size, seal.root) else "says something else in its note"

    def _blame(self, start: int, end: int, what: str) -> NoReturn:
        """Name the first entry from `start` that the portal did not sign; else the first that is in question."""
        first: uuid.UUID | None = None
        for leaf in self._open(stored.leaves(start, end)):
            if leaf.entry is not None:
                first = first or leaf.entry.id
                if fault := _signature_fault(leaf.entry, self.verifiers):
                    raise WrongLedger(fault, index=leaf.place, entry=leaf.entry.id)
        raise WrongLedger(what, index=start, entry=first)


def _signature_fault(row: EntryRow, verifiers: Verifiers) -> str:
    """Return what is wrong with the entry's own signature, or nothing."""
    try:
        keys.require_signed(verifiers, row.key_id, row.signature, canonical.entry_signed_bytes(row))
    except WrongSignature as error:
        return str(error)
    return ""


def _check_pending(verifiers: Verifiers, opened: contextlib.ExitStack) -> int:
    """Return how many entries wait for the sealer; raises WrongLedger for one that is foreign, forgotten or gone."""
    count = 0
    for waiting in opened.enter_context(contextlib.closing(stored.unsealed())):
        if waiting.entry is None:
            raise WrongLedger("is missing: it was waiting to be sealed", entry=waiting.entry_id)
        if fault := _signature_fault(waiting.entry, verifiers):
            raise WrongLedger(f"was added: it {fault}", entry=waiting.entry.id)
        if not waiting.is_queued:
            raise WrongLedger("is neither sealed nor waiting to be sealed", entry=waiting.entry.id)
        count += 1
    return count
