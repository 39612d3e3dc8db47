"""The tree against the definitions of RFC 9162, section 2.1, written down naively here."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger import merkle

sizes = st.integers(min_value=1, max_value=600)


def data(size: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(size)]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], is_whole: bool) -> list[bytes]:
    """RFC 9162, 2.1.4.1."""
    if m == len(leaves):
        return [] if is_whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], is_whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def node_at(leaves: Sequence[bytes]) -> merkle.NodeAt:
    return lambda level, index: mth(leaves[index << level : (index + 1) << level])


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root(0, node_at([])) == hashlib.sha256(b"").digest() == merkle.Frontier().root()


@given(sizes)
def test_the_root_is_the_one_of_the_definition(size: int) -> None:
    leaves = data(size)
    frontier = merkle.Frontier()

    for leaf in leaves:
        frontier.append(merkle.leaf_hash(leaf))

    assert frontier.root() == merkle.root(size, node_at(leaves)) == mth(leaves)


@given(sizes, sizes)
def test_a_frontier_goes_on_from_what_is_stored(first: int, more: int) -> None:
    leaves = data(first + more)
    frontier = merkle.Frontier(first, node_at(leaves))

    finished = [node for leaf in leaves[first:] for node in frontier.append(merkle.leaf_hash(leaf))]

    assert frontier.root() == mth(leaves)
    assert finished == [(8, i, node_at(leaves)(8, i)) for i in range(first // 256, (first + more) // 256)]


@given(sizes, st.data())
def test_an_inclusion_proof_is_the_path_of_the_definition_and_holds(size: int, draw: st.DataObject) -> None:
    leaves, index = data(size), draw.draw(st.integers(0, size - 1))

    proof = merkle.inclusion_proof(index, size, node_at(leaves))

    assert proof == path(index, leaves)
    merkle.check_inclusion(index, size, merkle.leaf_hash(leaves[index]), proof, mth(leaves))


@given(sizes, sizes)
def test_a_consistency_proof_is_the_one_of_the_definition_and_holds(one: int, other: int) -> None:
    first, second = sorted((one, other))
    leaves = data(second)

    proof = merkle.consistency_proof(first, second, node_at(leaves))

    assert proof == subproof(first, leaves, True)
    merkle.check_consistency(first, second, mth(leaves[:first]), mth(leaves), proof)


@given(sizes, st.data())
def test_no_inclusion_proof_holds_for_another_leaf_place_or_path(size: int, draw: st.DataObject) -> None:
    leaves, index = data(size), draw.draw(st.integers(0, size - 1))
    proof, root = path(index, leaves), mth(leaves)
    other = draw.draw(st.integers(0, size - 1))
    assume(other != index)

    cases = [
        (index, merkle.leaf_hash(leaves[other]), proof),
        (other, merkle.leaf_hash(leaves[index]), proof),
        (index, merkle.leaf_hash(leaves[index]), [*proof, bytes(32)]),
        (index, merkle.leaf_hash(leaves[index]), proof[:-1]),
        (index, merkle.leaf_hash(leaves[index]), [bytes(32), *proof[1:]]),
    ]

    for place, leaf, path_ in cases:
        with pytest.raises(merkle.WrongProof):
            merkle.check_inclusion(place, size, leaf, path_, root)


@given(sizes, sizes, st.integers(0, 20))
def test_no_consistency_proof_holds_for_another_history(one: int, other: int, place: int) -> None:
    first, second = sorted((one, other))
    assume(first != second)
    leaves = data(second)
    proof = subproof(first, leaves, True)
    changed = [*proof]
    changed[place % len(proof)] = bytes(32)

    cases = [
        (bytes(32), mth(leaves), proof),
        (mth(leaves[:first]), bytes(32), proof),
        (mth(leaves[:first]), mth(leaves), changed),
        (mth(leaves[:first]), mth(leaves), proof[:-1]),
        (mth(leaves[:first]), mth(leaves), [*proof, bytes(32)]),
        (mth(leaves[:first]), mth(leaves), []),
    ]

    for first_root, second_root, path_ in cases:
        with pytest.raises(merkle.WrongProof):
            merkle.check_consistency(first, second, first_root, second_root, path_)


def test_one_tree_is_consistent_with_itself_and_with_nothing_else_of_its_size() -> None:
    root = mth(data(3))

    merkle.check_consistency(3, 3, root, root, [])

    for second_root, proof in ((bytes(32), []), (root, [root])):
        with pytest.raises(merkle.WrongProof):
            merkle.check_consistency(3, 3, root, second_root, proof)


def test_places_outside_of_the_tree_have_no_proof() -> None:
    with pytest.raises(ValueError, match="outside"):
        merkle.inclusion_proof(3, 3, node_at(data(3)))
    with pytest.raises(merkle.WrongProof):
        merkle.root_from_inclusion(3, 3, bytes(32), [])
    for first, second in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="first tree"):
            merkle.consistency_proof(first, second, node_at(data(4)))
        with pytest.raises(merkle.WrongProof):
            merkle.check_consistency(first, second, bytes(32), bytes(32), [])
