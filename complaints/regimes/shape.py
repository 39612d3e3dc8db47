"""What a regime is made of: plain data, read by one engine. No regime and no article number stands here."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Part:
    """One thing that an element needs: any of these places of a notice must be filled; ``asks`` says so to people."""

    any_of: tuple[str, ...]
    asks: Words


@dataclass(frozen=True)
class Element:
    """What the law asks of a notice: its source, a plain sentence, the parts that make it, how each is checked."""

    code: str
    source: str
    label: Words
    asks: Words
    parts: tuple[Part, ...]
    checked: Words
    unsure: Words = ""


@dataclass(frozen=True)
class Statement:
    """A sentence that whoever sends a notice makes their own by its code. Optional where the law does not ask it."""

    code: str
    source: str
    text: Words
    is_required: bool = True


@dataclass(frozen=True)
class ClockRule:
    """A deadline: what starts it, how long it runs, by which calendar, what happens then, what stops it.

    ``length`` is when the portal acts; ``earliest`` and ``latest`` are the bounds of the law, in the same unit.
    ``is_run`` is false where the portal tells of the deadline and does not yet act on it.
    """

    code: str
    source: str
    label: Words
    starts: str
    does: str
    unit: str
    length: int
    earliest: int | None = None
    latest: int | None = None
    calendar: str = ""
    stopped_by: tuple[str, ...] = ()
    stopped: Words = ""
    is_run: bool = True
    unsure: Words = ""


@dataclass(frozen=True)
class Counter:
    """What a counter-notice must hold, which clock it starts, and what both sides are told of it."""

    source: str
    elements: tuple[Element, ...]
    statements: tuple[Statement, ...]
    clock: ClockRule
    consequences: Words
    # The source, where whoever complained may not give notice again of what came back on a counter-notice.
    bars_repetition: str = ""


@dataclass(frozen=True)
class Defect:
    """What a notice that lacks something means: its code, what it counts as, what the provider owes then.

    It holds while nothing of ``if_there`` is lacking; of a regime's defects the first that holds counts.
    """

    code: str
    source: str
    meaning: Words
    provider: Words
    is_curable: bool
    if_there: tuple[str, ...] = ()


@dataclass(frozen=True)
class Telling:
    """Who is told what, when, and on which article."""

    whom: Words
    what: Words
    source: str


@dataclass(frozen=True)
class Regime:
    """The law of one place on notices, as of a date of effect. A matter keeps the version it was filed under."""

    code: str
    version: str
    in_force_from: dt.date
    title: Words
    jurisdiction: Words
    calendar: str
    time_zone: str
    summary: Words
    elements: tuple[Element, ...]
    statements: tuple[Statement, ...]
    clocks: tuple[ClockRule, ...]
    tells: tuple[Telling, ...]
    for_rights_holders: tuple[Words, ...]
    for_uploaders: tuple[Words, ...]
    names_complainant_to_uploader: str  # the source, or empty where the law keeps the name back
    accuracy: Words
    counter: Counter | None = None
    defects: tuple[Defect, ...] = ()
    trusted_flaggers: str = ""  # the source, or empty where the law knows none
    out_of_court: str = ""  # the source, where certified bodies settle disputes about decisions
    unsure: tuple[Words, ...] = field(default=())
