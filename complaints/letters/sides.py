"""On which side each address of a letter stands: complained about, the complainant's own, or neither."""

import re
from dataclasses import dataclass, field

from complaints.letters.addresses import Address
from complaints.letters.cues import (
    ASIDE,
    HOLDERS,
    ITEM,
    LABELLED_ITEM,
    LABELLED_ORIGINAL,
    POWERS,
)
from complaints.letters.kinds import Kind
from complaints.letters.naming import WORDS, Named, Side, is_reference, named_addresses
from complaints.letters.places import PAGES_ABOUT
from complaints.letters.questions import Role
from complaints.letters.returning import settle_counter, settle_retraction
from complaints.letters.saying import cue_of, last_line, runs_there, side_labelled_after, unlabelled
from complaints.letters.sections import Section
from complaints.letters.weighing import (
    ASKED_FOR,
    WORK,
    doubt_others,
    doubt_profiles,
    fall_back,
    follow_repositories,
    heed_words,
    heed_words_after,
    keep_own_repositories,
    keep_own_sites,
    leave_mentions,
)


@dataclass
class Sides:
    """The addresses of a letter, each once and in order, and those whose side is a guess."""

    items: list[Address] = field(default_factory=list)
    originals: list[Address] = field(default_factory=list)
    unsure: list[Address] = field(default_factory=list)


_PLAIN_NAME = re.compile(r"^[ \t*\-•]*[\w.-]{2,39} ?/ ?[\w.-]{2,100}[ \t]*$", re.M)
_TERMS = re.compile(r"terms|licen[sc]es?\b|/legal\b|eula|privacy|policy|/copyright", re.I)
_LICENCE = re.compile(r"(?:licen[sc]e|copying)(?:\.\w{2,4})?", re.I)
_OURS = re.compile(r"\b(?:my|our)\b")


def sides(text: str, parts: list[Section], kind: Kind) -> Sides:
    """Return the letter's addresses by side, as the letter's structure and the words around each tell."""
    named = [name for name in named_addresses(text, parts) if not is_reference(name.address)]
    if kind is Kind.COUNTER_NOTICE:
        settle_counter(named)
    elif kind is Kind.RETRACTION:
        settle_retraction(named)
    else:
        complains = kind is Kind.NOTICE
        _settle_notice(named, names_repositories=_names_repositories(text, parts), complains=complains)
    return _gathered(named)


def _names_repositories(text: str, parts: list[Section]) -> bool:
    """Whether what should be taken down is named as ``owner/name``: such a name is no address and gets none."""
    return any(
        _PLAIN_NAME.search(text, part.start, part.end) for part in parts if part.role is Role.ITEMS and part.is_asked
    )


def _settle_notice(named: list[Named], *, names_repositories: bool, complains: bool) -> None:
    previous: Named | None = None
    for name in named:
        name.side = _side_in_notice(name, previous)
        previous = name
    heed_words_after(named)
    heed_words(named)
    keep_own_repositories(named)
    keep_own_sites(named)
    doubt_others(named)
    doubt_profiles(named)
    follow_repositories(named)
    if not complains:
        leave_mentions(named)
    fall_back(named, may_turn=not names_repositories, complains=complains)


def _side_in_notice(name: Named, previous: Named | None) -> Side | None:
    """Return the side, or None where it waits for what the rest of the letter complains about."""
    says_something = bool(WORDS.search(unlabelled(name.lead)) or _OURS.search(name.lead))
    cue = cue_of(name.clause) if says_something else None
    labelled = side_labelled_after(name)
    name.cue = cue
    if name.is_in_head or POWERS.search(last_line(name.clause)):
        return None if name.is_in_head else Side.NEITHER
    name.is_told = bool(labelled or cue)
    if labelled:
        return labelled
    if not says_something and previous and _is_listed_with(name, previous):
        name.is_guess, name.is_told = previous.is_guess, previous.is_told
        return previous.side
    if name.role in ASKED_FOR:
        return _side_asked_for(name, cue)
    if name.role in WORK:
        is_aside = bool(ASIDE.search(last_line(name.clause)))
        goes_on = cue is None and not name.is_asked and previous and _is_accused_before(name, previous)
        if is_aside and goes_on:
            return Side.NEITHER
        name.is_told = name.is_told or bool(goes_on)
        return Side.ITEM if goes_on else _side_of_work(name, cue)
    prose = (Role.FREE, Role.UNKNOWN, Role.STATEMENT, Role.PROMPT, Role.SIGNATURE, Role.ADMIN, Role.DISPUTE)
    return _side_in_prose(name, cue) if name.role in prose else _side_elsewhere(name, cue)


def _side_elsewhere(name: Named, cue: Side | None) -> Side | None:
    """Return the side of an address under a heading that asks for none: among contact details and the like."""
    if name.address.is_hosted:
        return Side.ORIGINAL if cue is Side.ORIGINAL else None
    if cue is Side.ORIGINAL and name.address.path and LABELLED_ORIGINAL.search(name.clause):
        name.is_guess = True
        return Side.ORIGINAL
    return Side.NEITHER


def _is_listed_with(name: Named, previous: Named) -> bool:
    if name.is_first or side_labelled_after(previous):
        return False
    if name.is_alone and not previous.is_alone and LABELLED_ORIGINAL.search(last_line(previous.clause)):
        return False
    is_alike = previous.address.is_hosted == name.address.is_hosted or (
        previous.side is not None
        and previous.is_told
        and previous.is_alone
        and name.is_alone
        and name.role not in ASKED_FOR
    )
    return is_alike and previous.role is name.role and previous.side is not Side.NEITHER


def _is_accused_before(name: Named, previous: Named) -> bool:
    """Whether words under the same heading had already turned from the work to what infringes it."""
    return not name.is_first and previous.is_told and previous.side is Side.ITEM


def _side_asked_for(name: Named, cue: Side | None) -> Side:
    """Return the side of an address under the question what should be taken down."""
    clause = name.clause
    is_labelled = LABELLED_ORIGINAL.search(clause) and not HOLDERS.search(clause)
    if is_labelled and not ITEM.search(last_line(clause)):
        name.is_guess = True
        return Side.ORIGINAL
    if name.address.is_hosted:
        about = PAGES_ABOUT.intersection(name.address.steps[2:3])
        name.is_guess = bool(about)
        return Side.NEITHER if about and ASIDE.search(clause) else Side.ITEM
    name.is_guess = True
    if cue is Side.ORIGINAL:
        return Side.ORIGINAL
    if runs_there(name):
        return Side.ITEM
    if not name.is_alone and ASIDE.search(last_line(name.clause)):
        return Side.NEITHER
    return Side.ITEM if (name.is_alone or name.address.path) and not name.is_last_part else Side.NEITHER


def _side_of_work(name: Named, cue: Side | None) -> Side | None:
    """Return the side of an address under the question what was infringed, or by whose right."""
    if cue is Side.ITEM and not name.is_asked:
        return _side_in_prose(name, cue)
    if not name.address.is_hosted:
        if LABELLED_ITEM.search(name.clause):
            name.is_told = True
            return Side.ITEM
        is_home = not name.address.path and (name.is_last_part or (name.role is Role.OWNER and not name.is_alone))
        return Side.NEITHER if _TERMS.search(name.address.path) or (is_home and cue is None) else Side.ORIGINAL
    if ASIDE.search(last_line(name.clause)) and cue is not Side.ORIGINAL:
        return None
    if cue is Side.ITEM:
        return None
    name.is_guess = cue is None
    return Side.ORIGINAL


def _side_in_prose(name: Named, cue: Side | None) -> Side | None:
    clause = name.clause
    if name.address.is_hosted:
        if cue is Side.ORIGINAL:
            return Side.ORIGINAL
        if not name.is_alone and _LICENCE.fullmatch(name.address.steps[-1] if name.address.steps else ""):
            return Side.NEITHER
        is_about = PAGES_ABOUT.intersection(name.address.steps[2:3]) and not name.is_alone
        if is_about or (ASIDE.search(clause) and cue is None):
            return None
        return Side.ITEM
    if (
        (ASIDE.search(clause) and cue is None)
        or (name.is_last_part and not name.address.path)
        or _TERMS.search(name.address.path)
    ):
        return Side.NEITHER
    name.is_guess = cue is Side.ITEM
    return cue if cue is not Side.ITEM or name.address.path else Side.NEITHER


def _gathered(named: list[Named]) -> Sides:
    result = Sides()
    items = {name.address.key for name in named if name.side is Side.ITEM}
    seen: set[str] = set()
    for name in named:
        if name.side in (Side.ITEM, Side.ORIGINAL) and name.address.key not in seen:
            seen.add(name.address.key)
            (result.items if name.address.key in items else result.originals).append(name.address)
            if name.is_guess:
                result.unsure.append(name.address)
    return result
