"""Which addresses a counter-notice or a retraction wants back; those of the complainant and of mere sources stay out."""

import re

from complaints.letters.cues import (
    ASIDE,
    COMES_FROM,
    ITEM,
    NOT_TAKEN,
    TAKEN,
    TAKEN_AFTER,
    THEIRS,
)
from complaints.letters.naming import WORDS, Named, Side
from complaints.letters.saying import last_line, unlabelled
from complaints.letters.weighing import ASKED_FOR

_NOT_THEIRS = re.compile(
    r"(?:filed|claimed|submitted|sent|made) by[^.]{0,40}\Z|\b(?:available|released|published) (?:here|at|on|under)[^.]{0,20}\Z|as per[^.]{0,30}\Z"
)


def settle_counter(named: list[Named]) -> None:
    """What is asked back is what the form asks for, or what the words say was taken down."""
    asked = [name for name in named if name.role in ASKED_FOR and name.address.is_hosted]
    asked = [name for name in asked if not THEIRS.search(name.clause)] or asked
    for name in asked:
        name.side = Side.ITEM
    if asked:
        return
    candidates = [name for name in named if name.address.is_hosted] or named
    told = [name for name in candidates if _is_said_taken(name)]
    previous: Named | None = None
    for name in candidates:
        is_listed = previous is not None and not WORDS.search(unlabelled(name.lead))
        is_taken = name in told if told else not NOT_TAKEN.search(name.clause)
        name.side = previous.side if is_listed and previous else Side.ITEM if is_taken else None
        name.is_guess = True
        previous = name


def _is_said_taken(name: Named) -> bool:
    """Whether the words around an address say that it was taken down, and not whose complaint did that."""
    clause = name.clause
    if _NOT_THEIRS.search(clause) or THEIRS.search(clause):
        return False
    return bool(TAKEN.search(clause) or TAKEN_AFTER.match(name.remark))


def settle_retraction(named: list[Named]) -> None:
    """What is given back is what a host has, or what the words call complained about; not what it merely comes from."""
    told: list[Named] = []
    previous: Named | None = None
    for name in named:
        is_listed = previous is not None and previous in told[-1:] and not WORDS.search(unlabelled(name.lead))
        if name.address.is_hosted or _is_complained_about(name) or is_listed:
            told.append(name)
        previous = name
    told = told or [name for name in named if not name.is_last_part and not ASIDE.search(last_line(name.clause))]
    given_back = [name for name in told if not COMES_FROM.search(name.lead)] or told
    kept = {name.address.key for name in told} - {name.address.key for name in given_back}
    for name in told:
        name.side, name.is_guess = (Side.NEITHER if name.address.key in kept else Side.ITEM), True


def _is_complained_about(name: Named) -> bool:
    return bool(ITEM.search(name.clause)) and not NOT_TAKEN.search(name.lead)
