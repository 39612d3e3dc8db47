"""What a regime is made of: plain data, read by one engine. No regime and no article number stands here."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.functional import Promise

Words = str | Promise
Value = int | str

WORKING_DAYS = "working_days"
CALENDAR_DAYS = "calendar_days"
MONTHS = "months"
HOURS = "hours"
IMMEDIATE = "immediate"
UNITS = (WORKING_DAYS, CALENDAR_DAYS, MONTHS, HOURS, IMMEDIATE)

# Whose day it is by which days are counted.
OF_PROVIDER = "provider"
OF_JURISDICTION = "jurisdiction"


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
class Setting:
    """A point on which the law is unsure or depends on what the provider is: each provider says how it is for it.

    It has either ``choices`` or the bounds ``least`` and ``most``. A matter keeps the values of the day of its filing.
    """

    code: str
    source: str
    label: Words
    asks: Words
    default: Value
    unsure: Words
    choices: tuple[tuple[str, Words], ...] = ()
    least: int = 0
    most: int = 0
    unit: str = ""


@dataclass(frozen=True)
class ClockRule:
    """A deadline: what starts it, how long it runs, by which calendar and whose day, what happens then, what moves it.

    ``length`` is when the portal acts; ``earliest`` and ``latest`` are the bounds of the law, in the same unit. A
    ``cap`` counts from the start whatever pauses came between. ``where`` names the values of settings under which it
    applies, ``length_from`` the setting that gives its length. ``kept`` says how the portal keeps a deadline for
    which no clock needs to run. Its ``consequences`` take the place of those of the counter-notice.
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
    cap: int | None = None
    calendar: str = ""
    zone: str = OF_PROVIDER
    stopped_by: tuple[str, ...] = ()
    stopped: Words = ""
    paused_by: tuple[str, ...] = ()
    resumed_by: tuple[str, ...] = ()
    paused: Words = ""
    restarted_by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    length_from: str = ""
    kept: Words = ""
    consequences: Words = ""
    unsure: Words = ""


@dataclass(frozen=True)
class Counter:
    """What a counter-notice must hold, which clock it starts, and what both sides are told of it.

    ``others`` are clocks that take the place of ``clock`` where a setting says so.
    """

    source: str
    elements: tuple[Element, ...]
    statements: tuple[Statement, ...]
    clock: ClockRule
    consequences: Words
    # The source, where whoever complained may not give notice again of what came back on a counter-notice.
    bars_repetition: str = ""
    others: tuple[ClockRule, ...] = ()
    # Which of the uploader's contact details the law makes part of what is forwarded, on which article, and in words.
    discloses: tuple[str, ...] = ()
    discloses_source: str = ""
    discloses_words: Words = ""


@dataclass(frozen=True)
class Inquiry:
    """A question to the sender whether it consents to removal, after which a removal makes nobody liable.

    ``belief`` is the ground on which a measure may be taken without it.
    """

    source: str
    asks: Words
    clock: ClockRule
    belief: Words
    belief_source: str


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
    dsa_notices: str = ""  # the source, where notices are those of the Digital Services Act
    trusted_flaggers: str = ""  # the source, or empty where the law knows none
    out_of_court: str = ""  # the source, where certified bodies settle disputes about decisions
    inquiry: Inquiry | None = None
    settings: tuple[Setting, ...] = ()
    unsure: tuple[Words, ...] = field(default=())
    # Where handling of notices may be paused after repeated misuse: the source, or empty where every one is looked at.
    suspension_source: str = ""
