"""Letters as they come to hosts of all kinds, in a dozen languages: written for this test and judged before they were read."""

import json
from collections import Counter
from pathlib import Path

from complaints.letters import read

LETTERS = [
    json.loads(line) for line in Path(__file__).with_name("written.jsonl").read_text(encoding="utf-8").splitlines()
]
STATEMENTS = ("good_faith", "accuracy", "perjury", "mistake_belief", "consent_jurisdiction")


def counts() -> Counter[str]:
    """Return how much was there to find, and how much of it was found or wrong."""
    found: Counter[str] = Counter()
    for letter in LETTERS:
        reading = read(letter["text"].encode())
        wanted, given = set(letter["items"]), set(reading.items)
        found["letters"] += 1
        found["items"] += len(wanted)
        found["items found"] += len(wanted & given)
        found["items wrong"] += len(given - wanted)
        found["kind"] += reading.kind == letter["kind"]
        found["statements"] += sum((name in reading.found) == (name in letter["statements"]) for name in STATEMENTS)
        found["signature"] += ("signature" in reading.found) == letter["signature"]
    return found


def test_letters_of_hosts_of_all_kinds_are_read_as_well_as_the_aim_says():
    found = counts()

    assert found["items found"] >= 0.98 * found["items"]
    assert found["items wrong"] <= 0.02 * (found["items found"] + found["items wrong"])
    assert found["kind"] >= 0.97 * found["letters"]
    assert found["statements"] >= 0.95 * found["letters"] * len(STATEMENTS)
    # Many write no name under a letter that a person still reads as signed.
    assert found["signature"] >= 0.9 * found["letters"]
