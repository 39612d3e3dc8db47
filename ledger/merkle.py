"""The Merkle tree of RFC 9162, section 2: hashes, proofs and their checks, as pure functions over hashes.

It never reads a table: whoever asks brings a function that gives the hash of a complete subtree.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from ledger.rules import LEVELS_PER_TILE

# The hash of the complete subtree of 2**level leaves that begins at leaf index * 2**level.
NodeAt = Callable[[int, int], bytes]
# A complete subtree: level, index, hash.
Subtree = tuple[int, int, bytes]

EMPTY_ROOT = sha256(b"").digest()
_NONE: tuple[Subtree, ...] = ()


class WrongProof(ValueError):
    """The proof does not lead to the root it is said to lead to."""


def leaf_hash(data: bytes) -> bytes:
    """Return SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """Return the largest power of two below `size` (2 or more)."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_hash(start: int, end: int, node_at: NodeAt) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node_at(level, start >> level)
    middle = start + _split(size)
    return node_hash(_range_hash(start, middle, node_at), _range_hash(middle, end, node_at))


def root(size: int, node_at: NodeAt) -> bytes:
    """Return the root of the first `size` leaves."""
    return _range_hash(0, size, node_at) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """Return the audit path of the leaf at `index` in the tree of `size` leaves, lowest sibling first."""
    if not 0 <= index < size:
        raise ValueError("the leaf lies outside of the tree")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            path.append(_range_hash(start, middle, node_at))
            start = middle
    return path[::-1]


def consistency_proof(first: int, second: int, node_at: NodeAt) -> list[bytes]:
    """Return the proof that the tree of `second` leaves begins with the tree of `first` leaves."""
    if not 0 < first <= second:
        raise ValueError("the first tree has 1 leaf or more, and no more than the second")
    start, end, path = 0, second, []
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            path.append(_range_hash(start, middle, node_at))
            start = middle
    if start:
        path.append(_range_hash(start, end, node_at))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Return the root that the proof leads to (RFC 9162, 2.1.3.2); raises WrongProof if its length can't be right."""
    if not 0 <= index < size:
        raise WrongProof("the leaf lies outside of the tree")
    place, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise WrongProof("the proof is too long")
        if place & 1 or place == last:
            reached = node_hash(sibling, reached)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise WrongProof("the proof is too short")
    return reached


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected_root: bytes) -> None:
    """Raise WrongProof unless the leaf is at `index` of the tree with this root."""
    if root_from_inclusion(index, size, leaf, proof) != expected_root:
        raise WrongProof("the proof leads to another root")


def check_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise WrongProof unless the second tree begins with the first (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        raise WrongProof("the first tree has 1 leaf or more, and no more than the second")
    if first == second:
        if proof or first_root != second_root:
            raise WrongProof("two trees of one size have one root and an empty proof")
        return
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        raise WrongProof("the proof is too short")
    if _roots_from_consistency(first, second, path) != (first_root, second_root):
        raise WrongProof("the proof leads to other roots")


def _roots_from_consistency(first: int, second: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise WrongProof("the proof is too long")
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise WrongProof("the proof is too short")
    return old, new


class Frontier:
    """The right edge of a growing tree: all that is needed to append leaves and to know the root."""

    def __init__(self, size: int = 0, node_at: NodeAt | None = None) -> None:
        """Start from the tree of `size` leaves whose complete subtrees `node_at` knows."""
        self.size = size
        self._hashes: list[bytes] = []
        for level in reversed(range(size.bit_length())):
            if size >> level & 1 and node_at is not None:
                self._hashes.append(node_at(level, (size >> level) - 1))

    def append(self, leaf: bytes) -> Sequence[Subtree]:
        """Add a leaf hash; return the complete subtrees of a stored level that it finished, lowest first."""
        self.size += 1
        place, level, reached = self.size, 0, leaf
        hashes, finished = self._hashes, _NONE
        while not place & 1:
            reached = sha256(b"\x01" + hashes.pop() + reached).digest()
            place, level = place >> 1, level + 1
            if level % LEVELS_PER_TILE == 0:
                finished = (*finished, (level, place - 1, reached))
        hashes.append(reached)
        return finished

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self._hashes:
            return EMPTY_ROOT
        reached = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            reached = node_hash(left, reached)
        return reached
