"""What a notice as a whole says of its addresses, once each has a side of its own or none; rules in the order they are heard."""

import re

from complaints.letters.addresses import Address
from complaints.letters.cues import (
    ASIDE,
    LABELLED_ORIGINAL,
    POWERS,
)
from complaints.letters.naming import Named, Side
from complaints.letters.places import ACCOUNT_HOSTS, EVIDENCE_HOSTS, PAGES_ABOUT
from complaints.letters.questions import Role
from complaints.letters.saying import cue_after, last_line, runs_there

ASKED_FOR = frozenset([Role.ITEMS, Role.FORKS])
WORK = frozenset([Role.WORK, Role.OWNER])
# A place in the copy on the left, the place in the work that it was taken from on the right.
_COMES_AFTER_ARROW = re.compile(r"(?:[-=]+>|→|\bvs\.?|\bversus)[ \t]*\Z")
_PROSE = frozenset([Role.FREE, Role.UNKNOWN, Role.STATEMENT, Role.SIGNATURE, Role.ADMIN, Role.DISPUTE])


def heed_words_after(named: list[Named]) -> None:
    """Where no known host is named, an address of which nothing was said before is what its sentence then says it is."""
    if any(name.address.is_hosted for name in named):
        return
    for name in named:
        if name.role not in _PROSE or name.is_told or name.is_last_part or not name.address.path:
            continue
        side = None if name.address.host in EVIDENCE_HOSTS else cue_after(name)
        if side and not ASIDE.search(last_line(name.clause)):
            name.side, name.cue, name.is_guess = side, side, True


def leave_mentions(named: list[Named]) -> None:
    """What a letter that complains of nothing merely mentions is not complained about."""
    for name in named:
        if name.side is Side.ITEM and not name.address.is_hosted and name.role not in ASKED_FOR:
            name.side = Side.NEITHER


def heed_words(named: list[Named]) -> None:
    """What words call the complainant's own is that wherever else it is named without a word, beside what is accused."""
    own = {name.address.key for name in named if name.side is Side.ORIGINAL and name.is_told}
    accused = {
        name.address.key for name in named if name.side is Side.ITEM and (name.is_told or name.role in ASKED_FOR)
    }
    for name in named:
        is_silent = name.side is Side.ITEM and not name.is_told and name.role not in ASKED_FOR
        if is_silent and name.address.key in own - accused and accused - own:
            name.side = Side.ORIGINAL


def keep_own_sites(named: list[Named]) -> None:
    """Beside addresses of a known host, what lies on the site that the work was said to be on is the complainant's own."""
    if not any(name.side is Side.ITEM and name.address.is_hosted for name in named):
        return
    own = {
        name.address.host
        for name in named
        if name.side is Side.ORIGINAL and name.role in WORK and not name.address.is_hosted
    } - EVIDENCE_HOSTS
    for name in named:
        if name.side is Side.ITEM and not name.address.is_hosted and own.intersection(_domains(name.address.host)):
            name.side, name.is_guess = Side.ORIGINAL, True


def _domains(host: str) -> list[str]:
    """Return a machine's name and the names of the domains that it lies in."""
    return [host.split(".", drop)[-1] for drop in range(host.count("."))]


def keep_own_repositories(named: list[Named]) -> None:
    """What the work was said to be stays the complainant's own where only the answer about forks names it again.

    So it does where the answer what to take down names it as the original, beside what is somebody else's.
    """
    asked = {repository(name.address) for name in named if name.role is Role.ITEMS and name.side is Side.ITEM}
    own = {repository(name.address) for name in named if name.role in WORK and name.side is Side.ORIGINAL}
    compared = [
        name
        for name in named
        if name.role is Role.ITEMS and (name.cue is Side.ORIGINAL or _COMES_AFTER_ARROW.search(name.lead))
    ]
    accused = {repository(name.address) for name in named if name.role is Role.ITEMS and name not in compared}
    for name in compared if accused else []:
        if name.side is Side.ITEM and repository(name.address) in own - accused:
            name.side = Side.ORIGINAL
    for name in named:
        if asked and name.role is Role.FORKS and repository(name.address) in own - asked and _is_deep(name):
            name.side = Side.ORIGINAL


def doubt_others(named: list[Named]) -> None:
    """Beside addresses of a known host, another host's is complained about only where it stands alone."""
    if any(name.side is Side.ITEM and name.address.is_hosted for name in named):
        for name in named:
            is_elsewhere = not (name.is_alone or runs_there(name)) or name.address.host in EVIDENCE_HOSTS
            if name.side is Side.ITEM and not name.address.is_hosted and is_elsewhere:
                name.side = Side.NEITHER


def doubt_profiles(named: list[Named]) -> None:
    """A page of a whole account is complained about only where nothing inside it is, or where it is asked for."""
    owners = {_owner(name.address) for name in named if name.side is Side.ITEM and len(name.address.steps) > 1}
    for name in named:
        if not _is_profile(name.address) or (name.is_alone and name.role in ASKED_FOR):
            continue
        if _owner(name.address) in owners or (owners and name.side is Side.ITEM and name.role not in ASKED_FOR):
            name.side, name.is_guess = Side.NEITHER, True


def _is_profile(address: Address) -> bool:
    return address.host in ACCOUNT_HOSTS and len(address.steps) == 1


def follow_repositories(named: list[Named]) -> None:
    """An address inside a repository complained about is complained about wherever else it is named."""
    asked = {name.address.key for name in named if name.side is Side.ITEM}
    places = {repository(name.address) for name in named if name.side is Side.ITEM and len(name.address.steps) > 1}
    for name in named:
        if name.address.key in asked:
            name.side, name.is_guess = Side.ITEM, False
        elif name.address.is_hosted and len(name.address.steps) > 1 and repository(name.address) in places:
            is_shown = "commit" in name.address.steps[2:3] and not name.is_told and ASIDE.search(last_line(name.clause))
            is_evidence = bool(is_shown or PAGES_ABOUT.intersection(name.address.steps[2:3]))
            name.side = Side.NEITHER if is_evidence and name.role not in ASKED_FOR else Side.ITEM
            name.is_guess = True


def fall_back(named: list[Named], *, may_turn: bool, complains: bool) -> None:
    """Where nothing was named as complained about, what waits is; else it is neither."""
    has_items = any(name.side is Side.ITEM for name in named)
    waiting = [name for name in named if name.side is None or (name.side is Side.ORIGINAL and name.is_guess)]
    own = {name.address.key for name in waiting if name.side is Side.ORIGINAL} if has_items else set[str]()
    if not has_items and not any(name.address.is_hosted for name in named):
        unnamed = [
            name for name in named if name.address.path and not name.is_last_part and not _is_answered_work(name)
        ]
        unnamed = [name for name in unnamed if not name.is_in_head] or unnamed
        unnamed = [name for name in unnamed if not POWERS.search(last_line(name.clause))]
        unnamed = [name for name in unnamed if not (name.is_told and name.side is Side.ORIGINAL)] or unnamed
        waiting = [name for name in unnamed if complains and (name.is_alone or name.is_cell)]
        waiting = waiting or [name for name in unnamed if complains and name.side is None]
        waiting = waiting or [name for name in named if complains and name.cue is Side.ITEM and not name.is_last_part]
        for name in waiting:
            name.side = None if LABELLED_ORIGINAL.search(name.clause) else Side.ITEM
    for name in waiting:
        name.is_guess = True
        if _is_profile(name.address) and name.role in (Role.INFRINGER, Role.CONTACT) and len(waiting) > 1:
            name.side = Side.NEITHER
        elif name.address.key in own:
            name.side = Side.ORIGINAL
        elif name.address.is_hosted and (
            (not has_items and may_turn) or (name.side is None and name.role in WORK and _is_deep(name))
        ):
            name.side = Side.ITEM
        elif name.side is None:
            name.side = Side.NEITHER


def _is_answered_work(name: Named) -> bool:
    """Whether a form's question about the work was answered with it, and no word accuses it."""
    return name.is_asked and name.role in WORK and name.cue is not Side.ITEM


def _is_deep(name: Named) -> bool:
    return len(name.address.steps) > 1 and not PAGES_ABOUT.intersection(name.address.steps[2:3])


def repository(address: Address) -> str:
    """Return what an address lies in: the owner and the name after the host, or the host's page."""
    return "/".join([address.host, *[step.lower().removesuffix(".git") for step in address.steps[:2]]])


def _owner(address: Address) -> str:
    return "/".join([address.host, *[step.lower() for step in address.steps[:1]]])
