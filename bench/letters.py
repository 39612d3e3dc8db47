"""Measure the reading of letters against what was judged by eye, over the folder that REAL_NOTICES names.

Prints a table by year and kind, then the totals of the letters held out while the reader was written.
Labels hold digests, never words: see tests/complaints/letters/judged.json.
"""

import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Run as a script, only this file's own folder would be looked in.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from complaints.letters import Reading, read

JUDGED = Path(__file__).resolve().parent.parent / "tests" / "complaints" / "letters" / "judged.json"
HELD_OUT_EVERY = 5


@dataclass
class Score:
    """What was right and wrong in a group of letters."""

    letters: int = 0
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    seconds: float = 0.0

    def share(self, right: str, of: str) -> str:
        return f"{100 * self.counts[right] / self.counts[of]:5.1f}" if self.counts[of] else "    -"


def is_held_out(name: str) -> bool:
    """Whether a letter was put aside before the reader was written: every fifth by the digest of its file's name."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % HELD_OUT_EVERY == 0


def digest(url: str) -> str:
    """Return an address's digest; scheme, ``www.``, the host's case and a last slash do not count."""
    bare = url.split("://", 1)[-1]
    host, slash, path = bare.partition("/")
    return hashlib.sha256((host.lower().removeprefix("www.") + slash + path).rstrip("/").encode()).hexdigest()


def judge(label: dict[str, Any], reading: Reading) -> dict[str, int]:
    """Return the counts of one letter: what was found, missed and wrong."""
    counts: dict[str, int] = {}
    for side, urls in (("items", reading.items), ("originals", reading.originals)):
        wanted, given = set(label[side]), {digest(url) for url in urls}
        counts |= {side: len(wanted), f"{side}_found": len(wanted & given), f"{side}_wrong": len(given - wanted)}
    statements = label["statements"]
    counts["statements"] = len(statements)
    counts["statements_right"] = sum((name in reading.found) == said for name, said in statements.items())
    counts["kind_right"] = reading.kind.value == label["kind"]
    counts["signature_right"] = ("signature" in reading.found) == label["signature"]
    counts["letters"] = 1
    return counts


def measure(folder: Path) -> dict[str, Score]:
    """Return the scores by group: year and kind, held out or not, and all together."""
    scores: dict[str, Score] = defaultdict(Score)
    for name, label in json.loads(JUDGED.read_text(encoding="utf-8")).items():
        letter = (folder / name).read_bytes()
        start = time.process_time()
        reading = read(letter, name)
        spent = time.process_time() - start
        held = "held out" if label["held_out"] else "seen"
        for group in (f"{name[:4]} {label['kind']}", f"{label['form']} letters", held, "all"):
            score = scores[group]
            score.letters += 1
            score.seconds += spent
            for what, count in judge(label, reading).items():
                score.counts[what] += count
    return scores


def main() -> int:
    folder = Path(os.environ.get("REAL_NOTICES", ""))
    if not os.environ.get("REAL_NOTICES") or not folder.is_dir():
        print("REAL_NOTICES names no folder: nothing measured.")
        return 1
    scores = measure(folder)
    columns = "letters  items found% missed wrong%  originals% wrong  kind% statements% signature%  s/1000"
    print(f"{'group':24} {columns}")
    last = ("form letters", "free letters", "other letters", "seen", "held out", "all")
    for group in [*sorted(group for group in scores if group not in last), *(name for name in last if name in scores)]:
        print(f"{group:24} {_row(scores[group])}")
    return 0


def _row(score: Score) -> str:
    counts = score.counts
    given = counts["items_found"] + counts["items_wrong"]
    wrong = f"{100 * counts['items_wrong'] / given:5.1f}" if given else "    -"
    return (
        f"{score.letters:7} {counts['items']:6} {score.share('items_found', 'items')} "
        f"{counts['items'] - counts['items_found']:7} {wrong}  {score.share('originals_found', 'originals'):>9} "
        f"{counts['originals_wrong']:5}  {score.share('kind_right', 'letters')} "
        f"{score.share('statements_right', 'statements'):>10} {score.share('signature_right', 'letters'):>10} "
        f"{1000 * score.seconds / score.letters:7.2f}"
    )


if __name__ == "__main__":
    sys.exit(main())
