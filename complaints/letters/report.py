"""What forms for machines say in a letter, in the letter's own terms; acns and xarf fill it, machines puts it together."""

from dataclasses import dataclass, field

from complaints.letters.kinds import Kind
from complaints.letters.leaves import Block, Leaf
from complaints.letters.marks import Found, Mark

MOST_MARKS = 1000


@dataclass
class Source:
    """From where something was offered, where no address on the web says it: a connection at a time."""

    address: str
    port: str = ""
    time: str = ""
    files: list[str] = field(default_factory=list)


@dataclass
class Report:
    """What is said, and in which parts of the letter: these ``blocks`` hold no words of a person."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    kind: Kind | None = None
    found: Found = field(default_factory=dict)
    items: dict[str, None] = field(default_factory=dict)  # In order, each once.
    originals: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)

    def mark(self, element: str, leaf: Leaf) -> None:
        """Note that a value is an element of the notice, with its place."""
        raw = self.text[leaf.start : leaf.end]
        start = leaf.start + len(raw) - len(raw.lstrip())
        mark = Mark(raw.strip(), start, start + len(raw.strip()))
        marks = self.found.setdefault(element, [])
        if len(marks) < MOST_MARKS:
            marks.append(mark)

    def locate(self, leaf: Leaf) -> None:
        """Note an address that is complained about."""
        self.mark("item_location", leaf)
        if len(self.items) < MOST_MARKS:
            self.items[leaf.value] = None
