"""Checkpoints as signed notes, and the keys that sign them."""

import base64
import hashlib

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from ledger import keys, notes

# The example of C2SP's signed-note specification and of Go's sumdb/note package.
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.fixture
def signer() -> keys.Signer:
    return keys.signer()


def test_a_checkpoint_comes_back_from_its_note(signer: keys.Signer) -> None:
    checkpoint = notes.Checkpoint(signer.verifier.name, 7, bytes(32))

    note = notes.sign(checkpoint, signer)

    assert note.startswith(f"{signer.verifier.name}\n7\n{'A' * 43}=\n\n\u2014 {signer.verifier.name} ")
    assert notes.open_note(note, keys.collect([signer.verifier])) == checkpoint


def test_a_note_signed_elsewhere_is_known_by_its_key() -> None:
    """A note made by another implementation: its signature holds, and it is no checkpoint."""
    verifiers = keys.read_verifiers(GO_VERIFIER)

    with pytest.raises(notes.WrongNote, match="not a checkpoint"):
        notes.open_note(GO_NOTE, verifiers)
    with pytest.raises(notes.WrongNote, match="signature is wrong"):
        notes.open_note(GO_NOTE.replace("answer", "Answer"), verifiers)


def test_every_changed_byte_of_a_note_is_seen(signer: keys.Signer) -> None:
    verifiers = keys.collect([signer.verifier])
    checkpoint = notes.Checkpoint(signer.verifier.name, 7, hashlib.sha256(b"root").digest())
    note = notes.sign(checkpoint, signer)

    for place in range(len(note)):
        changed = note[:place] + chr(ord(note[place]) ^ 1) + note[place + 1 :]
        try:
            found = notes.open_note(changed, verifiers)
        except notes.WrongNote:
            continue
        assert found == checkpoint, place  # only unused bits of the base64 of a signature may differ


@pytest.mark.parametrize(
    "text", ["", "\n", "\n\n", "a\n1\nb\n", "a\n1\nb\n\n", "a\n1\nb\n\nx\n", "a\n\n\u2014 a\n", "a\n\n\u2014 a !\n"]
)
def test_what_is_no_note_is_refused(text: str, signer: keys.Signer) -> None:
    with pytest.raises(notes.WrongNote):
        notes.open_note(text, keys.collect([signer.verifier]))


def test_signatures_of_strangers_are_passed_over_and_are_not_enough(signer: keys.Signer) -> None:
    checkpoint = notes.Checkpoint(signer.verifier.name, 7, bytes(32))
    note = notes.sign(checkpoint, signer)
    stranger = "\u2014 witness.example " + base64.b64encode(b"hash" + bytes(64)).decode() + "\n"

    assert notes.open_note(note + stranger, keys.collect([signer.verifier])) == checkpoint
    with pytest.raises(notes.WrongNote, match="no known key"):
        notes.open_note(checkpoint.text + "\n" + stranger, keys.collect([signer.verifier]))


def test_a_history_is_split_into_its_notes(signer: keys.Signer) -> None:
    written = [notes.sign(notes.Checkpoint(signer.verifier.name, size, bytes(32)), signer) for size in (1, 2, 3)]

    assert notes.split_notes("\n".join(written)) == written
    assert notes.split_notes("".join(written)) == written
    assert notes.split_notes("") == []


def test_a_verifier_key_survives_being_written_down(signer: keys.Signer) -> None:
    assert str(keys.parse_verifier(GO_VERIFIER)) == GO_VERIFIER
    assert keys.parse_verifier(str(signer.verifier)) == signer.verifier
    assert keys.read_verifiers(f"{GO_VERIFIER}\n{signer.verifier},") == {
        "c74f20a3": keys.parse_verifier(GO_VERIFIER),
        signer.key_id: signer.verifier,
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        GO_VERIFIER.replace("c74f20a3", "c74f20a4"),
        GO_VERIFIER.replace("Peter", "Petra"),
        GO_VERIFIER[:-4],
        GO_VERIFIER + "!",
    ],
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(keys.WrongKey):
        keys.parse_verifier(text)


def test_a_wrong_seed_or_name_stops_the_signer(settings: Settings) -> None:
    settings.LEDGER_SEED = b"short"
    with pytest.raises(ImproperlyConfigured, match="LEDGER_KEY"):
        keys.signer()

    settings.LEDGER_SEED, settings.LEDGER_ORIGIN = bytes(32), "a name with blanks"
    with pytest.raises(ImproperlyConfigured, match="LEDGER_ORIGIN"):
        keys.signer()


def test_a_signer_prints_nothing_of_its_secret(signer: keys.Signer, settings: Settings) -> None:
    assert settings.LEDGER_SEED.hex() not in repr(signer)
    assert "private" not in repr(signer).lower()
