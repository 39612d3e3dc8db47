"""Proofs from the stored tree, checked as an outsider would: with the note, the key and RFC 9162."""

import base64
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import NotFound, Unavailable
from ledger import access, keys, merkle, notes, proofs, sealing
from ledger.models import Entry
from tests.ledger.conftest import NOW, Act

pytestmark = pytest.mark.django_db


def opened(note: str) -> notes.Checkpoint:
    return notes.open_note(note, keys.read_verifiers(proofs.verifier_key()))


@pytest.mark.parametrize("index", [0, 2, 3, 255, 256, 299])
def test_an_entry_is_proved_to_be_in_the_tree_of_the_newest_checkpoint(index: int, sealed: list[Entry]) -> None:
    proof = proofs.inclusion(sealed[index].id)

    checkpoint = opened(proof["checkpoint"])
    leaf = merkle.leaf_hash(proofs.leaf_data(sealed[index]))
    path = [base64.b64decode(value) for value in proof["hashes"]]
    assert (proof["index"], proof["tree_size"], proof["leaf_hash"]) == (index, 300, base64.b64encode(leaf).decode())
    merkle.check_inclusion(index, checkpoint.tree_size, leaf, path, checkpoint.root)


def test_the_ledger_is_proved_to_have_been_only_added_to(act: Act) -> None:
    checkpoints = []
    for size in (1, 3, 6, 259):
        for number in range(len(checkpoints) and checkpoints[-1].tree_size, size):
            act(f"C-{number}")
        sealing.seal(NOW)
        checkpoints.append(opened(proofs.checkpoint().note))

    for place, second in enumerate(checkpoints):
        for first in checkpoints[: place + 1]:
            proof = proofs.consistency(first.tree_size, second.tree_size)
            path = [base64.b64decode(value) for value in proof["hashes"]]
            merkle.check_consistency(first.tree_size, second.tree_size, first.root, second.root, path)


def test_a_proof_reads_few_tiles(sealed: list[Entry]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        proofs.inclusion(sealed[0].id)

    # The leaf, the newest checkpoint, and two tiles of leaf hashes.
    assert len(queries) == 4


def test_what_is_not_sealed_has_no_proof_yet(act: Act, sealed: list[Entry]) -> None:
    entry = act()

    with pytest.raises(Unavailable):
        proofs.inclusion(entry.id)
    with pytest.raises(Unavailable):
        access.require_sealed(entry.id)
    access.require_sealed(sealed[0].id)


def test_unknown_entries_and_sizes_have_no_proof(sealed: list[Entry]) -> None:
    with pytest.raises(NotFound):
        proofs.inclusion(uuid.UUID(int=1))
    for first, second in ((0, 3), (4, 3), (3, 301)):
        with pytest.raises(NotFound):
            proofs.consistency(first, second)


def test_before_the_first_sealing_there_is_no_checkpoint() -> None:
    with pytest.raises(Unavailable):
        proofs.checkpoint()
