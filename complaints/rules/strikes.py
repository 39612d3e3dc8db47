"""Which matters count against whom, and how much: final ones, distinct ones, fading with time. Pure functions."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from complaints.rules.policies import Scale, Step, StrikeKind, local_day
from complaints.rules.states import State

# Contested among them: in a matter about several uploaders it is each one's own contest that counts.
FINAL_AGAINST_UPLOADER = (State.ACTED, State.CONTESTED, State.UPHELD, State.CLOSED)
# Every act after which a matter may stand differently against somebody.
MOVING = (
    "complaint.measure_ordered",
    "complaint.counter_notice_filed",
    "complaint.upheld",
    "complaint.restored",
    "complaint.rejected",
    "complaint.withdrawn",
    "complaint.settled",
    "complaint.reopened",
    "complaint.appealed",
    "complaint.appeal_decided",
    "misuse.found",
)
# In which state a matter may be found to be a misuse, by kind. A closed one keeps what was found before.
FOUND_IN: dict[StrikeKind, tuple[State, ...]] = {
    StrikeKind.MANIFESTLY_UNFOUNDED: (State.REJECTED,),
    StrikeKind.BAD_FAITH: (State.RESTORED,),
    StrikeKind.FALSE_IDENTITY: (State.REJECTED, State.RESTORED, State.WITHDRAWN),
}


@dataclass(frozen=True)
class Standing:
    """How a matter stands against one side or uploader: its state, and whether that one contests it at this moment."""

    state: State
    has_restricted_items: bool
    is_contested: bool
    is_appealed: bool
    is_settled: bool = False


@dataclass(frozen=True)
class Counted:
    """A strike as it is weighed: for what, since when, of a notice of which day, about which content."""

    kind: str
    counted_at: dt.datetime
    noticed_on: dt.date
    content: frozenset[UUID]
    scale: Scale  # of the version under which it was counted


def is_final_against_uploader(standing: Standing) -> bool:
    """Say whether the matter stands against this one of its uploaders, once that one's time to contest has passed.

    Law: 17 USC 512(i)(1)(A) speaks of repeat infringers and names no number; after Cox v. Sony (No. 24-171, 2026) a
    policy with reasons is what is asked, not an automatic cut-off. House rule: a notice alone proves nothing. A
    matter counts only where a measure stands on an item of that uploader, no counter-notice and no appeal of that
    uploader is open, and the state is acted, contested (by another), upheld or closed; what was only forwarded was
    never judged, and counts for nothing. Nor does what the two sides settled, which nobody judged either.
    """
    is_open = standing.is_contested or standing.is_appealed or standing.is_settled
    return standing.state in FINAL_AGAINST_UPLOADER and standing.has_restricted_items and not is_open


def is_final_against_complainant(standing: Standing, kind: str) -> bool:
    """Say whether a finding of misuse of this kind stands, once its time to contest has passed.

    Law: DSA art. 23(2): notices that are manifestly unfounded. House rule: a rejection is no misuse by itself; it
    counts only with a finding of its own, in the states named above, while no appeal is open.
    """
    return standing.state in (*FOUND_IN[StrikeKind(kind)], State.CLOSED) and not standing.is_appealed


def is_paused_by(step: str, suspension_source: str) -> bool:
    """Say whether a notice waits for the end of a step against its sender, or is only handled after all others.

    Law: DSA art. 23(2) lets a provider suspend the processing of notices after a prior warning, for a reasonable time;
    17 USC 512(c), Civil Code art. 1195 and the act of Japan know nothing such, so that under them every notice is
    looked at. A regime names its source, or none, as data.
    """
    return step == Step.FILING_PAUSED and bool(suspension_source)


def weight_of(scale: Scale, kind: str, age_days: int) -> int:
    """Return how many points a strike of this kind weighs at this age.

    House rule: it halves, rounded down, every ``halves_after_days``, and is nothing from ``expires_after_days`` on.
    """
    if age_days >= scale.expires_after_days:
        return 0
    return scale.weights.get(kind, 0) >> (max(age_days, 0) // scale.halves_after_days)


def points_of(strike: Counted, now: dt.datetime, zone: str, present: Scale) -> int:
    """Return how many points the strike weighs now.

    House rule: by the version under which it was counted or by the present one, whichever is milder: nobody is
    punished by a policy that came later. Its age is counted in days of the provider's time zone.
    """
    age = (local_day(now, zone) - local_day(strike.counted_at, zone)).days
    return min(weight_of(scale, strike.kind, age) for scale in (strike.scale, present))


def distinct(strikes: Iterable[Counted]) -> list[Counted]:
    """Return the strikes that count each for itself, the first first.

    House rule: notices of one day are one strike, because nobody was warned in between; and a matter about nothing
    but content that counts already is none, however many complain about it.
    """
    found: list[Counted] = []
    days: set[dt.date] = set()
    content: set[UUID] = set()
    for strike in sorted(strikes, key=lambda one: one.counted_at):
        is_known = bool(strike.content) and strike.content <= content
        if strike.noticed_on not in days and not is_known:
            found.append(strike)
        days.add(strike.noticed_on)
        content |= strike.content
    return found


def total_of(strikes: Sequence[Counted], now: dt.datetime, zone: str, present: Scale) -> int:
    """Return how many points these strikes make together now.

    House rule: only what still weighs something is looked at, so that what is forgotten hides nothing newer.
    """
    heavy = [one for one in strikes if points_of(one, now, zone, present)]
    return sum(points_of(one, now, zone, present) for one in distinct(heavy))
