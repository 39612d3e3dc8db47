"""The reading of real letters, against what was judged by eye; skipped where the folder of letters is not there."""

import os
from pathlib import Path

import pytest

from bench import letters
from complaints.letters import read

FOLDER = Path(os.environ.get("REAL_NOTICES") or "/nonexistent")
needs_letters = pytest.mark.skipif(not FOLDER.is_dir(), reason="REAL_NOTICES names no folder of real letters")
HUNDREDTHS = 100


@needs_letters
@pytest.mark.parametrize("group", ["held out", "all"])
def test_the_measure_stays_above_its_thresholds(group: str):
    counts = letters.measure(FOLDER)[group].counts

    assert counts["items_found"] >= 0.98 * counts["items"]
    assert counts["items_wrong"] <= 0.02 * counts["items"]
    assert counts["kind_right"] >= 0.97 * counts["letters"]
    assert counts["statements_right"] >= 0.95 * counts["statements"]
    assert counts["signature_right"] >= 0.95 * counts["letters"]


@needs_letters
def test_every_real_letter_is_read_and_its_marks_hold():
    for path in sorted(FOLDER.iterdir()):
        reading = read(path.read_bytes(), path.name)

        marks = [mark for found in reading.found.values() for mark in found]
        assert all(reading.text[mark.start : mark.end] == mark.value for mark in marks), path.name


@needs_letters
def test_the_held_out_letters_are_those_the_rule_puts_aside():
    import json

    judged = json.loads(letters.JUDGED.read_text(encoding="utf-8"))

    assert all(letters.is_held_out(name) == label["held_out"] for name, label in judged.items())
