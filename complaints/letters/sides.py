"""On which side each address of a letter stands: complained about, the complainant's own, or neither."""

import re
from dataclasses import dataclass, field

from complaints.letters.addresses import Address
from complaints.letters.cues import (
    ASIDE,
    COMES_FROM,
    HOLDERS,
    INFRINGING,
    ITEM,
    ITEM_AFTER,
    LABELLED_ORIGINAL,
    NOT_TAKEN,
    ORIGINAL,
    ORIGINAL_AFTER,
    RUNS_AT,
    TAKEN,
    TAKEN_AFTER,
    THEIRS,
)
from complaints.letters.kinds import Kind
from complaints.letters.naming import WORDS, Named, Side, is_reference, named_addresses
from complaints.letters.places import ACCOUNT_HOSTS, EVIDENCE_HOSTS, PAGES_ABOUT
from complaints.letters.questions import Role
from complaints.letters.sections import Section


@dataclass
class Sides:
    """The addresses of a letter, each once and in order, and those whose side is a guess."""

    items: list[Address] = field(default_factory=list)
    originals: list[Address] = field(default_factory=list)
    unsure: list[Address] = field(default_factory=list)


_NOT_THEIRS = re.compile(
    r"(?:filed|claimed|submitted|sent|made) by[^.]{0,40}\Z|\b(?:available|released|published) (?:here|at|on|under)[^.]{0,20}\Z|as per[^.]{0,30}\Z"
)
_PLAIN_NAME = re.compile(r"^[ \t*\-•]*[\w.-]{2,39} ?/ ?[\w.-]{2,100}[ \t]*$", re.M)
_TERMS = re.compile(r"terms|licen[sc]es?\b|/legal\b|eula|privacy|policy|/copyright", re.I)
_LABELS = re.compile(r"\b(?:and|or|und|et|y|url|link|repo|the)\b")
_OURS = re.compile(r"\b(?:my|our)\b")
_ASKED_FOR = frozenset([Role.ITEMS, Role.FORKS])
_WORK = frozenset([Role.WORK, Role.OWNER])


def sides(text: str, parts: list[Section], kind: Kind) -> Sides:
    """Return the letter's addresses by side, as the letter's structure and the words around each tell."""
    named = [name for name in named_addresses(text, parts) if not is_reference(name.address)]
    if kind is Kind.COUNTER_NOTICE:
        _settle_counter(named)
    elif kind is Kind.RETRACTION:
        _settle_retraction(named)
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
    _heed_words_after(named)
    _heed_words(named)
    _keep_own_repositories(named)
    _keep_own_sites(named)
    _doubt_others(named)
    _doubt_profiles(named)
    _follow_repositories(named)
    if not complains:
        _leave_mentions(named)
    _fall_back(named, may_turn=not names_repositories, complains=complains)


def _side_in_notice(name: Named, previous: Named | None) -> Side | None:
    """Return the side, or None where it waits for what the rest of the letter complains about."""
    says_something = bool(WORDS.search(_unlabelled(name.lead)) or _OURS.search(name.lead))
    cue = _cue(name.clause) if says_something else None
    labelled = _side_labelled_after(name)
    name.cue = cue
    name.is_told = bool(labelled or cue)
    if labelled:
        return labelled
    if not says_something and previous and _is_listed_with(name, previous):
        name.is_guess, name.is_told = previous.is_guess, previous.is_told
        return previous.side
    if name.role in _ASKED_FOR:
        return _side_asked_for(name, cue)
    if name.role in _WORK:
        is_aside = bool(ASIDE.search(_last_line(name.clause)))
        goes_on = cue is None and not name.is_asked and previous and _is_accused_before(name, previous)
        if is_aside and goes_on:
            return Side.NEITHER
        name.is_told = name.is_told or bool(goes_on)
        return Side.ITEM if goes_on else _side_of_work(name, cue)
    if name.role in (Role.FREE, Role.UNKNOWN, Role.STATEMENT, Role.PROMPT, Role.SIGNATURE, Role.ADMIN, Role.DISPUTE):
        return _side_in_prose(name, cue)
    if name.address.is_hosted:
        return Side.ORIGINAL if cue is Side.ORIGINAL else None
    return Side.NEITHER


def _side_labelled_after(name: Named) -> Side | None:
    """Return the side that a label straight after an address names: ``<- original``, ``(infringing copy)``."""
    if ORIGINAL_AFTER.fullmatch(name.remark):
        return Side.ORIGINAL
    return Side.ITEM if ITEM_AFTER.fullmatch(name.remark) else None


def _is_listed_with(name: Named, previous: Named) -> bool:
    if name.is_first or _side_labelled_after(previous):
        return False
    is_alike = previous.address.is_hosted == name.address.is_hosted or (
        previous.side is not None
        and previous.is_told
        and previous.is_alone
        and name.is_alone
        and name.role not in _ASKED_FOR
    )
    return is_alike and previous.role is name.role and previous.side is not Side.NEITHER


def _is_accused_before(name: Named, previous: Named) -> bool:
    """Whether words under the same heading had already turned from the work to what infringes it."""
    return not name.is_first and previous.is_told and previous.side is Side.ITEM


def _side_asked_for(name: Named, cue: Side | None) -> Side:
    """Return the side of an address under the question what should be taken down."""
    clause = name.clause
    is_labelled = LABELLED_ORIGINAL.search(clause) and not HOLDERS.search(clause)
    if is_labelled and not ITEM.search(_last_line(clause)):
        name.is_guess = True
        return Side.ORIGINAL
    if name.address.is_hosted:
        about = PAGES_ABOUT.intersection(name.address.steps[2:3])
        name.is_guess = bool(about)
        return Side.NEITHER if about and ASIDE.search(clause) else Side.ITEM
    name.is_guess = True
    if cue is Side.ORIGINAL:
        return Side.ORIGINAL
    if _runs_there(name):
        return Side.ITEM
    if not name.is_alone and ASIDE.search(_last_line(name.clause)):
        return Side.NEITHER
    return Side.ITEM if (name.is_alone or name.address.path) and not name.is_last_part else Side.NEITHER


def _runs_there(name: Named) -> bool:
    return name.role is Role.ITEMS and name.address.host not in EVIDENCE_HOSTS and bool(RUNS_AT.search(name.clause))


def _side_of_work(name: Named, cue: Side | None) -> Side | None:
    """Return the side of an address under the question what was infringed, or by whose right."""
    if cue is Side.ITEM and not name.is_asked:
        return _side_in_prose(name, cue)
    if not name.address.is_hosted:
        is_home = not name.address.path and (name.is_last_part or (name.role is Role.OWNER and not name.is_alone))
        return Side.NEITHER if _TERMS.search(name.address.path) or (is_home and cue is None) else Side.ORIGINAL
    if ASIDE.search(_last_line(name.clause)) and cue is not Side.ORIGINAL:
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


def _cue(clause: str) -> Side | None:
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


def _cue_after(tail: str) -> Side | None:
    """Return what the first telling words after an address say of it."""
    item, original = ITEM.search(tail), ORIGINAL.search(tail)
    if item is None or original is None:
        return Side.ITEM if item else Side.ORIGINAL if original else None
    return Side.ITEM if item.start() <= original.start() else Side.ORIGINAL


def _last_line(clause: str) -> str:
    lines = clause.rstrip().rsplit("\n", 1)
    return lines[-1]


def _unlabelled(lead: str) -> str:
    return _LABELS.sub("", lead)


_PROSE = frozenset([Role.FREE, Role.UNKNOWN, Role.STATEMENT, Role.SIGNATURE, Role.ADMIN, Role.DISPUTE])


def _heed_words_after(named: list[Named]) -> None:
    """Where no known host is named, an address of which nothing was said before is what its sentence then says it is."""
    if any(name.address.is_hosted for name in named):
        return
    for name in named:
        if name.role not in _PROSE or name.is_told or name.is_last_part or not name.address.path:
            continue
        side = None if name.address.host in EVIDENCE_HOSTS else _cue_after(name.tail)
        if side and not ASIDE.search(_last_line(name.clause)):
            name.side, name.cue, name.is_guess = side, side, True


def _leave_mentions(named: list[Named]) -> None:
    """What a letter that complains of nothing merely mentions is not complained about."""
    for name in named:
        if name.side is Side.ITEM and not name.address.is_hosted and not name.is_alone and name.role not in _ASKED_FOR:
            name.side = Side.NEITHER


def _heed_words(named: list[Named]) -> None:
    """What words call the complainant's own is that wherever else it is named without a word, beside what is accused."""
    own = {name.address.key for name in named if name.side is Side.ORIGINAL and name.is_told}
    accused = {
        name.address.key for name in named if name.side is Side.ITEM and (name.is_told or name.role in _ASKED_FOR)
    }
    for name in named:
        is_silent = name.side is Side.ITEM and not name.is_told and name.role not in _ASKED_FOR
        if is_silent and name.address.key in own - accused and accused - own:
            name.side = Side.ORIGINAL


def _keep_own_sites(named: list[Named]) -> None:
    """Beside addresses of a known host, what lies on the site that the work was said to be on is the complainant's own."""
    if not any(name.side is Side.ITEM and name.address.is_hosted for name in named):
        return
    own = {
        name.address.host
        for name in named
        if name.side is Side.ORIGINAL and name.role in _WORK and not name.address.is_hosted
    } - EVIDENCE_HOSTS
    for name in named:
        if name.side is Side.ITEM and not name.address.is_hosted and own.intersection(_domains(name.address.host)):
            name.side, name.is_guess = Side.ORIGINAL, True


def _domains(host: str) -> list[str]:
    """Return a machine's name and the names of the domains that it lies in."""
    return [host.split(".", drop)[-1] for drop in range(host.count("."))]


def _keep_own_repositories(named: list[Named]) -> None:
    """What the work was said to be stays the complainant's own where only the answer about forks names it again.

    So it does where the answer what to take down names it as the original, beside what is somebody else's.
    """
    asked = {repository(name.address) for name in named if name.role is Role.ITEMS and name.side is Side.ITEM}
    own = {repository(name.address) for name in named if name.role in _WORK and name.side is Side.ORIGINAL}
    compared = [name for name in named if name.role is Role.ITEMS and name.cue is Side.ORIGINAL]
    accused = {repository(name.address) for name in named if name.role is Role.ITEMS and name not in compared}
    for name in compared if accused else []:
        if name.side is Side.ITEM and repository(name.address) in own - accused:
            name.side = Side.ORIGINAL
    for name in named:
        if asked and name.role is Role.FORKS and repository(name.address) in own - asked and _is_deep(name):
            name.side = Side.ORIGINAL


def _doubt_others(named: list[Named]) -> None:
    """Beside addresses of a known host, another host's is complained about only where it stands alone."""
    if any(name.side is Side.ITEM and name.address.is_hosted for name in named):
        for name in named:
            is_elsewhere = not (name.is_alone or _runs_there(name)) or name.address.host in EVIDENCE_HOSTS
            if name.side is Side.ITEM and not name.address.is_hosted and is_elsewhere:
                name.side = Side.NEITHER


def _doubt_profiles(named: list[Named]) -> None:
    """A page of a whole account is complained about only where nothing inside it is, or where it is asked for."""
    owners = {_owner(name.address) for name in named if name.side is Side.ITEM and len(name.address.steps) > 1}
    for name in named:
        if not _is_profile(name.address) or (name.is_alone and name.role in _ASKED_FOR):
            continue
        if _owner(name.address) in owners or (owners and name.side is Side.ITEM and name.role not in _ASKED_FOR):
            name.side, name.is_guess = Side.NEITHER, True


def _is_profile(address: Address) -> bool:
    return address.host in ACCOUNT_HOSTS and len(address.steps) == 1


def _follow_repositories(named: list[Named]) -> None:
    """An address inside a repository complained about is complained about wherever else it is named."""
    asked = {name.address.key for name in named if name.side is Side.ITEM}
    places = {repository(name.address) for name in named if name.side is Side.ITEM and len(name.address.steps) > 1}
    for name in named:
        if name.address.key in asked:
            name.side, name.is_guess = Side.ITEM, False
        elif name.address.is_hosted and len(name.address.steps) > 1 and repository(name.address) in places:
            is_shown = (
                "commit" in name.address.steps[2:3] and not name.is_told and ASIDE.search(_last_line(name.clause))
            )
            is_evidence = bool(is_shown or PAGES_ABOUT.intersection(name.address.steps[2:3]))
            name.side = Side.NEITHER if is_evidence and name.role not in _ASKED_FOR else Side.ITEM
            name.is_guess = True


def _fall_back(named: list[Named], *, may_turn: bool, complains: bool) -> None:
    """Where nothing was named as complained about, what waits is; else it is neither."""
    has_items = any(name.side is Side.ITEM for name in named)
    waiting = [name for name in named if name.side is None or (name.side is Side.ORIGINAL and name.is_guess)]
    own = {name.address.key for name in waiting if name.side is Side.ORIGINAL} if has_items else set[str]()
    if not has_items and not any(name.address.is_hosted for name in named):
        unnamed = [
            name for name in named if name.address.path and not name.is_last_part and not _is_answered_work(name)
        ]
        waiting = [name for name in unnamed if name.is_alone]
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
            (not has_items and may_turn) or (name.side is None and name.role in _WORK and _is_deep(name))
        ):
            name.side = Side.ITEM
        elif name.side is None:
            name.side = Side.NEITHER


def _is_answered_work(name: Named) -> bool:
    """Whether a form's question about the work was answered with it, and no word accuses it."""
    return name.is_asked and name.role in _WORK and name.cue is not Side.ITEM


def _is_deep(name: Named) -> bool:
    return len(name.address.steps) > 1 and not PAGES_ABOUT.intersection(name.address.steps[2:3])


def _settle_counter(named: list[Named]) -> None:
    asked = [name for name in named if name.role in _ASKED_FOR and name.address.is_hosted]
    asked = [name for name in asked if not THEIRS.search(name.clause)] or asked
    for name in asked:
        name.side = Side.ITEM
    if asked:
        return
    candidates = [name for name in named if name.address.is_hosted] or named
    told = [name for name in candidates if _is_said_taken(name)]
    previous: Named | None = None
    for name in candidates:
        is_listed = previous is not None and not WORDS.search(_unlabelled(name.lead))
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


def _settle_retraction(named: list[Named]) -> None:
    """What is given back is what a host has, or what the words call complained about; not what it merely comes from."""
    told = [name for name in named if name.address.is_hosted or _is_complained_about(name)]
    told = told or [name for name in named if not name.is_last_part and not ASIDE.search(_last_line(name.clause))]
    given_back = [name for name in told if not COMES_FROM.search(name.lead)] or told
    kept = {name.address.key for name in told} - {name.address.key for name in given_back}
    for name in told:
        name.side, name.is_guess = (Side.NEITHER if name.address.key in kept else Side.ITEM), True


def _is_complained_about(name: Named) -> bool:
    return bool(ITEM.search(name.clause)) and not NOT_TAKEN.search(name.lead)


def repository(address: Address) -> str:
    """Return what an address lies in: the owner and the name after the host, or the host's page."""
    return "/".join([address.host, *[step.lower().removesuffix(".git") for step in address.steps[:2]]])


def _owner(address: Address) -> str:
    return "/".join([address.host, *[step.lower() for step in address.steps[:1]]])


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
