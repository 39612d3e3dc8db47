"""What the words around one address say of it; the rest of the letter is not looked at."""

import re

from complaints.letters.cues import (
    HOLDERS,
    INFRINGING,
    ITEM,
    ITEM_AFTER,
    LABELLED_ORIGINAL,
    ORIGINAL,
    ORIGINAL_AFTER,
    RUNS_AT,
    TAKEN_TO,
)
from complaints.letters.naming import Named, Side
from complaints.letters.places import EVIDENCE_HOSTS
from complaints.letters.questions import Role

_LABELS = re.compile(
    r"\b(?:and|or|und|et|y|e|url|link|repo|the|file|page|download|mirror|stream|location|address|adresse|lien|enlace)\b|链接|地址|页面"
)


def side_labelled_after(name: Named) -> Side | None:
    """Return the side that a label straight after an address names: ``<- original``, ``(infringing copy)``."""
    if ORIGINAL_AFTER.fullmatch(name.remark):
        return Side.ORIGINAL
    return Side.ITEM if ITEM_AFTER.fullmatch(name.remark) else None


def runs_there(name: Named) -> bool:
    """Whether somebody runs at this address what lies in a repository."""
    return name.role is Role.ITEMS and name.address.host not in EVIDENCE_HOSTS and bool(RUNS_AT.search(name.clause))


def cue_of(clause: str) -> Side | None:
    """Return what the nearest telling words before an address say of it."""
    if HOLDERS.search(clause):
        return Side.ITEM
    if LABELLED_ORIGINAL.search(clause) and not INFRINGING.search(clause):
        return Side.ORIGINAL
    item = max((match.end() for match in ITEM.finditer(clause)), default=-1)
    original = max((match.end() for match in ORIGINAL.finditer(clause)), default=-1)
    if item < 0 and original < 0:
        return None
    return Side.ITEM if item > original else Side.ORIGINAL


def cue_after(name: Named) -> Side | None:
    """Return what the first telling words after an address say of it; words that lead to another call that the original."""
    if name.leads_on and TAKEN_TO.search(name.tail):
        return Side.ORIGINAL
    item, original = ITEM.search(name.tail), None if name.leads_on else ORIGINAL.search(name.tail)
    if item is None or original is None:
        return Side.ITEM if item else Side.ORIGINAL if original else None
    return Side.ITEM if item.start() <= original.start() else Side.ORIGINAL


def last_line(clause: str) -> str:
    """Return the line that runs into the address."""
    lines = clause.rstrip().rsplit("\n", 1)
    return lines[-1]


def unlabelled(lead: str) -> str:
    """Return the words before an address without those that say only that one follows."""
    return _LABELS.sub("", lead)
